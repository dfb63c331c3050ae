"""The lottery of a recruitment: computed, frozen before a beacon that is named, or declared void; never deleted."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.models import Job
from core.jobs.services import order_job
from core.templatetags.madang import moment_text
from councils.drawing import Balls, Beacon, BeaconError, Drand, Lotto, freeze, write_document
from councils.drawing.canonical import canonical, fingerprint
from councils.drawing_wording import beacon_in_words
from councils.lottery import NoPanelError, compute_lottery
from councils.models import Application, Draw, Recruitment
from councils.notices.draws import tell_freeze, tell_void
from councils.queries.draws import labelled
from councils.queries.pool import pool_of
from councils.quota_problems import find_problems
from councils.quota_wording import problem_in_words
from councils.quotas import Pool, Problem, Quota
from councils.services.decisions import checked_decision
from councils.services.locks import locked_recruitment
from councils.states import BeaconKind, DecisionKind, DrawStatus, Method, RecruitmentStatus
from residents.models import User

JOB_KIND = "councils.compute_lottery"
NOTICE_HOURS = 24  # where the rule set is silent
GROUP_SIZE = 5  # the same
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a lottery is computed from."""

    pool: Pool
    quotas: Sequence[Quota]
    seats: int
    one_per_household: bool

    @property
    def digest(self) -> str:
        """SHA-256 by which a lottery is known to be of this pool and these quotas."""
        return fingerprint(
            {
                "household": self.one_per_household,
                "households": list(self.pool.households or ()),
                "ids": list(self.pool.ids),
                "quotas": [[q.feature, q.value, q.minimum, q.maximum] for q in self.quotas],
                "rows": [list(row) for row in self.pool.rows],
                "seats": self.seats,
            }
        )


def basis_of(recruitment: Recruitment, at: datetime) -> Basis:
    """Pool and quotas as they are now, in the words that people read. Raises what `pool_of` raises."""
    found = pool_of(recruitment, at=at)
    pool, quotas = labelled(found)
    return Basis(pool, quotas, found.seats, found.one_per_household)


def notice_hours_of(recruitment: Recruitment) -> int:
    """Hours that must lie between the freeze and its beacon."""
    hours = recruitment.rule_set.for_councils().draw_notice_hours
    return hours.value if hours else NOTICE_HOURS


def group_size_of(recruitment: Recruitment) -> int:
    """So many must share all attributes before these are published."""
    size = recruitment.rule_set.for_councils().publication_group_size
    return size.value if size else GROUP_SIZE


def order_lottery(*, recruitment_id: int, actor: User, at: datetime) -> Job:
    """Let the lottery of a settled pool be computed beside the request.

    Raises RuleViolation where it cannot be computed now.
    """
    recruitment = Recruitment.objects.select_related("council__dong").get(pk=recruitment_id)
    _refuse_unless_due(recruitment)
    refuse_applicants(recruitment, actor)
    return order_job(
        kind=JOB_KIND,
        title=_("Lottery: %(title)s") % {"title": recruitment.title},
        parameters={"recruitment": recruitment.pk},
        owner=actor,
        at=at,
        subject=f"lottery:{recruitment.pk}",
    )


def compute_draw(*, recruitment_id: int, actor: User, at: datetime, tell: Tell | None = None) -> Draw:
    """Compute the fair lottery over the pool as it is; a draw that is computed already is the answer.

    The engine works outside of the transaction; what it gave is taken only if pool and quotas are still the same.
    Raises RuleViolation if the pool is not settled, or with every reason why no council can be formed of it.
    """
    recruitment = Recruitment.objects.select_related("council__dong", "rule_set").get(pk=recruitment_id)
    standing = recruitment.draws.filter(status=DrawStatus.COMPUTED).first()
    if standing is not None:
        return standing
    _refuse_unless_due(recruitment)
    refuse_applicants(recruitment, actor)
    basis = basis_of(recruitment, at)
    problems = find_problems(basis.pool, basis.quotas, basis.seats, one_per_household=basis.one_per_household)
    if problems:
        raise _impossible(problems)
    try:
        lottery = compute_lottery(
            basis.pool, basis.quotas, basis.seats, one_per_household=basis.one_per_household, tell=tell
        )
    except NoPanelError as error:
        raise _impossible(error.problems) from error
    text = json.dumps(
        {
            "basis": basis.digest,
            "certificate": lottery.certificate,
            "panels": lottery.panels,
            "probabilities": dict(lottery.probabilities),
        }
    )
    return _keep_lottery(recruitment_id, basis.digest, text, actor, at)


