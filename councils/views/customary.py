"""Customary draws: guided at the desk, ball by ball; and everybody's page with the whole record."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import RuleViolation
from core.pages import public_page
from councils.customary import Asked, Outcome, Way
from councils.customary_wording import passed_in_words, prompt_in_words
from councils.forms.customary import BallForm, FiguresForm
from councils.forms.draws import StrikeForm, VoidForm
from councils.models import Application, CustomaryDraw, Recruitment
from councils.queries.chances import from_data
from councils.services.customary import (
    Figures,
    enter_ball,
    finish_customary_draw,
    is_withheld,
    outcome_of,
    pool_and_way,
    record_of,
    start_customary_draw,
    strike_ball,
    void_customary_draw,
)
from councils.services.draws import group_size_of
from councils.states import CustomaryStatus, Method, RecruitmentStatus
from residents.desk.acts import current_user
from residents.desk.site import doorkeeper

JSON = "application/json"


def shown(draw: CustomaryDraw) -> dict[str, Any]:
    """What everybody sees of a customary draw: every ball with what it came to, and what comes next."""
    way, outcome = pool_and_way(draw)[1], outcome_of(draw)
    group_size = group_size_of(draw.recruitment)
    return {
        "draw": draw,
        "recruitment": draw.recruitment,
        "way": way,
        "outcome": outcome,
        "prompt": prompt_in_words(way, outcome.prompt, {}) if outcome.prompt else "",
        "balls": _balls(draw, way, outcome),
        "chances": from_data(draw.chances, at_least=group_size),
        "group_size": group_size,
    }


def _balls(draw: CustomaryDraw, way: Way, outcome: Outcome) -> list[dict[str, Any]]:
    passed = {one.number: passed_in_words(way, one, {}) for one in outcome.passed_over}
    seated = {number: place for place, number in enumerate(outcome.selected, start=1)}
    waiting = {number: place for place, number in enumerate(outcome.alternates, start=1)}
    lines = []
    for ball in draw.balls.all():
        number, came_to = str(ball.number), ""
        if ball.struck_because:
            came_to = _("struck: %(reason)s") % {"reason": ball.struck_because}
        elif ball.score is not None:
            came_to = _("score: %(score)s") % {"score": ball.score}
        elif number in passed:
            came_to = passed[number]
        elif number in seated:
            came_to = _("selected")
        elif number in waiting:
            came_to = _("alternate no. %(place)s") % {"place": waiting[number]}
        elif number in outcome.invited:
            came_to = _("invited to an interview")
        lines.append({"ball": ball, "came_to": came_to, "struck": bool(ball.struck_because)})
    return lines


def _draws() -> Any:
    return CustomaryDraw.objects.select_related(
        "recruitment__council__dong__parent", "recruitment__rule_set", "voided_by"
    ).prefetch_related("balls")


@require_safe
@public_page
def customary_page(request: HttpRequest, pk: int) -> HttpResponse:
    draw = _draws().filter(pk=pk).first()
    if draw is None:
        raise Http404
    withheld = is_withheld(draw)
    offered = not withheld or _sees_applications(request, draw)
    return render(request, "councils/draw/customary.html", shown(draw) | {"withheld": withheld, "offered": offered})


def _sees_applications(request: HttpRequest, draw: CustomaryDraw) -> bool:
    if not request.user.is_authenticated:
        return False
    return current_user(request).has_perm("councils.view_application", Application(recruitment=draw.recruitment))


@require_safe
@public_page
def customary_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as it stands: pool by number, rule, steps, outcome; canonical, so that its SHA-256 can be compared.

    Where it would tell what too few share, it is for those who see the applications.
    """
    draw = _draws().filter(pk=pk).first()
    if draw is None:
        raise Http404
    if is_withheld(draw) and not _sees_applications(request, draw):
        raise PermissionDenied
    response = HttpResponse(record_of(draw), content_type=JSON)
    response["Content-Disposition"] = f'attachment; filename="madang-customary-draw-{pk}.json"'
    return response


# --- the desk ---------------------------------------------------------------------------------------------------------


