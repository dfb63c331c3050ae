"""Taking a point apart into panels: peel one panel after the other off what is left of it.

Each panel is the likeliest one that uses only what is left: groups that are used up stay out, those that have to be in
all that remains are in, quotas that are exhausted stay so. It gets the largest weight that leaves the rest within all
limits, so each step settles a group or a quota for good: there are at most as many steps as groups and quotas.
The panel comes from a linear programme with a kept basis, whose solution is whole but for a few groups; exchanges of
members set those right, or else an integer programme.

What is left can come to lie outside the hull of the panels although the point itself is inside, or so near to its
border that panels are hard to find. Then the panels found so far give back a part of their weights, which draws the
rest towards the point again, and it is peeled anew.
"""

from collections.abc import Callable

import numpy as np

from councils.lottery.diving import dive
from councils.lottery.exchanges import Scope, near_panel
from councils.lottery.solver import Model, best_whole, is_split
from councils.lottery.system import Flags, Floats, System

NOTHING = 1e-9
# A weight that nobody's chance shows, as chances go into a thousand panels.
FINISHED = 1e-8
MOST_CERTAIN = 1e-9
ROUNDS = 40
# How many times as much is peeled in the next round as was left in this one; more where the rest was mere noise.
GIVEN_BACK = 1.5
GIVEN_BACK_AT_ONCE = 1_000.0
# How many groups besides those that are split may change so that a panel becomes whole, before all of them may.
NEIGHBOURS = (30, 100)
# Up to so many groups a linear programme takes so little that diving costs less than a tiny integer programme.
FEW_GROUPS = 300
# With more groups than this the last panels of a round cost integer programmes of a second each; giving back is faster.
SMALL = 100
# What may be left of a round when it ends as soon as exchanges find no panel. Whoever got less far asks for more next.
ENOUGH = 0.25
HALTING = 0.5


def take_apart(
    system: System, point: Floats, tell: Callable[[float], None] | None = None
) -> tuple[list[Floats], Floats, float]:
    """Panels, their weights, and the weight left over: 0 where the panels' mean is `point` (expected persons by group).

    More than 0 is left where `point` lies outside the hull of the panels, or too near to its border for this method.
    """
    panels: list[Floats] = []
    weights: Floats = np.zeros(0)
    left, share = 1.0, 0.0
    for _ in range(ROUNDS):
        rest = (point - weights @ np.array(panels)) / left if panels else point
        enough = ENOUGH if share < HALTING and len(point) > SMALL else 0.0
        parts, share = _peel(system, rest, enough, tell if not panels else None)
        panels.extend(panel for _weight, panel in parts)
        weights = np.append(weights, [weight * left for weight, _panel in parts])
        left *= share
        if left < FINISHED or not panels:
            break
        target = min((1 + left) / 2, left * (GIVEN_BACK if parts else GIVEN_BACK_AT_ONCE))
        weights *= 1 - (target - left) / (1 - left)
        left = target
    return panels, weights, (left if left >= FINISHED else 0.0)


def _peel(
    system: System, point: Floats, enough: float, tell: Callable[[float], None] | None
) -> tuple[list[tuple[float, Floats]], float]:
    """Weighted panels and the weight that is left when no panel fits what remains.

    Once no more than `enough` is left it also ends where a panel is not found at once.
    """
    rest = _Rest(system, point)
    panels: list[tuple[float, Floats]] = []
    while rest.weight > FINISHED:
        panel = rest.likeliest(thorough=rest.weight > enough)
        if panel is None:
            break
        step = rest.longest_step(panel)
        if step <= 0:
            break
        rest.take(panel, step)
        panels.append((step, panel))
        if tell is not None:
            tell(1 - rest.weight)
    return panels, (rest.weight if rest.weight > FINISHED else 0.0)


