"""Writes on what an event consists of: venues, themes with their points, sessions, and who takes which part."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.signs import clean_texts, one_line
from core.templatetags.madang import day_text
from forums.models import Contribution, DiscussionPoint, Forum, Member, Outsider, Session, Theme, Venue
from forums.queries.forums import printed_name
from forums.services.forums import changed_fields, locked_forum, require_planned
from forums.states import Part, SessionKind
from residents.models import User

VENUE_FIELDS = frozenset({"name", "address", "directions", "position"})
THEME_FIELDS = frozenset({"number", "title", "minutes"})
SESSION_FIELDS = frozenset(
    {"kind", "title", "day", "starts", "ends", "venue", "room", "details", "position", "is_parallel"}
)
PART_FIELDS = frozenset({"theme", "part", "member", "outsider", "printed_as", "title", "position"})


def _planned(forum_id: int) -> Forum:
    forum = locked_forum(forum_id)
    require_planned(forum)
    return forum


def _note(forum: Forum, action: str, actor: User | None, at: datetime, **details: Any) -> None:
    record(actor=actor, action=f"forums.{action}", target=forum, details=details, at=at)


def _next_position(rows: Any) -> int:
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


# --- Venues -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_venue(  # noqa: PLR0913 - a venue has this many facts
    *,
    forum_id: int,
    name: str,
    actor: User | None,
    at: datetime,
    address: str = "",
    directions: str = "",
    position: int | None = None,
) -> Venue:
    """Add a place where sessions are held. `directions` say how one gets there from the venue before.

    Raises RuleViolation if the event has one of this name or its programme is closed.
    """
    forum = _planned(forum_id)
    venue = Venue(forum=forum, name=name.strip(), address=address, directions=directions)
    _check_venue(venue)
    venue.position = _next_position(forum.venues) if position is None else position
    venue.save()
    _note(forum, "venue_added", actor, at)
    return venue


def _check_venue(venue: Venue) -> None:
    clean_texts(venue)
    if not venue.name:
        raise RuleViolation(_("A venue needs a name."), code="nameless")
    if Venue.objects.filter(forum_id=venue.forum_id, name=venue.name).exclude(pk=venue.pk).exists():
        raise RuleViolation(_("The event already has a venue of this name."), code="venue_twice")


@transaction.atomic
def change_venue(*, venue_id: int, changes: Mapping[str, Any], actor: User | None, at: datetime) -> Venue:
    """Change fields of a venue. Raises as `add_venue` does; ValueError for an unknown field."""
    venue = Venue.objects.get(pk=venue_id)
    forum = _planned(venue.forum_id)
    venue.refresh_from_db()
    changed = changed_fields(venue, changes, VENUE_FIELDS)
    for name in changed:
        setattr(venue, name, changes[name])
    _check_venue(venue)
    if changed:
        venue.save()
        _note(forum, "venue_changed", actor, at, fields=changed)
    return venue


@transaction.atomic
def remove_venue(*, venue_id: int, actor: User | None, at: datetime) -> None:
    """Take a venue off. Its sessions stay, without a venue."""
    venue = Venue.objects.get(pk=venue_id)
    forum = _planned(venue.forum_id)
    venue.delete()
    _note(forum, "venue_removed", actor, at)


# --- Themes -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_theme(  # noqa: PLR0913 - a theme has this many facts
    *,
    forum_id: int,
    title: str,
    minutes: int,
    actor: User | None,
    at: datetime,
    number: int | None = None,
    points: Sequence[str] = (),
) -> Theme:
    """Add a theme with its discussion points; without `number` it becomes the last one.

    Raises RuleViolation if the number is taken, it takes no time, or the programme is closed.
    """
    forum = _planned(forum_id)
    if number is None:
        last = forum.themes.order_by("-number").values_list("number", flat=True).first()
        number = (last or 0) + 1
    theme = Theme(forum=forum, title=title.strip(), minutes=minutes, number=number)
    _check_theme(theme)
    theme.save()
    _set_points(theme, points)
    _note(forum, "theme_added", actor, at)
    return theme


def _check_theme(theme: Theme) -> None:
    clean_texts(theme)
    if not theme.title:
        raise RuleViolation(_("A theme needs a title."), code="nameless")
    if theme.minutes < 1:
        raise RuleViolation(_("A theme takes at least one minute."), code="no_minutes")
    if Theme.objects.filter(forum_id=theme.forum_id, number=theme.number).exclude(pk=theme.pk).exists():
        raise RuleViolation(_("Another theme has this number."), code="number_taken")


def _set_points(theme: Theme, points: Iterable[str]) -> bool:
    """Replace the discussion points, if they are others; says whether they were."""
    wanted = [text for point in points if (text := one_line(point))]
    if wanted == [point.text for point in theme.points.order_by("position", "pk")]:
        return False
    theme.points.all().delete()
    DiscussionPoint.objects.bulk_create(
        DiscussionPoint(theme=theme, text=text, position=position) for position, text in enumerate(wanted)
    )
    return True


@transaction.atomic
def change_theme(
    *,
    theme_id: int,
    changes: Mapping[str, Any],
    actor: User | None,
    at: datetime,
    points: Sequence[str] | None = None,
) -> Theme:
    """Change fields of a theme, and its discussion points unless they are None. Raises as `add_theme` does."""
    theme = Theme.objects.get(pk=theme_id)
    forum = _planned(theme.forum_id)
    theme.refresh_from_db()
    changed = changed_fields(theme, changes, THEME_FIELDS)
    for name in changed:
        setattr(theme, name, changes[name])
    _check_theme(theme)
    if changed:
        theme.save()
    if points is not None and _set_points(theme, points):
        changed.append("points")
    if changed:
        _note(forum, "theme_changed", actor, at, fields=changed)
    return theme


@transaction.atomic
def remove_theme(*, theme_id: int, actor: User | None, at: datetime) -> None:
    """Take a theme off, with who would have spoken on it. Materials stay, without their presentation."""
    theme = Theme.objects.get(pk=theme_id)
    forum = _planned(theme.forum_id)
    theme.delete()
    _note(forum, "theme_removed", actor, at)


# --- Sessions ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_session(  # noqa: PLR0913 - a line of the timetable has this many facts
    *,
    forum_id: int,
    kind: str,
    title: str,
    day: date,
    actor: User | None,
    at: datetime,
    starts: time | None = None,
    ends: time | None = None,
    venue: Venue | None = None,
    room: str = "",
    details: str = "",
    themes: Sequence[Theme] = (),
    is_parallel: bool = False,
    position: int | None = None,
) -> Session:
    """Add a line to the timetable. An open start or end is None ("~13:00", "21:30~").

    Raises RuleViolation if it has neither start nor end, ends before it starts, lies outside the days of the event,
    its venue or themes are those of another event, or the programme is closed.
    """
    forum = _planned(forum_id)
    session = Session(
        forum=forum,
        kind=kind,
        title=title.strip(),
        day=day,
        starts=starts,
        ends=ends,
        venue=venue,
        room=room,
        details=details,
        is_parallel=is_parallel,
    )
    _check_session(forum, session, themes)
    session.position = _next_position(forum.sessions) if position is None else position
    session.save()
    session.themes.set(themes)
    _note(forum, "session_added", actor, at)
    return session


def _check_session(forum: Forum, session: Session, themes: Iterable[Theme]) -> None:
    clean_texts(session)
    named = {"title": session.title}
    if not session.title:
        raise RuleViolation(_("A session needs a title."), code="nameless")
    if session.kind not in SessionKind.values:
        raise ValueError(f"no such kind of session: {session.kind}")
    if session.starts is None and session.ends is None:
        raise RuleViolation(
            _("“%(title)s” needs the time when it begins or the time when it ends.") % named, code="timeless"
        )
    if session.starts and session.ends and session.ends <= session.starts:
        raise RuleViolation(
            _(
                "“%(title)s” must end after it begins, on the same day. If it goes on past midnight, leave its end "
                "open and put what comes after midnight on the next day."
            )
            % named,
            code="ends_before_it_starts",
        )
    if not forum.starts_on <= session.day <= forum.ends_on:
        raise RuleViolation(
            _("“%(title)s” lies outside the event, which goes from %(first)s to %(last)s.")
            % {**named, "first": day_text(forum.starts_on), "last": day_text(forum.ends_on)},
            code="session_outside",
        )
    parts: list[Venue | Theme] = [*themes, *([session.venue] if session.venue else [])]
    if any(part.forum_id != forum.pk for part in parts):
        raise RuleViolation(_("Venue and themes must be those of the same event."), code="foreign_part")


@transaction.atomic
def change_session(
    *,
    session_id: int,
    changes: Mapping[str, Any],
    actor: User | None,
    at: datetime,
    themes: Sequence[Theme] | None = None,
) -> Session:
    """Change fields of a line, and its themes unless they are None. Raises as `add_session` does."""
    session = Session.objects.get(pk=session_id)
    forum = _planned(session.forum_id)
    session.refresh_from_db()
    changed = changed_fields(session, changes, SESSION_FIELDS)
    for name in changed:
        setattr(session, name, changes[name])
    _check_session(forum, session, themes or ())
    if changed:
        session.save()
    if themes is not None and {theme.pk for theme in themes} != {theme.pk for theme in session.themes.all()}:
        session.themes.set(themes)
        changed.append("themes")
    if changed:
        _note(forum, "session_changed", actor, at, fields=changed)
    return session


@transaction.atomic
def remove_session(*, session_id: int, actor: User | None, at: datetime) -> None:
    """Take a line off the timetable."""
    session = Session.objects.get(pk=session_id)
    forum = _planned(session.forum_id)
    session.delete()
    _note(forum, "session_removed", actor, at)


@transaction.atomic
def set_timetable(
    *, forum_id: int, lines: Sequence[Mapping[str, Any]], actor: User | None, at: datetime
) -> list[Session]:
    """Write several lines of the timetable at once, all or none: what the table at the desk sends.

    Each line has the fields of `add_session`; with `session` (an id) it changes that one, with `remove` besides it
    takes it off. Raises as the single services do, and RuleViolation for a line of another event.
    """
    forum = _planned(forum_id)
    own = set(forum.sessions.values_list("pk", flat=True))
    kept: list[Session] = []
    for line in lines:
        fields = dict(line)
        key, gone = fields.pop("session", None), fields.pop("remove", False)
        if key is not None and key not in own:
            raise RuleViolation(_("A line of this table was taken off meanwhile. Please open it again."), code="gone")
        if gone:
            if key is not None:
                remove_session(session_id=key, actor=actor, at=at)
        elif key is None:
            kept.append(add_session(forum_id=forum.pk, actor=actor, at=at, **fields))
        else:
            themes = fields.pop("themes", None)
            kept.append(change_session(session_id=key, changes=fields, themes=themes, actor=actor, at=at))
    return kept


# --- People -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_contribution(  # noqa: PLR0913 - a part has this many facts
    *,
    forum_id: int,
    part: str,
    actor: User | None,
    at: datetime,
    theme: Theme | None = None,
    member: Member | None = None,
    outsider: Outsider | None = None,
    printed_as: str = "",
    title: str = "",
    position: int | None = None,
) -> Contribution:
    """Say who takes which part, in a theme or in the whole event: a member, somebody from outside, or just a name.

    Without `printed_as` the programme prints the member with the office of that day, or the person from outside.
    Raises RuleViolation if nobody is named, two are, the theme is of another event, or the programme is closed.
    """
    forum = _planned(forum_id)
    contribution = Contribution(
        forum=forum,
        theme=theme,
        part=part,
        member=member,
        outsider=outsider,
        printed_as=printed_as.strip(),
        title=title,
    )
    _check_part(forum, contribution)
    contribution.position = _next_position(forum.contributions) if position is None else position
    contribution.save()
    _note(forum, "part_added", actor, at)
    return contribution


def _check_part(forum: Forum, contribution: Contribution) -> None:
    clean_texts(contribution)
    if contribution.part not in Part.values:
        raise ValueError(f"no such part: {contribution.part}")
    if contribution.member and contribution.outsider:
        raise RuleViolation(_("Please name a member or a person from outside, not both."), code="two_people")
    if contribution.theme is not None and contribution.theme.forum_id != forum.pk:
        raise RuleViolation(_("The theme belongs to another event."), code="foreign_part")
    if not contribution.printed_as:
        contribution.printed_as = _as_printed(forum, contribution)[:80]
    if not contribution.printed_as:
        raise RuleViolation(_("Please say who it is."), code="nobody")


def _as_printed(forum: Forum, contribution: Contribution) -> str:
    if contribution.member:
        return printed_name(contribution.member, forum.starts_on)
    return str(contribution.outsider) if contribution.outsider else ""


@transaction.atomic
def change_contribution(
    *, contribution_id: int, changes: Mapping[str, Any], actor: User | None, at: datetime
) -> Contribution:
    """Change who does what. Another person is printed anew, unless `printed_as` is among the changes."""
    contribution = Contribution.objects.get(pk=contribution_id)
    forum = _planned(contribution.forum_id)
    contribution.refresh_from_db()
    changed = changed_fields(contribution, changes, PART_FIELDS)
    for name in changed:
        setattr(contribution, name, changes[name])
    if {"member", "outsider"} & set(changed) and "printed_as" not in changed:
        contribution.printed_as = ""
    _check_part(forum, contribution)
    if changed:
        contribution.save()
        _note(forum, "part_changed", actor, at, fields=changed)
    return contribution


@transaction.atomic
def remove_contribution(*, contribution_id: int, actor: User | None, at: datetime) -> None:
    """Say that somebody no longer takes this part. Their materials stay."""
    contribution = Contribution.objects.get(pk=contribution_id)
    forum = _planned(contribution.forum_id)
    contribution.delete()
    _note(forum, "part_removed", actor, at)


@transaction.atomic
def set_people(
    *, forum_id: int, theme: Theme | None, lines: Sequence[Mapping[str, Any]], actor: User | None, at: datetime
) -> None:
    """Write who takes part in a theme (None: in the whole event) at once, all or nothing: what the desk's table sends.

    Each line has the fields of `add_contribution` but the theme; with `contribution` (an id) it changes that one, with
    `remove` besides it takes it off. Raises as the single services do, and RuleViolation for a line of another event.
    """
    forum = _planned(forum_id)
    own = set(forum.contributions.filter(theme=theme).values_list("pk", flat=True))
    for line in lines:
        fields = dict(line)
        key, gone = fields.pop("contribution", None), fields.pop("remove", False)
        if key is not None and key not in own:
            raise RuleViolation(_("A line of this table was taken off meanwhile. Please open it again."), code="gone")
        if key is None and not gone:
            add_contribution(forum_id=forum.pk, theme=theme, actor=actor, at=at, **fields)
        elif key is not None and gone:
            remove_contribution(contribution_id=key, actor=actor, at=at)
        elif key is not None:
            change_contribution(contribution_id=key, changes=fields, actor=actor, at=at)
