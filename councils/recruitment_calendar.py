"""The dates of a recruitment as entries for calendars (iCalendar, RFC 5545).

The library folds lines and escapes signs; control characters are taken out here.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from core.signs import one_line
from councils.models import Recruitment
from councils.queries.courses import Lesson
from councils.queries.rules import last_day_of
from councils.states import RecruitmentStatus

PRODUCER = "-//Madang//councils//KO"
DRAW_LASTS = timedelta(hours=1)


def as_calendar(recruitment: Recruitment, lessons: Iterable[Lesson], *, address: str, host: str, at: datetime) -> bytes:
    """The file: last day of applications, each lecture, draw and appointment. Times are in UTC.

    address: of the recruitment's page; host: of this site, for the lasting names of the entries.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(recruitment.title))
    is_off = recruitment.status == RecruitmentStatus.CANCELLED
    for name, event, event_is_off in _events(recruitment, lessons):
        event.add("uid", f"recruitment-{recruitment.pk}-{name}@{host}")
        event.add("dtstamp", at.astimezone(UTC))
        event.add("url", address)
        event.add("status", "CANCELLED" if is_off or event_is_off else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(recruitment: Recruitment, lessons: Iterable[Lesson]) -> Iterator[tuple[str, Event, bool]]:
    title = one_line(recruitment.title)
    last = Event()
    last.add("dtstart", last_day_of(recruitment.closes_at))
    last.add("summary", _("Last day of applications: %(title)s") % {"title": title})
    yield "closes", last, False
    for lesson in lessons:
        event = Event()
        event.add("dtstart", lesson.starts_at.astimezone(UTC))
        event.add("dtend", lesson.ends_at.astimezone(UTC))
        event.add("summary", one_line(" – ".join(part for part in (lesson.meeting.title, lesson.title) if part)))
        event.add("location", one_line(lesson.place))
        yield f"course-{lesson.meeting.pk}-{lesson.starts_at:%Y%m%dT%H%M}", event, lesson.is_cancelled
    if recruitment.draw_at:
        draw = Event()
        draw.add("dtstart", recruitment.draw_at.astimezone(UTC))
        draw.add("dtend", (recruitment.draw_at + DRAW_LASTS).astimezone(UTC))
        draw.add("summary", _("Public draw: %(title)s") % {"title": title})
        if recruitment.place:
            draw.add("location", one_line(recruitment.place))
        yield "draw", draw, False
    if recruitment.appoints_on:
        appointed = Event()
        appointed.add("dtstart", recruitment.appoints_on)
        appointed.add("summary", _("Appointment: %(title)s") % {"title": title})
        yield "appointment", appointed, False
