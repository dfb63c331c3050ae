"""Writes on who was there and when. What was recorded is never edited: corrections are entries of their own."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.templatetags.madang import moment_text
from meetings.hours import MINUTE, Span, overlaps
from meetings.models import Attendance, Meeting, Participant, Sitting
from meetings.queries import attendances_in_force, meeting_days
from meetings.services.locking import note
from meetings.services.people import participant_under_lock
from meetings.sittings import Day, day_at, days_of, nearest
from meetings.states import CHECK_IN_POSSIBLE, RECORDING, UNDER_WAY, CheckInWay, MeetingStatus
from residents.models import User

LET_IN_BEFORE = timedelta(hours=2)
# A sitting that runs past midnight still takes arrivals.
RUNS_LATE = timedelta(hours=2)
CORRECTABLE = RECORDING | {MeetingStatus.CALLED}


@transaction.atomic
def check_in(
    *, participant_id: int, way: str, actor: User | None, at: datetime, sitting_id: int | None = None
) -> tuple[Attendance, bool]:
    """Record that somebody came. (attendance, whether it is new): who is there already is not recorded twice.

    Without `sitting_id` they came to the sitting that goes on, or the nearest one. On each day of a meeting everybody
    comes anew: what is still open of a day before ends with that day.
    Raises RuleViolation before the day of the meeting or of the sitting, once either is over, or where it would overlap
    what is recorded.
    """
    participant = participant_under_lock(participant_id, CHECK_IN_POSSIBLE)
    meeting = participant.meeting
    if meeting.status == MeetingStatus.CALLED and timezone.localdate(at) < timezone.localdate(meeting.starts_at):
        raise RuleViolation(_("Arrivals are recorded from the day of the meeting."), code="too_early")
    sitting = _sitting(meeting, sitting_id) if sitting_id is not None else _nearest_sitting(meeting, at)
    _check_sitting(sitting, at)
    days = meeting_days(meeting)
    _end_days_before(participant, days, day_at(days, at))
    there = attendances_in_force().filter(participant=participant, left_at=None).first()
    if there is not None:
        return there, False
    _refuse_overlap(participant, Span(at))
    attendance = Attendance.objects.create(
        participant=participant,
        sitting=sitting,
        arrived_at=at,
        way=CheckInWay(way),
        recorded_by=actor,
        recorded_at=at,
    )
    note(meeting, "arrival_recorded", actor, at, persons=[participant.user], way=str(attendance.way))
    return attendance, True


@transaction.atomic
def check_out(*, participant_id: int, actor: User | None, at: datetime) -> Attendance:
    """Record that somebody left. Raises RuleViolation if they are not there, or came on a day before only."""
    participant = participant_under_lock(participant_id, CHECK_IN_POSSIBLE)
    attendance = attendances_in_force().filter(participant=participant, left_at=None).first()
    if attendance is None or not day_at(meeting_days(participant.meeting), at).has(attendance.arrived_at):
        raise RuleViolation(_("This person is not recorded as being there."), code="not_there")
    if at <= attendance.arrived_at:
        raise RuleViolation(_("Somebody leaves after they came."), code="leaves_before_arrival")
    attendance.left_at = at
    attendance.save(update_fields=["left_at"])
    note(participant.meeting, "departure_recorded", actor, at, persons=[participant.user])
    return attendance


@transaction.atomic
def enter_attendance(
    *, participant_id: int, arrived_at: datetime, left_at: datetime | None, actor: User | None, at: datetime
) -> Attendance:
    """Enter from the signed sheet when somebody was there; it belongs to the sitting nearest to their arrival.

    Raises RuleViolation for times to come, an end before the beginning, without an end once the meeting or that day of
    it is over, or where it would overlap what is recorded.
    """
    participant = participant_under_lock(participant_id, CORRECTABLE)
    days = meeting_days(participant.meeting)
    _check_times(participant, days, arrived_at, left_at, at)
    _end_days_before(participant, days, day_at(days, arrived_at))
    _refuse_overlap(participant, Span(arrived_at, left_at))
    attendance = Attendance.objects.create(
        participant=participant,
        sitting=_nearest_sitting(participant.meeting, arrived_at),
        arrived_at=arrived_at,
        left_at=left_at,
        way=CheckInWay.SHEET,
        recorded_by=actor,
        recorded_at=at,
    )
    note(participant.meeting, "attendance_entered", actor, at, persons=[participant.user])
    return attendance


@transaction.atomic
def correct_attendance(  # noqa: PLR0913 - a correction has this many facts
    *,
    attendance_id: int,
    reason: str,
    actor: User | None,
    at: datetime,
    arrived_at: datetime | None = None,
    left_at: datetime | None = None,
    is_struck: bool = False,
) -> Attendance:
    """Replace an entry by another one with other times, or with `is_struck` by one that says they were not there.

    The count at the opening stays as it was found then. Raises RuleViolation without a reason, for an entry that was
    replaced already, once the minutes are approved, or for times that are not possible.
    """
    participant_id = Attendance.objects.values_list("participant_id", flat=True).get(pk=attendance_id)
    participant = participant_under_lock(participant_id, CORRECTABLE)
    old = Attendance.objects.get(pk=attendance_id)
    reason = reason.strip()
    if not reason:
        raise RuleViolation(_("Please say why the attendance is corrected."), code="reason_missing")
    if old.replaced_at is not None:
        raise RuleViolation(_("This entry has been corrected already."), code="already_corrected")
    arrived = old.arrived_at if is_struck or arrived_at is None else arrived_at
    left = old.left_at if is_struck else left_at
    # First out of force, so that neither the check nor the database takes it for an overlap.
    old.replaced_at = at
    old.save(update_fields=["replaced_at"])
    if not is_struck:
        days = meeting_days(participant.meeting)
        _check_times(participant, days, arrived, left, at)
        _end_days_before(participant, days, day_at(days, arrived))
        _refuse_overlap(participant, Span(arrived, left))
    new = Attendance.objects.create(
        participant=participant,
        sitting=old.sitting if is_struck else _nearest_sitting(participant.meeting, arrived),
        arrived_at=arrived,
        left_at=left,
        way=old.way,
        recorded_by=actor,
        recorded_at=at,
        replaces=old,
        reason=reason,
        is_struck=is_struck,
    )
    note(participant.meeting, "attendance_corrected", actor, at, persons=[participant.user], struck=is_struck)
    return new


def _sitting(meeting: Meeting, sitting_id: int) -> Sitting:
    sitting = Sitting.objects.filter(meeting=meeting, pk=sitting_id).first()
    if sitting is None:
        raise RuleViolation(_("This sitting is not one of this meeting."), code="foreign_sitting")
    return sitting


def _nearest_sitting(meeting: Meeting, at: datetime) -> Sitting | None:
    """None for a meeting without sittings."""
    sittings = list(meeting.sittings.all())
    return sittings[nearest([(one.starts_at, one.ends_at) for one in sittings], at)] if sittings else None


def _check_sitting(sitting: Sitting | None, at: datetime) -> None:
    """Raise RuleViolation unless people may come to the sitting now: from its date on, and a while after its end."""
    if sitting is None:
        return
    today = timezone.localdate(at)
    if today < timezone.localdate(sitting.starts_at):
        raise RuleViolation(
            _("Arrivals are recorded from the day of the sitting, which begins on %(time)s.")
            % {"time": moment_text(sitting.starts_at)},
            code="too_early",
        )
    if today > timezone.localdate(sitting.ends_at) and at >= sitting.ends_at + RUNS_LATE:
        raise RuleViolation(
            _("This sitting is over. Whoever was there is entered from the signed sheet."), code="sitting_over"
        )


def end_of_day(attendance: Attendance, day: Day) -> None:
    """Let an attendance that nobody ended end with its day; of somebody who came later still only that is known."""
    attendance.left_at = day.ends if attendance.arrived_at < day.ends else attendance.arrived_at + MINUTE
    attendance.save(update_fields=["left_at"])


def _end_days_before(participant: Participant, days: list[Day], today: Day) -> None:
    for one in attendances_in_force().filter(participant=participant, left_at=None):
        if today.since is not None and one.arrived_at < today.since:
            end_of_day(one, day_at(days, one.arrived_at))


def _check_times(
    participant: Participant, days: list[Day], arrived_at: datetime, left_at: datetime | None, at: datetime
) -> None:
    if arrived_at > at or (left_at is not None and left_at > at):
        raise RuleViolation(_("Attendance is recorded of what has been, not of what is to come."), code="in_the_future")
    if timezone.localdate(arrived_at) < timezone.localdate(participant.meeting.starts_at):
        raise RuleViolation(_("Arrivals are recorded from the day of the meeting."), code="too_early")
    if left_at is not None and left_at <= arrived_at:
        raise RuleViolation(_("Somebody leaves after they came."), code="leaves_before_arrival")
    if left_at is None and participant.meeting.status == MeetingStatus.CLOSED:
        raise RuleViolation(_("The meeting is closed: please say when they left."), code="left_missing")
    if left_at is None and not day_at(days, at).has(arrived_at):
        raise RuleViolation(_("That day of the meeting is over: please say when they left."), code="left_missing")


def _refuse_overlap(participant: Participant, span: Span) -> None:
    for known in attendances_in_force().filter(participant=participant):
        if overlaps(Span(known.arrived_at, known.left_at), span):
            raise RuleViolation(
                _("This person is already recorded as being there at this time. Please correct that entry instead."),
                code="attendance_overlaps",
            )


@transaction.atomic
def check_in_oneself(*, participant_id: int, way: str, actor: User | None, at: datetime) -> tuple[Attendance, bool]:
    """As `check_in`, for somebody who does it on their own phone: only around that day of the meeting.

    Raises RuleViolation earlier than LET_IN_BEFORE its beginning and after its planned end; the last day may go on.
    """
    participant = participant_under_lock(participant_id, CHECK_IN_POSSIBLE)
    opens, closes = lets_in(participant.meeting, at)
    if at < opens:
        raise RuleViolation(_("Check-in opens at %(time)s.") % {"time": moment_text(opens)}, code="check_in_not_open")
    if closes is not None and at >= closes:
        raise RuleViolation(_("The time of this meeting is over. Please ask at the desk."), code="check_in_over")
    return check_in(participant_id=participant_id, way=way, actor=actor, at=at)


def lets_in(meeting: Meeting, at: datetime) -> tuple[datetime, datetime | None]:
    """From when until when people check in on their own phones, on the day that `at` belongs to.

    None: as long as it goes on, because the last day may run late. One query.
    """
    sittings = [(one.starts_at, one.ends_at) for one in meeting.sittings.all()]
    days = days_of(sittings or [(meeting.starts_at, meeting.ends_at)], timezone.get_default_timezone())
    day = day_at(days, at)
    goes_on = meeting.status in UNDER_WAY and day.until is None
    return day.begins - LET_IN_BEFORE, None if goes_on else day.ends
