"""HiGHS, quiet and on one thread, so that the same question always gets the same answer."""

from typing import Any

import highspy
import numpy as np

from councils.lottery.system import Flags, Floats

WHOLE = 1e-6
INFINITE = float(highspy.kHighsInf)


class SolverError(RuntimeError):
    """The solver stopped without an answer: a fault of the programme or of its numbers, never of the input."""


class Model:
    """A linear programme, maximised, that keeps its basis from one run to the next."""

    def __init__(
        self, cost: Floats, columns: tuple[Floats, Floats], rows: Floats, limits: tuple[Floats, Floats]
    ) -> None:
        self.highs = _quiet()
        self.highs.setOptionValue("presolve", "off")
        self.highs.setOptionValue("primal_feasibility_tolerance", 1e-10)
        self.highs.setOptionValue("dual_feasibility_tolerance", 1e-10)
        self.highs.passModel(_programme(cost, columns, rows, limits))

    def run(self) -> bool:
        """Whether there is a solution; `values`, `row_prices` and `column_prices` have it then."""
        self.highs.run()
        status = self.highs.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
            # A basis carried over can lead astray; from scratch and with scaling of its own the solver finds out.
            self.highs.clearSolver()
            self.highs.run()
            status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(self.highs.modelStatusToString(status))
        self.solution = self.highs.getSolution()
        return True

    @property
    def values(self) -> Floats:
        return np.array(self.solution.col_value)

    @property
    def row_prices(self) -> Floats:
        return np.array(self.solution.row_dual)

    @property
    def column_prices(self) -> Floats:
        return np.array(self.solution.col_dual)

    @property
    def objective(self) -> float:
        return float(self.highs.getObjectiveValue())

    def set_costs(self, costs: Floats) -> None:
        self.highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def set_column(self, column: int, lower: float, upper: float) -> None:
        self.highs.changeColBounds(column, lower, upper)

    def set_row(self, row: int, lower: float, upper: float) -> None:
        self.highs.changeRowBounds(row, lower, upper)

    def set_cell(self, row: int, column: int, value: float) -> None:
        self.highs.changeCoeff(row, column, value)

    def add_row(self, lower: float, upper: float, columns: list[int], values: list[float]) -> int:
        """The number of the new row."""
        self.highs.addRow(lower, upper, len(columns), np.array(columns, dtype=np.int32), np.array(values))
        return int(self.highs.getNumRow()) - 1

    def add_column(self, cost: float, values: Floats) -> None:
        """One more column from 0 up without a limit."""
        index = np.nonzero(values)[0].astype(np.int32)
        self.highs.addCol(cost, 0.0, INFINITE, len(index), index, values[index])


def best_whole(
    cost: Floats,
    columns: tuple[Floats, Floats],
    rows: Floats,
    limits: tuple[Floats, Floats],
    *,
    any_will_do: bool = False,
) -> tuple[Floats, float] | None:
    """Whole numbers of the highest total cost and a bound that no other exceeds; None where there are none.

    With `any_will_do` the first ones found are good enough, and the bound means nothing.
    """
    used = rows.any(axis=1)
    free_of_rows = ~used
    if ((limits[0][free_of_rows] > WHOLE) | (limits[1][free_of_rows] < -WHOLE)).any():
        return None
    highs = _quiet()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 1e-9)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-7)
    highs.setOptionValue("mip_detect_symmetry", False)
    if any_will_do:
        highs.setOptionValue("mip_max_improving_sols", 1)
    programme = _programme(cost, columns, rows[used], (limits[0][used], limits[1][used]))
    programme.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    highs.passModel(programme)
    highs.run()
    status = highs.getModelStatus()
    done = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
    if status in done:
        return np.round(np.array(highs.getSolution().col_value)), float(highs.getInfo().mip_dual_bound)
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    raise SolverError(highs.modelStatusToString(status))


def is_split(values: Floats) -> Flags:
    """Which of `values` are no whole numbers."""
    split: Flags = np.abs(values - np.round(values)) > WHOLE
    return split


def _quiet() -> Any:
    make: Any = highspy.Highs
    highs = make()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("parallel", "off")
    highs.setOptionValue("random_seed", 0)
    return highs


def _programme(cost: Floats, columns: tuple[Floats, Floats], rows: Floats, limits: tuple[Floats, Floats]) -> Any:
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = rows.shape
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = cost
    programme.col_lower_, programme.col_upper_ = columns
    programme.row_lower_, programme.row_upper_ = limits
    by_column = rows.T
    filled = by_column != 0
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int32)
    programme.a_matrix_.index_ = np.nonzero(filled)[1].astype(np.int32)
    programme.a_matrix_.value_ = by_column[filled]
    return programme
