"""Checking in with the code that is shown in the hall."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleViolation
from meetings import door
from meetings.attempts import note_mistake, refuse_guessing
from meetings.models import Meeting, Participant
from meetings.models.people import CODE_LENGTH
from meetings.queries import counts_of, meeting_days, open_span, poster_day, poster_days
from meetings.services import check_in_oneself
from meetings.sittings import day_at
from meetings.states import CHECK_IN_POSSIBLE, CheckInWay
from meetings.views.access import kept_meeting, own_participation, person
from meetings.views.pictures import qr_response
from residents.desk.site import doorkeeper

# Time to sign in after scanning.
PROOF_HOLDS = timedelta(minutes=15)


def _proof_key(meeting_id: int) -> str:
    return f"meeting-door-{meeting_id}"


def _stood_at_the_door(request: HttpRequest, meeting_id: int, now: datetime) -> bool:
    noted = request.session.get(_proof_key(meeting_id), "")
    return bool(noted) and now - datetime.fromisoformat(noted) < PROOF_HOLDS


@never_cache
@require_safe
def door_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code in the hall leads to: notes that the visitor stood there, and goes on to checking in."""
    now, number = timezone.now(), door.number_in(token)
    meeting = Meeting.objects.filter(pk=number).first() if number is not None else None
    if meeting is None or not door.token_holds(
        meeting.checkin_secret, meeting.pk, token, now, {timezone.localdate(now), poster_day(meeting, now)}
    ):
        raise RuleViolation(
            _("This code is no longer valid. Please scan the code that is shown in the hall now."),
            code="code_over",
            status=410,
        )
    request.session[_proof_key(meeting.pk)] = now.isoformat()
    return redirect("meetings:arrive", pk=meeting.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap for who has scanned the code and is signed in; others type the six digits or their personal code."""
    now = timezone.now()
    meeting = Meeting.objects.prefetch_related("sittings").filter(pk=pk).first()
    if meeting is None or meeting.status not in CHECK_IN_POSSIBLE:
        raise RuleViolation(_("No meeting with this address takes arrivals now."), code="no_check_in", status=404)
    participant = own_participation(request, meeting)
    proven = _stood_at_the_door(request, pk, now)
    status, error = 200, ""
    if request.method == "POST":
        if not proven or participant is None:
            refuse_guessing(request, pk, meeting.participants.count())
        try:
            _arrived(request, meeting, participant, proven=proven, at=now)
        except RuleViolation as violation:
            status, error = violation.status, violation.text
        else:
            return redirect("meetings:arrive", pk=pk)
    day = day_at(meeting_days(meeting), now)
    context = {
        "meeting": meeting,
        "begins": meeting.starts_at if day.since is None else day.begins,
        "participant": participant,
        # Who has neither stood in the hall nor is invited learns nothing about the meeting here.
        "may_know": proven or participant is not None,
        "proven": proven,
        "is_there": participant is not None and open_span(participant, day) is not None,
        "error": error,
        "code_length": CODE_LENGTH,
    }
    return render(request, "meetings/arrive.html", context, status=status)


def _arrived(
    request: HttpRequest, meeting: Meeting, participant: Participant | None, *, proven: bool, at: datetime
) -> None:
    """Check in who proves that they are there; RuleViolation with what is missing."""
    if not proven:
        if not door.digits_hold(meeting.checkin_secret, request.POST.get("digits", ""), at):
            note_mistake(request, meeting.pk)
            raise RuleViolation(
                _("These are not the digits that are shown in the hall now. They change every minute."),
                code="wrong_digits",
                status=400,
            )
        # Only what is read in the hall proves anything: an older proof is not made to last longer by using it.
        request.session[_proof_key(meeting.pk)] = at.isoformat()
    way = CheckInWay.QR
    if participant is None:
        typed = "".join(request.POST.get("code", "").split()).replace("-", "").upper()
        participant = Participant.objects.filter(meeting=meeting, code=typed).first() if typed.isalnum() else None
        way = CheckInWay.SELF
    if participant is None:
        note_mistake(request, meeting.pk)
        raise RuleViolation(
            _("Nobody on the list has this personal code. It is in your invitation; the desk can also help."),
            code="wrong_code",
            status=400,
        )
    actor = person(request) if request.user.is_authenticated else None
    _attendance, is_new = check_in_oneself(participant_id=participant.pk, way=way, actor=actor, at=at)
    messages.success(
        request, _("You are checked in. Welcome.") if is_new else _("You were checked in already. All is well.")
    )


# --- what is shown in the hall ----------------------------------------------------------------------------------------


@never_cache
@require_safe
@doorkeeper
def door_page(request: HttpRequest, pk: int) -> HttpResponse:
    """For the projector at the door: a QR code and six digits that change every minute."""
    meeting, now = kept_meeting(request, pk), timezone.now()
    _eligible, _voting, there = counts_of(meeting, now)
    context = {
        "meeting": meeting,
        "digits": door.digits(meeting.checkin_secret, now),
        "step": door.step_of(now),
        "seconds": door.seconds_left(now),
        "there": there,
        "arrive_url": request.build_absolute_uri(reverse("meetings:arrive", args=[pk])),
    }
    return render(request, "meetings/door.html", context)


@never_cache
@require_safe
@doorkeeper
def door_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of this minute."""
    meeting = kept_meeting(request, pk)
    return _picture(request, door.token(meeting.checkin_secret, pk, timezone.now()))


@never_cache
@require_safe
@doorkeeper
def poster_page(request: HttpRequest, pk: int) -> HttpResponse:
    """For halls without a projector: a code on paper, good on the day that it says."""
    meeting = kept_meeting(request, pk)
    day = _poster_day(request, meeting)
    starts = [meeting.starts_at, *(sitting.starts_at for sitting in meeting.sittings.all())]
    begins = next((one for one in starts if timezone.localdate(one) == day), None)
    context = {"meeting": meeting, "day": day, "begins": begins, "days": poster_days(meeting)}
    return render(request, "meetings/poster.html", context)


@never_cache
@require_safe
@doorkeeper
def poster_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of the poster."""
    meeting = kept_meeting(request, pk)
    return _picture(request, door.poster_token(meeting.checkin_secret, pk, _poster_day(request, meeting)))


def _poster_day(request: HttpRequest, meeting: Meeting) -> date:
    """The day that was chosen, else today or the next day of the meeting, else its last one."""
    days, today = poster_days(meeting), timezone.localdate()
    chosen = next((day for day in days if day.isoformat() == request.GET.get("day", "")), None)
    return chosen or next((day for day in days if day >= today), days[-1])


def _picture(request: HttpRequest, token: str) -> HttpResponse:
    return qr_response(request.build_absolute_uri(reverse("meetings:door_link", args=[token])))
