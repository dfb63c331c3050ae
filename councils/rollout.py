"""How many councils a year: sums of plans, what they print, and where two plans of one document differ. Pure.

Source: Seoul's second village plan, which prints two plans of establishment. A tentative one adds 26, 65, 50, 181, 29
and 73 in 2017 to 2022, 424 in all; the unit project has 91 up to 2018 (65 of that year), then 75, 156 and 102, which is
424 as well, a year earlier. Neither is corrected; the board shows both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedYear:
    """What a plan adds in a year, and the sum up to then as its source prints it (None: it does not). In councils."""

    year: int
    planned: int
    printed: int | None = None
    actual: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A year of a plan with the sum up to then as computed; `off` is printed minus computed, None without a print."""

    year: int
    planned: int
    total: int
    printed: int | None
    actual: int | None
    label: str

    @property
    def off(self) -> int | None:
        return None if self.printed is None else self.printed - self.total


@dataclass(frozen=True, slots=True)
class FundTarget:
    """A sum in won spread over so many dongs. `printed_each` is what the plan prints for each, in won."""

    total: int
    dongs: int
    printed_each: int

    @property
    def each(self) -> int:
        """Won a dong, rounded down to the won."""
        return self.total // self.dongs

    @property
    def reconciles(self) -> bool:
        """Whether the printed amount is what the sum gives, rounded half up to 100,000 won."""
        step = 100_000
        return (2 * self.total + step * self.dongs) // (2 * step * self.dongs) * step == self.printed_each


def reckon(years: Iterable[PlannedYear]) -> tuple[Reckoned, ...]:
    """The years in order with their running sums. Raises ValueError if a year comes twice."""
    in_order = sorted(years, key=lambda year: year.year)
    if len({year.year for year in in_order}) < len(in_order):
        raise ValueError("a year of a plan comes twice")
    total = 0
    reckoned = []
    for year in in_order:
        total += year.planned
        reckoned.append(Reckoned(year.year, year.planned, total, year.printed, year.actual, year.label))
    return tuple(reckoned)


def total_by_year(plan: Sequence[Reckoned]) -> Mapping[int, int]:
    """How many there are at the end of each year from the plan's first to its last, years without an entry included."""
    totals: dict[int, int] = {}
    if not plan:
        return totals
    reached = {year.year: year.total for year in plan}
    last = 0
    for year in range(plan[0].year, plan[-1].year + 1):
        last = reached.get(year, last)
        totals[year] = last
    return totals


# --- what Seoul's second village plan sets as goals ---

DONGS_OF_SEOUL = 424
FUND_GOAL = FundTarget(total=4_000_000_000, dongs=DONGS_OF_SEOUL, printed_each=9_400_000)
FUNDS_BY_YEAR = {2020: 61, 2021: 282, 2022: 326}  # councils with a fund in all, as printed
STAFF_BY_YEAR = {2019: 122, 2020: 442, 2021: 88, 2022: 196}  # persons trained and assigned in the year, as printed
STAFF_GOAL, STAFF_EACH = 848, 2  # persons by 2022, and for each dong, as printed