class _Rest:
    """What is left: weight, expected extra persons by group above the whole number, and what the rows have of it."""

    def __init__(self, system: System, point: Floats) -> None:
        self.system = system
        self.weight = 1.0
        self.base: Floats = np.minimum(np.floor(point + NOTHING), system.sizes)
        extra = np.maximum(point - self.base, 0.0)
        self.extra: Floats = np.where(extra < NOTHING, 0.0, extra)
        self.low: Floats = self.base.copy()
        self.high: Floats = np.where(self.extra > 0, self.base + 1, self.base)
        self.taken: Floats = system.rows @ point
        self.lower, self.upper = system.lower.copy(), system.upper.copy()
        self.model = Model(np.zeros(len(point)), (self.low, self.high), system.rows, (self.lower, self.upper))
        self._exhaust_rows()

    @property
    def free(self) -> Flags:
        flags: Flags = self.high > self.low
        return flags

    def likeliest(self, *, thorough: bool) -> Floats | None:
        """A panel with a high sum of log odds that uses only what is left; None if there is none.

        Unless `thorough`, None also says that exchanges alone did not find one.
        """
        free = self.free
        share = np.clip(self.extra / self.weight, MOST_CERTAIN, 1 - MOST_CERTAIN)
        odds = np.where(free, np.log(share / (1 - share)), 0.0)
        self.model.set_costs(odds)
        if not self.model.run():
            return None
        values = self.model.values
        whole: Floats = np.round(values)
        split = is_split(values)
        if not split.any():
            return whole
        prices = self.model.column_prices
        scope = Scope(self.system, self.low, self.high, self.lower, self.upper)
        found = near_panel(scope, values, prices)
        if found is not None or not thorough:
            return found
        if len(split) <= FEW_GROUPS:
            found = dive(self.model, (self.low, self.high))
            if found is not None and scope.holds(found):
                return found
        nearest = np.where(free, np.abs(prices), np.inf)
        nearest[split] = -1.0
        order = np.argsort(nearest, kind="stable")
        for more in NEIGHBOURS:
            loose = np.zeros(len(split), dtype=bool)
            loose[order[: int(split.sum()) + more]] = True
            mended = self._mend(whole, loose & free, odds)
            if mended is not None:
                return mended
        return self._mend(whole, free, odds)

    def longest_step(self, panel: Floats) -> float:
        """The largest weight that `panel` can have so that the rest keeps within all limits."""
        free, chosen, taken = self.free, panel > self.base, self.system.rows @ panel
        steps = [np.array([self.weight]), self.extra[free & chosen], self.weight - self.extra[free & ~chosen]]
        below = taken > self.system.lower
        steps.append(((self.taken - self.system.lower * self.weight)[below]) / (taken - self.system.lower)[below])
        above = taken < self.system.upper
        steps.append(((self.system.upper * self.weight - self.taken)[above]) / (self.system.upper - taken)[above])
        return float(np.concatenate(steps).min())

    def take(self, panel: Floats, step: float) -> None:
        self.weight -= step
        self.extra = self.extra - step * (panel - self.base)
        self.taken = self.taken - step * (self.system.rows @ panel)
        free = self.free
        used_up = free & (self.extra < NOTHING)
        certain = free & ~used_up & (self.extra > self.weight - NOTHING)
        self.extra = np.where(used_up, 0.0, self.extra)
        for group in np.nonzero(used_up)[0]:
            self._settle(int(group), self.low[group])
        for group in np.nonzero(certain)[0]:
            self._settle(int(group), self.high[group])
        self._exhaust_rows()

    def _settle(self, group: int, persons: float) -> None:
        self.low[group] = self.high[group] = persons
        self.model.set_column(group, persons, persons)

    def _exhaust_rows(self) -> None:
        """Rows that have no play left hold every further panel to their limit."""
        play = self.lower < self.upper
        for limit in (self.system.lower, self.system.upper):
            for row in np.nonzero(play & (np.abs(self.taken - limit * self.weight) < NOTHING))[0]:
                self.lower[row] = self.upper[row] = limit[row]
                self.model.set_row(int(row), limit[row], limit[row])
            play = self.lower < self.upper

    def _mend(self, whole: Floats, loose: Flags, odds: Floats) -> Floats | None:
        """The best panel that is like `whole` but for the groups that are `loose`."""
        rows = self.system.rows
        fixed = rows[:, ~loose] @ whole[~loose]
        found = best_whole(
            odds[loose],
            (self.low[loose], self.high[loose]),
            rows[:, loose],
            (self.lower - fixed, self.upper - fixed),
            any_will_do=True,
        )
        if found is None:
            return None
        panel = whole.copy()
        panel[loose] = found[0]
        return panel
