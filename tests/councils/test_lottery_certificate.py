"""The proof: what it accepts and which lies it finds."""

import copy
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils.lottery import check_certificate, compute_lottery
from councils.lottery.certificate import Prices, bound_level
from councils.lottery.groups import group_people
from tests.councils.lottery_pools import drawable, pool_of, quota

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def drawn():
    chance = random.Random(5)
    pool = pool_of(["".join(chance.choice("aab") for _ in range(3)) for _ in range(40)])
    quotas = [quota(feature, value, 4, 8) for feature in range(3) for value in "ab"]
    lottery = compute_lottery(pool, quotas, 12)
    assert check_certificate(pool, quotas, 12, lottery.certificate) == []
    assert len(lottery.certificate["levels"]) > 1
    return pool, quotas, lottery.certificate


def wrong(drawn, change):
    pool, quotas, certificate = drawn
    forged = copy.deepcopy(certificate)
    change(forged)
    return check_certificate(pool, quotas, 12, forged)


def test_finds_a_bound_that_is_too_low(drawn):
    assert "bound_not_proven" in wrong(drawn, lambda c: c.update(upper_bound=c["upper_bound"] - 1e-6))


def test_finds_prices_that_prove_nothing(drawn):
    assert "bound_not_proven" in wrong(drawn, lambda c: c["duals"].update(quotas=[0] * 6))


def test_finds_a_gap_that_is_hidden(drawn):
    assert "gap_wrong" in wrong(drawn, lambda c: c.update(minimum=c["minimum"] - 0.01))
    assert "certified_too_much" in wrong(drawn, lambda c: c.update(minimum=c["minimum"] - 0.01, gap=0.01))


def test_finds_a_level_that_could_be_higher(drawn):
    def lower(certificate):
        certificate["levels"][1]["probability"] -= 0.001

    assert "level_not_proven" in wrong(drawn, lower)


def test_finds_persons_who_are_left_out(drawn):
    def leave_out(certificate):
        certificate["levels"].pop()

    def count_wrongly(certificate):
        certificate["levels"][0]["persons"] += 1

    assert wrong(drawn, leave_out) == ["level_persons_wrong"]
    assert wrong(drawn, count_wrongly) == ["level_persons_wrong"]


def test_finds_a_level_certified_after_an_open_one(drawn):
    def open_first(certificate):
        certificate["levels"][0]["certified"] = False

    assert wrong(drawn, open_first) == ["certified_too_much"]


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("duals"),
        lambda c: c.update(upper_bound="much"),
        lambda c: c.update(gap=float("nan")),
        lambda c: c.update(minimum=True),
        lambda c: c["duals"].update(quotas=[1]),
        lambda c: c["duals"].update(seat=0.5),
        lambda c: c["duals"].update(households={"nobody": 1}),
        lambda c: c.update(levels=7),
    ],
)
def test_takes_nothing_that_it_cannot_read(drawn, change):
    assert wrong(drawn, change) == ["certificate_unreadable"]


@given(drawable(), st.data())
@settings(max_examples=100, deadline=None)
def test_no_prices_prove_a_bound_below_what_a_lottery_reaches(case, data):
    pool, quotas, seats = case
    prices = Prices(data.draw(st.integers(-5, 5)), tuple(data.draw(st.integers(-5, 5)) for _ in quotas), {})
    bound, _held = bound_level(group_people(pool, quotas), quotas, seats, prices, {})
    assert float(bound) >= compute_lottery(pool, quotas, seats).certificate["minimum"] - 1e-9
