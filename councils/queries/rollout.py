"""Shared reads of how councils spread: plans as printed, what they sum to, and what the register has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from councils.models import ConversionCall, Council, RolloutPlan, RolloutYear
from councils.rollout import PlannedYear, Reckoned, reckon, total_by_year
from councils.states import BidStatus, BodyKind, CallStatus
from residents.models import Region


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan with its years; `most` is the largest number of a year, for the bars."""

    plan: RolloutPlan
    years: tuple[Reckoned, ...]
    most: int

    @property
    def total(self) -> int:
        return self.years[-1].total if self.years else 0

    @property
    def has_printed(self) -> bool:
        return any(year.printed is not None for year in self.years)

    @property
    def has_actual(self) -> bool:
        return any(year.actual is not None for year in self.years)


@dataclass(frozen=True, slots=True)
class YearCompared:
    """What the plans reach at the end of a year, in their order, each with its title; None before a plan begins."""

    year: int
    reached: tuple[tuple[str, int | None], ...]

    @property
    def totals(self) -> tuple[int | None, ...]:
        return tuple(total for _title, total in self.reached)

    @property
    def differs(self) -> bool:
        return len({total for total in self.totals if total is not None}) > 1


@dataclass(frozen=True, slots=True)
class RegionBoard:
    region: Region
    plans: tuple[PlanShown, ...]
    compared: tuple[YearCompared, ...]


def boards() -> list[RegionBoard]:
    """Every region's plans, beside one another where there are several; two queries."""
    plans = RolloutPlan.objects.select_related("region__parent").prefetch_related(
        Prefetch("years", queryset=RolloutYear.objects.order_by("year"))
    )
    by_region: dict[int, list[PlanShown]] = {}
    regions: dict[int, Region] = {}
    for plan in plans.order_by("region__path", "position", "pk"):
        regions[plan.region_id] = plan.region
        by_region.setdefault(plan.region_id, []).append(_shown(plan))
    return [RegionBoard(regions[pk], tuple(shown), _compared(shown)) for pk, shown in by_region.items()]


def _shown(plan: RolloutPlan) -> PlanShown:
    years = reckon(
        PlannedYear(year.year, year.planned, year.cumulative, year.actual, year.label) for year in plan.years.all()
    )
    return PlanShown(plan, years, max((year.planned for year in years), default=0))


def _compared(plans: Sequence[PlanShown]) -> tuple[YearCompared, ...]:
    """From the first year of any plan to the last; after its end a plan's last sum stands."""
    filled = [plan for plan in plans if plan.years]
    if len(filled) < 2:
        return ()
    first = min(plan.years[0].year for plan in filled)
    last = max(plan.years[-1].year for plan in filled)
    totals = [total_by_year(plan.years) for plan in plans]
    return tuple(
        YearCompared(
            year,
            tuple(
                (plan.plan.title, reached.get(year, plan.total if plan.years and year > plan.years[-1].year else None))
                for plan, reached in zip(plans, totals, strict=True)
            ),
        )
        for year in range(first, last + 1)
    )


def established_by_year() -> list[tuple[int, int]]:
    """How many councils of the register were established in each year; one query."""
    years = Council.objects.filter(kind=BodyKind.COUNCIL, established_on__isnull=False)
    found = Counter(years.values_list("established_on__year", flat=True))
    return sorted(found.items())


def public_calls() -> QuerySet[ConversionCall]:
    """Calls that were opened, with how many dongs answered (`answers`) and were chosen (`chosen`); newest first."""
    return (
        ConversionCall.objects.exclude(status=CallStatus.PLANNED)
        .select_related("region__parent")
        .annotate(
            answers=Count("bids", filter=~Q(bids__status=BidStatus.WITHDRAWN)),
            chosen=Count("bids", filter=Q(bids__status=BidStatus.CHOSEN)),
        )
        .order_by("-opens_on", "-pk")
    )
