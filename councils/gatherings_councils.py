"""The councils' kinds of meetings, handed to `meetings`, and who is written to when one is called."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from councils.models import CouncilMeeting
from councils.notices.members import PLACE_AND_TIME, invite, tell_of_cancelling, tell_of_change
from councils.permissions import KEEPERS_OF_WORK
from councils.services.meetings import MEETING_KINDS, against_calling
from councils.states import CouncilMeetingKind
from meetings.kinds import MeetingKind, register_meeting_kind
from meetings.models import Meeting
from residents.desk.scoped import in_regions
from residents.models import User
from residents.permissions import Person, covers, role_paths
from residents.states import Role


def _keeps(user: Person, meeting: Meeting | None) -> bool:
    """The council's officer and the officials of its dong and district."""
    if meeting is None:
        return bool(role_paths(user, *KEEPERS_OF_WORK))
    return bool(meeting.scope) and covers(user, meeting.scope, *KEEPERS_OF_WORK)


def _sees(user: Person, meeting: Meeting | None) -> bool:
    """Auditors look on; what everybody may read stands on the council's page."""
    if meeting is None:
        return bool(role_paths(user, Role.AUDITOR))
    return bool(meeting.scope) and covers(user, meeting.scope, Role.AUDITOR)


def _kept_among(user: Person) -> Q | None:
    paths = role_paths(user, *KEEPERS_OF_WORK)
    return in_regions(paths, "scope") if paths else None


def _seen_among(user: Person) -> Q | None:
    paths = role_paths(user, Role.AUDITOR)
    return in_regions(paths, "scope") if paths else None


def _desk_page(meeting: Meeting) -> str:
    """Its list of members, brought up to date at the desk."""
    own = CouncilMeeting.objects.filter(meeting=meeting).values_list("pk", flat=True).first()
    return reverse("admin:councils_councilmeeting_change", args=[own]) if own else ""


def register() -> None:
    """Hand the kinds to `meetings`. Councils plan at the desk, so that the right members are on the list."""
    names = {
        CouncilMeetingKind.REGULAR: _("Regular meeting of a council"),
        CouncilMeetingKind.SPECIAL: _("Special meeting of a council"),
        CouncilMeetingKind.SUBCOMMITTEE: _("Meeting of a subcommittee"),
    }
    for kind, title in names.items():
        register_meeting_kind(
            MeetingKind(
                name=MEETING_KINDS[kind],
                title=title,
                may_keep=_keeps,
                may_view=_sees,
                kept_among=_kept_among,
                seen_among=_seen_among,
                against_calling=against_calling,
                is_bound=True,
                is_offered=False,
                planned_at=lambda: reverse("admin:councils_councilmeeting_add"),
                desk_page=_desk_page,
            )
        )


def when_called(sender: Any, *, meeting: Meeting, actor: User | None, at: datetime, **_rest: Any) -> None:
    """Write to the people on the list of a council's meeting that was just called."""
    del sender
    if meeting.kind in MEETING_KINDS.values():
        invite(meeting=meeting, actor=actor, at=at)


def when_changed(
    sender: Any, *, meeting: Meeting, fields: list[str], actor: User | None, at: datetime, **_rest: Any
) -> None:
    """Write to them again where a meeting that was called has another time or place."""
    del sender
    if meeting.kind in MEETING_KINDS.values() and PLACE_AND_TIME & set(fields):
        tell_of_change(meeting=meeting, actor=actor, at=at)


def when_cancelled(sender: Any, *, meeting: Meeting, actor: User | None, at: datetime, **_rest: Any) -> None:
    """Whoever was called is told that the meeting is called off."""
    del sender
    if meeting.kind in MEETING_KINDS.values():
        tell_of_cancelling(meeting=meeting, actor=actor, at=at)
