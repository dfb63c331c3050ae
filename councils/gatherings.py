"""Courses of the residents' school as a kind of meetings.

The officials of the dong and of its district keep them. Nothing is decided in a course, so there is neither a quorum
nor minutes: it has sittings, and who was there how long.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from councils.models import Course
from councils.notices.courses import tell_learners
from councils.services.courses import KIND
from meetings.kinds import MeetingKind, register_meeting_kind
from meetings.models import Meeting
from meetings.states import QuorumRule
from residents.desk.scoped import in_regions
from residents.models import User
from residents.permissions import OFFICIALS, Person, covers, role_paths

PLACE_AND_TIME = frozenset({"place", "address", "starts_at", "ends_at"})


def _keeps(user: Person, meeting: Meeting | None) -> bool:
    """Nobody keeps the door of a course that they take themselves: their own hours are counted there."""
    if meeting is None:
        return bool(role_paths(user, *OFFICIALS))
    return covers(user, meeting.scope, *OFFICIALS) and not meeting.participants.filter(user=user.pk).exists()


def _kept(user: Person) -> Q | None:
    paths = role_paths(user, *OFFICIALS)
    return in_regions(paths, "scope") & ~Q(participants__user=user.pk) if paths else None


def _desk_page(meeting: Meeting) -> str:
    """The recruitment that its hours count for."""
    found = Course.objects.filter(meeting=meeting).values_list("recruitment", flat=True).first()
    return reverse("councils:courses", args=[found]) if found else ""


def register() -> None:
    register_meeting_kind(
        MeetingKind(
            name=KIND,
            title=_("Course of the residents’ school"),
            may_keep=_keeps,
            kept_among=_kept,
            new={"quorum_rule": QuorumRule.NONE},
            is_offered=False,
            wants_minutes=False,
            desk_page=_desk_page,
        )
    )


def when_changed(sender: Any, *, meeting: Meeting, fields: list[str], at: datetime, **_rest: Any) -> None:
    """Write to the applicants on the list where a course is moved to another time or place."""
    del sender
    if meeting.kind == KIND and PLACE_AND_TIME & set(fields):
        tell_learners(meeting=meeting, is_cancelled=False, at=at)


def when_cancelled(sender: Any, *, meeting: Meeting, actor: User | None, at: datetime, **_rest: Any) -> None:
    """Write to them that a course does not take place."""
    del sender, actor
    if meeting.kind == KIND:
        tell_learners(meeting=meeting, is_cancelled=True, at=at)
