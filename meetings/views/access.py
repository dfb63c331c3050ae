"""Who looks at a page, and what it leaves in the access log."""

from datetime import datetime, timedelta
from typing import cast

from django.http import Http404, HttpRequest
from django.utils import timezone

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.limits import client_address
from meetings.models import Meeting, Participant
from residents.models import User

PERSONAL_DATA = "meetings.participant"
# A page of the door is opened anew with each arrival: one reading is noted for so long.
ONE_READING = timedelta(minutes=10)


def person(request: HttpRequest) -> User:
    """The signed-in visitor."""
    return cast("User", request.user)


def kept_meeting(request: HttpRequest, pk: int) -> Meeting:
    """The meeting for who keeps it; 404 for all others."""
    meeting = Meeting.objects.prefetch_related("sittings").filter(pk=pk).first()
    if meeting is None or not person(request).has_perm("meetings.keep_meeting", meeting):
        raise Http404
    return meeting


def seen_meeting(request: HttpRequest, pk: int) -> Meeting:
    """The meeting for who may see it; 404 for all others."""
    meeting = Meeting.objects.prefetch_related("sittings").filter(pk=pk).first()
    if meeting is None or not person(request).has_perm("meetings.view_meeting", meeting):
        raise Http404
    return meeting


def own_participation(request: HttpRequest, meeting: Meeting) -> Participant | None:
    """How the visitor takes part, or None."""
    if not request.user.is_authenticated:
        return None
    return Participant.objects.filter(meeting=meeting, user=person(request)).first()


def note_reading(request: HttpRequest, meeting: Meeting, count: int) -> None:
    """Note that the visitor sees `count` people of a meeting: once in ten minutes for a meeting and a session.

    At once where more are seen than were noted then: whoever looked at one pass may go on to the whole list.
    """
    key, now = f"meeting-seen-{meeting.pk}", timezone.now()
    before, noted = request.session.get(key, ("", 0))
    if count == 0 or (before and count <= noted and now - datetime.fromisoformat(before) < ONE_READING):
        return
    request.session[key] = (now.isoformat(), count)
    log_access(
        account=person(request),
        act=AccessAct.READ,
        what=PERSONAL_DATA,
        count=count,
        at=now,
        address=client_address(request),
        scope=meeting.scope,
    )
