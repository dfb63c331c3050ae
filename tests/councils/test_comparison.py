"""Chances under the fair lottery beside a customary draw. Source: rules C14."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils.comparison import compare, permille
from councils.customary import Method, Way
from councils.quotas import Pool, Quota

pytestmark = pytest.mark.once

SEED = bytes(range(32))
POOL = Pool(
    tuple(str(number) for number in range(20)),
    ("sex", "young"),
    (*(("female", "older"),) * 14, *(("male", "older"),) * 4, *(("male", "young"),) * 2),
)
QUOTAS = (
    Quota("sex", "female", 0, 6),
    Quota("sex", "male", 0, 6),
    Quota("young", "young", 2, 10),
    Quota("young", "older", 0, 8),
)
FAIR = {str(number): 6 / 14 for number in range(14)} | {str(n): 0.5 for n in range(14, 18)} | {"18": 1.0, "19": 1.0}
BALLS = Way(Method.BALLS, seats=10, features=("sex",), most=6)


def test_every_group_with_its_two_chances():
    comparison = compare(POOL, QUOTAS, FAIR, BALLS, seed=SEED)
    assert [(group.feature, group.value, group.applicants) for group in comparison.groups] == [
        ("sex", "female", 14),
        ("sex", "male", 6),
        ("young", "young", 2),
        ("young", "older", 18),
    ]
    young = comparison.of("young")[0]
    assert young.fair == 1
    assert young.customary < Fraction(9, 10)
    assert young.missed > 0
    assert comparison.kept == 1 - young.missed
    assert comparison.equal == Fraction(1, 2)
    assert comparison.least_fair == Fraction(round(6 / 14 * 10**12), 10**12)


def test_the_least_customary_chance_is_that_of_a_kind_and_not_of_bad_luck():
    """Of sex alone the draw knows: women all have the same chance, however the simulated draws fell."""
    comparison = compare(POOL, QUOTAS, FAIR, BALLS, seed=SEED)
    assert comparison.least_customary == min(group.customary for group in comparison.of("sex"))


def test_a_group_without_applicants_has_no_chance():
    quotas = (*QUOTAS, Quota("sex", "other", 0, 1))
    assert compare(POOL, quotas, FAIR, BALLS, seed=SEED, times=10).of("sex")[2].customary == 0


def test_values_without_a_quota_are_shown_too():
    assert [group.value for group in compare(POOL, QUOTAS[:1], FAIR, BALLS, seed=SEED, times=10).groups] == [
        "female",
        "male",
    ]


def test_the_same_seed_gives_the_same_comparison():
    first = compare(POOL, QUOTAS, FAIR, BALLS, seed=SEED, times=100)
    assert first == compare(POOL, QUOTAS, FAIR, BALLS, seed=SEED, times=100)
    assert first != compare(POOL, QUOTAS, FAIR, BALLS, seed=bytes(32), times=100)


@pytest.mark.parametrize(("share", "expected"), [("1/3", 333), ("2/3", 667), ("1/2000", 1), ("1", 1000), ("0", 0)])
def test_thousandths_are_rounded_to_the_nearest(share, expected):
    assert permille(Fraction(share)) == expected


@pytest.mark.parametrize(("pool", "times"), [(Pool((), ("sex",), ()), 5), (POOL, 0)])
def test_nothing_to_compare_is_refused(pool, times):
    with pytest.raises(ValueError, match="nobody"):
        compare(pool, (), FAIR, BALLS, seed=SEED, times=times)


ways = st.sampled_from(
    [
        Way(Method.BALLS, seats=4, features=("sex",), most=3),
        Way(Method.LOTTERY_INTERVIEW, seats=4, invited=8),
        Way(Method.RECOMMENDATION_SHARES, seats=4, features=("track",), value="recommended", most=1),
        Way(Method.WITHIN_GROUPS, seats=4, features=("sex", "track")),
    ]
)
rows = st.lists(
    st.tuples(st.sampled_from(["female", "male"]), st.sampled_from(["open", "recommended"])), min_size=4, max_size=20
)


@given(ways, rows)
@settings(deadline=None, max_examples=50)
def test_chances_of_a_feature_add_up_to_the_seats_filled(way, people):
    pool = Pool(tuple(map(str, range(len(people)))), ("sex", "track"), tuple(people))
    quotas = [Quota("sex", "female", 0, 4), Quota("track", "open", 0, 4)]
    comparison = compare(pool, quotas, dict.fromkeys(pool.ids, 4 / len(people)), way, seed=SEED, times=20)
    totals = [sum(g.customary * g.applicants for g in comparison.of(feature)) for feature in pool.features]
    assert totals[0] == totals[1] <= 4
    assert all(0 <= group.customary <= 1 for group in comparison.groups)
    assert comparison.least_customary <= min(group.customary for group in comparison.groups if group.applicants)
