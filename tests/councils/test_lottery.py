"""The fair lottery, held against trying everything."""

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils.lottery import NoPanelError, check_certificate, compute_lottery
from councils.lottery.solver import INFINITE, Model
from councils.quotas import Pool, missed_quotas
from councils.sortition_files import read_categories, read_respondents
from tests.councils.lottery_pools import all_panels, drawable, pool_of, quota

pytestmark = pytest.mark.once

INSTANCES = Path(__file__).parents[3] / "shared" / "instances" / "lottery"


def fairest(pool, panels):
    """Leximin by trying: who can still have more than the smallest chance is asked of everybody in turn."""
    has = np.array([[float(id_ in panel) for panel in panels] for id_ in pool.ids])
    floors, waiting = {}, set(range(len(pool)))

    def highest(goal, lows):
        columns = len(panels) + 1
        rows = [np.append(has[person], -1.0 if person in goal else 0.0) for person in range(len(pool))]
        rows.append(np.append(np.ones(len(panels)), 0.0))
        low = np.array([*(lows.get(person, 0.0) for person in range(len(pool))), 1.0])
        high = np.array([*([INFINITE] * len(pool)), 1.0])
        cost = np.zeros(columns)
        cost[-1] = 1
        model = Model(cost, (np.zeros(columns), np.ones(columns)), np.array(rows), (low, high))
        assert model.run()
        return model.objective

    while waiting:
        least = highest(waiting, floors)
        lows = floors | {person: max(least - 1e-9, 0) for person in waiting}
        stuck = {person for person in waiting if highest({person}, {**lows, person: 0.0}) < least + 1e-6}
        floors |= {person: max(least - 1e-9, 0) for person in stuck}
        waiting -= stuck
    return {pool.ids[person]: chance for person, chance in floors.items()}


def sound(lottery, pool, quotas, seats):
    """Everything that holds of any lottery."""
    assert len(lottery.panels) == 1000
    for panel in set(lottery.panels):
        assert len(set(panel)) == len(panel) == seats
        assert not missed_quotas(pool, quotas, panel)
    assert sum(lottery.probabilities.values()) == pytest.approx(seats, abs=1e-6)
    counts = Counter(id_ for panel in lottery.panels for id_ in panel)
    worst = max(abs(counts[id_] / 1000 - chance) for id_, chance in lottery.probabilities.items())
    assert worst <= 0.002
    assert lottery.certificate["frequencies"]["within"]
    assert lottery.certificate["frequencies"]["largest_difference"] == pytest.approx(worst, abs=1e-9)
    chances = {}
    for id_, row in zip(pool.ids, pool.rows, strict=True):
        if pool.households is None:
            assert chances.setdefault(row, lottery.probabilities[id_]) == lottery.probabilities[id_]
    least = min(lottery.probabilities.values())
    assert lottery.certificate["minimum"] == least
    assert lottery.certificate["upper_bound"] >= least
    assert lottery.certificate["gap"] == pytest.approx(lottery.certificate["upper_bound"] - least, abs=1e-9)
    assert check_certificate(pool, quotas, seats, json.loads(json.dumps(lottery.certificate))) == []


@given(drawable())
@settings(max_examples=150, deadline=None)
def test_is_leximin_over_all_panels(case):
    pool, quotas, seats = case
    lottery = compute_lottery(pool, quotas, seats)
    sound(lottery, pool, quotas, seats)
    expected = fairest(pool, all_panels(pool, quotas, seats))
    assert lottery.probabilities == pytest.approx(expected, abs=1e-5)


@given(drawable(), st.data())
@settings(max_examples=60, deadline=None)
def test_takes_one_of_a_household_at_most(case, data):
    bare, quotas, seats = case
    homes = tuple(data.draw(st.sampled_from(["", "A", "B", "C"])) for _ in bare.ids)
    pool = Pool(bare.ids, bare.features, bare.rows, homes)
    panels = all_panels(pool, quotas, seats)
    if not panels:
        with pytest.raises(NoPanelError):
            compute_lottery(pool, quotas, seats, one_per_household=True)
        return
    lottery = compute_lottery(pool, quotas, seats, one_per_household=True)
    sound(lottery, pool, quotas, seats)
    assert set(lottery.panels) <= set(panels)
    assert lottery.probabilities == pytest.approx(fairest(pool, panels), abs=1e-5)


@given(drawable(most_people=60, most_features=6))
@settings(max_examples=40, deadline=None)
def test_keeps_every_quota_of_larger_pools(case):
    pool, quotas, seats = case
    sound(compute_lottery(pool, quotas, seats), pool, quotas, seats)


