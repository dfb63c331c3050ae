"""rules.md F4: meetings open with a majority of members present."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.quorum import Majority, NoQuorum, Number, Share, at_least, check_quorum, more_than_half, needed_to_open

COUNTS = st.integers(0, 100_000)


@pytest.mark.parametrize(("whole", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (57, 29), (60, 31)])
def test_a_majority_is_more_than_half(whole, needed):
    assert more_than_half(whole) == needed


@pytest.mark.parametrize(
    ("rule", "eligible", "needed"),
    [
        (Majority(), 20, 11),
        (Share(Fraction(1, 3)), 20, 7),
        (Share(Fraction(1, 2)), 20, 10),
        (Share(Fraction(1)), 20, 20),
        (Number(3), 20, 3),
        (NoQuorum(), 20, 0),
        (Majority(), 0, 1),
        (Share(Fraction(1, 3)), 0, 1),
    ],
)
def test_how_many_it_takes(rule, eligible, needed):
    assert needed_to_open(rule, eligible) == needed


def test_what_was_found_says_how_many_are_missing_and_why():
    quorum = check_quorum(Majority(), eligible=57, present=27, article="제8조")
    assert (quorum.needed, quorum.missing, quorum.is_met, quorum.article) == (29, 2, False, "제8조")


@given(COUNTS)
def test_a_majority_is_the_smallest_number_beyond_half(whole):
    needed = more_than_half(whole)
    assert 2 * needed > whole >= 2 * (needed - 1)


@given(st.fractions(Fraction(1, 1000), 1), COUNTS.filter(bool))
def test_a_share_is_the_smallest_number_that_reaches_it(share, whole):
    needed = at_least(share, whole)
    assert Fraction(needed, whole) >= share
    assert needed == 1 or Fraction(needed - 1, whole) < share


@given(COUNTS, COUNTS)
def test_present_and_missing_fit(eligible, present):
    quorum = check_quorum(Majority(), eligible=eligible, present=present)
    assert quorum.is_met == (quorum.missing == 0)
    assert present + quorum.missing >= quorum.needed


@pytest.mark.parametrize("wrong", [lambda: Share(Fraction(0)), lambda: Share(Fraction(3, 2)), lambda: Number(0)])
def test_rules_that_are_none(wrong):
    with pytest.raises(ValueError, match="no "):
        wrong()


@pytest.mark.parametrize(("eligible", "present"), [(-1, 0), (3, -1)])
def test_counts_below_zero(eligible, present):
    with pytest.raises(ValueError, match="present"):
        check_quorum(Majority(), eligible=eligible, present=present)
