"""What participants see: their meetings, one meeting, their pass."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meetings.calendar import as_calendar
from meetings.guidance import span_in_words
from meetings.kinds import meeting_kind, meeting_kinds
from meetings.models import Meeting
from meetings.permissions import keeps, kept_meetings, visible_meetings
from meetings.queries import coming_meetings, meeting_days, open_span, quorum_at_opening, resolutions_of, spans_of
from meetings.services import answer_invitation
from meetings.services.attendance import LET_IN_BEFORE, lets_in
from meetings.sittings import day_at
from meetings.states import CHECK_IN_POSSIBLE, HELD, MeetingStatus
from meetings.views.access import own_participation, person, seen_meeting
from meetings.views.pictures import qr_response

PAST_SHOWN = 30


@never_cache
@require_safe
@login_required
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings to come and held, of those that the visitor takes part in, may see or keeps."""
    user, now = person(request), timezone.now()
    visible = visible_meetings(user)
    coming = list(coming_meetings(visible, now))
    past = visible.exclude(pk__in=[one.pk for one in coming]).order_by("-starts_at", "-pk")[:PAST_SHOWN]
    kept = set(kept_meetings(user).values_list("pk", flat=True)) if keeps(user, None) else set()
    context = {
        "coming": [(one, _kind_title(one.kind), one.pk in kept) for one in coming],
        "past": [(one, _kind_title(one.kind), one.pk in kept) for one in past],
        "may_make": any(kind.is_offered and kind.may_keep(user, None) for kind in meeting_kinds()),
        "planned_at": next(
            (kind.planned_at() for kind in meeting_kinds() if kind.planned_at and kind.may_keep(user, None)), ""
        ),
        "now": now,
    }
    return render(request, "meetings/list.html", context)


def _kind_title(name: str) -> str:
    kind = meeting_kind(name)
    return str(kind.title) if kind else ""


@never_cache
@require_safe
@login_required
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The invitation before, the results after. Names of others are not on it."""
    meeting = seen_meeting(request, pk)
    participant, now = own_participation(request, meeting), timezone.now()
    days = meeting_days(meeting)
    there = open_span(participant, day_at(days, now)) if participant else None
    opens, closes = lets_in(meeting, now)
    items = list(meeting.agenda.order_by("position"))
    dealt_with = _dealt_with(meeting) if meeting.status in HELD else {item.pk for item in items}
    context = {
        "meeting": meeting,
        "kind": _kind_title(meeting.kind),
        "agenda": [(item, item.pk in dealt_with) for item in items],
        "sittings": list(meeting.sittings.all()),
        "participant": participant,
        "there": there,
        "spans": [span_in_words(span, meeting, days, now) for span in (spans_of(participant) if participant else [])],
        # From then on checking in is what there is to do.
        "may_answer": participant is not None
        and meeting.status == MeetingStatus.CALLED
        and now < meeting.starts_at - LET_IN_BEFORE,
        "has_pass": participant is not None and meeting.status in CHECK_IN_POSSIBLE,
        "lets_in": meeting.status in CHECK_IN_POSSIBLE and now >= opens and (closes is None or now < closes),
        "resolutions": list(resolutions_of(meeting)) if meeting.status in HELD else [],
        "quorum": quorum_at_opening(meeting),
        "keeps": person(request).has_perm("meetings.keep_meeting", meeting),
    }
    return render(request, "meetings/meeting.html", context)


def _dealt_with(meeting: Meeting) -> set[int | None]:
    """The items of the agenda on which something was said or decided."""
    said = meeting.statements.values_list("item", flat=True)
    return {*said, *meeting.resolutions.filter(withdrawn_at=None).values_list("item", flat=True)}


@never_cache
@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The participant's answer to the invitation."""
    meeting = seen_meeting(request, pk)
    participant = own_participation(request, meeting)
    if participant is None:
        raise Http404
    chosen = request.POST.get("answer", "")
    answer_invitation(participant_id=participant.pk, answer=chosen, actor=person(request), at=timezone.now())
    messages.success(request, _("Thank you. Your answer has been noted; you can change it until the meeting begins."))
    return redirect(meeting)


@never_cache
@require_safe
@login_required
def meeting_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting for calendars."""
    meeting = seen_meeting(request, pk)
    content = as_calendar(
        meeting,
        address=request.build_absolute_uri(meeting.get_absolute_url()),
        host=request.get_host(),
        at=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    return response


@never_cache
@require_safe
@login_required
def pass_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """The visitor's personal code as a picture."""
    participant = own_participation(request, seen_meeting(request, pk))
    if participant is None:
        raise Http404
    return qr_response(request.build_absolute_uri(reverse("meetings:pass_link", args=[participant.token])))
