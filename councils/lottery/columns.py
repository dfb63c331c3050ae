"""Panels found one at a time because prices ask for them (column generation), from those that peeling left behind.

`approach` writes a point as a mixture of panels or finds that it lies outside their hull. `leximin_of_panels` is for
that case: leximin over the panels themselves, level by level. Both are exact as long as `Pricing` may go on asking;
its number of questions is limited, not its time, so that every machine gives up at the same place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from councils.lottery.exchanges import Scope, near_panel
from councils.lottery.solver import INFINITE, Model, SolverError, best_whole, is_split
from councils.lottery.system import Flags, Floats, System

# In persons of expected panel: nearer than this a mixture is the point itself.
NEAR = 1e-9
# A point is outside only if it is by more than the solver's noise.
CLEARLY = 1e-7
GAIN = 1e-9
NOISE = 1e-7
MOST_QUESTIONS = 1_500
# How many groups besides those that are split may change so that a panel becomes whole, before all of them may.
NEIGHBOURS = (0, 30)


@dataclass(slots=True)
class Pricing:
    """Finds the panel of the highest value. `left` exact questions may still be asked; a linear one is free."""

    system: System
    left: int = MOST_QUESTIONS
    _model: Model = field(init=False)
    _scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        system = self.system
        self._scope = Scope(system, np.zeros(len(system.sizes)), system.sizes, system.lower, system.upper)
        self._model = Model(
            np.zeros(len(system.sizes)),
            (np.zeros(len(system.sizes)), system.sizes),
            system.rows,
            (system.lower, system.upper),
        )

    def best(self, values: Floats, enough: float) -> tuple[Floats | None, float]:
        """A panel worth more than `enough` if there is one, and a bound on what any panel is worth.

        Raises QuestionsSpent where only another exact question could tell.
        """
        self._model.set_costs(values)
        if not self._model.run():
            return None, -np.inf
        bound = self._model.objective
        if bound <= enough:
            return None, bound
        point = self._model.values
        split = is_split(point)
        panel: Floats = np.round(point)
        if not split.any():
            return (panel, bound) if self._worth(panel, values) > enough else (None, bound)
        for guess in self._guesses(values, point, split):
            if self._worth(guess, values) > enough:
                return guess, bound
        if not self.left:
            raise QuestionsSpentError
        self.left -= 1
        exact = self._whole(values, panel, np.ones(len(panel), dtype=bool))
        if exact is None:
            return None, -np.inf
        found, bound = exact
        return (found if self._worth(found, values) > enough else None), bound

    def _guesses(self, values: Floats, point: Floats, split: Flags) -> Iterator[Floats]:
        """Panels near the optimum of the linear programme, the cheaply found ones first."""
        prices = self._model.column_prices
        near = near_panel(self._scope, point, prices)
        if near is not None:
            yield near
        nearest = np.abs(prices)
        nearest[split] = -1.0
        order = np.argsort(nearest, kind="stable")
        for more in NEIGHBOURS:
            loose = np.zeros(len(split), dtype=bool)
            loose[order[: int(split.sum()) + more]] = True
            quick = self._whole(values, np.round(point), loose)
            if quick is not None:
                yield quick[0]

    def _worth(self, panel: Floats, values: Floats) -> float:
        return float(values @ panel) if self.system.holds(panel) else -np.inf

    def _whole(self, values: Floats, panel: Floats, loose: Flags) -> tuple[Floats, float] | None:
        """The best panel that is like `panel` but for the groups that are `loose`, and its bound."""
        rows = self.system.rows
        fixed = rows[:, ~loose] @ panel[~loose]
        found = best_whole(
            values[loose],
            (np.zeros(int(loose.sum())), self.system.sizes[loose]),
            rows[:, loose],
            (self.system.lower - fixed, self.system.upper - fixed),
        )
        if found is None:
            return None
        whole = panel.copy()
        whole[loose] = found[0]
        return whole, found[1]


class QuestionsSpentError(Exception):
    """Pricing has asked as often as it may."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Panels with weights that sum to 1, and how far their mean is from what was asked for, in persons, added up."""

    panels: tuple[Floats, ...]
    weights: Floats
    distance: float
    outside: bool


