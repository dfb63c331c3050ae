"""The guided page of whoever runs a draw, made for a tablet: always the next step, and what has been done."""

import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import RuleViolation
from core.jobs.models import Job
from councils.forms.draws import READING_FORMS, FreezeForm, StrikeForm, VoidForm, first_moment
from councils.models import Draw, Recruitment
from councils.queries.draws import EVER_FROZEN, STANDING, Phase, drawn_facts, draws_of, frozen_facts, readings_differ
from councils.services.beacons import enter_beacon, order_fetching, take_back_reading
from councils.services.draws import (
    discard_draw,
    freeze_draw,
    notice_hours_of,
    order_lottery,
    void_freeze,
)
from councils.services.panels import draw_panel, enter_digit, strike_digit
from councils.states import BeaconKind, DrawStatus, Method, RecruitmentStatus
from councils.views.hall import course_of
from residents.desk.acts import current_user
from residents.desk.site import doorkeeper
from residents.models import User


def _recruitment(request: HttpRequest, pk: int) -> Recruitment:
    """The recruitment for who runs its draw; 404 for all others."""
    found = Recruitment.objects.select_related("council__dong__parent", "rule_set").filter(pk=pk).first()
    if found is None or not current_user(request).has_perm("councils.start_draw_recruitment", found):
        raise Http404
    return found


def current_draw(recruitment: Recruitment) -> Draw | None:
    """The draw that the desk works on: computed, frozen or drawn."""
    return (
        recruitment.draws.filter(status__in=[DrawStatus.COMPUTED, *STANDING])
        .select_related("recruitment__council__dong", "result")
        .defer("public", "full", "prepared", "result__record", "result__full_record")
        .prefetch_related("entries__official", "digits")
        .order_by("-number")
        .first()
    )


@never_cache
@require_safe
@doorkeeper
def desk_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _recruitment(request, pk))


