"""Forums and other events: lists, one with its programme, and finding one by what people call it."""

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.templatetags.madang import day_text
from forums.models import Contribution, Forum, Member, MemberTerm, ProgrammeVersion, Session, Theme
from forums.programme import PersonLine, Programme, SessionLine, ThemeLine, VenueLine, from_data
from forums.states import PUBLIC_FORUMS, EventKind, ForumStatus

MOST_CHOICES_NAMED = 5
BY_KEY = re.compile(r"#(\d{1,18})")
BY_NUMBER = re.compile(r"제?\s*(\d{1,4})\s*(?:차|회)?")  # korean: how people say a number: 제24차
BY_TERM = re.compile(r"(.+?)[\s-]+제?\s*(\d{1,4})\s*(?:차|회)?")  # korean: as above


def public_forums() -> QuerySet[Forum]:
    """Events that everybody may see, the latest first, with their hosts. What was called off as a draft never was."""
    found = Forum.objects.filter(status__in=PUBLIC_FORUMS).exclude(status=ForumStatus.CANCELLED, versions=None)
    return found.select_related("host__parent").order_by("-starts_on", "-pk")


def as_published(forums: Iterable[Forum]) -> list[Forum]:
    """The events as their last published versions call, date, place and explain them; for showing, not for saving.

    The tables hold what the next version will say, and lists must not tell that earlier than the programme does. One
    query.
    """
    forums = list(forums)
    parts = ("title", "starts_on", "ends_on", "place", "intent")
    versions = ProgrammeVersion.objects.filter(forum__in=forums).order_by("number")
    said = {row["forum_id"]: row for row in versions.values("forum_id", *(f"snapshot__{part}" for part in parts))}
    for forum in forums:
        if row := said.get(forum.pk):
            forum.title, forum.place, forum.intent = (row[f"snapshot__{part}"] for part in ("title", "place", "intent"))
            forum.starts_on, forum.ends_on = (date.fromisoformat(row[f"snapshot__{part}"]) for part in parts[1:3])
    return forums


def terms_of_public_forums() -> list[str]:
    """The terms in which there are public events, the latest first."""
    terms = public_forums().select_related(None).order_by().values_list("term", flat=True)
    return list(terms.annotate(last=Max("starts_on")).order_by("-last"))


def forum_with_programme() -> QuerySet[Forum]:
    """Events with everything that `programme_of` reads: eight queries for any number of events."""
    people = Contribution.objects.order_by("position", "pk")
    return Forum.objects.select_related("host__parent").prefetch_related(
        "venues",
        Prefetch("themes", Theme.objects.prefetch_related("points", Prefetch("contributions", people))),
        Prefetch("sessions", Session.objects.prefetch_related("themes")),
        Prefetch("contributions", people),
    )


def _person(part: Contribution) -> PersonLine:
    return PersonLine(part.pk, part.part, part.printed_as, part.title)


def programme_of(forum: Forum) -> Programme:
    """The programme as it stands in the tables now: the draft of the next version.

    `forum` comes from `forum_with_programme`, which knows the order of the people.
    """
    return Programme(
        title=forum.title,
        kind=forum.kind,
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        term=forum.term,
        number=forum.number,
        host=host_name(forum),
        place=forum.place,
        is_online=forum.is_online,
        intent=forum.intent,
        venues=tuple(VenueLine(one.pk, one.name, one.address, one.directions) for one in forum.venues.all()),
        themes=tuple(
            ThemeLine(
                theme.pk,
                theme.number,
                theme.title,
                theme.minutes,
                tuple(point.text for point in theme.points.all()),
                tuple(_person(part) for part in theme.contributions.all()),
            )
            for theme in forum.themes.all()
        ),
        sessions=tuple(_session(session) for session in forum.sessions.all()),
        people=tuple(_person(part) for part in forum.contributions.all() if part.theme_id is None),
    )


