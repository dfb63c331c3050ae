"""Events of the club in the demo: the 24th forum, those that the handbook lists, an invented one that is to come."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from demo.club import Club, moment
from demo.facts import DATA, day, rows_of
from forums.models import Forum, Outsider, Theme
from forums.services.forums import create_forum, mark_held, publish_forum, record_past_forum, set_host_profile
from forums.services.outsiders import save_outsider
from forums.services.programme import add_contribution, add_session, add_theme, add_venue
from forums.services.publications import add_publication, publish_publication

Plan = Mapping[str, Any]

# Before the local election of 2014-06-04 publicity was restricted from 2013-12-06 on.
PREPARED_24, PUBLISHED_24 = date(2013, 11, 20), date(2013, 12, 2)
DAYS_AHEAD = 24
# The handbook was printed in 2022; what it lists is entered on this day.
ENTERED = date(2022, 7, 5)


def _plan(name: str) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return plan


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _prepare(club: Club, plan: Plan, starts_on: date, at: datetime) -> Forum:
    """A forum with venues, themes, people and timetable, in preparation."""
    forum = create_forum(
        title=plan["title"],
        term=plan["term"],
        number=plan["number"],
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=max(entry["day"] for entry in plan["sessions"]) - 1),
        host=club.regions[plan["host"]],
        place=plan["place"],
        intent=plan["intent"],
        note=plan["note"],
        actor=club.actor,
        at=at,
    )
    outsiders = dict(club.outsiders)
    for person in plan["outsiders"]:
        outsiders[person["name"]] = save_outsider(outsider=Outsider(**person), actor=club.actor, at=at)
    known = replace(club, outsiders=outsiders)
    for venue in plan["venues"]:
        add_venue(forum_id=forum.pk, actor=club.actor, at=at, **venue)
    for theme in plan["themes"]:
        _add_theme(known, forum, theme, at)
    for person in plan.get("people", []):
        _add_person(known, forum, person, None, at)
    venues, themes = list(forum.venues.order_by("position")), list(forum.themes.order_by("number"))
    for entry in plan["sessions"]:
        add_session(
            forum_id=forum.pk,
            kind=entry["kind"],
            title=entry["title"],
            day=starts_on + timedelta(days=entry["day"] - 1),
            starts=_time(entry.get("starts")),
            ends=_time(entry.get("ends")),
            venue=venues[entry["venue"] - 1] if "venue" in entry else None,
            room=entry.get("room", ""),
            details=entry.get("details", ""),
            themes=[themes[number - 1] for number in entry.get("themes", [])],
            is_parallel=entry.get("parallel", False),
            actor=club.actor,
            at=at,
        )
    return forum


def _add_theme(club: Club, forum: Forum, entry: Plan, at: datetime) -> None:
    theme = add_theme(
        forum_id=forum.pk,
        title=entry["title"],
        minutes=entry["minutes"],
        points=entry["points"],
        actor=club.actor,
        at=at,
    )
    for person in entry["people"]:
        _add_person(club, forum, person, theme, at)


def _add_person(club: Club, forum: Forum, person: Plan, theme: Theme | None, at: datetime) -> None:
    """Somebody's part in a theme, or in the whole event where `theme` is None."""
    add_contribution(
        forum_id=forum.pk,
        part=person["part"],
        theme=theme,
        member=club.members[person["member"]] if "member" in person else None,
        outsider=club.outsiders[person["outsider"]] if "outsider" in person else None,
        printed_as=person.get("printed_as", ""),
        title=person.get("title", ""),
        actor=club.actor,
        at=at,
    )


def load_24th(club: Club) -> Forum:
    """The forum of January 2014 with its programme, published before the restriction began."""
    plan = _plan("forum_24.json")
    at = moment(PREPARED_24)
    forum = _prepare(club, plan, date.fromisoformat(plan["starts_on"]), at)
    set_host_profile(forum_id=forum.pk, actor=club.actor, at=at, **plan["profile"])
    publish_forum(forum_id=forum.pk, actor=club.actor, at=moment(PUBLISHED_24))
    return forum


def hold_24th(club: Club, forum: Forum) -> None:
    """Say that it was held, on the Monday after."""
    mark_held(forum_id=forum.pk, actor=club.actor, at=moment(date(2014, 1, 13)))


def load_next(club: Club) -> Forum:
    """An invented forum to come, published."""
    starts_on = club.now.date() + timedelta(days=DAYS_AHEAD)
    forum = _prepare(club, _plan("forum_next.json"), starts_on, club.now - timedelta(days=20))
    publish_forum(forum_id=forum.pk, actor=club.actor, at=club.now - timedelta(days=14))
    return forum


def load_listed_events(club: Club) -> list[Forum]:
    """What the handbook lists: launch and forums of a term with their figures, and the academy of 2022."""
    at = moment(ENTERED)
    forums = []
    for row in rows_of("club_events.csv"):
        starts_on, ends_on = day(row["starts_on"]), day(row["ends_on"])
        if starts_on is None or ends_on is None:
            raise ValueError(f"{row['title']} has no day")
        forum = create_forum(
            kind=row["kind"],
            title=row["title"],
            term=row["term"],
            number=int(row["number"]) if row["number"] else None,
            starts_on=starts_on,
            ends_on=ends_on,
            host=club.regions[row["host_code"]] if row["host_code"] else None,
            place=row["place"],
            is_online=row["online"] == "true",
            places=int(row["places"]) if row["places"] else None,
            note=row["note"],
            actor=club.actor,
            at=at,
        )
        record_past_forum(forum_id=forum.pk, actor=club.actor, at=at)
        forums.append(forum)
    return forums


def load_publications(club: Club) -> None:
    """The series and the last issue of the journal that the handbook names; without their files."""
    at = moment(ENTERED)
    for row in rows_of("publications.csv"):
        publication = add_publication(
            kind=row["kind"],
            title=row["title"],
            year=int(row["year"]),
            number=int(row["number"]) if row["number"] else None,
            issued_on=day(row["issued_on"]),
            summary=row["summary"],
            source="지방선거 희망공약 안내서(2022)",
            actor=club.actor,
            at=at,
        )
        publish_publication(publication_id=publication.pk, actor=club.actor, at=at)
