"""The benchmark of the lottery, in small: figures that do not hang on the machine."""

import json

import pytest

from bench.lottery import gini, made
from councils.quota_problems import find_problems
from tests.bench.running import run_bench

pytestmark = pytest.mark.once


def test_measures_a_pool_by_itself():
    done = run_bench("lottery", "--alone", "--pools", "kr120_30", "--json")
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout.splitlines()[-1])["runs"]
    assert run["engine"] == "madang"
    assert run["minimum"] > 0
    assert run["gap"] <= 1e-4
    assert run["seconds"] > 0


def test_refuses_a_limit_that_is_none():
    done = run_bench("lottery", "--limit", "0")
    assert done.returncode == 2
    assert "a second at least" in done.stderr


def test_makes_pools_of_which_a_panel_can_be_drawn():
    pool, quotas = made(60, 10, (2, 3, 3), 1)
    assert len(pool) == 60
    assert find_problems(pool, quotas, 10) == []


def test_gini_is_none_for_equals():
    assert gini([0.2] * 5) == pytest.approx(0)
    assert gini([0.0, 0.0, 0.0, 1.0]) == pytest.approx(0.75)