def _session(session: Session) -> SessionLine:
    return SessionLine(
        key=session.pk,
        kind=session.kind,
        title=session.title,
        day=session.day,
        starts=session.starts,
        ends=session.ends,
        venue=session.venue_id,
        room=session.room,
        details=session.details,
        themes=tuple(theme.pk for theme in session.themes.all()),
        is_parallel=session.is_parallel,
        position=session.position,
    )


def host_name(forum: Forum) -> str:
    """The host with its province, as "경기도 오산시"; "" if none is named."""
    if forum.host is None:
        return ""
    return f"{forum.host.parent.name} {forum.host.name}" if forum.host.parent else forum.host.name


def published_programme(forum: Forum) -> tuple[ProgrammeVersion, Programme] | None:
    """The last published version with its programme; None before the first. One query."""
    version = forum.versions.order_by("-number").first()
    return None if version is None else (version, from_data(version.snapshot))


def dropped_sessions(forum: Forum, version: ProgrammeVersion) -> list[tuple[Programme, SessionLine]]:
    """Sessions that earlier versions had and this one has not, each with the last programme in which it stood."""
    found: dict[int, tuple[Programme, SessionLine]] = {}
    for earlier in forum.versions.filter(number__lt=version.number).order_by("number"):
        programme = from_data(earlier.snapshot)
        found |= {line.key: (programme, line) for line in programme.sessions}
    for line in from_data(version.snapshot).sessions:
        found.pop(line.key, None)
    return list(found.values())


def office_of(member: Member, day: date) -> MemberTerm | None:
    """The term of office that this member has in the club on `day`, else the last one before it, else the first."""
    terms = list(member.terms.select_related("term__region__parent").order_by("term__since"))
    started = [one for one in terms if one.term.since <= day]
    return started[-1] if started else (terms[0] if terms else None)


def printed_name(member: Member, day: date) -> str:
    """A member as programmes print them: name, office and, in brackets, the local government."""
    term = office_of(member, day)
    if term is None:
        return " ".join(part for part in (member.name, member.former_office) if part)
    region = term.term.region
    place = f"{region.parent.name} {region.name}" if region.parent else region.name
    return f"{member.name} {term.term.get_office_display()} ({place})"


# --- By what people call it -------------------------------------------------------------------------------------------


def forum_by_reference(text: str, *, kind: str = EventKind.FORUM) -> Forum:
    """The event that `text` names: "24", "제24차", "민선5기-24", or its key as "#12" (which may be of any kind).

    Says nothing about who may see it. Raises RuleViolation if there is none (404), or several terms have one with that
    number: the sentence names them.
    """
    reference = text.strip()
    if match := BY_KEY.fullmatch(reference):
        found = Forum.objects.filter(pk=int(match[1]))
    elif match := BY_NUMBER.fullmatch(reference):
        found = Forum.objects.filter(kind=kind, number=int(match[1]))
    elif match := BY_TERM.fullmatch(reference):
        found = Forum.objects.filter(kind=kind, term=match[1].strip(), number=int(match[2]))
    else:
        found = Forum.objects.none()
    forums = list(found.select_related("host__parent").order_by("-starts_on")[: MOST_CHOICES_NAMED + 1])
    if not forums:
        raise RuleViolation(
            _("There is no event called “%(reference)s”. Please write its number, or term and number as %(full)s.")
            % {"reference": reference[:40], "full": "민선5기-24"},  # korean: a term as people count it
            code="unknown_forum",
            status=404,
        )
    if len(forums) > 1:
        names = ", ".join(f"{reference_of(forum)} ({day_text(forum.starts_on)})" for forum in forums)
        raise RuleViolation(
            _("Several terms have an event with this number. Please choose one of these: %(names)s.")
            % {"names": names},
            code="ambiguous_forum",
        )
    return forums[0]


def reference_of(forum: Forum) -> str:
    """How `forum_by_reference` finds exactly this one: "민선5기-24", or "#12" for what has no number."""
    return f"{forum.term}-{forum.number}" if forum.number and forum.kind == EventKind.FORUM else f"#{forum.pk}"
