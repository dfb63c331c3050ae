"""Draws by the ways that ordinances prescribe (C14): each ball recorded, the outcome replayed from the record."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.customary import (
    Method,
    Outcome,
    Step,
    StepError,
    Way,
    fingerprint_of,
    replay,
    way_as_data,
    way_from_data,
    write_record,
)
from councils.customary_wording import fault_in_words
from councils.models import Application, ApplicationStep, CustomaryDraw, DrawnBall, Recruitment
from councils.notices.draws import tell_result
from councils.queries.chances import as_data, chances_of
from councils.queries.draws import labelled
from councils.queries.pool import pool_of
from councils.quotas import Pool
from councils.services.decisions import checked_decision
from councils.services.draws import group_size_of, refuse_applicants
from councils.services.locks import locked_recruitment
from councils.states import (
    ApplicationStatus,
    CustomaryStatus,
    DecisionKind,
    RecruitmentStatus,
    Track,
)
from councils.states import Method as RecruitmentMethod
from residents.models import User
from residents.states import Sex

SEX_SHARE = 600  # permille, where the rule set is silent; source: C14
HALF = 500
DRAWN = (ApplicationStatus.SELECTED, ApplicationStatus.ALTERNATE, ApplicationStatus.NOT_SELECTED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the committee settles before the first ball: persons, and the highest score of an interview."""

    alternates: int
    invited: int = 0
    highest_score: int = 100


