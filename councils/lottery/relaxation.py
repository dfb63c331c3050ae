"""Leximin as if applicants could be cut into fractions: a bound for every lottery, and mostly what a lottery attains.

The expected number of each group of a fair lottery keeps all quotas. So the fairest point that keeps the quotas is at
least as fair as the fairest lottery, and it is found by a few small linear programmes: raise the smallest chance as far
as it goes; whoever the prices hold down to it is settled; go on with the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from councils.lottery.certificate import Prices, bound_level
from councils.lottery.groups import Group
from councils.lottery.solver import Model, SolverError
from councils.lottery.system import Flags, Floats, System
from councils.quotas import Quota

# Prices are written as whole numbers of this part of the sum of all costs.
SCALE = 10**13
OVER_ONE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One level of leximin: the chance, the places of the groups held down to it, the bound and what proves it."""

    chance: float
    groups: tuple[int, ...]
    bound: Fraction
    prices: Prices


def relax(system: System, groups: Sequence[Group], quotas: Sequence[Quota]) -> tuple[Floats, list[Level]] | None:
    """The leximin chance of each group under the quotas alone, and its levels; None where not even that is possible."""
    ladder = _Ladder(system)
    levels: list[Level] = []
    settled: dict[int, Fraction] = {}
    while ladder.waiting.any():
        solved = ladder.climb()
        if solved is None:
            return None
        chance, duals = solved
        prices = _whole_prices(system, duals)
        bound, held = bound_level(groups, quotas, system.seats, prices, settled)
        if not held:
            raise SolverError("no group is held down")
        if bound >= 1:
            chance = 1.0
        ladder.settle(held, chance)
        written = Fraction(repr(written_chance(chance)))
        settled |= dict.fromkeys(held, written)
        levels.append(Level(chance, held, bound, prices))
    return ladder.chances, levels


def written_chance(chance: float) -> float:
    """A chance as it is published: twelve places."""
    # Adding zero makes a zero of minus zero, which JSON would show.
    return round(min(max(chance, 0.0), 1.0), 12) + 0.0


class _Ladder:
    """The programme: column 0 is the smallest chance m of those waiting, column 1 + t what group t has above it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.weights = system.rows * system.sizes
        count = len(system.sizes)
        self.chances: Floats = np.zeros(count)
        self.waiting: Flags = np.ones(count, dtype=bool)
        self.caps: dict[int, int] = {}
        rows = np.hstack([self.weights.sum(axis=1)[:, None], self.weights])
        cost = np.zeros(count + 1)
        cost[0] = 1
        self.model = Model(cost, (np.zeros(count + 1), np.ones(count + 1)), rows, (system.lower, system.upper))

    def climb(self) -> tuple[float, Floats] | None:
        """The highest m and the duals of the rows. Chances above 1 are forbidden as they turn up: they are few."""
        while True:
            if not self.model.run():
                return None
            values = self.model.values
            over = self.waiting & (values[0] + values[1:] > 1 + OVER_ONE)
            new = [int(place) for place in np.nonzero(over)[0] if int(place) not in self.caps]
            if not new:
                return float(values[0]), self.model.row_prices[: len(self.system.rows)]
            for place in new:
                self.caps[place] = self.model.add_row(-np.inf, 1.0, [0, place + 1], [1.0, 1.0])

    def settle(self, places: tuple[int, ...], chance: float) -> None:
        for place in places:
            self.chances[place] = chance
            self.waiting[place] = False
            self.model.set_column(place + 1, chance, chance)
            if place in self.caps:
                self.model.set_row(self.caps[place], -np.inf, np.inf)
        for row, total in enumerate((self.weights * self.waiting).sum(axis=1)):
            self.model.set_cell(row, 0, float(total))


def _whole_prices(system: System, duals: Floats) -> Prices:
    """The duals as whole numbers. A maximum has a price above 0, a minimum one below 0: HiGHS counts the same way."""
    whole = [round(float(dual) * SCALE) for dual in duals]
    after = 1 + system.quotas
    households = dict(zip(system.households, whole[after:], strict=True))
    return Prices(whole[0], tuple(whole[1:after]), {place: price for place, price in households.items() if price > 0})
