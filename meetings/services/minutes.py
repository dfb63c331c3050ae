"""Writes on the minutes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from meetings.minutes import record_of
from meetings.models import Meeting, Minutes
from meetings.services.locking import check_status, locked_meeting, note
from meetings.signals import minutes_approved
from meetings.states import HELD, MeetingStatus
from residents.models import User


@transaction.atomic
def draft_minutes(*, meeting_id: int, actor: User | None, at: datetime, remarks: str = "", reason: str = "") -> Minutes:
    """Draft minutes from the record as it stands. A draft after an approved version must say why (`reason`).

    Raises RuleViolation before the meeting is closed, or without a reason where one is needed.
    """
    meeting = locked_meeting(meeting_id)
    check_status(meeting, HELD, _("Minutes are drafted when the meeting is closed."))
    if meeting.status == MeetingStatus.MINUTED and not reason.strip():
        raise RuleViolation(
            _("Minutes have been approved. A new version must say what it corrects."), code="reason_missing"
        )
    last = meeting.minutes.aggregate(last=Max("version"))["last"] or 0
    minutes = Minutes.objects.create(
        meeting=meeting,
        version=last + 1,
        content=record_of(meeting),
        remarks=remarks.strip(),
        reason=reason.strip(),
        drafted_by=actor,
        drafted_at=at,
    )
    note(meeting, "minutes_drafted", actor, at, version=minutes.version)
    return minutes


@transaction.atomic
def approve_minutes(
    *, minutes_id: int, signed_by: Sequence[tuple[str, str]], actor: User | None, at: datetime
) -> Minutes:
    """Approve the newest draft. `signed_by` are pairs of role and name of those who signed it on paper.

    Raises RuleViolation for an older version, one that is approved already, a record that has changed since it was
    drafted, or without a name.
    """
    meeting = locked_meeting(Minutes.objects.values_list("meeting_id", flat=True).get(pk=minutes_id))
    check_status(meeting, HELD)
    minutes = Minutes.objects.get(pk=minutes_id)
    signers = [[role.strip(), name.strip()] for role, name in signed_by if name.strip()]
    if minutes.approved_at is not None:
        raise RuleViolation(_("This version has been approved already."), code="already_approved")
    if meeting.minutes.filter(version__gt=minutes.version).exists():
        raise RuleViolation(_("There is a newer version of these minutes."), code="newer_version")
    if not signers:
        raise RuleViolation(_("Please name who signed the minutes."), code="signers_missing")
    if minutes.content != record_of(meeting):
        raise RuleViolation(
            _("The record has changed since this version was drafted. Please draft the minutes once more."),
            code="record_changed",
        )
    minutes.signed_by, minutes.approved_by, minutes.approved_at = signers, actor, at
    minutes.save(update_fields=["signed_by", "approved_by", "approved_at"])
    if meeting.status == MeetingStatus.CLOSED:
        meeting.move_to(MeetingStatus.MINUTED)
        meeting.save(update_fields=["status"])
    note(meeting, "minutes_approved", actor, at, version=minutes.version)
    minutes_approved.send(Meeting, minutes=minutes, actor=actor, at=at)
    return minutes
