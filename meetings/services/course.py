"""Writes on the meeting itself: from the first draft to the close."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import RuleViolation
from core.signs import clean_texts
from meetings.kinds import meeting_kind
from meetings.models import Attendance, Meeting
from meetings.models.gatherings import PERMILLE
from meetings.queries import OF_FORCE, attendances_in_force, meeting_days, quorum_now
from meetings.services.attendance import end_of_day
from meetings.services.locking import check_status, locked_meeting, note
from meetings.signals import meeting_called, meeting_cancelled, meeting_changed, meeting_closed
from meetings.sittings import day_at
from meetings.states import BEFORE_OPENING, MeetingStatus, QuorumRule
from residents.models import User

YEARS = range(1900, 2200)  # others are slips of the keyboard
FIELDS = frozenset(
    {
        "title",
        "about",
        "place",
        "address",
        "starts_at",
        "ends_at",
        "convened_by",
        "convened_on",
        "notice_days",
        "eligible",
        "quorum_rule",
        "quorum_amount",
        "quorum_article",
    }
)


def _check_shape(meeting: Meeting) -> None:
    clean_texts(meeting)
    if meeting.ends_at <= meeting.starts_at:
        raise RuleViolation(_("A meeting must end after it begins."), code="ends_before_start")
    if not (meeting.starts_at.year in YEARS and meeting.ends_at.year in YEARS):
        raise RuleViolation(_("This day cannot be right. Please check it."), code="bad_day")
    amount = meeting.quorum_amount
    if meeting.quorum_rule in {QuorumRule.MAJORITY, QuorumRule.NONE}:
        if amount is not None:
            raise RuleViolation(_("This quorum has no amount; please leave it empty."), code="amount_out_of_place")
    elif not amount or (meeting.quorum_rule == QuorumRule.SHARE and amount > PERMILLE):
        raise RuleViolation(
            _("Please give the quorum’s amount: permille from 1 to 1000 for a share, at least 1 person for a number."),
            code="amount_missing",
        )


@transaction.atomic
def create_meeting(
    *, kind: str, values: Mapping[str, Any], actor: User | None, at: datetime, scope: str = ""
) -> Meeting:
    """Make a meeting in preparation. `values` are fields (FIELDS); the kind's own stand where they are left out.

    Raises RuleViolation for an unknown kind or fields that do not fit together, TypeError for unknown fields.
    """
    registered = meeting_kind(kind)
    if registered is None:
        raise RuleViolation(_("There is no such kind of meeting."), code="unknown_kind")
    fields = {**registered.new, **values}
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no fields of a meeting: {unknown}")
    meeting = Meeting(kind=kind, scope=scope, **fields)
    _check_shape(meeting)
    meeting.save()
    note(meeting, "meeting_created", actor, at, kind=kind)
    return meeting


@transaction.atomic
def change_meeting(*, meeting_id: int, values: Mapping[str, Any], actor: User | None, at: datetime) -> Meeting:
    """Change fields (FIELDS) of a meeting that has not been opened; moved as a whole, it takes its sittings along.

    Raises RuleViolation if it has, the fields do not fit together or leave a sitting outside, or a meeting that was
    called would come sooner than its days of notice; TypeError for unknown fields.
    """
    if unknown := values.keys() - FIELDS:
        raise TypeError(f"no fields of a meeting: {unknown}")
    meeting = locked_meeting(meeting_id)
    check_status(meeting, BEFORE_OPENING, _("A meeting that has been opened can no longer be changed."))
    changed = sorted(name for name, value in values.items() if getattr(meeting, name) != value)
    if not changed:
        return meeting
    was = (meeting.starts_at, meeting.ends_at)
    for name in changed:
        setattr(meeting, name, values[name])
    _check_shape(meeting)
    if meeting.status == MeetingStatus.CALLED and meeting.starts_at < was[0]:
        _refuse_short_notice(meeting, at)
    _move_sittings(meeting, was)
    meeting.save(update_fields=changed)
    note(meeting, "meeting_changed", actor, at, fields=changed)
    if meeting.status == MeetingStatus.CALLED:
        meeting_changed.send(Meeting, meeting=meeting, fields=changed, actor=actor, at=at)
    return meeting


def _refuse_short_notice(meeting: Meeting, at: datetime) -> None:
    """An earlier day is a new call to whoever got the first one, so the days of notice count from today."""
    days = (timezone.localdate(meeting.starts_at) - timezone.localdate(at)).days
    if meeting.notice_days and days < meeting.notice_days:
        raise RuleViolation(_short_notice(meeting.notice_days, days), code="short_notice")


def _short_notice(needed: int, days: int) -> str:
    text = ngettext(
        "A meeting is called at least %(needed)s day before; here it would be %(days)s.",
        "A meeting is called at least %(needed)s days before; here it would be %(days)s.",
        needed,
    )
    return text % {"needed": needed, "days": max(0, days)}


def _move_sittings(meeting: Meeting, was: tuple[datetime, datetime]) -> None:
    """Raises RuleViolation for a sitting that would lie outside the meeting, or was come to and would be moved."""
    later = meeting.starts_at - was[0]
    sittings = list(meeting.sittings.order_by("-starts_at" if later > timedelta(0) else "starts_at"))
    # One by one from the far end, because no two begin at the same moment.
    if later and meeting.ends_at - was[1] == later and not any(one.attendances.exists() for one in sittings):
        for one in sittings:
            one.starts_at, one.ends_at = one.starts_at + later, one.ends_at + later
            one.save(update_fields=["starts_at", "ends_at"])
    if any(one.starts_at < meeting.starts_at or one.ends_at > meeting.ends_at for one in sittings):
        raise RuleViolation(
            _("A sitting would lie outside the meeting. Please change or remove it first."),
            code="outside_the_meeting",
        )


@transaction.atomic
def call_meeting(*, meeting_id: int, actor: User | None, at: datetime) -> Meeting:
    """Call a meeting: participants see it from now on, and whoever listens to `meeting_called` invites them.

    Raises RuleViolation without participants, for a day that is past, with fewer days of notice than it asks for, or
    for what the kind has against it.
    """
    meeting = locked_meeting(meeting_id)
    check_status(meeting, [MeetingStatus.DRAFT])
    against = _against_calling(meeting, at)
    if against:
        raise RuleViolation(" ".join(against), code="cannot_be_called")
    meeting.move_to(MeetingStatus.CALLED)
    meeting.called_at = at
    meeting.convened_on = meeting.convened_on or timezone.localdate(at)
    meeting.save(update_fields=["status", "called_at", "convened_on"])
    note(meeting, "meeting_called", actor, at, participants=meeting.participants.count())
    meeting_called.send(Meeting, meeting=meeting, actor=actor, at=at)
    return meeting


def _against_calling(meeting: Meeting, at: datetime) -> list[str]:
    against = []
    if not meeting.participants.exists():
        against.append(_("There is nobody on the list of participants yet."))
    if meeting.starts_at <= at:
        against.append(_("The meeting would have begun already. Please look at its day."))
    called_on = meeting.convened_on or timezone.localdate(at)
    days = (timezone.localdate(meeting.starts_at) - called_on).days
    if days < meeting.notice_days:
        against.append(_short_notice(meeting.notice_days, days))
    kind = meeting_kind(meeting.kind)
    return against + (kind.against_calling(meeting, at) if kind else [_("There is no such kind of meeting.")])


@transaction.atomic
def cancel_meeting(*, meeting_id: int, reason: str, actor: User | None, at: datetime) -> Meeting:
    """Call off a meeting that has not been opened.

    Raises RuleViolation if it has, no reason is given, or for what the kind has against it.
    """
    meeting = locked_meeting(meeting_id)
    reason = reason.strip()
    if not reason:
        raise RuleViolation(_("Please say why the meeting is called off."), code="reason_missing")
    kind = meeting_kind(meeting.kind)
    if against := kind.against_cancelling(meeting) if kind else "":
        raise RuleViolation(against, code="part_of_something")
    was_called = meeting.status == MeetingStatus.CALLED
    meeting.move_to(MeetingStatus.CANCELLED)
    meeting.cancelled_because = reason
    meeting.save(update_fields=["status", "cancelled_because"])
    _leave_all(meeting, at)
    note(meeting, "meeting_cancelled", actor, at)
    if was_called:
        meeting_cancelled.send(Meeting, meeting=meeting, actor=actor, at=at)
    return meeting


@transaction.atomic
def open_meeting(*, meeting_id: int, actor: User | None, at: datetime) -> Meeting:
    """Open a called meeting with those who have checked in, and keep what was counted.

    Raises RuleViolation without a quorum, saying how many more it takes, or if more people on the list may vote than
    there are members.
    """
    meeting = locked_meeting(meeting_id)
    check_status(meeting, [MeetingStatus.CALLED])
    _check_eligible(meeting)
    quorum = quorum_now(meeting, at)
    if not quorum.is_met:
        text = ngettext(
            "The meeting cannot be opened yet: %(present)s of %(eligible)s are there, %(needed)s are needed, "
            "so %(missing)s more is missing.",
            "The meeting cannot be opened yet: %(present)s of %(eligible)s are there, %(needed)s are needed, "
            "so %(missing)s more are missing.",
            quorum.missing,
        )
        facts = {"present": quorum.present, "eligible": quorum.eligible, "needed": quorum.needed}
        raise RuleViolation(text % {**facts, "missing": quorum.missing}, code="no_quorum")
    meeting.move_to(MeetingStatus.OPEN)
    meeting.opened_at = at
    meeting.eligible_at_opening = quorum.eligible
    meeting.present_at_opening = quorum.present
    meeting.needed_at_opening = quorum.needed
    meeting.save(
        update_fields=["status", "opened_at", "eligible_at_opening", "present_at_opening", "needed_at_opening"]
    )
    note(
        meeting,
        "meeting_opened",
        actor,
        at,
        present=quorum.present,
        eligible=quorum.eligible,
        needed=quorum.needed,
    )
    return meeting


def _check_eligible(meeting: Meeting) -> None:
    """Raise RuleViolation where the list has more voters than the number of members that was typed."""
    voters = meeting.participants.filter(is_eligible=True).count()
    if meeting.eligible is not None and voters > meeting.eligible:
        raise RuleViolation(
            _(
                "On the list %(voters)s people count for the quorum, but the number of members is %(members)s. "
                "Please put one of them right first."
            )
            % {"voters": voters, "members": meeting.eligible},
            code="more_voters_than_members",
        )


@transaction.atomic
def adjourn_meeting(*, meeting_id: int, actor: User | None, at: datetime) -> Meeting:
    """Interrupt an open meeting; nothing is decided until it is resumed. Raises RuleViolation if it is not open."""
    return _move(meeting_id, MeetingStatus.ADJOURNED, "meeting_adjourned", actor, at)


@transaction.atomic
def resume_meeting(*, meeting_id: int, actor: User | None, at: datetime) -> Meeting:
    """Go on with an adjourned meeting. Raises RuleViolation if it is not adjourned."""
    check_status(locked_meeting(meeting_id), [MeetingStatus.ADJOURNED])
    return _move(meeting_id, MeetingStatus.OPEN, "meeting_resumed", actor, at)


def _move(meeting_id: int, status: str, action: str, actor: User | None, at: datetime) -> Meeting:
    meeting = locked_meeting(meeting_id)
    meeting.move_to(status)
    meeting.save(update_fields=["status"])
    note(meeting, action, actor, at)
    return meeting


@transaction.atomic
def close_meeting(
    *, meeting_id: int, actor: User | None, at: datetime, ended_at: datetime | None = None, broken_off_because: str = ""
) -> Meeting:
    """Close a meeting: whoever is still there leaves at this moment, or when it `ended_at`, where that was forgotten.

    broken_off_because: why it could not go on to its end; it stands on the page of the meeting.
    Raises RuleViolation if it is not under way, or for an end before the opening, before an arrival or to come.
    """
    meeting = locked_meeting(meeting_id)
    meeting.move_to(MeetingStatus.CLOSED)
    end = at if ended_at is None else ended_at
    if meeting.opened_at is not None and end < meeting.opened_at:
        raise RuleViolation(_("A meeting closes after it was opened."), code="closes_before_opening")
    if end > at:
        raise RuleViolation(_("The end of the meeting cannot lie in the future."), code="in_the_future")
    if ended_at is not None and attendances_in_force().filter(
        participant__meeting=meeting, left_at=None, arrived_at__gte=ended_at
    ):
        raise RuleViolation(_("Somebody came after that time. Please check the end."), code="came_later")
    meeting.closed_at = end
    meeting.cancelled_because = broken_off_because.strip()
    meeting.save(update_fields=["status", "closed_at", "cancelled_because"])
    left = _leave_all(meeting, end)
    note(meeting, "meeting_closed", actor, at, left_at_the_end=left, broken_off=bool(meeting.cancelled_because))
    meeting_closed.send(Meeting, meeting=meeting, actor=actor, at=at)
    return meeting


def _leave_all(meeting: Meeting, at: datetime) -> int:
    """End the open attendances; who came at this very moment, or by a clock ahead, is struck instead of left open.

    Those of a day before ended with that day.
    """
    open_spans = Attendance.objects.filter(OF_FORCE, participant__meeting=meeting, left_at=None)
    days = meeting_days(meeting)
    since = day_at(days, at).since
    if since is not None:
        for one in open_spans.filter(arrived_at__lt=since):
            end_of_day(one, day_at(days, one.arrived_at))
    left = open_spans.filter(arrived_at__lt=at).update(left_at=at)
    open_spans.filter(left_at=None).update(is_struck=True, reason=_("Came after the meeting had ended."))
    return left
