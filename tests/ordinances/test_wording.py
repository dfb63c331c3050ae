"""Every parameter and check has words, in Korean and in English."""

import pytest
from django.utils.translation import override

from ordinances.checks import Check, CheckedRule
from ordinances.rulesets import BASES, Parameter
from ordinances.wording import (
    CHECK_NAMES,
    EXPECTED_VALUES,
    PARAMETER_NAMES,
    WORDS,
    actual_in_words,
    check_name,
    required_in_words,
    value_in_words,
)
from residents.states import Basis


def test_everything_has_words():
    assert set(PARAMETER_NAMES) == set(EXPECTED_VALUES) == set(WORDS) == set(Parameter)
    assert set(CHECK_NAMES) == set(CheckedRule)


def test_bases_of_rule_sets_are_the_bases_of_residents():
    assert set(Basis.values) == BASES


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("voting_age", 16, "16 full years or more"),
        ("voting_age", 1, "1 full year or more"),
        ("age_reference", "notice", "the day of the announcement"),
        ("age_reference", "assembly", "the day of the assembly"),
        ("resident_bases", ["working", "registered"], "registered resident, working here"),
        ("quorum", {"kind": "share_of_population", "amount": 10}, "1 % of the residents or more"),
        ("quorum", {"kind": "share_of_population", "amount": 15}, "1.5 % of the residents or more"),
        ("quorum", {"kind": "share_of_roll", "amount": 500}, "50 % of the voter roll or more"),
        ("quorum", {"kind": "number", "amount": 1300}, "1,300 persons or more"),
        ("quorum", {"kind": "none", "amount": 0}, "no quorum"),
        ("notice_days", 14, "at least 14 days before"),
        ("tie_rule", "shared_rank", "equal votes share the rank"),
        ("tie_rule", "agenda_order", "the item that stands first on the agenda goes first"),
    ],
)
def test_values_in_words(name, raw, words):
    with override("en"):
        assert value_in_words(name, raw) == words


@pytest.mark.parametrize(
    ("check", "name", "required", "actual"),
    [
        (Check(CheckedRule.VOTING_AGE, "", 16, 15, met=False), "voting age", "16 years old", "15 years old"),
        (
            Check(CheckedRule.RESIDENT_BASIS, "", frozenset({"registered", "working"}), "studying", met=False),
            "basis of eligibility",
            "registered resident, working here",
            "studying here",
        ),
        (Check(CheckedRule.NOTICE, "", 14, 1, met=False), "notice", "14 days", "1 day"),
        (Check(CheckedRule.QUORUM, "", 201, 1312, met=True), "quorum", "201 persons", "1,312 persons"),
    ],
)
def test_checks_in_words(check, name, required, actual):
    with override("en"):
        assert (check_name(check), required_in_words(check), actual_in_words(check)) == (name, required, actual)
