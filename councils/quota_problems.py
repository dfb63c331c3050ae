"""Everything that keeps a lottery from being held, found before it is computed. Pure: numpy and highspy.

Each problem has a code and the plain facts of its sentence (`councils.quota_wording`). Rows are those of the files
where `councils.sortition_files` read them; a pool that comes from elsewhere has none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from councils.lottery.groups import group_people
from councils.lottery.solver import best_whole
from councils.lottery.system import build_system
from councils.quotas import Pool, Problem, Quota


def find_problems(pool: Pool, quotas: Sequence[Quota], seats: int, *, one_per_household: bool = False) -> list[Problem]:
    """What is wrong; an empty list says that there is at least one panel that keeps everything.

    Whether quotas that are sound one by one can be kept together is asked of the solver, and only if all else is well.
    """
    problems = [*_about_seats(pool, seats), *_about_pool(pool), *_about_quotas(quotas)]
    if problems:
        return problems
    problems = [*_about_values(pool, quotas), *_about_features(pool, quotas, seats)]
    if problems:
        return problems
    system = build_system(group_people(pool, quotas, one_per_household=one_per_household), quotas, seats)
    nothing = np.zeros(len(system.sizes))
    if best_whole(nothing, (nothing, system.sizes), system.rows, (system.lower, system.upper), any_will_do=True):
        return []
    return [Problem("infeasible", {"seats": seats})]


def _about_seats(pool: Pool, seats: int) -> Iterator[Problem]:
    if not len(pool):
        yield Problem("no_respondents")
    elif seats < 1:
        yield Problem("no_seats", {"seats": seats})
    elif seats > len(pool):
        yield Problem("more_seats_than_people", {"seats": seats, "people": len(pool)})


def _about_pool(pool: Pool) -> Iterator[Problem]:
    if any(not id_ for id_ in pool.ids):
        yield Problem("empty_id")
    yield from (Problem("repeated_id", {"id": id_}) for id_, times in Counter(pool.ids).items() if id_ and times > 1)


def _about_quotas(quotas: Sequence[Quota]) -> Iterator[Problem]:
    pairs: set[tuple[str, str]] = set()
    for quota in quotas:
        facts = _facts(quota)
        if (quota.feature, quota.value) in pairs:
            yield Problem("repeated_quota", facts)
        elif quota.minimum < 0 or quota.maximum < 0:
            yield Problem("negative_quota", facts)
        elif quota.minimum > quota.maximum:
            yield Problem("minimum_above_maximum", facts)
        pairs.add((quota.feature, quota.value))


def _about_values(pool: Pool, quotas: Sequence[Quota]) -> Iterator[Problem]:
    """Values that no quota knows, and quotas that have too few people."""
    allowed: dict[str, set[str]] = {}
    for quota in quotas:
        allowed.setdefault(quota.feature, set()).add(quota.value)
    for feature in allowed:
        if feature not in pool.features:
            yield Problem("unknown_feature", {"feature": feature})
    for id_, row in zip(pool.ids, pool.rows, strict=True):
        for feature, value in zip(pool.features, row, strict=True):
            if feature in allowed and value not in allowed[feature]:
                yield Problem("unknown_value", {"feature": feature, "value": value, "id": id_})
    for quota in quotas:
        there = pool.counts(quota.feature).get(quota.value, 0) if quota.feature in pool.features else None
        if there is not None and there < quota.minimum:
            yield Problem("too_few_people", _facts(quota) | {"people": there})


def _about_features(pool: Pool, quotas: Sequence[Quota], seats: int) -> Iterator[Problem]:
    """Quotas of one feature that cannot add up to the seats."""
    for feature in dict.fromkeys(quota.feature for quota in quotas):
        of_feature = [quota for quota in quotas if quota.feature == feature]
        least = sum(quota.minimum for quota in of_feature)
        most = sum(quota.maximum for quota in of_feature)
        if least > seats:
            yield Problem("minima_above_seats", {"feature": feature, "sum": least, "seats": seats})
        if most < seats:
            yield Problem("maxima_below_seats", {"feature": feature, "sum": most, "seats": seats})
            continue
        counts = pool.counts(feature) if feature in pool.features else {}
        reachable = sum(min(quota.maximum, counts.get(quota.value, 0)) for quota in of_feature)
        if counts and reachable < seats and all(counts.get(quota.value, 0) >= quota.minimum for quota in of_feature):
            yield Problem("feature_too_small", {"feature": feature, "sum": reachable, "seats": seats})


def _facts(quota: Quota) -> dict[str, object]:
    return {"feature": quota.feature, "value": quota.value, "minimum": quota.minimum, "maximum": quota.maximum}
