"""A pool, its quotas and its seats as a system of linear rows over groups of applicants."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from councils.lottery.groups import Group
from councils.quotas import Quota

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Whole numbers z with lower ≤ rows · z ≤ upper and 0 ≤ z ≤ sizes are the panels, counted by group.

    Row 0 counts the seats, then comes a row for each quota, then one for each of `households` (the place in the pool
    of its first member). `sizes` has the persons of each group.
    """

    sizes: Floats
    rows: Floats
    lower: Floats
    upper: Floats
    quotas: int
    households: tuple[int, ...]

    @property
    def seats(self) -> int:
        return int(self.lower[0])

    def holds(self, panel: Floats) -> bool:
        """Whether `panel`, whole numbers by group, keeps every row."""
        taken = self.rows @ panel
        return bool(
            (taken >= self.lower).all()
            and (taken <= self.upper).all()
            and (panel >= 0).all()
            and (panel <= self.sizes).all()
        )


def build_system(groups: Sequence[Group], quotas: Sequence[Quota], seats: int) -> System:
    households = tuple(sorted({group.household for group in groups if group.household is not None}))
    row_of = {household: 1 + len(quotas) + place for place, household in enumerate(households)}
    rows = np.zeros((1 + len(quotas) + len(households), len(groups)))
    rows[0] = 1
    for column, group in enumerate(groups):
        for place in group.quotas:
            rows[1 + place, column] = 1
        if group.household is not None:
            rows[row_of[group.household], column] = 1
    return System(
        sizes=np.array([len(group) for group in groups], dtype=np.float64),
        rows=rows,
        lower=np.array([seats, *(quota.minimum for quota in quotas), *(0 for _ in households)], dtype=np.float64),
        upper=np.array([seats, *(quota.maximum for quota in quotas), *(1 for _ in households)], dtype=np.float64),
        quotas=len(quotas),
        households=households,
    )
