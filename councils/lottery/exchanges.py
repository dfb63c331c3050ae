"""Whole panels near the optimum of a linear programme, by exchanging members until every quota is kept.

The optimum is whole but for a few groups. Rounded to the right number of seats it breaks some quotas. Exchanges of one
member for another bring it nearer to them, always the one that helps most. What is left then takes two exchanges at
once: both together have to change the counts by exactly what is missing. So every exchange gets a number that adds up
as the counts do, and a second exchange is looked up whose number is the rest. That tries some thousand million pairs in
the time of sorting a hundred thousand numbers, where an integer programme takes a hundred times as long.

There is no promise of an answer: who needs one asks the integer programme next. Fixed orders: no chance, no clock.
Source: meeting in the middle, as Horowitz and Sahni search sums of subsets, Journal of the ACM 21 (1974).
"""

from dataclasses import dataclass, field

import numpy as np

from councils.lottery.solver import is_split
from councils.lottery.system import Floats, Ints, System

# How many exchanges are looked at together, in each attempt: few that cost little first, then more.
WIDTHS = (20_000, 20_000, 90_000, 90_000, 90_000)
MOST_STEPS = 12
# Pairs of exchanges that fit the counts, the cheapest first, are tried for the rest of the rules up to so many.
MOST_TRIED = 20
# What a lost unit of value counts for beside a quota that is missed by a person: only ties are to be decided by it.
TIE = 0.05
LEAST_GAIN = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What a panel may be: lower and upper limits of the groups and of the rows of `system`."""

    system: System
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats

    def holds(self, panel: Floats) -> bool:
        taken = self.system.rows @ panel
        return bool(
            (panel >= self.low).all()
            and (panel <= self.high).all()
            and (taken >= self.lower).all()
            and (taken <= self.upper).all()
        )

    def missing(self, taken: Floats) -> Floats:
        """How many persons each row has too few (above 0) or too many (below 0)."""
        missed: Floats = np.maximum(self.lower - taken, 0.0) - np.maximum(taken - self.upper, 0.0)
        return missed


def near_panel(scope: Scope, values: Floats, prices: Floats) -> Floats | None:
    """A panel within `scope` near `values`, the optimum of a linear programme with the column prices `prices`.

    None where none was found, which does not say that there is none.
    """
    panel = _rounded(values, int(scope.lower[0]))
    if panel is None:
        return None
    walk = _Walk(scope, panel, prices)
    for width in WIDTHS:
        walk.descend(width)
        if scope.holds(walk.panel):
            return walk.panel
        found = walk.pair(width)
        if found is not None:
            return found
        if not walk.move(width, forced=True):
            return None
    return None


def _rounded(values: Floats, seats: int) -> Floats | None:
    """Whole numbers that fill the seats: of the split groups those nearest to their next person are rounded up."""
    split = np.nonzero(is_split(values))[0]
    whole: Floats = np.round(values)
    whole[split] = np.floor(values[split])
    more = seats - int(whole.sum())
    if not 0 <= more <= len(split):
        return None
    whole[split[np.argsort(whole[split] - values[split], kind="stable")[:more]]] += 1
    return whole


def _keys(rows: int) -> Ints:
    """Numbers for the rows of which no few add up to what others add up to: powers, spread over 52 bits."""
    prime = 2**61 - 1
    return np.array([pow(0x9E3779B97F4A7C15, power + 1, prime) >> 9 for power in range(rows)], dtype=np.int64)


@dataclass(slots=True, eq=False)
class _Walk:
    """A panel on its way; who was exchanged by force stays where they are from then on."""

    scope: Scope
    panel: Floats
    prices: Floats
    _keys: Ints = field(init=False)
    _numbers: Ints = field(init=False)
    _tie: float = field(init=False)
    _movable: Ints = field(init=False)

    def __post_init__(self) -> None:
        system = self.scope.system
        # Households have no number: an exchange changes theirs nearly always, mostly without harm.
        self._keys = _keys(1 + system.quotas)
        self._numbers = self._keys @ system.rows[: 1 + system.quotas].astype(np.int64)
        movable = np.nonzero(self.scope.high > self.scope.low)[0]
        self._movable = movable[np.argsort(-self.prices[movable], kind="stable")]
        self._tie = TIE / (1.0 + float(np.abs(self.prices).max()))

    def descend(self, width: int) -> None:
        """Exchanges as long as that brings the rows nearer to their limits."""
        for _ in range(MOST_STEPS):
            if not self.move(width, forced=False):
                return

    def move(self, width: int, *, forced: bool) -> bool:
        """The exchange that helps most; `forced` also where none does, and then for good. False where there is none."""
        outs, ins = self._sides(width)
        if not len(outs) or not len(ins):
            return False
        rows = self.scope.system.rows
        taken = rows @ self.panel
        missed = self.scope.missing(taken) ** 2
        if not forced and not missed.any():
            return False
        # Where a row has nobody, nobody can leave it.
        less = np.where(taken > 0, self.scope.missing(taken - 1) ** 2 - missed, 0.0)
        more = self.scope.missing(taken + 1) ** 2 - missed
        # Who leaves and who comes in the same row leave it as it was.
        same = less + more
        seen = same != 0
        leaving = less @ rows[:, outs] + self._tie * self.prices[outs]
        coming = more @ rows[:, ins] - self._tie * self.prices[ins]
        both = (rows[np.ix_(seen, outs)].T * same[seen]) @ rows[np.ix_(seen, ins)]
        change = leaving[:, None] + coming[None, :] - both
        best = int(np.argmin(change))
        if not forced and change.ravel()[best] > -LEAST_GAIN:
            return False
        gone, come = outs[best // len(ins)], ins[best % len(ins)]
        self.panel[gone] -= 1
        self.panel[come] += 1
        if forced:
            self._movable = self._movable[(self._movable != gone) & (self._movable != come)]
        return True

    def pair(self, width: int) -> Floats | None:
        """The panel after the cheapest two exchanges that together mend all rows; None where there are none."""
        outs, ins = self._sides(width)
        missing = self.scope.missing(self.scope.system.rows @ self.panel)
        wanted = int(self._keys @ missing[: len(self._keys)].astype(np.int64))
        # The last one changes nothing, so that one exchange alone is found too.
        numbers = np.append((self._numbers[ins][:, None] - self._numbers[outs][None, :]).ravel(), 0)
        losses = np.append((self.prices[outs][None, :] - self.prices[ins][:, None]).ravel(), 0.0)
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        # From the highest down, so that what is looked up rises: that is a good deal faster.
        rest = wanted - ordered[::-1]
        place = np.minimum(np.searchsorted(ordered, rest), len(ordered) - 1)
        hits = np.nonzero(ordered[place] == rest)[0]
        first, second = order[::-1][hits], order[place[hits]]
        for hit in np.argsort(losses[first] + losses[second], kind="stable")[:MOST_TRIED]:
            panel = self.panel.copy()
            for exchange in (int(first[hit]), int(second[hit])):
                if exchange < len(numbers) - 1:
                    panel[outs[exchange % len(outs)]] -= 1
                    panel[ins[exchange // len(outs)]] += 1
            if self.scope.holds(panel):
                return panel
        return None

    def _sides(self, width: int) -> tuple[Ints, Ints]:
        """Who can leave, and who can come, the latter only so many that there are `width` exchanges."""
        outs = self._movable[self.panel[self._movable] > self.scope.low[self._movable]]
        ins = self._movable[self.panel[self._movable] < self.scope.high[self._movable]]
        return outs, ins[: max(width // max(len(outs), 1), 1)]
