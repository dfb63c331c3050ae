"""Writes on plans of establishment: what sources print, year by year, and what really came of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import RolloutPlan, RolloutYear
from councils.rollout import PlannedYear
from residents.models import Region, User
from residents.states import RegionLevel

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST = 10_000


@transaction.atomic
def add_rollout_plan(  # noqa: PLR0913 - a plan has this many facts
    *,
    region: Region,
    title: str,
    place: str,
    source: str,
    years: Sequence[PlannedYear] = (),
    note: str = "",
    actor: User | None,
    at: datetime,
) -> RolloutPlan:
    """Record a plan of how many councils a year as one place of a document prints it; two that differ both stand.

    Raises RuleViolation for a dong, a plan without words, a year twice, or a plan that is recorded already.
    """
    region = Region.objects.select_for_update().get(pk=region.pk)
    if region.level == RegionLevel.DONG:
        raise RuleViolation(_("A plan of establishment belongs to a municipality or a province."))
    title, place, source = title.strip(), place.strip(), source.strip()
    if not (title and place and source):
        raise RuleViolation(_("Please say what the plan is called, and where in which document it stands."))
    if RolloutPlan.objects.filter(region=region, title=title, place=place).exists():
        raise RuleViolation(_("This plan is recorded already."), code="plan_exists")
    position = RolloutPlan.objects.filter(region=region).count()
    plan = RolloutPlan.objects.create(
        region=region, title=title, place=place, source=source, note=note.strip(), position=position
    )
    _write_years(plan, years)
    _record("councils.rollout_plan_added", plan, actor, at)
    return plan


@transaction.atomic
def note_on_plan(*, plan_id: int, note: str, actor: User | None, at: datetime) -> RolloutPlan:
    """Write down what is doubtful about a plan. What its source prints stays."""
    plan = _locked(plan_id)
    plan.note = note.strip()
    plan.save(update_fields=["note"])
    _record("councils.rollout_plan_changed", plan, actor, at)
    return plan


@transaction.atomic
def write_year(*, plan_id: int, year: PlannedYear, actor: User | None, at: datetime) -> RolloutPlan:
    """Write down a year of a plan, or what became of it; one that is there is replaced.

    Raises RuleViolation for a year or a figure that cannot be right.
    """
    plan = _locked(plan_id)
    plan.years.filter(year=year.year).delete()
    _write_years(plan, [year])
    _record("councils.rollout_plan_changed", plan, actor, at)
    return plan


def _locked(plan_id: int) -> RolloutPlan:
    return RolloutPlan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan_id)


def _write_years(plan: RolloutPlan, years: Sequence[PlannedYear]) -> None:
    if len({year.year for year in years}) < len(years):
        raise RuleViolation(_("A year stands twice in this plan."))
    figures = [figure for year in years for figure in (year.planned, year.printed, year.actual) if figure is not None]
    if not all(FIRST_YEAR <= year.year <= LAST_YEAR for year in years) or not all(
        0 <= figure <= MOST for figure in figures
    ):
        raise RuleViolation(_("Please look at the years and figures: one of them cannot be right."))
    RolloutYear.objects.bulk_create(
        RolloutYear(
            plan=plan,
            year=year.year,
            planned=year.planned,
            cumulative=year.printed,
            actual=year.actual,
            label=year.label.strip(),
        )
        for year in years
    )


def _record(action: str, plan: RolloutPlan, actor: User | None, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target=plan,
        scope=plan.region.path,
        details={"years": plan.years.count()},
        at=at,
    )
