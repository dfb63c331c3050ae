"""rules.md F4: a majority of those present decides and elects."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.voting import BadCountError, Votes, decide_election, decide_motion, needed_of_present


@pytest.mark.parametrize(
    ("present", "in_favour", "against", "adopted", "tied"),
    [
        (10, 6, 4, True, False),
        (10, 5, 5, False, True),
        (10, 5, 1, False, False),  # the most votes, but no majority of those present
        (10, 4, 4, False, True),
        (11, 6, 0, True, False),
        (3, 0, 0, False, False),
        (1, 1, 0, True, False),
    ],
)
def test_a_motion_needs_a_majority_of_those_present(present, in_favour, against, adopted, tied):
    result = decide_motion(Votes(present, in_favour, against), needed_of_present(present))
    assert (result.is_adopted, result.is_tied) == (adopted, tied)


def test_two_thirds_of_those_present():
    needed = needed_of_present(10, Fraction(667, 1000))
    assert needed == 7
    assert not decide_motion(Votes(10, 6, 4), needed).is_adopted


def test_those_without_a_vote_are_counted():
    assert Votes(present=10, in_favour=4, against=2, abstained=1, invalid=1).silent == 2


@pytest.mark.parametrize("votes", [(3, 2, 2, 0, 0), (3, -1, 0, 0, 0), (0, 0, 0, 0, 0), (5, 3, 1, 1, 1)])
def test_votes_that_cannot_be(votes):
    with pytest.raises(BadCountError):
        Votes(*votes)


@pytest.mark.parametrize(
    ("votes", "present", "seats", "elected", "run_off"),
    [
        ([20, 9], 30, 1, (0,), ()),
        ([15, 14], 30, 1, (), (0, 1)),  # 16 are needed
        ([10, 9, 8], 30, 1, (), (0, 1)),
        ([10, 8, 8], 30, 1, (), (0, 1, 2)),  # equal votes go in together
        ([22, 18, 16, 4], 30, 2, (0, 1), ()),
        ([25, 17, 17, 1], 30, 2, (0,), (1, 2)),  # two for the second seat
        ([25, 10, 9, 4], 30, 2, (0,), (1, 2)),
        ([25, 20], 30, 3, (0, 1), ()),  # a seat stays vacant, nobody is left
        ([16], 30, 1, (0,), ()),
        ([15], 30, 1, (), (0,)),
        ([0, 0], 30, 1, (), (0, 1)),
    ],
)
def test_elections(votes, present, seats, elected, run_off):
    result = decide_election(votes, present=present, seats=seats, needed=needed_of_present(present))
    assert (result.elected, result.run_off) == (elected, run_off)
    assert result.vacant == seats - len(elected)


@pytest.mark.parametrize(
    ("votes", "present", "seats"),
    [([], 3, 1), ([4], 3, 1), ([3, 3], 3, 1), ([1], 0, 1), ([1], 3, 0), ([-1], 3, 1), ([3, 3, 1], 3, 2)],
)
def test_elections_that_cannot_be(votes, present, seats):
    with pytest.raises(BadCountError):
        decide_election(votes, present=present, seats=seats, needed=needed_of_present(max(present, 0)))


@pytest.mark.parametrize(("votes", "invalid"), [([3], 1), ([2, 1], 1), ([1], 4), ([0], -1), ([3, 2], 1)])
def test_who_voted_invalidly_gave_no_vote(votes, invalid):
    """Three voters, two seats in the last case only."""
    seats = 2 if votes == [3, 2] else 1
    with pytest.raises(BadCountError):
        decide_election(votes, present=3, seats=seats, needed=2, invalid=invalid)
    assert decide_election([2], present=3, seats=1, needed=2, invalid=1).elected == (0,)


@st.composite
def ballots(draw):
    """Real ballots: each voter names up to `seats` candidates, each once."""
    candidates, seats, present = draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(1, 25))
    choices = draw(
        st.lists(
            st.sets(st.integers(0, candidates - 1), max_size=min(seats, candidates)),
            min_size=present,
            max_size=present,
        )
    )
    votes = [sum(place in choice for choice in choices) for place in range(candidates)]
    return votes, present, seats


@given(ballots())
def test_whatever_is_voted_the_result_is_fair(case):
    votes, present, seats = case
    needed = needed_of_present(present)
    result = decide_election(votes, present=present, seats=seats, needed=needed)
    outside = [place for place in range(len(votes)) if place not in result.elected]
    assert len(result.elected) <= seats
    assert all(votes[place] >= needed for place in result.elected)
    # Nobody outside has as many votes as somebody inside.
    assert all(votes[place] < min((votes[one] for one in result.elected), default=present + 1) for place in outside)
    assert not set(result.elected) & set(result.run_off)
    assert bool(result.run_off) == bool(result.vacant and outside)
    if result.run_off:
        lowest = min(votes[place] for place in result.run_off)
        assert all(votes[place] < lowest for place in outside if place not in result.run_off)
