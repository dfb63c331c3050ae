"""The pool as the draw reckons with it: people as places in the pool, what they count for, who is like whom. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from councils.quotas import Pool, Quota

NO_HOUSEHOLD = -1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Quotas with the bounds that the other quotas of the same feature leave: often tighter than they are written."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    exact: tuple[int, ...]
    """Places of the quotas that every panel meets with the same number."""


def tighten(quotas: Sequence[Quota], seats: int) -> Bounds:
    """The bounds that every panel of `seats` keeps anyway. A feature of two values with 10–15 each and 20 seats: 10."""
    low_of: dict[str, int] = {}
    high_of: dict[str, int] = {}
    for quota in quotas:
        low_of[quota.feature] = low_of.get(quota.feature, 0) + quota.minimum
        high_of[quota.feature] = high_of.get(quota.feature, 0) + quota.maximum
    low = tuple(max(q.minimum, seats - (high_of[q.feature] - q.maximum)) for q in quotas)
    high = tuple(min(q.maximum, seats - (low_of[q.feature] - q.minimum)) for q in quotas)
    return Bounds(low, high, tuple(place for place in range(len(quotas)) if low[place] == high[place]))


@dataclass(frozen=True, slots=True)
class People:
    """What the exchange and the alternates need to know, by place in the pool.

    - `features`: the places of the quotas of each feature
    - `counts_for`: the places of the quotas that a person counts for, one of each feature
    - `loose`: those of them whose number may differ between panels
    - `kind`: a whole number that is equal for persons who count for the same exact quotas. Kinds can be added: two
      persons have the same sum as two others only where they count for the same exact quotas together.
    - `sort`: the same of all quotas, exact or not
    - `household`: a number for each household, `NO_HOUSEHOLD` where the rule of one per household does not apply
    """

    ids: tuple[str, ...]
    seats: int
    bounds: Bounds
    features: tuple[tuple[int, ...], ...]
    counts_for: tuple[tuple[int, ...], ...]
    loose: tuple[tuple[int, ...], ...]
    kind: tuple[int, ...]
    sort: tuple[int, ...]
    household: tuple[int, ...]
    households: int

    def places(self) -> dict[str, int]:
        """The place of every id in the pool."""
        return {id_: place for place, id_ in enumerate(self.ids)}

    def numbers(self, panel: Iterable[int]) -> list[int]:
        """How many of `panel` count for each quota."""
        numbers = [0] * len(self.bounds.low)
        for person in panel:
            for quota in self.counts_for[person]:
                numbers[quota] += 1
        return numbers

    def keeps(self, panel: Sequence[int]) -> bool:
        """Whether `panel` has the right size, nobody twice, keeps all quotas and at most one of each household."""
        houses = [self.household[person] for person in panel if self.household[person] != NO_HOUSEHOLD]
        return (
            len(panel) == self.seats
            and len(set(panel)) == len(panel)
            and len(set(houses)) == len(houses)
            and all(
                low <= number <= high
                for low, number, high in zip(self.bounds.low, self.numbers(panel), self.bounds.high, strict=True)
            )
        )


def read_people(pool: Pool, quotas: Sequence[Quota], seats: int, *, one_per_household: bool = False) -> People:
    """`pool` for the draw. Raises ValueError where somebody has a value of which no quota speaks.

    A kind is written in base three, so that a sum of two says of each exact quota whether none, one or both count.
    """
    bounds = tighten(quotas, seats)
    place_of: Mapping[tuple[str, str], int] = {(quota.feature, quota.value): n for n, quota in enumerate(quotas)}
    counts_for = tuple(
        tuple(place_of[pair] for pair in zip(pool.features, row, strict=True) if pair in place_of) for row in pool.rows
    )
    features: dict[str, list[int]] = {}
    for place, quota in enumerate(quotas):
        features.setdefault(quota.feature, []).append(place)
    if any(len(row) != len(features) for row in counts_for):
        raise ValueError("somebody has a value without a quota")
    weight = {place: 3**rank for rank, place in enumerate(bounds.exact)}
    numbers: dict[str, int] = {}
    named = pool.households if one_per_household and pool.households is not None else ("",) * len(pool)
    household = tuple(numbers.setdefault(name, len(numbers)) if name else NO_HOUSEHOLD for name in named)
    return People(
        ids=pool.ids,
        seats=seats,
        bounds=bounds,
        features=tuple(tuple(places) for places in features.values()),
        counts_for=counts_for,
        loose=tuple(tuple(place for place in row if place not in weight) for row in counts_for),
        kind=tuple(sum(weight.get(place, 0) for place in row) for row in counts_for),
        sort=tuple(sum(3**place for place in row) for row in counts_for),
        household=household,
        households=len(numbers),
    )