@transaction.atomic
def _keep_lottery(recruitment_id: int, digest: str, text: str, actor: User, at: datetime) -> Draw:
    recruitment = locked_recruitment(recruitment_id)
    _refuse_unless_due(recruitment)
    if basis_of(recruitment, at).digest != digest:
        raise RuleViolation(
            _("Pool or quotas changed while the lottery was computed. Please compute it again."), code="pool_changed"
        )
    newest = recruitment.draws.aggregate(newest=Max("number"))["newest"] or 0
    draw = Draw.objects.create(
        recruitment=recruitment, number=newest + 1, computed_at=at, computed_by=actor, lottery=text
    )
    _record("councils.lottery_computed", draw, actor, at)
    return draw


@transaction.atomic
def discard_draw(*, draw_id: int, actor: User, at: datetime) -> Draw:
    """Put a computed lottery aside before it is frozen. Raises RuleViolation for one that is frozen."""
    draw = locked_draw(draw_id)
    refuse_applicants(draw.recruitment, actor)
    draw.move_to(DrawStatus.DISCARDED)
    draw.save(update_fields=["status"])
    _record("councils.lottery_discarded", draw, actor, at)
    return draw


def beacon_from(kind: str, facts: dict[str, Any]) -> Beacon:
    """The beacon of `kind` that `facts` name.

    facts: {"number"} of Lotto, {"round"} of drand, {"count", "at"} of balls. Raises RuleViolation for one that is none.
    """
    try:
        match kind:
            case BeaconKind.LOTTO:
                return Lotto(int(facts["number"]))
            case BeaconKind.DRAND:
                return Drand(int(facts["round"]))
            case BeaconKind.BALLS:
                return Balls(int(facts["count"]), facts["at"].replace(microsecond=0))
    except BeaconError as error:
        raise RuleViolation(beacon_in_words(error.code), code=error.code, status=400) from error
    raise RuleViolation(_("Please choose the public event that decides."), code="no_beacon", status=400)


@transaction.atomic
def freeze_draw(*, draw_id: int, beacon: Beacon, actor: User, at: datetime) -> Draw:
    """Freeze pool, quotas, panels, rule and beacon under one SHA-256, and tell every applicant of the pool.

    Raises RuleViolation if the beacon comes earlier than the notice that the rules ask for, if pool or quotas are not
    those that the lottery was computed from, or if the official applied for this council.
    """
    draw = locked_draw(draw_id)
    recruitment = draw.recruitment
    refuse_applicants(recruitment, actor)
    draw.move_to(DrawStatus.FROZEN)
    recruitment.move_to(RecruitmentStatus.FROZEN)
    happens_at, hours = beacon.happens_at(), notice_hours_of(recruitment)
    if happens_at is None:
        raise RuleViolation(_("Please choose the public event that decides."), code="no_beacon", status=400)
    at = at.replace(microsecond=0)
    if happens_at < at + timedelta(hours=hours):
        raise RuleViolation(
            _("The event is too early: %(hours)s hours must lie between the freeze and it. The earliest is %(when)s.")
            % {"hours": hours, "when": moment_text(at + timedelta(hours=hours))},
            code="beacon_too_early",
        )
    basis, lottery = basis_of(recruitment, at), json.loads(draw.lottery)
    if basis.digest != lottery["basis"]:
        raise RuleViolation(
            _("Pool or quotas changed since the lottery was computed. Please discard it and compute it again."),
            code="pool_changed",
        )
    pool = basis.pool
    salts = dict(recruitment.applications.filter(pool_number__isnull=False).values_list("pool_number", "salt"))
    document, openings = freeze(
        pool,
        basis.quotas,
        basis.seats,
        probabilities=lottery["probabilities"],
        panels=lottery["panels"],
        certificate=lottery["certificate"],
        beacon=beacon,
        one_per_household=basis.one_per_household,
        group_size=group_size_of(recruitment),
        salts=[bytes.fromhex(salts[int(id_)]) for id_ in pool.ids],
        title=str(recruitment),
        frozen_at=at,
        notice_hours=hours,
    )
    description = beacon.description()
    draw.beacon_kind, draw.beacon, draw.beacon_at = description["kind"], description, happens_at
    draw.public = write_document(document).decode()
    draw.full = canonical(openings).decode()
    draw.freeze, draw.frozen_at, draw.frozen_by = document["freeze"], at, actor
    draw.save()
    recruitment.save(update_fields=["status"])
    _record("councils.draw_frozen", draw, actor, at, freeze=draw.freeze)
    tell_freeze(draw=draw, document=document, at=at)
    return draw