@transaction.atomic
def start_customary_draw(*, recruitment_id: int, figures: Figures, actor: User, at: datetime) -> CustomaryDraw:
    """Begin the draw of a settled pool by the recruitment's way; pool and rule are kept as they are now.

    Raises RuleViolation where the pool is not settled, a draw stands already, the way is the fair lottery, or the
    figures contradict each other.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_applicants(recruitment, actor)
    if recruitment.method == RecruitmentMethod.LEXIMIN:
        raise RuleViolation(_("This council is chosen by the fair lottery."), code="other_method")
    if recruitment.status != RecruitmentStatus.POOLED:
        raise RuleViolation(_("The draw begins when the pool is settled."), code="wrong_state")
    if recruitment.customary_draws.exclude(status=CustomaryStatus.VOIDED).exists():
        raise RuleViolation(_("A draw of this recruitment has begun already."), code="wrong_state")
    with translation.override(settings.LANGUAGE_CODE):
        pool, way = _pool_and_way(recruitment, figures, at)
        chances = as_data(chances_of(recruitment, at=at))
    draw = CustomaryDraw.objects.create(
        recruitment=recruitment,
        method=recruitment.method,
        rule=way_as_data(way),
        pool={"ids": pool.ids, "features": pool.features, "rows": pool.rows},
        chances=chances,
        started_at=at,
    )
    _record("councils.customary_draw_started", draw, actor, at)
    return draw


def _pool_and_way(recruitment: Recruitment, figures: Figures, at: datetime) -> tuple[Pool, Way]:
    """Who is drawn from, with what the way looks at, in words; and the way with its figures."""
    rules, seats = recruitment.rule_set.for_councils(), recruitment.seats
    members = list(recruitment.applications.filter(status=ApplicationStatus.POOL).order_by("pool_number"))
    ids = tuple(str(one.pool_number) for one in members)
    facts: dict[str, Any] = {"seats": seats, "alternates": figures.alternates}
    features: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ((),) * len(ids)
    match recruitment.method:
        case RecruitmentMethod.BALLS:
            features = (str(_("sex")),)
            rows = tuple((str(Sex(one.sex).label),) for one in members)
            share = rules.sex_share_max
            facts["most"] = share.value.limit(seats) if share else seats * SEX_SHARE // 1000
        case RecruitmentMethod.RECOMMENDATION_SHARES:
            features = (str(_("track")),)
            rows = tuple((str(Track(one.track).label),) for one in members)
            share = rules.recommended_share_max
            facts["most"] = share.value.limit(seats) if share else seats * HALF // 1000
            facts["value"] = str(Track.RECOMMENDED.label)
        case RecruitmentMethod.WITHIN_GROUPS:
            pool, _quotas = labelled(pool_of(recruitment, at=at))
            ids, features, rows = pool.ids, pool.features, pool.rows
        case _interview:
            facts |= {"invited": figures.invited, "highest_score": figures.highest_score}
    try:
        way = Way(method=Method(recruitment.method), features=features, **facts)
    except ValueError as error:
        raise RuleViolation(
            _("With these figures it cannot be drawn: look at seats, alternates and invited persons."),
            code="figures",
            status=400,
        ) from error
    return Pool(ids, features, rows), way


def pool_and_way(draw: CustomaryDraw) -> tuple[Pool, Way]:
    """Pool and rule as they were when the draw began."""
    kept = draw.pool
    rows = tuple(tuple(row) for row in kept["rows"])
    return Pool(tuple(kept["ids"]), tuple(kept["features"]), rows), way_from_data(draw.rule)


def steps_of(draw: CustomaryDraw) -> list[Step]:
    """What stands recorded, in its order, without what was struck."""
    return [
        Step(str(ball.number), ball.drawn_by, ball.score)
        for ball in sorted(draw.balls.all(), key=lambda one: one.position)
        if not ball.struck_because
    ]


def outcome_of(draw: CustomaryDraw) -> Outcome:
    """What the recorded balls come to, replayed."""
    return replay(*pool_and_way(draw), steps_of(draw))


@transaction.atomic
def enter_ball(  # noqa: PLR0913 - a ball has this many facts
    *, draw_id: int, position: int, number: int, score: int | None, drawn_by: str, actor: User, at: datetime
) -> DrawnBall:
    """Record the next ball, or with a score what the committee gave; `position` is the place that was asked for.

    The same sent twice is one. Raises RuleViolation for a ball that cannot be, or where the draw went on meanwhile.
    """
    draw = _locked(draw_id)
    refuse_applicants(draw.recruitment, actor)
    _refuse_unless_running(draw)
    balls = list(draw.balls.order_by("position"))
    if balls and balls[-1].position == position and balls[-1].number == number and not balls[-1].struck_because:
        return balls[-1]
    if position != len(balls) + 1:
        raise RuleViolation(_("The draw went on meanwhile. Please look at what is asked for now."), code="went_on")
    pool, way = pool_and_way(draw)
    try:
        replay(pool, way, [*steps_of(draw), Step(str(number), drawn_by.strip(), score)])
    except StepError as error:
        raise RuleViolation(fault_in_words(error, way), code=str(error.fault), status=400) from error
    ball = DrawnBall.objects.create(
        draw=draw,
        position=position,
        number=number,
        score=score,
        drawn_by=drawn_by.strip(),
        entered_by=actor,
        entered_at=at,
    )
    _record("councils.ball_entered", draw, actor, at, {"position": position})
    return ball


@transaction.atomic
def strike_ball(*, draw_id: int, reason: str, actor: User, at: datetime) -> DrawnBall:
    """Strike what was recorded last, with its reason; it stays visible. Raises RuleViolation without a reason."""
    draw = _locked(draw_id)
    refuse_applicants(draw.recruitment, actor)
    _refuse_unless_running(draw)
    last = draw.balls.filter(struck_because="").order_by("-position").first()
    if last is None:
        raise RuleViolation(_("There is nothing to strike."), code="nothing_to_strike")
    if not reason.strip():
        raise RuleViolation(_("Please write why it is struck. Everybody can read it."), status=400)
    last.struck_because = reason.strip()
    last.save(update_fields=["struck_because"])
    _record("councils.ball_struck", draw, actor, at, {"position": last.position})
    return last


@transaction.atomic
def finish_customary_draw(*, draw_id: int, actor: User, at: datetime) -> CustomaryDraw:
    """Close the draw once nothing more is asked for, and set what became of everybody in the pool.

    Raises RuleViolation while balls or scores are missing.
    """
    draw = _locked(draw_id)
    refuse_applicants(draw.recruitment, actor)
    outcome = outcome_of(draw)
    if not outcome.complete:
        raise RuleViolation(_("The draw is not complete yet."), code="not_complete")
    draw.move_to(CustomaryStatus.FINISHED)
    draw.finished_at, draw.sha256 = at, fingerprint_of(*pool_and_way(draw), steps_of(draw))
    draw.save()
    draw.recruitment.move_to(RecruitmentStatus.DRAWN)
    draw.recruitment.save(update_fields=["status"])
    steps = _place_everybody(draw, outcome, actor, at)
    _record("councils.customary_draw_finished", draw, actor, at, {"sha256": draw.sha256})
    tell_result(draw=draw, steps=steps, at=at)
    return draw


@transaction.atomic
def void_customary_draw(*, draw_id: int, decision_id: int, actor: User, at: datetime) -> CustomaryDraw:
    """Declare a customary draw void by a recorded decision; it stays visible, and the pool can be drawn from again.

    Raises RuleViolation without such a decision, or once members are appointed.
    """
    draw = _locked(draw_id)
    refuse_applicants(draw.recruitment, actor)
    decision = checked_decision(draw.recruitment, decision_id, DecisionKind.VOID_DRAW)
    if decision.voided_customary_draws.exists():
        raise RuleViolation(_("This decision declared another draw void already."), code="decision_used")
    was_finished = draw.status == CustomaryStatus.FINISHED
    draw.move_to(CustomaryStatus.VOIDED)
    draw.voided_by = decision
    draw.save(update_fields=["status", "voided_by"])
    if was_finished:
        draw.recruitment.move_to(RecruitmentStatus.POOLED)
        draw.recruitment.save(update_fields=["status"])
        for one in draw.recruitment.applications.select_for_update(of=("self",)).filter(status__in=DRAWN):
            one.move_to(ApplicationStatus.POOL)
            one.alternate_position = None
            one.save(update_fields=["status", "alternate_position"])
            ApplicationStep.objects.create(
                application=one, status=one.status, at=at, by=actor, text=_("The draw was declared void.")
            )
    _record("councils.customary_draw_voided", draw, actor, at, {"decision": decision.pk})
    return draw


def is_withheld(draw: CustomaryDraw) -> bool:
    """Whether the record would tell of a number what fewer people of the pool share than may be published."""
    pool, _way = pool_and_way(draw)
    # Balls and groups look at nothing else of a person than what stands in the record.
    return bool(pool.features) and min(Counter(pool.rows).values()) < group_size_of(draw.recruitment)


def record_of(draw: CustomaryDraw) -> bytes:
    """The record of a draw as it is downloaded: pool by number, rule, every ball that stands, outcome."""
    return write_record(*pool_and_way(draw), steps_of(draw))


def _place_everybody(
    draw: CustomaryDraw, outcome: Outcome, actor: User, at: datetime
) -> list[tuple[Application, ApplicationStep]]:
    selected, alternates = set(outcome.selected), {id_: n for n, id_ in enumerate(outcome.alternates, start=1)}
    waiting = draw.recruitment.applications.select_for_update(of=("self",)).filter(status=ApplicationStatus.POOL)
    steps = []
    for one in waiting.select_related("user").order_by("pool_number"):
        id_ = str(one.pool_number)
        if id_ in selected:
            one.move_to(ApplicationStatus.SELECTED)
        elif id_ in alternates:
            one.move_to(ApplicationStatus.ALTERNATE)
            one.alternate_position = alternates[id_]
        else:
            one.move_to(ApplicationStatus.NOT_SELECTED)
        steps.append((one, ApplicationStep(application=one, status=one.status, at=at, by=actor)))
    Application.objects.bulk_update([one for one, _step in steps], ["status", "alternate_position"], batch_size=500)
    ApplicationStep.objects.bulk_create([step for _one, step in steps], batch_size=500)
    return steps


def _locked(draw_id: int) -> CustomaryDraw:
    recruitment = locked_recruitment(CustomaryDraw.objects.values_list("recruitment_id", flat=True).get(pk=draw_id))
    draw = CustomaryDraw.objects.select_for_update(of=("self",)).get(pk=draw_id)
    draw.recruitment = recruitment
    return draw


def _refuse_unless_running(draw: CustomaryDraw) -> None:
    if draw.status != CustomaryStatus.RUNNING:
        raise RuleViolation(_("This draw is over."), code="wrong_state")


def _record(action: str, draw: CustomaryDraw, actor: User, at: datetime, details: dict[str, Any] | None = None) -> None:
    scope = draw.recruitment.council.dong.path
    record(actor=actor, action=action, target=draw, scope=scope, at=at, details=details)
