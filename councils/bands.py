"""Bands of age, and quotas that follow the residents. Pure: standard library only, no clock.

What a rule set says of shares of the seats is `ordinances.values.Share.limit`. A quota on young people that cuts
through a band ("aged 49 or less" beside a band 45–59) is no matter of bands: "young" is a feature of its own, with two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from councils.quotas import Quota
from residents.persons import full_years

DECADES = (0, 20, 30, 40, 50, 60, 70)  # as official statistics of councils have them: teens together, 70 and older too


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Everybody from `from_age` to `to_age` in full years, both included; None is without end."""

    from_age: int
    to_age: int | None

    @property
    def key(self) -> str:
        """The short name: 20-29, or 70-up."""
        return f"{self.from_age}-{'up' if self.to_age is None else self.to_age}"

    def holds(self, age: int) -> bool:
        return self.from_age <= age and (self.to_age is None or age <= self.to_age)


def bands_from(starts: Sequence[int]) -> tuple[AgeBand, ...]:
    """Bands that begin at these ages and follow one another; the last has no end. (0, 50): up to 49, and 50 or older.

    Raises ValueError unless the ages begin at 0 and rise, so that everybody is in exactly one band.
    """
    if not starts or starts[0] != 0 or any(after <= before for before, after in pairwise(starts)):
        raise ValueError(f"bands of age begin at 0 and rise: {starts}")
    ends = [start - 1 for start in starts[1:]]
    return tuple(AgeBand(start, end) for start, end in zip(starts, [*ends, None], strict=True))


def band_of(birth_date: date, day: date, bands: Sequence[AgeBand]) -> AgeBand:
    """The band of somebody in full years on `day`, which the rule set names. Raises ValueError where there is none."""
    age = full_years(birth_date, day)
    for band in bands:
        if band.holds(age):
            return band
    raise ValueError(f"no band for the age of {age}")


def proportional_quotas(feature: str, residents: Mapping[str, int], seats: int, *, slack: int = 0) -> list[Quota]:
    """Quotas that mirror the residents: each value's exact share of the seats, rounded down and up, `slack` wider.

    `residents` {value: persons}. The minima never exceed the seats together, nor do the maxima stay below them, so the
    quotas of one feature never contradict each other. Raises ValueError for no seats, nobody, or a number below zero.
    """
    total = sum(residents.values())
    if seats <= 0 or total <= 0 or slack < 0 or any(number < 0 for number in residents.values()):
        raise ValueError("no share of nobody")
    return [
        Quota(
            feature,
            value,
            max(0, seats * number // total - slack),
            min(seats, -(-seats * number // total) + slack),
        )
        for value, number in residents.items()
    ]
