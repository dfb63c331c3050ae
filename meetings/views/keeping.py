"""The one page of a meeting for whoever keeps it, and its acts."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleViolation
from meetings.forms import MeetingForm
from meetings.guidance import keeping_steps, span_in_words
from meetings.kinds import MeetingKind, meeting_kind, meeting_kinds
from meetings.models import Candidate, Meeting, Resolution
from meetings.queries import (
    attended_by,
    counts_of,
    meeting_days,
    quorum_at_opening,
    quorum_now,
    roll_of,
    sittings_of,
    spans_of,
)
from meetings.quorum import check_quorum
from meetings.services import create_meeting
from meetings.services.records import DECIDABLE
from meetings.states import BEFORE_OPENING, CHECK_IN_POSSIBLE, HELD, RECORDING, UNDER_WAY, MeetingStatus
from meetings.views.access import kept_meeting, note_reading, person
from meetings.views.acts import ACTS, Doing, KeepingAct, thing_of
from residents.desk.site import doorkeeper


@never_cache
@require_safe
@doorkeeper
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one meeting, in the order of its life."""
    meeting, now = kept_meeting(request, pk), timezone.now()
    roll = list(roll_of(meeting))
    note_reading(request, meeting, len(roll))
    eligible, present, there = counts_of(meeting, now)
    resolutions = _all_resolutions(meeting)
    statements = list(meeting.statements.order_by("position"))
    items = list(meeting.agenda.order_by("position"))
    sittings, until = sittings_of(meeting), meeting.closed_at or now
    days = meeting_days(meeting)
    kind = meeting_kind(meeting.kind)
    context = {
        "meeting": meeting,
        "kind": kind.title if kind else "",
        "desk_page": _desk_page(kind, meeting),
        "steps": keeping_steps(meeting, now),
        "quorum": check_quorum(meeting.quorum, eligible=eligible, present=present, article=meeting.quorum_article),
        "quorum_then": quorum_at_opening(meeting),
        "there": there,
        "agenda": [_with_record(item, item.pk, statements, resolutions) for item in items],
        "beside": _with_record(None, None, statements, resolutions),
        "sittings": list(meeting.sittings.all()),
        "roll": [
            (
                one,
                [(span, span_in_words(span, meeting, days, now)) for span in spans_of(one)],
                attended_by(one, sittings, until=until) if spans_of(one) else None,
            )
            for one in roll
        ],
        "minutes": list(meeting.minutes.order_by("-version")),
        "before_opening": meeting.status in BEFORE_OPENING,
        "under_way": meeting.status in UNDER_WAY,
        "takes_arrivals": meeting.status in CHECK_IN_POSSIBLE,
        "records": meeting.status in RECORDING,
        "decides": meeting.status in DECIDABLE,
        "held": meeting.status in HELD,
        "agenda_open": meeting.status in BEFORE_OPENING or meeting.status in UNDER_WAY,
        "list_open": meeting.status in BEFORE_OPENING or meeting.status in RECORDING,
        "correctable": meeting.status in RECORDING or meeting.status == MeetingStatus.CALLED,
    }
    return render(request, "meetings/keep.html", context)


def _desk_page(kind: MeetingKind | None, meeting: Meeting) -> str:
    return kind.desk_page(meeting) if kind is not None and kind.desk_page is not None else ""


def _all_resolutions(meeting: Meeting) -> list[Resolution]:
    """With those that were withdrawn, which are shown as such."""
    candidates = Prefetch("candidates", queryset=Candidate.objects.order_by("position"))
    return list(meeting.resolutions.prefetch_related(candidates).order_by("number"))


def _with_record(item: Any, item_id: int | None, statements: list[Any], resolutions: list[Any]) -> dict[str, Any]:
    return {
        "item": item,
        "statements": [one for one in statements if one.item_id == item_id],
        "resolutions": [one for one in resolutions if one.item_id == item_id],
        # What was withdrawn does not stand in the minutes.
        "is_dealt_with": any(
            one.item_id == item_id
            for one in (*statements, *(vote for vote in resolutions if vote.withdrawn_at is None))
        ),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doorkeeper
def keeping_act(request: HttpRequest, pk: int, name: str, thing: int | None = None) -> HttpResponse:
    """Ask for what the act needs, then act. A RuleViolation is shown with the form, nothing changed."""
    meeting = kept_meeting(request, pk)
    act = ACTS.get(name)
    if act is None:
        raise Http404
    try:
        about = thing_of(name, meeting, thing)
    except LookupError:
        raise Http404 from None
    status = HTTPStatus.OK
    if request.method == "POST":
        form = act.form(meeting, about, request.POST)
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            data = dict(form.cleaned_data)
            if hasattr(form, "majority"):
                data["majority"] = form.majority
            try:
                act.run(Doing(meeting, about, person(request), timezone.now()), data)
            except RuleViolation as violation:
                form.add_error(None, violation.text)
                status = HTTPStatus(violation.status)
            else:
                messages.success(request, str(act.done))
                return _back(meeting, act)
    else:
        form = act.form(meeting, about, None)
        form.initial.update(_planned_times(meeting, request.GET.get("sitting", "")))
    note_reading(request, meeting, 1)
    context = {"meeting": meeting, "act": act, "form": form, "about": about, "back": _address(meeting, act)}
    if name == "open":
        context["quorum"] = quorum_now(meeting, timezone.now())
    if form.non_field_errors():
        # What is refused may have to be put right where the app above keeps its part.
        context["desk_page"] = _desk_page(meeting_kind(meeting.kind), meeting)
    return render(request, "meetings/act.html", context, status=status)


def _planned_times(meeting: Meeting, chosen: str) -> dict[str, datetime]:
    """Of the sitting that the desk came from: what the sheet says of most people."""
    sitting = next((one for one in meeting.sittings.all() if str(one.pk) == chosen), None)
    return {"arrived_at": sitting.starts_at, "left_at": sitting.ends_at} if sitting else {}


def _address(meeting: Meeting, act: KeepingAct) -> str:
    place = f"#{act.back_to}" if act.back_to else ""
    return reverse("meetings:keep", args=[meeting.pk]) + place


def _back(meeting: Meeting, act: KeepingAct) -> HttpResponse:
    return HttpResponseRedirect(_address(meeting, act), status=HTTPStatus.SEE_OTHER)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@doorkeeper
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Choose a kind, then write the facts."""
    user = person(request)
    offered = [kind for kind in meeting_kinds() if kind.is_offered and kind.may_keep(user, None)]
    if not offered:
        raise Http404
    asked = request.GET.get("kind", "")
    chosen = next((kind for kind in offered if kind.name == asked), offered[0] if len(offered) == 1 else None)
    if chosen is None:
        return render(request, "meetings/new.html", {"kinds": offered})
    return _new_of_kind(request, chosen)


def _new_of_kind(request: HttpRequest, kind: MeetingKind) -> HttpResponse:
    form = MeetingForm(request.POST or None, initial=dict(kind.new))
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                meeting = create_meeting(
                    kind=kind.name, values=form.cleaned_data, actor=person(request), at=timezone.now()
                )
            except RuleViolation as violation:
                form.add_error(None, violation.text)
                status = HTTPStatus(violation.status)
            else:
                messages.success(request, _("The meeting was made. Please write the agenda and the list next."))
                return redirect("meetings:keep", pk=meeting.pk)
    return render(request, "meetings/new_form.html", {"form": form, "kind": kind}, status=status)
