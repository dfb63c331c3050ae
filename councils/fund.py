"""The village fund of a council: its accounts, a year of it, and how the year is closed. Pure. All amounts in won.

Source: Seoul's second village plan (C9): income is dues, entrusted work, earnings, hall hire and course fees; the fund
is settled every year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

CASH = "cash"
OPENING = "opening"


class Income(StrEnum):
    DUES = "dues"
    ENTRUSTED = "entrusted"
    EARNINGS = "earnings"
    HALL = "hall"
    COURSES = "courses"
    GIFTS = "gifts"
    OTHER = "other_income"


class Spending(StrEnum):
    PROJECTS = "projects"
    ENTRUSTED = "entrusted_costs"
    COURSES = "course_costs"
    RUNNING = "running"
    OTHER = "other_spending"


@dataclass(frozen=True, slots=True)
class Movement:
    """What one posting changed in one year: `amount` grows income or spending; a counter-entry has it below zero."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class FundYear:
    """A year in won. `by_account` has every account that moved, income first, in the order of the accounts."""

    year: int
    carried_in: int
    income: int
    spending: int
    by_account: Mapping[str, int]

    @property
    def carried_out(self) -> int:
        return self.carried_in + self.income - self.spending


def reckon_year(year: int, carried_in: int, movements: Iterable[Movement]) -> FundYear:
    """Sum a year's movements by account. Raises ValueError for an account that is neither income nor spending."""
    known = [*Income, *Spending]
    sums = dict.fromkeys(known, 0)
    moved: set[str] = set()
    for movement in movements:
        if movement.account not in sums:
            raise ValueError(f"{movement.account} is no account of income or spending")
        sums[movement.account] += movement.amount
        moved.add(movement.account)
    return FundYear(
        year=year,
        carried_in=carried_in,
        income=sum(sums[name] for name in Income),
        spending=sum(sums[name] for name in Spending),
        by_account={name.value: sums[name] for name in known if name in moved},
    )
