"""Pools for the tests of the lottery: small ones of every kind, and all panels of a small one by trying."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from hypothesis import strategies as st

from councils.quotas import Pool, Quota, missed_quotas


def pool_of(rows: Sequence[str], households: Sequence[str] | None = None) -> Pool:
    """A pool whose rows are words: a letter for each feature, "fx" has f as its first and x as its second."""
    features = tuple(f"feature{place}" for place in range(len(rows[0])))
    return Pool(
        tuple(f"p{number:03}" for number in range(len(rows))),
        features,
        tuple(tuple(row) for row in rows),
        None if households is None else tuple(households),
    )


def quota(feature: int, value: str, minimum: int, maximum: int) -> Quota:
    return Quota(f"feature{feature}", value, minimum, maximum)


@st.composite
def drawable(draw, most_people: int = 9, most_features: int = 4):
    """(pool, quotas, seats) of which one panel at least keeps the quotas: they are drawn around a panel."""
    people = draw(st.integers(1, most_people))
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=most_features))
    rows = ["".join("abc"[draw(st.integers(0, size - 1))] for size in sizes) for _ in range(people)]
    seats = draw(st.integers(1, people))
    panel = draw(st.permutations(range(people)))[:seats]
    quotas = []
    for feature, size in enumerate(sizes):
        for value in "abc"[:size]:
            count = sum(rows[person][feature] == value for person in panel)
            low, high = draw(st.integers(0, 1)), draw(st.integers(0, 1))
            quotas.append(quota(feature, value, max(0, count - low), count + high))
    return pool_of(rows), quotas, seats


def all_panels(pool: Pool, quotas: Sequence[Quota], seats: int) -> list[tuple[str, ...]]:
    panels = []
    for panel in combinations(pool.ids, seats):
        households = Counter(pool.households[pool.ids.index(id_)] for id_ in panel if pool.households is not None)
        households.pop("", None)
        if not missed_quotas(pool, quotas, panel) and max(households.values(), default=1) == 1:
            panels.append(panel)
    return panels
