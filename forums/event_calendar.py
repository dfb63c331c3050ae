"""An event as iCalendar (RFC 5545): one entry for each session, with times of Seoul.

The library folds lines and escapes signs. Control characters are taken out here as well as by the services, for a
published programme is kept as it was.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from core.signs import one_line, printable_text
from forums.programme import Programme, SessionLine
from forums.timetable import Span, spans

SEOUL = "Asia/Seoul"
ZONE = ZoneInfo(SEOUL)


def as_calendar(  # noqa: PLR0913 - what a calendar says of itself
    programme: Programme,
    *,
    key: int,
    version: int,
    published_at: datetime,
    made_at: datetime,
    url: str,
    host: str,
    dropped: Iterable[tuple[Programme, SessionLine]] = (),
    is_cancelled: bool = False,
) -> bytes:
    """The published programme as a calendar file.

    An entry is known by its UID from version to version, which ends in the `host` that it comes from, and SEQUENCE is
    the version's number (one more for an event that was called off), so that calendars take over what changed.
    `dropped` are sessions that no longer stand in the programme, each with the last one in which it did: they are
    cancelled, or who saved them would keep them. An event of which no timetable is known stands there with its days, as
    a calendar without an entry is none. A session without an end goes on as `forums.timetable` infers it; one
    whose beginning nobody knows stands at the moment when it is to be over, without a length.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Madang//Mokmingwan Club//KO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(programme.title))
    calendar.add("x-wr-timezone", SEOUL)
    calendar.add_component(Timezone.from_tzid(SEOUL))
    name = f"event-{key}"
    shown = [(_entry(programme, span), f"{name}-session-{span.slot.key}", is_cancelled) for span in _spans(programme)]
    if not shown:
        shown = [(_whole_days(programme), name, is_cancelled)]
    for source, line in dropped:
        gone = [span for span in _spans(source) if span.slot.key == line.key]
        shown += [(_entry(source, span), f"{name}-session-{span.slot.key}", True) for span in gone]
    for entry, uid, is_off in shown:
        entry.add("uid", f"{uid}@{host}")
        entry.add("dtstamp", made_at)
        entry.add("last-modified", published_at)
        entry.add("sequence", version + is_cancelled)
        entry.add("url", url)
        entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _spans(programme: Programme) -> list[Span]:
    return spans(programme.slots())


def _whole_days(programme: Programme) -> Event:
    entry = Event()
    entry.add("dtstart", programme.starts_on)
    entry.add("dtend", programme.ends_on + timedelta(days=1))  # the day after, RFC 5545, 3.6.1
    entry.add("summary", one_line(programme.title))
    if place := programme.place or programme.host:
        entry.add("location", one_line(place))
    return entry


def _entry(programme: Programme, span: Span) -> Event:
    """When and where a session is, and what it is about."""
    line = next(one for one in programme.sessions if one.key == span.slot.key)
    entry = Event()
    entry.add("dtstart", (span.begins or span.finishes).replace(tzinfo=ZONE))
    if span.begins is not None:
        entry.add("dtend", span.finishes.replace(tzinfo=ZONE))
    # Open times stand in the title, because calendars can only show closed ones.
    title = one_line(line.title)
    entry.add("summary", title if line.starts and line.ends else f"{title} ({span.slot.printed})")
    if place := _place(programme, line):
        entry.add("location", one_line(place))
    if about := _about(programme, line):
        entry.add("description", printable_text(about))
    return entry


def _place(programme: Programme, line: SessionLine) -> str:
    venue = next((one for one in programme.venues if one.key == line.venue), None)
    parts = [venue.name, line.room, venue.address] if venue else [line.room]
    return ", ".join(part for part in parts if part)


def _about(programme: Programme, line: SessionLine) -> str:
    themes = [theme for theme in programme.themes if theme.key in line.themes]
    return "\n".join([*([line.details] if line.details else []), *(f"{one.number}. {one.title}" for one in themes)])