def approach(point: Floats, panels: Sequence[Floats], pricing: Pricing) -> Mixture:
    """`point` as a mixture of panels; `outside` says that the hull of all panels is proven not to reach it."""
    count = len(point)
    known = list(panels)
    rows = np.zeros((count + 1, 2 * count))
    rows[:count, :count], rows[:count, count:] = np.eye(count), -np.eye(count)
    target = np.append(point, 1.0)
    model = Model(np.full(2 * count, -1.0), (np.zeros(2 * count), np.full(2 * count, INFINITE)), rows, (target, target))
    for panel in known:
        model.add_column(0.0, np.append(panel, 1.0))
    if not known:
        first, _worth = pricing.best(np.zeros(count), -1.0)
        if first is None:
            return Mixture((), np.zeros(0), INFINITE, outside=True)
        known.append(first)
        model.add_column(0.0, np.append(first, 1.0))
    seen = {panel.tobytes() for panel in known}
    outside = False
    while model.run():
        distance = -model.objective
        if distance <= NEAR:
            break
        duals = model.row_prices
        try:
            found, worth = pricing.best(-duals[:count], float(duals[count]) + GAIN)
        except QuestionsSpentError:
            break
        outside = distance - max(worth - float(duals[count]), 0.0) > CLEARLY
        # A panel that is there already can only be worth more by the noise of the solver.
        if found is None or outside or found.tobytes() in seen:
            break
        seen.add(found.tobytes())
        known.append(found)
        model.add_column(0.0, np.append(found, 1.0))
    weights = np.maximum(model.values[2 * count :], 0.0)
    return Mixture(tuple(known), weights / weights.sum(), distance, outside)


@dataclass(frozen=True, slots=True, eq=False)
class SearchedLevel:
    """A level of leximin over panels: the chance, its groups, and the bound that the search proved for it."""

    chance: float
    groups: tuple[int, ...]
    bound: float


def leximin_of_panels(
    system: System, panels: Sequence[Floats], pricing: Pricing, tell: Callable[[float], None] | None = None
) -> tuple[Mixture, list[SearchedLevel]]:
    """Leximin over all panels, from the known ones on. Once the questions are spent it goes on with those it knows."""
    ladder = _PanelLadder(system, panels)
    levels: list[SearchedLevel] = []
    while ladder.waiting.any():
        bound = 1.0
        while True:
            ladder.run()
            values, enough = ladder.prices()
            try:
                panel, worth = pricing.best(values, enough + GAIN)
            except QuestionsSpentError:
                break
            bound = min(bound, ladder.chance + max(worth - enough, 0.0))
            if panel is None or panel.tobytes() in ladder.seen:
                break
            ladder.add(panel)
        held = ladder.held()
        levels.append(SearchedLevel(ladder.chance, held, max(bound, ladder.chance)))
        ladder.settle(held)
        if tell is not None:
            tell(1 - float(ladder.waiting.mean()))
    ladder.run()
    weights = ladder.weights
    return Mixture(tuple(ladder.panels), weights, 0.0, outside=False), levels


class _PanelLadder:
    """The programme: column 0 is the smallest chance of those waiting; every further one is the weight of a panel."""

    def __init__(self, system: System, panels: Sequence[Floats]) -> None:
        self.sizes = system.sizes
        count = len(system.sizes)
        self.waiting = np.ones(count, dtype=bool)
        self.floors: Floats = np.zeros(count)
        self.panels: list[Floats] = []
        self.seen: set[bytes] = set()
        column = np.append(np.full(count, -1.0), 0.0)
        low, high = np.append(np.zeros(count), 1.0), np.append(np.full(count, INFINITE), 1.0)
        self.model = Model(np.ones(1), (np.zeros(1), np.ones(1)), column[:, None], (low, high))
        for panel in panels:
            self.add(panel)

    def add(self, panel: Floats) -> None:
        self.panels.append(panel)
        self.seen.add(panel.tobytes())
        self.model.add_column(0.0, np.append(panel / self.sizes, 1.0))

    def run(self) -> None:
        if not self.model.run():
            # What is settled was settled with these very panels; only the last digits can be in the way.
            for group in np.nonzero(~self.waiting)[0]:
                self.model.set_row(int(group), max(self.floors[group] - CLEARLY, 0.0), INFINITE)
            if not self.model.run():
                raise SolverError("the panels no longer reach what they reached")

    @property
    def chance(self) -> float:
        return float(self.model.values[0])

    @property
    def weights(self) -> Floats:
        weights: Floats = np.maximum(self.model.values[1:], 0.0)
        weights /= weights.sum()
        return weights

    def prices(self) -> tuple[Floats, float]:
        duals = self.model.row_prices
        return -duals[:-1] / self.sizes, float(duals[-1])

    def held(self) -> tuple[int, ...]:
        """Who waits and is held down to the smallest chance by the prices; one at least."""
        held_down = np.where(self.waiting, -self.model.row_prices[:-1], 0.0)
        if held_down.max() <= 0 or self.chance > 1 - NEAR:
            # Nothing but the limits of a chance itself holds anybody: all who wait stay where they are.
            return tuple(int(group) for group in np.nonzero(self.waiting)[0])
        return tuple(int(group) for group in np.nonzero(held_down > min(NOISE, held_down.max() / 2))[0])

    def settle(self, groups: Sequence[int]) -> None:
        chance = self.chance
        for group in groups:
            self.waiting[group] = False
            self.floors[group] = chance
            self.model.set_cell(group, 0, 0.0)
            self.model.set_row(group, max(chance - NEAR, 0.0), INFINITE)