@transaction.atomic
def void_freeze(*, draw_id: int, decision_id: int, actor: User, at: datetime) -> Draw:
    """Declare a freeze void by a recorded decision of the committee; it stays visible for ever.

    Raises RuleViolation without such a decision, for a decision that voided another freeze, or after the draw.
    """
    draw = locked_draw(draw_id)
    refuse_applicants(draw.recruitment, actor)
    decision = checked_decision(draw.recruitment, decision_id, DecisionKind.VOID_FREEZE)
    if decision.voided_draws.exists():
        raise RuleViolation(_("This decision declared another freeze void already."), code="decision_used")
    draw.move_to(DrawStatus.VOIDED)
    draw.voided_at, draw.voided_by = at, decision
    draw.save(update_fields=["status", "voided_at", "voided_by"])
    draw.recruitment.move_to(RecruitmentStatus.POOLED)
    draw.recruitment.save(update_fields=["status"])
    _record("councils.freeze_voided", draw, actor, at, decision=decision.pk)
    tell_void(draw=draw, reason=decision.text, at=at)
    return draw


def locked_draw(draw_id: int) -> Draw:
    """The draw with its lock, under the lock of its recruitment. Raises Draw.DoesNotExist."""
    recruitment = locked_recruitment(Draw.objects.values_list("recruitment_id", flat=True).get(pk=draw_id))
    draw = Draw.objects.select_for_update(of=("self",)).get(pk=draw_id)
    draw.recruitment = recruitment
    return draw


def refuse_applicants(recruitment: Recruitment, actor: User) -> None:
    """Nobody has a hand in a draw that may choose themselves. Raises RuleViolation."""
    if Application.objects.filter(recruitment=recruitment, user=actor, pool_number__isnull=False).exists():
        raise RuleViolation(
            _("You are in the pool of this draw. Please let another official do this."), code="own_draw", status=403
        )


def _refuse_unless_due(recruitment: Recruitment) -> None:
    if recruitment.method != Method.LEXIMIN:
        raise RuleViolation(_("This council is chosen in another way than by the fair lottery."), code="other_method")
    if recruitment.status != RecruitmentStatus.POOLED:
        raise RuleViolation(_("The lottery is computed when the pool is settled."), code="wrong_state")
    if recruitment.draws.filter(status=DrawStatus.COMPUTED).exists():
        raise RuleViolation(_("A lottery is computed already. Please freeze or discard it."), code="wrong_state")


def _impossible(problems: Sequence[Problem]) -> RuleViolation:
    """Each reason in a sentence, in the words of the quotas."""
    sentences = [_("No council can be formed of this pool."), *(problem_in_words(problem) for problem in problems)]
    return RuleViolation(" ".join(sentences), code="infeasible")


def _record(action: str, draw: Draw, actor: User | None, at: datetime, **details: Any) -> None:
    scope = draw.recruitment.council.dong.path
    record(actor=actor, action=action, target=draw, scope=scope, at=at, details={"number": draw.number, **details})
