"""From a mixture of panels with any weights to a fixed number of panels, each with the same weight.

Every panel first gets the whole part of its share. The copies that are left go one by one to the panel that brings the
counts of all applicants nearest to what their chances ask for (least squares); then single copies are exchanged as long
as that brings them nearer still. Where an applicant is still too far off, those far off are given more weight, a new
panel that serves them is asked for, and copies are exchanged again. Fixed orders throughout: no chance, no clock.

Source: Flanigan, Kehne, Procaccia, "Fair sortition made transparent", NeurIPS 2021: a uniform lottery over few panels
can follow the fair chances closely.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from councils.lottery.columns import Mixture, Pricing, QuestionsSpentError
from councils.lottery.solver import INFINITE
from councils.lottery.system import Floats, System

# How far an applicant's number of panels may be from their chance, as a share of all panels.
LARGEST_ERROR = 0.002
MOST_EXCHANGES = 2_000
MOST_REPAIRS = 80
# By how much those who are too far off count for more in each round of repair.
STRESS = 1.5
# Gains below this are rounding of the arithmetic itself.
LEAST_GAIN = 1e-9


@dataclass(slots=True, eq=False)
class _Counts:
    """Copies of each panel, what is missing of each group (persons times panels), and what a square of it weighs."""

    panels: Floats
    copies: npt.NDArray[np.int64]
    missing: Floats
    weight: Floats
    likeness: Floats

    def weigh(self, weight: Floats) -> None:
        self.weight = weight
        self.likeness = (self.panels * weight) @ self.panels.T

    @property
    def pull(self) -> Floats:
        """By how much (half) one more copy of each panel would lessen the squared error, its own square apart."""
        pull: Floats = self.panels @ (self.weight * self.missing)
        return pull

    def add(self, panel: int, copies: int = 1) -> None:
        self.copies[panel] += copies
        self.missing = self.missing - copies * self.panels[panel]


def round_mixture(
    system: System, mixture: Mixture, chances: Floats, number: int, pricing: Pricing
) -> list[tuple[Floats, int]]:
    """`number` panels in all as (panel, copies), so that each group's persons come as near to `chances` as it goes."""
    used = np.nonzero(mixture.weights > 0)[0]
    matrix = np.array([mixture.panels[place] for place in used])
    counts = _Counts(
        panels=matrix,
        copies=np.zeros(len(used), dtype=np.int64),
        missing=chances * system.sizes * number,
        weight=1 / system.sizes,
        likeness=(matrix / system.sizes) @ matrix.T,
    )
    for place, share in enumerate(mixture.weights[used] * number):
        counts.add(place, int(share + LEAST_GAIN))
    _fill(counts, number - int(counts.copies.sum()))
    _exchange(counts)
    best = _repair(system, counts, chances, number, pricing)
    return [(panel, int(copies)) for panel, copies in zip(counts.panels, best, strict=False) if copies]


def _fill(counts: _Counts, left: int) -> None:
    for _ in range(left):
        gains = 2 * counts.pull - np.diag(counts.likeness)
        counts.add(_first_best(gains))


def _exchange(counts: _Counts) -> None:
    """Takes a copy of one panel for one of another as long as the squared error shrinks."""
    for _ in range(MOST_EXCHANGES):
        pull, own = counts.pull, np.diag(counts.likeness)
        held = np.nonzero(counts.copies)[0]
        # Error after giving up a copy of i for one of j: 2 pull_i - 2 pull_j + own_i + own_j - 2 likeness_ij more.
        change = (2 * pull + own)[held, None] + (own - 2 * pull)[None, :] - 2 * counts.likeness[held]
        best = int(_first_best(-change.ravel()))
        given, taken = held[best // len(own)], best % len(own)
        if change.ravel()[best] > -LEAST_GAIN:
            return
        counts.add(int(given), -1)
        counts.add(taken)


def _first_best(values: Floats) -> int:
    """The first of the highest values, those apart by mere rounding taken as equal."""
    return int(np.argmax(values > values.max() - LEAST_GAIN))


def _repair(system: System, counts: _Counts, chances: Floats, number: int, pricing: Pricing) -> npt.NDArray[np.int64]:
    """The copies under which whoever is furthest off is least so; stops as soon as all are near enough."""
    best, least = counts.copies.copy(), INFINITE
    for _ in range(MOST_REPAIRS):
        errors = _errors(counts.missing, system.sizes, chances, number)
        if errors.max() < least:
            best, least = counts.copies.copy(), float(errors.max())
        if least < LARGEST_ERROR * number - LEAST_GAIN:
            break
        counts.weigh(np.where(errors > errors.max() - 1, counts.weight * STRESS, counts.weight))
        try:
            panel, _bound = pricing.best(counts.weight * counts.missing, -INFINITE)
        except QuestionsSpentError:
            panel = None
        if panel is not None:
            counts.panels = np.vstack([counts.panels, panel])
            counts.copies = np.append(counts.copies, 0)
            counts.weigh(counts.weight)
        _exchange(counts)
    return best


def _errors(missing: Floats, sizes: Floats, chances: Floats, number: int) -> Floats:
    """How many panels the persons of each group have too few or too many, once they share as evenly as they can."""
    persons = np.round(chances * sizes * number - missing)
    fewest, rest = np.divmod(persons, sizes)
    most = fewest + (rest > 0)
    wanted = chances * number
    errors: Floats = np.maximum(np.abs(fewest - wanted), np.abs(most - wanted))
    return errors
