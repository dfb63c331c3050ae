"""Every parameter and check has words, in Korean and in English."""

import pytest
from django.utils.translation import override

from ordinances.checked_table import PARAMETERS
from ordinances.checks import Check, CheckedRule, Part
from ordinances.rulesets import BASES, Parameter
from ordinances.values import Bound, Share
from ordinances.wording import (
    ACTUAL_WORDS,
    CHECK_NAMES,
    EXPECTED_VALUES,
    PARAMETER_NAMES,
    REQUIRED_WORDS,
    WORDS,
    actual_in_words,
    check_name,
    required_in_words,
    value_in_words,
)
from residents.states import Basis


def test_everything_has_words():
    assert set(PARAMETER_NAMES) == set(EXPECTED_VALUES) == set(WORDS) == set(Parameter)
    assert set(CHECK_NAMES) == set(PARAMETERS) == set(CheckedRule)


def test_every_number_of_a_check_has_its_unit():
    of_bases_and_shares = {
        *(CheckedRule.RESIDENT_BASIS, CheckedRule.COUNCIL_BASIS, CheckedRule.OPEN_SHARE),
        *(CheckedRule.RECOMMENDED_SHARE, CheckedRule.SEX_SHARE, CheckedRule.YOUNG_SHARE),
    }
    assert set(ACTUAL_WORDS) == set(REQUIRED_WORDS) == set(CheckedRule) - of_bases_and_shares


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
        ("yearly_assembly", True, "held every year"),
        ("seats_min", 20, "at least 20 persons"),
        ("seats_max", 50, "at most 50 persons"),
        ("open_call_share_min", {"permille": 500, "bound": "at_least"}, "at least 50 % of the seats"),
        ("recommended_share_max", {"permille": 500, "bound": "below"}, "less than 50 % of the seats"),
        ("sex_share_max", {"permille": 625, "bound": "at_most"}, "at most 62.5 % of the seats"),
        ("young_age_max", 49, "up to 49 full years old"),
        ("recruitment_days_min", 14, "at least 14 days"),
        ("council_age_min", 15, "15 full years or more"),
        ("council_age_reference", "closing", "the last day of applications"),
        ("council_bases", ["working"], "working here"),
        ("education_hours_min", 6, "at least 6 hours"),
        ("selection_method", "leximin", "fair quota lottery"),
        ("selection_body", "district_head", "head of the district"),
        ("one_per_household", False, "several people of a household are possible"),
        ("draw_notice_hours", 24, "at least 24 hours before"),
        ("publication_group_size", 5, "attributes are published where at least 5 persons share them"),
        ("names_published", True, "names of those appointed are published"),
        ("term_months", 24, "2 years"),
        ("term_months", 18, "18 months"),
        ("reappointments_max", 0, "no re-appointment"),
        ("reappointments_max", 1, "once more at most"),
        ("reappointments_max", 2, "2 times more at most"),
        ("council_quorum", {"kind": "majority", "amount": 0}, "more than half of the members in office"),
        ("council_quorum", {"kind": "share_of_members", "amount": 300}, "30 % of the members in office or more"),
        ("council_quorum", {"kind": "number", "amount": 10}, "10 persons or more"),
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
        (Check(CheckedRule.SEATS_MAX, "", 50, 51, met=False), "most seats", "at most 50 persons", "51 persons"),
        (
            Check(CheckedRule.OPEN_SHARE, "", Share(500, Bound.AT_LEAST), Part(14, 31), met=False),
            "share of the open call",
            "at least 50 % (16 of 31 seats or more)",
            "14 of 31 seats",
        ),
        (
            Check(CheckedRule.RECOMMENDED_SHARE, "", Share(500, Bound.BELOW), Part(14, 30), met=True),
            "share of the recommended",
            "less than 50 % (14 of 30 seats or fewer)",
            "14 of 30 seats",
        ),
        (
            Check(CheckedRule.EDUCATION, "", 360, 330, met=False),
            "hours of the residents’ school",
            "6 hours",
            "5 hours 30 minutes",
        ),
        (Check(CheckedRule.DRAW_NOTICE, "", 1440, 45, met=False), "notice of the draw", "24 hours", "45 minutes"),
        (Check(CheckedRule.TERM, "", 24, 25, met=False), "term of office", "2 years", "25 months"),
        (Check(CheckedRule.REAPPOINTMENTS, "", 1, 2, met=False), "re-appointment", "once more at most", "2 times"),
    ],
)
def test_checks_in_words(check, name, required, actual):
    with override("en"):
        assert (check_name(check), required_in_words(check), actual_in_words(check)) == (name, required, actual)
