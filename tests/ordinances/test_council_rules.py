"""What a rule set says of councils: silent where the ordinance is, exact where it speaks."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinances.council_rules import (
    COUNCIL_READERS,
    CouncilAgeReference,
    CouncilRules,
    SelectionMethod,
    contradiction_between,
)
from ordinances.rulesets import COUNCIL_PARAMETERS, Cited, Parameter, council_rules
from ordinances.values import Bound, CouncilQuorum, CouncilQuorumKind, Share

SEOGU_2019 = {
    "seats_min": 20,
    "seats_max": 50,
    "open_call_share_min": {"permille": 500, "bound": "at_least"},
    "recommended_share_max": {"permille": 500, "bound": "below"},
    "education_hours_min": 6,
}


def rows(values):
    return {name: Cited(value, f"{name}의 조", "의문") for name, value in values.items()}


def test_every_parameter_of_councils_has_a_reader():
    assert set(COUNCIL_READERS) == {field.name for field in fields(CouncilRules)}
    assert {name.value for name in COUNCIL_PARAMETERS} == set(COUNCIL_READERS)


def test_a_rule_set_without_anything_about_councils_is_silent():
    rules = council_rules({})

    assert all(getattr(rules, name) is None for name in COUNCIL_PARAMETERS)


def test_what_is_said_is_typed_and_keeps_its_source_and_doubt():
    rules = council_rules(rows(SEOGU_2019 | {"selection_method": "balls", "council_age_reference": "closing"}))

    assert rules.seats_max == Cited(50, "seats_max의 조", "의문")
    assert rules.recommended_share_max is not None
    assert rules.recommended_share_max.value == Share(500, Bound.BELOW)
    assert rules.selection_method is not None
    assert rules.selection_method.value is SelectionMethod.BALLS
    assert rules.council_age_reference is not None
    assert rules.council_age_reference.value is CouncilAgeReference.CLOSING
    assert rules.term_months is None


def test_parameters_of_others_are_left_alone():
    assert council_rules(rows({"voting_age": 16, "colour": "red"})) == CouncilRules()


@pytest.mark.parametrize("name", ["seats_min", "open_call_share_min", "names_published"])
def test_a_wrong_value_is_an_error(name):
    with pytest.raises(ValueError, match=r"."):
        council_rules(rows({name: "many"}))


@pytest.mark.parametrize(
    ("share", "whole", "limit"),
    [
        (Share(500, Bound.AT_LEAST), 30, 15),
        (Share(500, Bound.AT_LEAST), 31, 16),
        (Share(500, Bound.AT_MOST), 31, 15),
        (Share(500, Bound.BELOW), 30, 14),
        (Share(500, Bound.BELOW), 31, 15),
        (Share(600, Bound.AT_MOST), 30, 18),
        (Share(150, Bound.AT_LEAST), 30, 5),
        (Share(500, Bound.BELOW), 0, 0),
        (Share(0, Bound.AT_MOST), 30, 0),
    ],
)
def test_a_share_in_persons(share, whole, limit):
    """Seo-gu 2019: open >= 50 %, recommended < 50 %; Seoul 2018: no sex above 60 %, younger people >= 15 %."""
    assert share.limit(whole) == limit


@given(
    permille=st.integers(1, 1000), bound=st.sampled_from(Bound), whole=st.integers(1, 1000), part=st.integers(0, 1000)
)
def test_the_limit_is_the_last_number_that_keeps_the_share(permille, bound, whole, part):
    share = Share(permille, bound)
    limit = share.limit(whole)

    assert share.is_kept(limit, whole)
    assert not share.is_kept(limit - 1 if bound is Bound.AT_LEAST else limit + 1, whole)
    assert share.is_kept(part, whole) == (part >= limit if bound is Bound.AT_LEAST else part <= limit)


def test_a_share_of_less_than_nobody_is_an_error():
    with pytest.raises(ValueError, match="-1"):
        Share(500, Bound.AT_LEAST).limit(-1)


@pytest.mark.parametrize(
    ("kind", "amount", "members", "required"),
    [
        ("majority", 0, 30, 16),
        ("majority", 0, 29, 15),
        ("majority", 0, 0, 1),
        ("share_of_members", 500, 30, 15),
        ("share_of_members", 333, 30, 10),
        ("share_of_members", 1, 30, 1),
        ("number", 10, 5, 10),
        ("none", 0, 30, 0),
    ],
)
def test_a_council_meets_with_enough_members(kind, amount, members, required):
    assert CouncilQuorum(CouncilQuorumKind(kind), amount).required(members=members) == required


def test_a_quorum_of_fewer_than_nobody_is_an_error():
    with pytest.raises(ValueError, match="-1"):
        CouncilQuorum(CouncilQuorumKind.MAJORITY, 0).required(members=-1)


def test_more_seats_at_least_than_at_most_contradict_each_other():
    assert contradiction_between({"seats_min": 31, "seats_max": 30}) == ("seats_min", "seats_max")
    assert contradiction_between({"seats_min": 30, "seats_max": 30}) is None
    assert contradiction_between({Parameter.SEATS_MIN: 30}) is None
