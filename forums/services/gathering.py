"""An event as a meeting, so that the door, the desk and the sheet of `meetings` take the attendance.

Everybody who is registered is a participant there. It is made when the first registration needs it, and follows the
event.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from core.templatetags.madang import day_text
from forums.models import Forum, Registration
from forums.programme import Programme
from forums.queries.forums import forum_with_programme, programme_of, published_programme
from forums.states import AttendeeRole, ForumStatus, RegistrationStatus
from forums.timetable import spans
from meetings.models import Meeting, Sitting
from meetings.queries import attendances_in_force
from meetings.services.agenda import add_sitting, change_sitting, remove_sitting
from meetings.services.course import (
    call_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    create_meeting,
    open_meeting,
)
from meetings.services.people import LIST_OPEN, Guest, add_participants, change_participant, remove_participant
from meetings.states import BEFORE_OPENING, UNDER_WAY, MeetingStatus, QuorumRule
from residents.models import User

KIND = "club-event"
DAY_BEGINS, DAY_ENDS = time(9), time(18)  # where the timetable says nothing
DAY_IS_OVER = time(23, 59)
TITLE, PLACE = 120, 120  # lengths of the fields of a meeting
AT_ONCE = timedelta(minutes=1)


def programme_for_participants(forum: Forum) -> Programme:
    """The programme as it was published last: nobody is told earlier what the next version will say. Else the draft."""
    published = published_programme(forum)
    return published[1] if published else programme_of(forum_with_programme().get(pk=forum.pk))


def days_of(forum: Forum) -> list[tuple[date, datetime, datetime]]:
    """(day, begin, end) of each day of the event, by its timetable. One query where it is published.

    A line without an end ("21:30~") goes on as `forums.timetable` infers it: until DAY_IS_OVER if it is the last one.
    """
    programme = programme_for_participants(forum)
    found = spans(programme.slots())
    days = []
    for number in range((programme.ends_on - programme.starts_on).days + 1):
        day = programme.starts_on + timedelta(days=number)
        lines = [span for span in found if span.slot.day == day]
        first = min((span.slot.starts for span in lines if span.slot.starts), default=None)
        begin = _moment(day, first or DAY_BEGINS)
        over = _moment(day, DAY_IS_OVER)
        last = max((min(timezone.make_aware(span.finishes), over) for span in lines), default=begin)
        evening = _moment(day, DAY_ENDS)
        days.append((day, begin, last if last > begin else evening if evening > begin else over))
    return days


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _values(forum: Forum, days: list[tuple[date, datetime, datetime]]) -> dict[str, Any]:
    programme = programme_for_participants(forum)
    return {
        "title": programme.title[:TITLE],
        "place": (programme.place or programme.host)[:PLACE],
        "starts_at": days[0][1],
        "ends_at": days[-1][2],
    }


def bring_to_the_list(forum: Forum, *, actor: User | None, at: datetime) -> None:
    """Make a participant of everybody who is registered and is none yet. `forum` is under its lock.

    Nothing is done for an event that is over or not published yet, and none of whose meeting was ever made.
    """
    waiting = list(
        forum.registrations.filter(status=RegistrationStatus.REGISTERED, participant=None)
        .select_related("member", "user")
        .prefetch_related("member__accounts__user")
        .order_by("source_position", "pk")
    )
    if not waiting:
        return
    meeting = forum.meeting or _make(forum, actor=actor, at=at)
    if meeting is None or meeting.status not in LIST_OPEN:
        return
    known = set(meeting.participants.exclude(user=None).values_list("user_id", flat=True))
    guests = []
    for registration in waiting:
        user = _account(registration)
        if user is not None and user.pk in known:
            user = None
        if user is not None:
            known.add(user.pk)
        guests.append(Guest(user=user, **_particulars(registration)))
    added = add_participants(meeting_id=meeting.pk, guests=guests, actor=actor, at=at)
    for registration, participant in zip(waiting, added, strict=True):
        registration.participant = participant
        registration.save(update_fields=["participant"])
    if meeting.status == MeetingStatus.DRAFT and at < meeting.starts_at:
        call_meeting(meeting_id=meeting.pk, actor=actor, at=at)


def _particulars(registration: Registration) -> dict[str, Any]:
    """What the list of a meeting says of somebody. Events have no quorum, so nobody counts for one."""
    return {
        "name": registration.name or registration.position,
        "affiliation": " ".join(part for part in (registration.area, registration.organisation) if part),
        "role": registration.position,
        "email": registration.contact,
        "is_eligible": False,
        "proxy_for": registration.member.name if registration.is_proxy and registration.member else "",
        "remark": registration.remark,
    }


def _account(registration: Registration) -> User | None:
    """With whose account they can check in: a head's own, a guest's own."""
    if registration.role == AttendeeRole.GUEST:
        return registration.user
    if registration.role != AttendeeRole.HEAD or registration.is_proxy or registration.member is None:
        return None
    own = [one.user for one in registration.member.accounts.all() if one.is_head and one.until is None]
    return own[0] if own else None


def _make(forum: Forum, *, actor: User | None, at: datetime) -> Meeting | None:
    """The meeting of a published event that is not over; None for all others. Who registers when it is on is let in."""
    days = days_of(forum)
    if forum.status != ForumStatus.PUBLISHED or at + AT_ONCE >= days[-1][2]:
        return None
    values = _values(forum, days)
    values["starts_at"] = max(values["starts_at"], at + AT_ONCE)
    values["quorum_rule"] = QuorumRule.NONE
    meeting = create_meeting(kind=KIND, values=values, actor=actor, at=at)
    forum.meeting = meeting
    forum.save(update_fields=["meeting"])
    _set_sittings(meeting, days, actor=actor, at=at)
    return meeting


def _set_sittings(
    meeting: Meeting, days: list[tuple[date, datetime, datetime]], *, actor: User | None, at: datetime
) -> None:
    """One for each day of several; a day that has its sitting already keeps it."""
    known = {timezone.localdate(sitting.starts_at) for sitting in meeting.sittings.all()}
    for day, begin, end in days if len(days) > 1 else []:
        starts_at = max(begin, meeting.starts_at)
        if starts_at < end and day not in known:
            add_sitting(
                meeting_id=meeting.pk, title=day_text(day), starts_at=starts_at, ends_at=end, actor=actor, at=at
            )


def take_off_the_list(registration: Registration, *, actor: User | None, at: datetime) -> None:
    """Raises RuleViolation if they checked in already. The registration is saved without its participant."""
    participant_id = registration.participant_id
    if participant_id is None:
        return
    registration.participant = None
    registration.save(update_fields=["participant"])
    remove_participant(participant_id=participant_id, actor=actor, at=at)


def say_on_the_list(registration: Registration, *, actor: User | None, at: datetime) -> None:
    """Let the list of the meeting say of somebody what their registration says now."""
    if registration.participant_id is not None:
        values = _particulars(registration)
        values.pop("is_eligible")
        change_participant(participant_id=registration.participant_id, values=values, actor=actor, at=at)


def follow_the_event(forum: Forum, *, actor: User | None, at: datetime) -> None:
    """After a version was published: its meeting says the same. `forum` is under its lock."""
    meeting = forum.meeting
    if meeting is None or meeting.status not in BEFORE_OPENING:
        return
    days = days_of(forum)
    values = _values(forum, days)
    if _says_the_same(meeting, values, days):
        return
    for sitting in meeting.sittings.filter(attendances=None):
        remove_sitting(meeting_id=meeting.pk, sitting_id=sitting.pk, actor=actor, at=at)
    # What people came to stays, at the times of its day; first with room for the times before and after.
    came_to = list(meeting.sittings.all())
    change_meeting(meeting_id=meeting.pk, values=_around(values, came_to), actor=actor, at=at)
    times = {day: (begin, end) for day, begin, end in days}
    for sitting in came_to:
        day = timezone.localdate(sitting.starts_at)
        if day in times:
            sitting.starts_at, sitting.ends_at = times[day]
            change_sitting(
                meeting_id=meeting.pk,
                sitting_id=sitting.pk,
                title=sitting.title,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                actor=actor,
                at=at,
            )
    changed = change_meeting(meeting_id=meeting.pk, values=_around(values, came_to), actor=actor, at=at)
    _set_sittings(changed, days, actor=actor, at=at)


def _around(values: dict[str, Any], sittings: list[Sitting]) -> dict[str, Any]:
    """The values of a meeting that has these sittings within it."""
    starts = [sitting.starts_at for sitting in sittings]
    ends = [sitting.ends_at for sitting in sittings]
    return {
        **values,
        "starts_at": min([values["starts_at"], *starts]),
        "ends_at": max([values["ends_at"], *ends]),
    }


def _says_the_same(meeting: Meeting, values: dict[str, Any], days: list[tuple[date, datetime, datetime]]) -> bool:
    planned = [(begin, end) for _day, begin, end in days] if len(days) > 1 else []
    sittings = list(meeting.sittings.order_by("starts_at").values_list("starts_at", "ends_at"))
    return sittings == planned and all(getattr(meeting, name) == value for name, value in values.items())


def break_off_with_the_event(forum: Forum, *, actor: User | None, at: datetime) -> None:
    """The event was called off: its meeting is, too. One that was opened already ends now, and says why.

    `forum` is under its lock.
    """
    meeting = forum.meeting
    if meeting is None:
        return
    if meeting.status in BEFORE_OPENING:
        cancel_meeting(meeting_id=meeting.pk, reason=forum.cancelled_because, actor=actor, at=at)
    elif meeting.status in UNDER_WAY:
        close_meeting(meeting_id=meeting.pk, broken_off_because=forum.cancelled_because, actor=actor, at=at)


def end_with_the_event(forum: Forum, *, actor: User | None, at: datetime) -> None:
    """The event was held: its meeting is closed, and whoever is still noted as there left at its end.

    `forum` is under its lock. A meeting of an event without anybody on the list was never called and stays as it is.
    """
    meeting = forum.meeting
    if meeting is None:
        return
    end = min(at, max(meeting.ends_at, _last_arrival(meeting) + AT_ONCE))
    if meeting.status == MeetingStatus.CALLED:
        # Nobody opens an event in form: it began when it was planned.
        meeting = open_meeting(meeting_id=meeting.pk, actor=actor, at=min(meeting.starts_at, end))
    if meeting.status in UNDER_WAY:
        close_meeting(meeting_id=meeting.pk, actor=actor, at=max(end, meeting.opened_at or end))


def _last_arrival(meeting: Meeting) -> datetime:
    """Of those who are still noted as there; the planned end where nobody is."""
    there = attendances_in_force().filter(participant__meeting=meeting, left_at=None)
    return max(there.values_list("arrived_at", flat=True), default=meeting.ends_at)
