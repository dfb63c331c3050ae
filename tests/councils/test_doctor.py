"""The quota doctor. Sources: rules C1 (shares of Seoul's plan of 2018), C4; decision record 23."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils import doctor_program
from councils.doctor import (
    Contradiction,
    ContradictionKind,
    Need,
    Relaxations,
    Risk,
    Shortage,
    UndecidedError,
    examine,
    find_contradictions,
    smallest_relaxations,
)
from councils.quotas import Pool, Quota, missed_quotas

pytestmark = pytest.mark.once

SEX = (Quota("sex", "female", 0, 18), Quota("sex", "male", 0, 18))
YOUNG = (Quota("young", "0-49", 5, 30), Quota("young", "50+", 0, 30))


def pool_of(*groups, features=("sex", "young"), households=None):
    """A pool of (number of persons, value, value …)."""
    rows = tuple(tuple(values) for number, *values in groups for _ in range(number))
    return Pool(tuple(f"{place:04}" for place in range(len(rows))), features, rows, households)


def test_a_council_that_can_be_formed_needs_nobody():
    diagnosis = examine(pool_of((30, "female", "0-49"), (30, "male", "50+")), (*SEX, *YOUNG), 30)
    assert diagnosis.feasible
    assert diagnosis.shortage is None
    assert diagnosis.contradictions == ()
    assert diagnosis.at_risk == ()


def test_three_more_people_in_their_forties_or_younger():
    diagnosis = examine(pool_of((20, "female", "50+"), (20, "male", "50+"), (2, "male", "0-49")), (*SEX, *YOUNG), 30)
    assert not diagnosis.feasible
    assert diagnosis.shortage.persons == 3
    assert diagnosis.shortage.needs == (Need("young", "0-49", 3),)


def test_what_follows_from_the_other_quotas_counts_as_required():
    """Where nobody above 18 of 30 may be men, 12 have to be women."""
    diagnosis = examine(pool_of((12, "female", "0-49"), (40, "male", "0-49")), (*SEX, *YOUNG), 30)
    women, men = diagnosis.standings[:2]
    assert (women.required, women.allowed, women.applicants, women.spare, women.risk) == (12, 18, 12, 0, Risk.AT_RISK)
    assert (men.required, men.allowed, men.risk) == (12, 18, Risk.SAFE)
    assert diagnosis.at_risk == (women,)


@pytest.mark.parametrize(("women", "risk"), [(11, Risk.SHORT), (12, Risk.AT_RISK), (23, Risk.AT_RISK), (24, Risk.SAFE)])
def test_fewer_than_twice_as_many_as_have_to_be_drawn_are_a_risk(women, risk):
    standing = examine(pool_of((women, "female", "0-49"), (40, "male", "0-49")), (*SEX, *YOUNG), 30).standings[0]
    assert standing.risk is risk
    assert standing.missing == max(0, 12 - women)


def test_an_empty_pool_needs_everybody_and_the_groups_that_the_quotas_name():
    diagnosis = examine(pool_of(), (*SEX, *YOUNG), 30)
    assert diagnosis.shortage.persons == 30
    assert set(diagnosis.shortage.needs) == {
        Need("sex", "female", 12),
        Need("sex", "male", 12),
        Need("young", "0-49", 5),
    }


def test_somebody_of_a_value_without_a_quota_may_sit_in_the_council():
    diagnosis = examine(pool_of((4, "", "0-49")), (Quota("sex", "female", 0, 4),), 4)
    assert diagnosis.feasible


def test_the_worst_comes_first():
    pool = pool_of((11, "female", "50+"), (40, "male", "50+"))
    assert [standing.quota.value for standing in examine(pool, (*SEX, *YOUNG), 30).at_risk] == ["0-49", "female"]


def test_only_one_of_a_household():
    pool = pool_of((2, "female", "0-49"), (2, "male", "50+"), households=("a", "b", "b", ""))
    quotas = (Quota("sex", "female", 2, 4), Quota("sex", "male", 2, 4))
    assert examine(pool, quotas, 4).feasible
    shortage = examine(pool, quotas, 4, one_per_household=True).shortage
    assert shortage.persons == 1
    assert len(shortage.needs) == 1


@pytest.mark.parametrize(
    ("quotas", "contradiction"),
    [
        ((Quota("sex", "female", 5, 4),), Contradiction(ContradictionKind.MINIMUM_ABOVE_MAXIMUM, "sex", "female")),
        ((Quota("sex", "female", -1, 4),), Contradiction(ContradictionKind.NEGATIVE, "sex", "female")),
        (
            (Quota("sex", "female", 6, 10), Quota("sex", "male", 5, 10)),
            Contradiction(ContradictionKind.MINIMA_ABOVE_SEATS, "sex", total=11),
        ),
        (
            (Quota("sex", "female", 0, 6), Quota("sex", "male", 0, 3)),
            Contradiction(ContradictionKind.MAXIMA_BELOW_SEATS, "sex", total=9),
        ),
    ],
)
def test_quotas_that_rule_each_other_out(quotas, contradiction):
    diagnosis = examine(pool_of((20, "female", "0-49"), (20, "male", "0-49")), quotas, 10)
    assert contradiction in diagnosis.contradictions
    assert not diagnosis.feasible
    assert diagnosis.shortage is None


@pytest.mark.parametrize(
    ("quotas", "seats"),
    [(SEX, 0), (SEX, -1), ((*SEX, SEX[0]), 30), ((Quota("job", "x", 0, 1),), 30)],
)
def test_nonsense_is_refused(quotas, seats):
    with pytest.raises(ValueError, match=r"seats|twice|feature"):
        examine(pool_of((1, "female", "0-49")), quotas, seats)
    with pytest.raises(ValueError, match=r"seats|twice|feature"):
        smallest_relaxations(pool_of((1, "female", "0-49")), quotas, seats)


def test_a_relaxation_touches_as_few_quotas_as_can_be():
    pool = pool_of((20, "female", "50+"), (20, "male", "50+"), (2, "male", "0-49"))
    (relaxation,) = smallest_relaxations(pool, (*SEX, *YOUNG), 30).alternatives
    (change,) = relaxation.changes
    assert (change.quota, change.minimum, change.maximum, change.persons) == (YOUNG[0], 2, 30, 3)


def test_equally_small_relaxations_stand_beside_each_other():
    """Nobody is both a woman and young: either quota may give way."""
    quotas = (Quota("sex", "female", 2, 3), Quota("young", "0-49", 2, 3))
    found = smallest_relaxations(pool_of((3, "female", "50+"), (3, "male", "0-49")), quotas, 3)
    assert {relaxation.changes[0].quota.value for relaxation in found.alternatives} == {"female", "0-49"}
    assert not found.more


def test_more_than_five_alternatives_are_said_to_be_more():
    features = tuple("abcdefg")
    pool = Pool(("1", "2"), features, tuple((value,) * 7 for value in "xy"))
    quotas = tuple(Quota(feature, "x", 2, 2) for feature in features[:1]) + tuple(
        Quota(feature, "y", 0, 2) for feature in features[1:]
    )
    assert len(smallest_relaxations(pool, quotas, 2).alternatives) == 1
    pairs = tuple(Quota(feature, "x", 0, 0) for feature in features[:6])
    crossed = Pool(
        tuple("123456"), features, tuple(tuple("x" if place == own else "y" for place in range(7)) for own in range(6))
    )
    found = smallest_relaxations(crossed, pairs, 1)
    assert len(found.alternatives) == 5
    assert found.more


def test_contradicting_quotas_are_relaxed_too():
    quotas = (Quota("sex", "female", 6, 10), Quota("sex", "male", 5, 10))
    found = smallest_relaxations(pool_of((20, "female", "0-49"), (20, "male", "0-49")), quotas, 10)
    assert {(r.changes[0].quota.value, r.changes[0].minimum) for r in found.alternatives} == {
        ("female", 5),
        ("male", 4),
    }


def test_no_change_of_quotas_makes_up_for_people():
    assert smallest_relaxations(pool_of((29, "female", "0-49")), SEX, 30) == Relaxations(())


def test_nobody_and_no_quotas():
    assert examine(pool_of(), (), 3).shortage == Shortage(3, ())
    assert smallest_relaxations(pool_of(), (), 3) == Relaxations(())
    assert examine(pool_of((3, "female", "0-49")), (), 3).feasible
    assert smallest_relaxations(pool_of((3, "female", "0-49")), (), 3) == Relaxations(())


def test_nothing_is_relaxed_where_nothing_is_wrong():
    pool = pool_of((30, "female", "0-49"), (30, "male", "50+"))
    assert smallest_relaxations(pool, (*SEX, *YOUNG), 30) == Relaxations(())


# --- against counting everything ---

VALUES = {"a": ("x", "y"), "b": ("u", "v", "w")}


@st.composite
def small_cases(draw):
    """Up to 7 applicants, 1 to 4 seats, any quotas on all values of two features; households now and then."""
    seats = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(values) for values in VALUES.values())), max_size=7))
    households = draw(st.none() | st.lists(st.sampled_from(["", "h", "k"]), min_size=len(rows), max_size=len(rows)))
    ids = tuple(str(place) for place in range(len(rows)))
    pool = Pool(ids, tuple(VALUES), tuple(rows), None if households is None else tuple(households))
    quotas = [
        Quota(feature, value, draw(st.integers(0, seats)), draw(st.integers(0, seats)))
        for feature, values in VALUES.items()
        for value in values
    ]
    return pool, quotas, seats


def panels_of(pool, size):
    """Every panel of that size with at most one person of a household."""
    for panel in itertools.combinations(range(len(pool)), size):
        known = [pool.households[place] for place in panel if pool.households and pool.households[place]]
        if len(known) == len(set(known)):
            yield [pool.ids[place] for place in panel]


def counts_of(pool, quotas, panel):
    rows = [pool.rows[pool.ids.index(id_)] for id_ in panel]
    return [sum(row[pool.features.index(quota.feature)] == quota.value for row in rows) for quota in quotas]


def fewest_additional(pool, quotas, seats):
    """How many more applicants it takes, by trying every panel."""
    for number in range(seats + 1):
        for panel in panels_of(pool, seats - number):
            counts = counts_of(pool, quotas, panel)
            if all(
                sum(max(0, q.minimum - n) for q, n in zip(quotas, counts, strict=True) if q.feature == feature)
                <= number
                <= sum(q.maximum - n for q, n in zip(quotas, counts, strict=True) if q.feature == feature)
                for feature in VALUES
            ) and all(n <= q.maximum for q, n in zip(quotas, counts, strict=True)):
                return number
    return None


@settings(deadline=None)
@given(small_cases(), st.randoms(use_true_random=False))
def test_the_shortage_is_the_smallest_and_its_needs_are_enough(case, rng: random.Random):
    pool, quotas, seats = case
    diagnosis = examine(pool, quotas, seats, one_per_household=True)
    number = None if find_contradictions(quotas, seats) else fewest_additional(pool, quotas, seats)
    assert diagnosis.feasible == (number == 0)
    assert (diagnosis.shortage.persons if diagnosis.shortage else None) == (number or None)
    if diagnosis.shortage:
        newcomers = [[rng.choice(values) for values in VALUES.values()] for _ in range(number)]
        for place, feature in enumerate(VALUES):
            order = rng.sample(range(number), number)
            wanted = [
                need.value for need in diagnosis.shortage.needs if need.feature == feature for _ in range(need.persons)
            ]
            for person, value in zip(order, wanted, strict=False):
                newcomers[person][place] = value
        grown = Pool(
            (*pool.ids, *(f"new{place}" for place in range(number))),
            pool.features,
            (*pool.rows, *(tuple(row) for row in newcomers)),
            pool.households and (*pool.households, *("" for _ in newcomers)),
        )
        assert examine(grown, quotas, seats, one_per_household=True).feasible


@settings(deadline=None)
@given(small_cases())
def test_relaxations_are_the_smallest_there_are(case):
    pool, quotas, seats = case
    best, sets = None, set()
    for panel in panels_of(pool, seats):
        distances = [
            max(0, quota.minimum - count) + max(0, count - quota.maximum)
            for quota, count in zip(quotas, counts_of(pool, quotas, panel), strict=True)
        ]
        size = (sum(distance > 0 for distance in distances), sum(distances))
        if best is None or size < best:
            best, sets = size, set()
        if size == best:
            sets.add(tuple(quota for quota, distance in zip(quotas, distances, strict=True) if distance))
    found = smallest_relaxations(pool, quotas, seats, one_per_household=True, most=3)
    if best is None or best == (0, 0):
        assert found == Relaxations(())
        return
    chosen = {tuple(change.quota for change in relaxation.changes) for relaxation in found.alternatives}
    assert chosen <= sets
    assert len(found.alternatives) == len(chosen) == min(3, len(sets))
    assert found.more == (len(sets) > 3)
    for relaxation in found.alternatives:
        assert (len(relaxation.changes), relaxation.persons) == best
        new = {
            change.quota: Quota(change.quota.feature, change.quota.value, change.minimum, change.maximum)
            for change in relaxation.changes
        }
        relaxed = [new.get(quota, quota) for quota in quotas]
        assert any(not missed_quotas(pool, relaxed, panel) for panel in panels_of(pool, seats))


@settings(deadline=None, max_examples=30)
@given(small_cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_applicants_changes_nothing(case, rng: random.Random):
    pool, quotas, seats = case
    order = rng.sample(range(len(pool)), len(pool))
    turned = Pool(
        tuple(pool.ids[place] for place in order),
        pool.features,
        tuple(pool.rows[place] for place in order),
        pool.households and tuple(pool.households[place] for place in order),
    )
    assert examine(turned, quotas, seats) == examine(pool, quotas, seats)
    assert smallest_relaxations(turned, quotas, seats) == smallest_relaxations(pool, quotas, seats)


# --- what the solver leaves open ---


@pytest.fixture
def hard_case():
    """Six features in which few applicants have what the council needs most."""
    rng = random.Random(2)
    features = tuple(f"f{number}" for number in range(6))
    rows = tuple(tuple(rng.choices("abcd", [8, 4, 2, 1])[0] for _ in features) for _ in range(60))
    quotas = [Quota(feature, value, 4, 6) for feature in features for value in "abcd"]
    return Pool(tuple(map(str, range(60))), features, rows), quotas


def test_a_search_cut_short_says_so(hard_case, monkeypatch):
    pool, quotas = hard_case
    known = examine(pool, quotas, 20).shortage
    assert known.fewest
    monkeypatch.setitem(doctor_program.OPTIONS, "mip_max_nodes", 1)
    shortage = examine(pool, quotas, 20).shortage
    assert shortage.persons == known.persons
    assert not shortage.fewest
    assert len(shortage.needs) >= len(known.needs)


def test_relaxations_that_are_not_proven_are_not_given(hard_case, monkeypatch):
    pool, quotas = hard_case
    monkeypatch.setitem(doctor_program.OPTIONS, "mip_max_nodes", 1)
    with pytest.raises(UndecidedError):
        smallest_relaxations(pool, quotas, 20)
