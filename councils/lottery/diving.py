"""Whole numbers near the optimum of a linear programme, by diving: settle one column after the other and solve again.

A split column is settled at the nearest whole number, or on its other side where that leaves no solution; the kept
basis makes each step cheap. There is no promise of an answer: who needs one asks the integer programme next.
"""

import numpy as np

from councils.lottery.solver import Model, is_split
from councils.lottery.system import Floats

# How often both sides of a column may be tried, and how many steps there may be, before the integer programme is asked.
MOST_TURNS = 12
MOST_STEPS = 100


def dive(model: Model, limits: tuple[Floats, Floats]) -> Floats | None:
    """Whole numbers that keep `model`, which has just been solved; None where they were not found.

    `limits` are the lower and upper limits of the columns, which `model` has again at the end.
    """
    settled: list[int] = []
    found = _descend(model, limits, settled)
    for column in settled:
        model.set_column(column, float(limits[0][column]), float(limits[1][column]))
    return found


def _descend(model: Model, limits: tuple[Floats, Floats], settled: list[int]) -> Floats | None:
    turns = 0
    while len(settled) < MOST_STEPS:
        values = model.values
        split = np.nonzero(is_split(values))[0]
        if not len(split):
            whole: Floats = np.round(values)
            return whole
        column = int(split[np.argmin(np.abs(values[split] - np.round(values[split])))])
        near = float(np.round(values[column]))
        other = near + (1.0 if near < values[column] else -1.0)
        settled.append(column)
        model.set_column(column, near, near)
        if model.run():
            continue
        turns += 1
        if turns > MOST_TURNS or not limits[0][column] <= other <= limits[1][column]:
            return None
        model.set_column(column, other, other)
        if not model.run():
            return None
    return None
