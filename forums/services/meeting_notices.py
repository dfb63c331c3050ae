"""What members are told of the club's meetings: the call, another day or place, that it is called off."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from core.notices.services import Recipient, send_notice
from core.templatetags.madang import moment_text
from meetings.models import Meeting
from residents.models import User

PLACE_AND_TIME = frozenset({"starts_at", "ends_at", "place", "address"})


def invite_members(*, meeting: Meeting, actor: User | None, at: datetime, added: Collection[int] = ()) -> None:
    """Send the call to the members on the list, or to those `added` to it after the call, given by their numbers."""
    agenda = list(meeting.agenda.order_by("position").values_list("title", flat=True))
    more = {"convened_by": meeting.convened_by, "agenda": agenda}
    key = f"meeting:{meeting.pk}:added:{at.isoformat()}" if added else f"meeting:{meeting.pk}"
    _tell("forums.meeting_called", meeting, more, key, actor, at, only=added)


def tell_of_change(*, meeting: Meeting, actor: User | None, at: datetime) -> None:
    """Tell whoever was called that the meeting has another time or place now."""
    _tell("forums.meeting_changed", meeting, {}, f"meeting:{meeting.pk}:changed:{at.isoformat()}", actor, at)


def tell_of_cancelling(*, meeting: Meeting, actor: User | None, at: datetime) -> None:
    """Tell whoever was called that the meeting is called off, and why."""
    more = {"reason": meeting.cancelled_because}
    _tell("forums.meeting_cancelled", meeting, more, f"meeting:{meeting.pk}:cancelled", actor, at)


def _tell(  # noqa: PLR0913, PLR0917 - a notice has this many facts
    kind: str,
    meeting: Meeting,
    more: dict[str, Any],
    subject_key: str,
    actor: User | None,
    at: datetime,
    *,
    only: Collection[int] = (),
) -> None:
    with override("ko"):
        when = moment_text(meeting.starts_at)
    context = {
        "title": meeting.title,
        "when": when,
        "place": meeting.place,
        "address": meeting.address,
        "path": reverse("meetings:meeting", args=[meeting.pk]),
        **more,
    }
    participants = meeting.participants.select_related("club_member__member").prefetch_related(
        "club_member__member__mails"
    )
    recipients = [
        Recipient(address=mail.address, name=participant.name, context=context)
        for participant in participants
        if hasattr(participant, "club_member") and (not only or participant.club_member.member_id in only)
        for mail in participant.club_member.member.mails.all()
    ]
    if recipients:
        send_notice(kind=kind, recipients=recipients, actor=actor, at=at, subject_key=subject_key)
