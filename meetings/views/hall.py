"""The quorum on the wall of the hall."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meetings import door
from meetings.queries import counts_of
from meetings.quorum import check_quorum
from meetings.views.access import kept_meeting
from residents.desk.site import doorkeeper


@never_cache
@require_safe
@doorkeeper
def hall_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How many are there, how many it takes. No names."""
    meeting = kept_meeting(request, pk)
    eligible, present, there = counts_of(meeting, timezone.now())
    quorum = check_quorum(meeting.quorum, eligible=eligible, present=present, article=meeting.quorum_article)
    return render(request, "meetings/hall.html", {"meeting": meeting, "quorum": quorum, "there": there})


@never_cache
@require_safe
@doorkeeper
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """The same as numbers, and the digits at the door, for the pages that ask again."""
    meeting, now = kept_meeting(request, pk), timezone.now()
    eligible, present, there = counts_of(meeting, now)
    quorum = check_quorum(meeting.quorum, eligible=eligible, present=present)
    return JsonResponse(
        {
            "eligible": eligible,
            "present": present,
            "there": there,
            "needed": quorum.needed,
            "missing": quorum.missing,
            "met": quorum.is_met,
            "digits": door.digits(meeting.checkin_secret, now),
            "step": door.step_of(now),
            "seconds": door.seconds_left(now),
        }
    )
