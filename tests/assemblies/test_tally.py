"""The count. Sources: architecture §3 (ranking), rules A3 (kinds, ties named beforehand)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.tally import (
    BallotForm,
    Fault,
    InvalidBallotError,
    Kind,
    Tie,
    count,
    read_choices,
)

CHOOSE = BallotForm(Kind.CHOOSE, (10, 20, 30, 40), 2)
FOR_AGAINST = BallotForm(Kind.FOR_AGAINST, (10, 20))

choose_ballots = st.lists(st.lists(st.sampled_from(CHOOSE.options), min_size=1, max_size=2, unique=True), max_size=60)
answer_ballots = st.lists(
    st.fixed_dictionaries({"10": st.sampled_from(["for", "against", "abstain"]), "20": st.just("for")}), max_size=40
)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ([], Fault.NONE_CHOSEN),
        ([99], Fault.UNKNOWN_ITEM),
        (["x"], Fault.UNKNOWN_ITEM),
        (["1_0"], Fault.UNKNOWN_ITEM),
        ([" 10"], Fault.UNKNOWN_ITEM),
        (["010"], Fault.UNKNOWN_ITEM),
        (["١٠"], Fault.UNKNOWN_ITEM),
        (["9" * 5000], Fault.UNKNOWN_ITEM),
        ([True], Fault.UNKNOWN_ITEM),
        ([None], Fault.UNKNOWN_ITEM),
        ([10, 10], Fault.REPEATED_ITEM),
        (["10", 10], Fault.REPEATED_ITEM),
        ([10, 20, 30], Fault.TOO_MANY),
        ("10", Fault.MALFORMED),
        ({"10": "for"}, Fault.MALFORMED),
        (None, Fault.MALFORMED),
    ],
)
def test_a_bad_choice_is_named(raw, fault):
    with pytest.raises(InvalidBallotError) as caught:
        read_choices(CHOOSE, raw)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({}, Fault.NONE_CHOSEN),
        ({"10": "for"}, Fault.NO_ANSWER),
        ({"10": "for", "99": "for"}, Fault.UNKNOWN_ITEM),
        ({"10": "for", "20": "yes"}, Fault.MALFORMED),
        ({"10": "for", "20": ""}, Fault.MALFORMED),
        ({"10": "for", "20": None}, Fault.MALFORMED),
        ({"10": "for", 10: "against"}, Fault.REPEATED_ITEM),
        ([10], Fault.MALFORMED),
    ],
)
def test_a_bad_answer_is_named(raw, fault):
    with pytest.raises(InvalidBallotError) as caught:
        read_choices(FOR_AGAINST, raw)
    assert caught.value.fault is fault


def test_choices_are_kept_in_ascending_order_so_that_equal_ballots_look_equal():
    assert read_choices(CHOOSE, ["30", "10"]) == [10, 30]


def test_abstaining_on_everything_is_an_answer():
    assert read_choices(FOR_AGAINST, {"20": "abstain", "10": "abstain"}) == {"10": "abstain", "20": "abstain"}


def test_equal_votes_share_a_rank_and_the_next_rank_is_left_out():
    tally = count(CHOOSE, [[10, 20], [10, 20], [30]], tie=Tie.SHARED_RANK)
    assert [(o.option, o.votes, o.rank, o.tied) for o in tally.options] == [
        (10, 2, 1, True),
        (20, 2, 1, True),
        (30, 1, 3, False),
        (40, 0, 4, False),
    ]


def test_by_agenda_order_the_earlier_item_goes_first_and_the_tie_is_still_shown():
    tally = count(CHOOSE, [[20, 10], [30]], tie=Tie.AGENDA_ORDER, adopted_count=1)
    assert [(o.option, o.rank, o.tied, o.adopted) for o in tally.options[:2]] == [
        (10, 1, True, True),
        (20, 2, True, False),
    ]


def test_a_tie_across_the_limit_decides_nothing_about_the_tied_items():
    tally = count(CHOOSE, [[10], [10], [20], [30]], tie=Tie.SHARED_RANK, adopted_count=2)
    assert {o.option: o.adopted for o in tally.options} == {10: True, 20: None, 30: None, 40: False}


def test_a_tie_within_the_limit_adopts_all():
    tally = count(CHOOSE, [[20], [30]], tie=Tie.SHARED_RANK, adopted_count=2)
    assert {o.option: o.adopted for o in tally.options} == {10: False, 20: True, 30: True, 40: False}


@pytest.mark.parametrize("tie", list(Tie))
def test_an_item_without_a_vote_is_never_adopted(tie):
    tally = count(CHOOSE, [[10]], tie=tie, adopted_count=3)
    assert {o.option: o.adopted for o in tally.options} == {10: True, 20: False, 30: False, 40: False}


def test_more_for_than_against_carries_and_equal_numbers_reject():
    ballots = [{"10": "for", "20": "for"}, {"10": "against", "20": "for"}, {"10": "abstain", "20": "against"}]
    tally = count(FOR_AGAINST, ballots, tie=Tie.SHARED_RANK)
    by_option = {o.option: (o.votes, o.against, o.abstained, o.adopted) for o in tally.options}
    assert by_option == {10: (1, 1, 1, False), 20: (2, 1, 0, True)}


def test_an_empty_poll_has_no_votes_and_adopts_nothing():
    tally = count(CHOOSE, [], tie=Tie.SHARED_RANK, adopted_count=1)
    assert tally.ballots == 0
    assert all(o.votes == 0 and o.adopted is False and o.rank == 1 for o in tally.options)


def test_invalid_ballots_are_counted_as_such_and_change_nothing_else():
    good = [[10], [20, 30]]
    tally = count(CHOOSE, [*good, [10, 20, 30], [99], "nonsense", None, []], tie=Tie.SHARED_RANK)
    assert (tally.ballots, tally.invalid, tally.valid) == (7, 5, 2)
    assert tally.options == count(CHOOSE, good, tie=Tie.SHARED_RANK).options


@given(choose_ballots, st.sampled_from(list(Tie)), st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_does_not_matter(ballots, tie, adopted, rng: random.Random):
    mixed = list(ballots)
    rng.shuffle(mixed)
    first, second = (count(CHOOSE, box, tie=tie, adopted_count=adopted) for box in (ballots, mixed))
    assert first == second


@given(choose_ballots, st.sampled_from(list(Tie)), st.integers(1, 4))
def test_votes_ranks_and_adoption_fit_together(ballots, tie, adopted):
    tally = count(CHOOSE, ballots, tie=tie, adopted_count=adopted)
    assert sum(o.votes for o in tally.options) == sum(len(ballot) for ballot in ballots)
    assert sum(1 for o in tally.options if o.adopted) <= adopted
    for better in tally.options:
        for worse in tally.options:
            if better.votes > worse.votes:
                assert better.rank < worse.rank
                assert not (worse.adopted and not better.adopted)


@given(answer_ballots)
def test_every_answer_is_counted_once(ballots):
    tally = count(FOR_AGAINST, ballots, tie=Tie.SHARED_RANK)
    assert all(o.votes + o.against + o.abstained == len(ballots) for o in tally.options)


@given(choose_ballots, choose_ballots)
def test_counting_two_boxes_together_adds_their_votes(first, second):
    def votes(ballots):
        return {o.option: o.votes for o in count(CHOOSE, ballots, tie=Tie.SHARED_RANK).options}

    one, two, both = votes(first), votes(second), votes([*first, *second])
    assert both == {option: one[option] + two[option] for option in CHOOSE.options}
