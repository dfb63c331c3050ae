"""Equal parts in whole won. Source: bylaws of the club, article 8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledgers.splitting import RemainderRule, split_equally

totals = st.integers(min_value=1, max_value=10**12)
members = st.lists(st.integers(), min_size=1, max_size=60, unique=True)


@given(totals, members, st.sampled_from(RemainderRule))
def test_nothing_is_lost_and_nothing_is_made(total, among, rule):
    split = split_equally(total, among, rule=rule, host=among[0])
    assert sum(split.shares.values()) + split.fund_share == total
    assert all(type(share) is int for share in split.shares.values())
    assert list(split.shares) == among


@given(totals, members, st.sampled_from([RemainderRule.REMAINDER_TO_CLUB, RemainderRule.FIRST_IN_ORDER]))
def test_shares_differ_by_one_won_at_most(total, among, rule):
    shares = split_equally(total, among, rule=rule).shares.values()
    assert max(shares) - min(shares) <= 1


@given(totals, members, st.sampled_from(RemainderRule))
def test_the_remainder_is_less_than_a_won_for_each(total, among, rule):
    split = split_equally(total, among, rule=rule, host=among[-1])
    assert 0 <= split.remainder < len(among)
    assert split.equal_part * len(among) + split.remainder == total
    assert min(split.shares.values()) == split.equal_part or split.remainder == len(among)


def test_the_fund_bears_what_is_left_over():
    split = split_equally(100, ["가", "나", "다"])
    assert split.shares == {"가": 33, "나": 33, "다": 33}
    assert (split.remainder, split.fund_share) == (1, 1)


def test_the_first_in_order_bear_one_won_each():
    split = split_equally(101, ["가", "나", "다"], rule=RemainderRule.FIRST_IN_ORDER)
    assert split.shares == {"가": 34, "나": 34, "다": 33}
    assert (split.remainder, split.fund_share) == (2, 0)


def test_the_host_bears_it_all():
    split = split_equally(101, ["가", "나", "다"], rule=RemainderRule.TO_HOST, host="나")
    assert split.shares == {"가": 33, "나": 35, "다": 33}


@pytest.mark.parametrize(
    ("total", "among"),
    [(0, ["가"]), (-1, ["가"]), (100, []), (100, ["가", "가"])],
)
def test_what_cannot_be_split_is_refused(total, among):
    with pytest.raises(ValueError, match=r"split|given twice"):
        split_equally(total, among)


@pytest.mark.parametrize("total", [100.0, "100", None, True])
def test_only_whole_numbers_are_split(total):
    with pytest.raises(TypeError):
        split_equally(total, ["가"])


@pytest.mark.parametrize("host", [None, "라"])
def test_the_host_takes_part(host):
    with pytest.raises(ValueError, match="host"):
        split_equally(100, ["가", "나"], rule=RemainderRule.TO_HOST, host=host)