def test_is_the_same_for_the_same_input():
    chance = random.Random(3)
    pool = pool_of(["".join(chance.choice("abc") for _ in range(4)) for _ in range(80)])
    quotas = [quota(feature, value, 2, 9) for feature in range(4) for value in "abc"]
    first, second = (compute_lottery(pool, quotas, 15) for _ in range(2))
    assert (first.probabilities, first.panels) == (second.probabilities, second.panels)
    assert json.dumps(first.certificate) == json.dumps(second.certificate)


def test_everybody_is_alike_without_quotas():
    pool = pool_of(["a"] * 7)
    lottery = compute_lottery(pool, [], 3)
    sound(lottery, pool, [], 3)
    assert list(lottery.probabilities.values()) == [pytest.approx(3 / 7)] * 7


def test_all_are_drawn_where_seats_and_pool_are_of_one_size():
    pool = pool_of(["a", "b", "b"])
    lottery = compute_lottery(pool, [quota(0, "a", 0, 3), quota(0, "b", 0, 3)], 3)
    assert set(lottery.probabilities.values()) == {1.0}
    assert set(lottery.panels) == {pool.ids}
    assert lottery.certificate["certified"]


def test_says_who_is_certain_and_who_impossible():
    pool = pool_of(["a", "b", "b", "c"])
    lottery = compute_lottery(pool, [quota(0, "a", 1, 1), quota(0, "b", 1, 1), quota(0, "c", 0, 0)], 2)
    assert list(lottery.probabilities.values()) == [1.0, 0.5, 0.5, 0.0]
    assert lottery.certificate["certified"]
    assert lottery.certificate["upper_bound"] == 0
    assert [level["probability"] for level in lottery.certificate["levels"]] == [0.0, 0.5, 1.0]


def test_says_what_the_quotas_alone_do_not_prove():
    """Fractions of everybody could be seated, but the only two whole persons who fit are the first and the last."""
    pool = pool_of(["aaa", "aax", "axa", "xaa", "xxx"])
    quotas = [quota(feature, value, 1, 1) for feature in range(3) for value in "ax"]
    lottery = compute_lottery(pool, quotas, 2)
    sound(lottery, pool, quotas, 2)
    assert list(lottery.probabilities.values()) == [1.0, 0.0, 0.0, 0.0, 1.0]
    assert not lottery.certificate["certified"]
    assert not lottery.certificate["within_reach"]
    assert lottery.certificate["gap"] > 0.1
    assert [level["certified"] for level in lottery.certificate["levels"]] == [False, False]


def test_refuses_quotas_that_no_panel_keeps():
    with pytest.raises(NoPanelError):
        compute_lottery(pool_of(["a", "b"]), [quota(0, "a", 2, 2)], 2)
    with pytest.raises(NoPanelError):
        compute_lottery(pool_of(["aax", "axa", "xaa"]), [quota(f, "a", 1, 1) for f in range(3)], 2)


@pytest.mark.parametrize("seats", [0, -1, 4])
def test_refuses_seats_that_make_no_sense(seats):
    with pytest.raises(ValueError, match="no lottery"):
        compute_lottery(pool_of(["a", "b", "b"]), [], seats)


def test_tells_how_far_it_is():
    heard = []
    compute_lottery(pool_of(["ab", "ba", "aa", "bb"]), [quota(0, "a", 1, 1)], 2, tell=lambda *step: heard.append(step))
    assert [step for step, _done, _total in heard if step == "bounding"]
    assert heard[-1] == ("rounding", 1, 1)
    assert all(0 <= done <= total for _step, done, total in heard)


@pytest.mark.parametrize(
    ("name", "seats", "least"), [("kr120_30", 30, 0.23364), ("syn200_20", 20, 0.01999), ("syn1000_50", 50, 0.02631)]
)
def test_reaches_the_known_minimum(name, seats, least):
    folder = INSTANCES / name
    if not folder.is_dir():
        pytest.skip("the instances are not here")
    quotas = read_categories((folder / "categories.csv").read_bytes())
    pool = read_respondents((folder / "respondents.csv").read_bytes(), quotas)
    lottery = compute_lottery(pool, quotas, seats)
    sound(lottery, pool, quotas, seats)
    assert lottery.certificate["minimum"] >= least
    assert lottery.certificate["gap"] <= 1e-6
    assert lottery.certificate["certified"]
