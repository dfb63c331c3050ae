"""What a member owes and has paid, in whole won. Pure: no Django, no clock.

Source: bylaws of the Mokmingwan Club, article 8: dues by the month, in an amount that the committee sets. A payment
pays what is owed longest, so that nobody has to say which month it is for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Rate:
    """Dues of a month, in won, from the first of a month on."""

    from_month: date
    amount: int


@dataclass(frozen=True, slots=True)
class Owed:
    """A sum that is owed: for what (`key`), since when, how much, and what of it is paid."""

    key: str
    since: date
    amount: int
    paid: int = 0

    @property
    def is_paid(self) -> bool:
        return self.paid >= self.amount

    @property
    def open(self) -> int:
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands: every sum with what is paid of it, what is open in all, and what was paid too much."""

    owed: tuple[Owed, ...]
    open: int
    credit: int

    @property
    def open_since(self) -> date | None:
        """Since when the oldest open sum is owed."""
        return next((one.since for one in self.owed if not one.is_paid), None)


def rate_of(rates: Iterable[Rate], month: date) -> int:
    """Dues of the month that begins on `month`, in won; 0 before the first rate.

    Raises ValueError if `month` is not the first of a month.
    """
    if month.day != 1:
        raise ValueError(f"{month} is not the first of a month")
    valid = [rate for rate in rates if rate.from_month <= month]
    return max(valid, key=lambda rate: rate.from_month).amount if valid else 0


def months_between(first: date, last: date) -> list[date]:
    """The months from that of `first` to that of `last`, each as its first day."""
    months = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months


def standing(owed: Sequence[Owed], paid: int) -> Standing:
    """Pay what is owed, the oldest first, from `paid` won in all. Raises ValueError for sums below zero."""
    if paid < 0 or any(one.amount < 0 for one in owed):
        raise ValueError("sums cannot be below zero")
    left = paid
    settled = []
    for one in sorted(owed, key=lambda one: (one.since, one.key)):
        part = min(left, one.amount)
        left -= part
        settled.append(Owed(one.key, one.since, one.amount, part))
    return Standing(tuple(settled), sum(one.open for one in settled), left)
