"""Panels by exchanging members: what they must keep, and that tight quotas are met without an integer programme."""

import random

import numpy as np
import pytest

from councils.lottery.exchanges import Scope, near_panel
from councils.lottery.groups import group_people
from councils.lottery.solver import Model, is_split
from councils.lottery.system import build_system
from councils.quotas import Pool
from tests.councils.lottery_pools import pool_of, quota

pytestmark = pytest.mark.once

SEATS = 20


def tight_scope(seed, households=False):
    """300 people, six features, and quotas without any play around a panel that is there."""
    chance = random.Random(seed)
    words = ["".join(chance.choice("abcd") for _ in range(6)) for _ in range(300)]
    panel = chance.sample(words, SEATS)
    quotas = []
    for feature in range(6):
        for value in "abcd":
            count = sum(word[feature] == value for word in panel)
            quotas.append(quota(feature, value, count, count))
    pool = pool_of(words)
    if households:
        pool = Pool(pool.ids, pool.features, pool.rows, tuple(f"home {number // 2}" for number in range(300)))
    system = build_system(group_people(pool, quotas, one_per_household=households), quotas, SEATS)
    return Scope(system, np.zeros(len(system.sizes)), system.sizes, system.lower, system.upper)


def optimum(scope, seed):
    chance = np.random.default_rng(seed)
    values = chance.normal(size=len(scope.low))
    model = Model(values, (scope.low, scope.high), scope.system.rows, (scope.lower, scope.upper))
    assert model.run()
    return model.values, model.column_prices


@pytest.mark.parametrize("households", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_finds_a_panel_that_keeps_every_rule(seed, households):
    scope = tight_scope(seed, households)
    values, prices = optimum(scope, seed)
    assert is_split(values).any()
    panel = near_panel(scope, values, prices)
    assert panel is not None
    assert scope.system.holds(panel)


def test_leaves_those_who_may_not_move_where_they_are():
    scope = tight_scope(1)
    values, prices = optimum(scope, 1)
    panel = near_panel(scope, values, prices)
    inside, outside = np.nonzero(panel)[0][0], np.nonzero(panel == 0)[0][0]
    low, high = scope.low.copy(), scope.high.copy()
    low[inside] = high[inside] = panel[inside]
    low[outside] = high[outside] = 0
    narrow = Scope(scope.system, low, high, scope.lower, scope.upper)
    values, prices = optimum(narrow, 2)
    found = near_panel(narrow, values, prices)
    assert narrow.holds(found)
    assert not np.array_equal(found, panel)


def test_gives_up_where_nobody_fits():
    """Halves of all three fit, whole persons never."""
    quotas = [quota(feature, "a", 1, 1) for feature in range(3)]
    system = build_system(group_people(pool_of(["aax", "axa", "xaa", "xxx"]), quotas), quotas, 2)
    scope = Scope(system, np.zeros(4), system.sizes, system.lower, system.upper)
    assert near_panel(scope, np.array([0.5, 0.5, 0.5, 0.5]), np.zeros(4)) is None
