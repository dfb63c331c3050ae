"""A meeting as an entry for calendars (iCalendar, RFC 5545).

The library folds lines and escapes signs; that no control characters come in is seen to here, also for texts that were
kept before the services took them out.
"""

from datetime import UTC, datetime

from icalendar import Calendar, Event
from icalendar.prop import vText

from core.signs import one_line, printable_text
from meetings.models import Meeting
from meetings.states import MeetingStatus

PRODUCER = "-//Madang//meetings//KO"


def as_calendar(meeting: Meeting, *, address: str, host: str, at: datetime) -> bytes:
    """The file. address: of the meeting's page; host: of this site, for the entry's lasting name; at: when it is made.

    The agenda stands in the description. Times are in UTC, which every calendar shows in its own zone.
    """
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("summary", one_line(meeting.title))
    event["location"] = vText(one_line(", ".join(part for part in (meeting.place, meeting.address) if part)))
    agenda = [f"{item.position}. {item.title}" for item in meeting.agenda.order_by("position")]
    about = "\n".join([*([meeting.about] if meeting.about else []), *agenda])
    event.add("description", printable_text(about))
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.status == MeetingStatus.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
