"""The club's kinds of meetings, handed to `meetings`, and who is written to when one is called."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import ClubMeeting, Forum, Registration
from forums.permissions import keeps_the_club, members_of
from forums.services.gathering import KIND as ATTENDANCE_KIND
from forums.services.meeting_notices import PLACE_AND_TIME, invite_members, tell_of_cancelling, tell_of_change
from forums.services.meetings import MEETING_KINDS, against_calling, against_withdrawing
from forums.states import ClubMeetingKind, ForumStatus
from meetings.kinds import DoorStep, MeetingKind, register_meeting_kind
from meetings.models import Meeting, Participant
from residents.models import User
from residents.permissions import Person


def _keeps(user: Person, meeting: Meeting | None) -> bool:
    del meeting
    return keeps_the_club(user)


def _sees(user: Person, meeting: Meeting | None) -> bool:
    """Members see the club's general assemblies; those of the committee are for whoever belongs to it."""
    if meeting is not None and meeting.kind == MEETING_KINDS[ClubMeetingKind.COMMITTEE]:
        own = [member.pk for member in members_of(user)]
        return meeting.participants.filter(club_member__member__in=own).exists()
    return bool(members_of(user))


def _committees_seen(user: Person) -> Q | None:
    own = [member.pk for member in members_of(user)]
    if not own:
        return None
    # A subquery: a join would list a meeting once for each of its participants.
    return Q(pk__in=Participant.objects.filter(club_member__member__in=own).values("meeting"))


def _desk_page(meeting: Meeting) -> str:
    """Who calls it, and bringing those elected into office: kept at the desk."""
    own = ClubMeeting.objects.filter(meeting=meeting).values_list("pk", flat=True).first()
    return reverse("admin:forums_clubmeeting_change", args=[own]) if own else ""


def _event_page(meeting: Meeting) -> str:
    """Its programme and its list of attendees, kept at the desk."""
    event = Forum.objects.filter(meeting=meeting).values_list("pk", flat=True).first()
    return reverse("admin:forums_forum_change", args=[event]) if event else ""


def _follows_its_event(meeting: Meeting) -> str:
    """Called off alone, the event would go on without a list for those who register."""
    if Forum.objects.filter(meeting=meeting).exclude(status=ForumStatus.CANCELLED).exists():
        return _("This is the list of an event. Please call off the event itself at the desk; its list follows.")
    return ""


def _steps_at_the_door(meeting: Meeting) -> dict[int, DoorStep]:
    """Beside each proxy: that the head came after all."""
    proxies = Registration.objects.filter(participant__meeting=meeting, is_proxy=True, member__isnull=False)
    return {
        participant: DoorStep(_("The head came after all"), reverse("admin:forums_registration_head-came", args=[key]))
        for key, participant in proxies.values_list("pk", "participant_id")
    }


def register() -> None:
    """Hand the kinds to `meetings`. The club plans its meetings itself, so that the right members are on the list."""
    names = {
        ClubMeetingKind.GENERAL: gettext_lazy("General assembly of the club"),
        ClubMeetingKind.EXTRAORDINARY: gettext_lazy("Extraordinary general assembly of the club"),
        ClubMeetingKind.COMMITTEE: gettext_lazy("Steering committee of the club"),
    }
    for kind, title in names.items():
        register_meeting_kind(
            MeetingKind(
                name=MEETING_KINDS[kind],
                title=title,
                may_keep=_keeps,
                may_view=_sees,
                seen_among=_committees_seen if kind == ClubMeetingKind.COMMITTEE else None,
                against_calling=against_calling,
                against_withdrawing=against_withdrawing,
                article="규약 제7조",  # korean: how the club's bylaws number their articles
                is_bound=True,
                is_offered=False,
                planned_at=lambda: reverse("admin:forums_clubmeeting_add"),
                desk_page=_desk_page,
            )
        )
    register_meeting_kind(
        MeetingKind(
            name=ATTENDANCE_KIND,
            title=gettext_lazy("Event of the club"),
            may_keep=_keeps,
            is_offered=False,
            wants_minutes=False,
            desk_page=_event_page,
            against_cancelling=_follows_its_event,
            door_steps=_steps_at_the_door,
        )
    )


def when_called(sender: Any, *, meeting: Meeting, actor: User | None, at: datetime, **_rest: Any) -> None:
    """Write to the members on the list of a meeting of the club that was just called."""
    del sender
    if meeting.kind in MEETING_KINDS.values():
        invite_members(meeting=meeting, actor=actor, at=at)


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
