"""What members and residents are told: seats in subcommittees, and the council's meetings."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.notices.kinds import Category, NoticeKind, register_kind
from core.notices.services import Recipient, send_notice
from core.templatetags.madang import moment_text
from councils.models import SubcommitteeSeat
from councils.permissions import KEEPERS_OF_WORK
from meetings.models import Meeting
from residents.models import User
from residents.permissions import Person, role_paths

MEETINGS = Category(
    "councils.meetings", _("Meetings of residents’ councils"), _("Invitations to meetings that you belong to.")
)
SEATS = Category("councils.subcommittees", _("Subcommittees of residents’ councils"), _("Answers to your request."))
BELONGS = _("You get this because you belong to the body that meets.")
ASKED = _("You get this because you asked to join a subcommittee.")
PLACE_AND_TIME = frozenset({"starts_at", "ends_at", "place", "address"})
CALLED, CHANGED, CANCELLED = "councils.meeting_called", "councils.meeting_changed", "councils.meeting_cancelled"
ACCEPTED, REFUSED = "councils.seat_accepted", "councils.seat_refused"


def _keeps(person: Any) -> bool:
    """Whether an account keeps meetings of any council; which, `meetings` has asked before."""
    user: Person = person
    return bool(role_paths(user, *KEEPERS_OF_WORK))


def register() -> None:
    for name, title in (
        (CALLED, _("Invitation to a meeting of a council")),
        (CHANGED, _("Another time or place of a council’s meeting")),
        (CANCELLED, _("A meeting of a council is called off")),
    ):
        register_kind(NoticeKind(name, title, MEETINGS, obligatory=True, why=BELONGS, may_send=_keeps))
    for name, title in (
        (ACCEPTED, _("Request to join a subcommittee accepted")),
        (REFUSED, _("Request to join a subcommittee not accepted")),
    ):
        register_kind(NoticeKind(name, title, SEATS, obligatory=True, why=ASKED))


def tell_of_seat(*, seat: SubcommitteeSeat, accepted: bool, reason: str, at: datetime) -> None:
    """Answer the request of an account; whoever has none is told in person."""
    if seat.user is None or not seat.user.email:
        return
    context = {
        "subcommittee": seat.subcommittee.name,
        "reason": reason,
        "path": reverse("councils:subcommittee", args=[seat.subcommittee_id]),
    }
    recipient = Recipient(
        address=seat.user.email, language=seat.user.language, name=seat.name, user=seat.user, context=context
    )
    send_notice(
        kind=ACCEPTED if accepted else REFUSED,
        recipients=[recipient],
        actor=None,
        at=at,
        subject_key=f"council-seat:{seat.pk}",
        scope=seat.subcommittee.council.dong.path,
    )


def invite(*, meeting: Meeting, actor: User | None, at: datetime, added: Collection[int] = ()) -> None:
    """Send the call to everybody on the list who has a mail address, or to the participants `added` after it."""
    agenda = list(meeting.agenda.order_by("position").values_list("title", flat=True))
    key = f"meeting:{meeting.pk}:added:{at.isoformat()}" if added else f"meeting:{meeting.pk}"
    _tell(CALLED, meeting, {"convened_by": meeting.convened_by, "agenda": agenda}, key, actor, at, only=added)


def tell_of_change(*, meeting: Meeting, actor: User | None, at: datetime) -> None:
    """Tell whoever was called that the meeting has another time or place now."""
    _tell(CHANGED, meeting, {}, f"meeting:{meeting.pk}:changed:{at.isoformat()}", actor, at)


def tell_of_cancelling(*, meeting: Meeting, actor: User | None, at: datetime) -> None:
    """Tell whoever was called that the meeting is called off, and why."""
    _tell(CANCELLED, meeting, {"reason": meeting.cancelled_because}, f"meeting:{meeting.pk}:cancelled", actor, at)


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
    recipients = [
        Recipient(address=address, name=participant.name, user=participant.user, context=context)
        for participant in meeting.participants.select_related("user")
        if (not only or participant.pk in only)
        and (address := participant.email or (participant.user.email if participant.user else ""))
    ]
    if recipients:
        send_notice(kind=kind, recipients=recipients, actor=actor, at=at, subject_key=subject_key, scope=meeting.scope)