def _recruitment(request: HttpRequest, pk: int) -> Recruitment:
    found = Recruitment.objects.select_related("council__dong__parent", "rule_set").filter(pk=pk).first()
    allowed = found is not None and current_user(request).has_perm("councils.start_draw_recruitment", found)
    if found is None or not allowed or found.method == Method.LEXIMIN:
        raise Http404
    return found


def _standing(recruitment: Recruitment) -> CustomaryDraw | None:
    draw: CustomaryDraw | None = _draws().filter(recruitment=recruitment).exclude(status=CustomaryStatus.VOIDED).first()
    return draw


@never_cache
@require_safe
@doorkeeper
def customary_desk(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _recruitment(request, pk))


def _page(
    request: HttpRequest, recruitment: Recruitment, *, given: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    draw = _standing(recruitment)
    context: dict[str, Any] = {"recruitment": recruitment, "can_start": recruitment.status == RecruitmentStatus.POOLED}
    if draw is None:
        context["figures_form"] = FiguresForm(recruitment=recruitment)
    else:
        context |= shown(draw)
        context |= {
            "ball_form": _ball_form(draw, context["outcome"]),
            "strike_form": StrikeForm(),
            "void_form": VoidForm(thing=draw),
        }
    return render(request, "councils/draw/customary_desk.html", context | (given or {}), status=status)


def _ball_form(draw: CustomaryDraw, outcome: Outcome, data: Any = None) -> BallForm:
    asks_score = outcome.prompt is not None and outcome.prompt.asked is Asked.SCORE
    balls = list(draw.balls.all())
    last = next((ball.drawn_by for ball in reversed(balls) if ball.drawn_by), "")
    initial = {"position": len(balls) + 1, "drawn_by": last}
    return BallForm(data, asks_score=asks_score, initial=initial)


Answer = HttpResponse | str


def _start(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    form = FiguresForm(request.POST, recruitment=recruitment)
    if not form.is_valid():
        return _page(request, recruitment, given={"figures_form": form}, status=HTTPStatus.BAD_REQUEST)
    start_customary_draw(
        recruitment_id=recruitment.pk, figures=Figures(**form.cleaned_data), actor=current_user(request), at=at
    )
    return _("The draw has begun.")


def _ball(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    draw = _draw(recruitment)
    form = _ball_form(draw, outcome_of(draw), request.POST)
    if not form.is_valid():
        return _page(request, recruitment, given={"ball_form": form}, status=HTTPStatus.BAD_REQUEST)
    given = form.cleaned_data
    enter_ball(
        draw_id=draw.pk,
        position=given["position"],
        number=given["number"],
        score=given.get("score"),
        drawn_by=given.get("drawn_by", ""),
        actor=current_user(request),
        at=at,
    )
    return ""


def _strike(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _page(request, recruitment, given={"strike_form": form}, status=HTTPStatus.BAD_REQUEST)
    reason = form.cleaned_data["reason"]
    strike_ball(draw_id=_draw(recruitment).pk, reason=reason, actor=current_user(request), at=at)
    return _("It is struck and stays visible with its reason.")


def _finish(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    finish_customary_draw(draw_id=_draw(recruitment).pk, actor=current_user(request), at=at)
    return _("The draw is finished.")


def _void(request: HttpRequest, recruitment: Recruitment, at: datetime) -> Answer:
    draw = _draw(recruitment)
    form = VoidForm(request.POST, thing=draw)
    if not form.is_valid():
        return _page(request, recruitment, given={"void_form": form}, status=HTTPStatus.BAD_REQUEST)
    decision = form.cleaned_data["decision"].pk
    void_customary_draw(draw_id=draw.pk, decision_id=decision, actor=current_user(request), at=at)
    return _("The draw is void. It stays visible.")


def _draw(recruitment: Recruitment) -> CustomaryDraw:
    draw = _standing(recruitment)
    if draw is None:
        raise RuleViolation(_("No draw of this recruitment has begun."), code="wrong_state")
    return draw


ACTS: dict[str, Callable[[HttpRequest, Recruitment, datetime], Answer]] = {
    "start": _start,
    "ball": _ball,
    "strike": _strike,
    "finish": _finish,
    "void": _void,
}


@never_cache
@require_POST
@doorkeeper
def customary_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
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
    return redirect("councils:customary_desk", recruitment.pk)