def _page(
    request: HttpRequest, recruitment: Recruitment, *, given: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    at, draw = timezone.now(), current_draw(recruitment)
    context: dict[str, Any] = {
        "recruitment": recruitment,
        "draw": draw,
        "step": _step(recruitment, draw),
        "hours": notice_hours_of(recruitment),
        "others": [one for one in draws_of(recruitment) if draw is None or one.pk != draw.pk],
    }
    if draw is not None and draw.status == DrawStatus.COMPUTED:
        context["lottery"] = _lottery(draw)
        context["freeze_form"] = FreezeForm(
            initial={"kind": BeaconKind.LOTTO, "at": first_moment(notice_hours_of(recruitment))}
        )
    if draw is not None and draw.status in EVER_FROZEN:
        context |= _frozen_context(current_user(request), draw, at)
    return render(request, "councils/draw/desk.html", context | (given or {}), status=status)


def _step(recruitment: Recruitment, draw: Draw | None) -> str:
    """Which part of the page is shown where no freeze stands."""
    if recruitment.method != Method.LEXIMIN:
        return "other_method"
    if draw is not None:
        return draw.status
    return "to_compute" if recruitment.status == RecruitmentStatus.POOLED else "too_early"


def _lottery(draw: Draw) -> dict[str, Any]:
    """What the engine gave, for looking at before the freeze."""
    lottery = json.loads(draw.lottery)
    chances = lottery["probabilities"].values()
    return {
        "persons": len(chances),
        "lowest": f"{min(chances) * 100:.1f}",
        "highest": f"{max(chances) * 100:.1f}",
        "certified": lottery["certificate"].get("certified", False),
        "gap": f"{lottery['certificate'].get('gap', 0):.6f}",
    }


def _frozen_context(user: User, draw: Draw, at: datetime) -> dict[str, Any]:
    course = course_of(draw, at)
    own = next((one for one in draw.entries.all() if one.official_id == user.pk and not one.taken_back), None)
    context = {
        **course,
        "frozen": frozen_facts(draw.pk, draw.freeze),
        "own_reading": own,
        "readings": sum(not one.taken_back for one in draw.entries.all()),
        "differ": readings_differ(draw),
        "reading_form": READING_FORMS[draw.beacon_kind](),
        "may_fetch": draw.beacon_kind == BeaconKind.DRAND,
        "place": len(course["digits_drawn"]),
        "ten": range(10),
        "strike_form": StrikeForm(),
        "void_form": VoidForm(thing=draw),
    }
    if course["phase"] == Phase.DRAWN:
        context["drawn"] = drawn_facts(draw.pk, draw.result.sha256)
    return context


# --- acts -------------------------------------------------------------------------------------------------------------

Answer = HttpResponse | str  # a page, or the sentence that is shown on the desk page


def _compute(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    job: Job = order_lottery(recruitment_id=recruitment.pk, actor=current_user(request), at=at)
    return redirect("jobs:job", job.pk)


def _discard(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    discard_draw(draw_id=_draw(recruitment).pk, actor=current_user(request), at=at)
    return _("The lottery was put aside.")


def _freeze(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _page(request, recruitment, given={"freeze_form": form}, status=HTTPStatus.BAD_REQUEST)
    freeze_draw(draw_id=_draw(recruitment).pk, beacon=form.beacon(), actor=current_user(request), at=at)
    return _("Everything is frozen, and everybody in the pool was written to.")


def _void(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    draw = _draw(recruitment)
    form = VoidForm(request.POST, thing=draw)
    if not form.is_valid():
        return _page(request, recruitment, given={"void_form": form}, status=HTTPStatus.BAD_REQUEST)
    decision = form.cleaned_data["decision"].pk
    void_freeze(draw_id=draw.pk, decision_id=decision, actor=current_user(request), at=at)
    return _("The freeze is void. It stays visible.")


def _read(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    draw = _draw(recruitment)
    form = READING_FORMS[draw.beacon_kind](request.POST)
    if not form.is_valid():
        return _page(request, recruitment, given={"reading_form": form}, status=HTTPStatus.BAD_REQUEST)
    enter_beacon(draw_id=draw.pk, value=form.value(), actor=current_user(request), at=at)
    return _("Your reading is recorded.")


def _take_back(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    take_back_reading(draw_id=_draw(recruitment).pk, actor=current_user(request), at=at)
    return _("Your reading is taken back. It stays on record.")


def _fetch(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    return redirect("jobs:job", order_fetching(draw_id=_draw(recruitment).pk, actor=current_user(request), at=at).pk)


def _digit(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    try:
        place, digit = int(request.POST.get("place", "")), int(request.POST.get("digit", ""))
    except ValueError as error:
        raise BadRequest from error
    enter_digit(draw_id=_draw(recruitment).pk, place=place, digit=digit, actor=current_user(request), at=at)
    return ""


def _strike(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _page(request, recruitment, given={"strike_form": form}, status=HTTPStatus.BAD_REQUEST)
    strike_digit(draw_id=_draw(recruitment).pk, reason=form.cleaned_data["reason"], actor=current_user(request), at=at)
    return _("The digit is struck. It stays visible with its reason.")


def _panel(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    digits = request.POST.get("digits", "")
    draw_panel(draw_id=_draw(recruitment).pk, digits=digits, actor=current_user(request), at=at)
    return _("The panel is drawn.")


ACTS: dict[str, Callable[[HttpRequest, Recruitment, datetime], Answer]] = {
    "compute": _compute,
    "discard": _discard,
    "freeze": _freeze,
    "void": _void,
    "reading": _read,
    "take-back": _take_back,
    "fetch": _fetch,
    "digit": _digit,
    "strike": _strike,
    "panel": _panel,
}


def _draw(recruitment: Recruitment) -> Draw:
    """The draw that an act is about. Raises RuleViolation where there is none."""
    draw = current_draw(recruitment)
    if draw is None:
        raise RuleViolation(_("There is no lottery of this recruitment yet."), code="wrong_state")
    return draw


@never_cache
@require_POST
@doorkeeper
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step; a rule that refuses it is told on the same page, with nothing changed."""
    recruitment = _recruitment(request, pk)
    if name not in ACTS:
        raise Http404
    try:
        answer = ACTS[name](request, recruitment, timezone.now())
    except RuleViolation as violation:
        messages.error(request, violation.text)
        recruitment.refresh_from_db()
        return _page(request, recruitment, status=violation.status)
    if isinstance(answer, HttpResponse):
        return answer
    if answer:
        messages.success(request, answer)
    return redirect("councils:draw_desk", recruitment.pk)
