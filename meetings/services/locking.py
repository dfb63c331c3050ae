"""The meeting under its lock, and the entry in the audit log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from meetings.models import Meeting
from residents.models import User


def locked_meeting(meeting_id: int) -> Meeting:
    """The meeting under its exclusive row lock: whatever belongs to it is written one after the other."""
    return Meeting.objects.select_for_update().get(pk=meeting_id)


def check_status(meeting: Meeting, allowed: Iterable[str], text: str = "") -> None:
    """Raise RuleViolation unless the meeting is in one of the states."""
    if meeting.status not in set(allowed):
        raise RuleViolation(
            text
            or _("This is not possible while the meeting is “%(now)s”.") % {"now": str(meeting.get_status_display())},
            code="wrong_state",
        )


def note(
    meeting: Meeting,
    action: str,
    actor: User | None,
    at: datetime,
    *,
    persons: Iterable[User | None] = (),
    **details: Any,
) -> None:
    """An entry about the meeting; `persons` without an account (None) are left out."""
    record(
        actor=actor,
        action=f"meetings.{action}",
        target=meeting,
        scope=meeting.scope,
        persons=[person for person in persons if person is not None],
        details=details,
        at=at,
    )
