"""Where a meeting stands, in words: the steps of whoever keeps it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.madang import day_text, moment_text
from meetings.models import Attendance, Meeting
from meetings.sittings import Day, day_at
from meetings.states import MeetingStatus


@dataclass(frozen=True, slots=True)
class Step:
    """state: "done", "now" or "next"."""

    name: str
    state: str
    when: str = ""


# How many of the four steps are behind.
DONE = {
    MeetingStatus.DRAFT: 0,
    MeetingStatus.CALLED: 1,
    MeetingStatus.OPEN: 2,
    MeetingStatus.ADJOURNED: 2,
    MeetingStatus.CLOSED: 3,
    MeetingStatus.MINUTED: 4,
}


def keeping_steps(meeting: Meeting, at: datetime) -> list[Step]:
    """Call, open, decide and close, minutes; nothing of a meeting that was called off."""
    del at
    if meeting.status == MeetingStatus.CANCELLED:
        return []
    behind = DONE[MeetingStatus(meeting.status)]
    called = day_text(meeting.called_at) if meeting.called_at else ""
    opened = moment_text(meeting.opened_at) if meeting.opened_at else day_text(meeting.starts_at)
    closed = moment_text(meeting.closed_at) if meeting.closed_at else ""
    names = (
        (pgettext("step of a meeting", "Call"), called),
        (pgettext("step of a meeting", "Open"), opened),
        (pgettext("step of a meeting", "Decide and close"), closed),
        (pgettext("step of a meeting", "Minutes"), ""),
    )
    return [
        Step(name, "done" if place < behind else "now" if place == behind else "next", when)
        for place, (name, when) in enumerate(names)
    ]


def clock_text(at: datetime | None, begins: datetime) -> str:
    """The time alone on the day on which it begins, with the day otherwise."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate(begins):
        return f"{local:%H:%M}"
    return f"{local.month}. {local.day}. {local:%H:%M}"


def span_in_words(span: Attendance, meeting: Meeting, days: list[Day], now: datetime) -> str:
    """From when until when somebody was there; of a day that is over it is said that nobody noted when they left."""
    several = len(days) > 1
    came = moment_text(span.arrived_at) if several else clock_text(span.arrived_at, meeting.starts_at)
    if span.left_at is None:
        over = not day_at(days, span.arrived_at).has(now)
        return f"{came} – {_('departure not recorded')}" if over else f"{came} –"
    same_day = timezone.localdate(span.left_at) == timezone.localdate(span.arrived_at)
    left = f"{timezone.localtime(span.left_at):%H:%M}" if same_day else moment_text(span.left_at)
    return f"{came} – {left}"


def below_quorum(needed: int) -> str:
    """Said of a vote for which fewer were there than it took to open the meeting."""
    return _("At this vote fewer were present than the %(needed)s that the quorum asks for.") % {"needed": needed}


def vacant_seats(number: int) -> str:
    """Said of an election in which seats stayed empty."""
    return _("Seats that stay vacant: %(number)s.") % {"number": number}
