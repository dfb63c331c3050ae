"""The integer programs of the quota doctor. Pure: HiGHS, no clock, no chance.

HiGHS works with floating point. Therefore all coefficients are small whole numbers, the gap allowed is below one
person, and every answer is rounded to whole numbers and held against every row in whole numbers before it is given out:
that it can be done is proven exactly. That it cannot be done with less rests on the bound of the solver.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import highspy
import numpy as np

from councils.quotas import Pool, Quota

MOST_NODES = (
    1_000  # so that no page waits for ever, and everywhere for the same; most questions take fewer than a hundred
)
GAP = 0.9  # all objectives count whole persons or quotas, so that a gap below one leaves nothing better
OPTIONS: Mapping[str, bool | int | float] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": GAP,
    "mip_max_nodes": MOST_NODES,
    # Searching in smaller programs for good answers takes longer than the whole search for one that is proven.
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


class UndecidedError(RuntimeError):
    """The solver came to no certain answer: it says so rather than guess."""


class Program:
    """Whole numbers as columns, sums of them as rows; what is minimised is told last.

    Columns of people are many and nearly always come out whole by themselves once everything else is whole. Therefore
    they are first let be broken, which is quick and cannot make the smallest sum larger; if there are whole people to
    the other columns found, that sum is proven. Only if not, all columns are asked to be whole at once.
    """

    def __init__(self) -> None:
        self._bounds: list[tuple[int, int]] = []
        self._people: set[int] = set()
        self._rows: list[tuple[int | None, int | None, dict[int, int]]] = []

    def column(self, most: int, *, people: bool = False) -> int:
        """A new whole number from 0 to `most`; its place is the answer's index."""
        self._bounds.append((0, most))
        place = len(self._bounds) - 1
        if people:
            self._people.add(place)
        return place

    def row(self, terms: Mapping[int, int], *, least: int | None = None, most: int | None = None) -> None:
        """The sum of `terms` (column: factor) has to be from `least` to `most`."""
        self._rows.append((least, most, dict(terms)))

    def minimise(self, terms: Mapping[int, int]) -> tuple[int, ...] | None:
        """The columns' values with the smallest sum of `terms`, or None where the rows contradict each other.

        Raises UndecidedError if the solver finds neither within its limit.
        """
        broken = self._solve(terms, self._bounds, broken=self._people)
        if broken is None:
            return None
        fixed = [
            bounds if place in self._people else (round(broken[place]), round(broken[place]))
            for place, bounds in enumerate(self._bounds)
        ]
        answer = self._solve({}, fixed)
        if answer is None:
            answer = self._solve(terms, self._bounds)
        if answer is None:
            return None
        values = tuple(round(value) for value in answer)
        if not self.holds(values):
            raise UndecidedError("rounded values break a row")
        return values

    def _solve(
        self, terms: Mapping[int, int], bounds: Sequence[tuple[int, int]], *, broken: AbstractSet[int] = frozenset()
    ) -> Sequence[float] | None:
        solver = highspy.Highs()  # type: ignore[no-untyped-call] # its own stub leaves it out
        for option, value in OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model(terms, bounds, broken))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise UndecidedError(solver.modelStatusToString(status))
        return list(solver.getSolution().col_value)

    def holds(self, values: Sequence[int]) -> bool:
        """Whether `values` keep all bounds and rows, reckoned in whole numbers."""
        if any(not least <= value <= most for value, (least, most) in zip(values, self._bounds, strict=True)):
            return False
        for least, most, terms in self._rows:
            total = weigh(values, terms)
            if (least is not None and total < least) or (most is not None and total > most):
                return False
        return True

    def _model(
        self, terms: Mapping[int, int], bounds: Sequence[tuple[int, int]], broken: AbstractSet[int]
    ) -> highspy.HighsLp:
        model = highspy.HighsLp()
        columns = len(self._bounds)
        model.num_col_ = columns
        model.num_row_ = len(self._rows)
        cost = np.zeros(columns)
        for column, factor in terms.items():
            cost[column] = factor
        model.col_cost_ = cost
        model.col_lower_ = np.array([least for least, _ in bounds], dtype=float)
        model.col_upper_ = np.array([most for _, most in bounds], dtype=float)
        model.integrality_ = [
            highspy.HighsVarType.kContinuous if column in broken else highspy.HighsVarType.kInteger
            for column in range(columns)
        ]
        model.row_lower_ = np.array([-highspy.kHighsInf if least is None else least for least, _, _ in self._rows])
        model.row_upper_ = np.array([highspy.kHighsInf if most is None else most for _, most, _ in self._rows])
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.num_col_ = columns
        matrix.num_row_ = len(self._rows)
        matrix.start_ = np.cumsum([0, *(len(row) for _, _, row in self._rows)])
        matrix.index_ = np.array([column for _, _, row in self._rows for column in row])
        matrix.value_ = np.array([factor for _, _, row in self._rows for factor in row.values()], dtype=float)
        return model


def weigh(values: Sequence[int], terms: Mapping[int, int]) -> int:
    """The sum of `terms` (column: factor) for these values of the columns."""
    return sum(factor * values[column] for column, factor in terms.items())


def add_applicants(
    program: Program, pool: Pool, quotas: Sequence[Quota], *, one_per_household: bool
) -> tuple[dict[int, int], list[dict[int, int]]]:
    """Columns for how many applicants of each kind sit in the council.

    Gives the terms of everybody in it, and for each quota the terms of those who have its value. Applicants who are
    alike in all that the quotas ask are one column. Where only one of a household may sit, those of a household that
    are alike count once, and those that differ are columns of their own with a row between them. The columns are in
    order of the attributes, so that the order of the applicants changes nothing.
    """
    features = list(dict.fromkeys(quota.feature for quota in quotas))
    places = [pool.features.index(feature) for feature in features]
    kinds: Counter[tuple[str, ...]] = Counter()
    shared: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for number, row in enumerate(pool.rows):
        kind = tuple(row[place] for place in places)
        household = pool.households[number] if one_per_household and pool.households else ""
        if household:
            shared[household].add(kind)
        else:
            kinds[kind] += 1
    mixed: Counter[tuple[tuple[str, ...], ...]] = Counter()
    for own in shared.values():
        if len(own) == 1:
            kinds.update(own)
        else:
            mixed[tuple(sorted(own))] += 1
    columns = [(program.column(count, people=True), kind) for kind, count in sorted(kinds.items())]
    for members, count in sorted(mixed.items()):
        alike = [(program.column(count, people=True), kind) for kind in members]
        program.row({column: 1 for column, _ in alike}, most=count)
        columns += alike
    by_quota = []
    for quota in quotas:
        at = features.index(quota.feature)
        by_quota.append({column: 1 for column, kind in columns if kind[at] == quota.value})
    return {column: 1 for column, _ in columns}, by_quota
