"""Pools, quotas and what is wrong with them. Pure: standard library only, no clock, no chance.

A quota says how many of the panel must and may have one value of one feature. Everybody of the pool has exactly one
value of each feature. All numbers are persons.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `minimum` and at most `maximum` persons of the panel have `value` as their `feature`."""

    feature: str
    value: str
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Who may be drawn: `ids` are unique, `rows[i][j]` is the value that person `ids[i]` has of `features[j]`.

    `households`, where given, names the household (or address) of each person; "" stands for one that is not known
    and is never the same as another.
    """

    ids: tuple[str, ...]
    features: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    households: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def counts(self, feature: str) -> Mapping[str, int]:
        """How many persons of the pool have each value of `feature`."""
        place = self.features.index(feature)
        return Counter(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pool, its quotas or the number of seats.

    `code` says which; `facts` are the plain values that the sentence needs (`councils.quota_wording` has the words);
    `row` is the line of the file, from 1 with the heading, where there is one.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    row: int | None = None


def count_panel(pool: Pool, panel: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many of `panel` have each value: {(feature, value): persons}. Raises KeyError for an id not in the pool."""
    place = {id_: index for index, id_ in enumerate(pool.ids)}
    counts: Counter[tuple[str, str]] = Counter()
    for id_ in panel:
        counts.update(zip(pool.features, pool.rows[place[id_]], strict=True))
    return dict(counts)


def missed_quotas(pool: Pool, quotas: Sequence[Quota], panel: Sequence[str]) -> list[Quota]:
    """The quotas that `panel` does not keep, in their order."""
    counts = count_panel(pool, panel)
    return [
        quota for quota in quotas if not quota.minimum <= counts.get((quota.feature, quota.value), 0) <= quota.maximum
    ]
