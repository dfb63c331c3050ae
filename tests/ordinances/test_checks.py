"""Checks say rule, source, required, actual, met."""

from datetime import date

import pytest

from ordinances.checks import (
    Check,
    CheckedRule,
    check_basis,
    check_eligibility,
    check_notice,
    check_quorum,
    check_voting_age,
    day_of_age,
)
from ordinances.rulesets import AgeReference, Cited, Quorum, QuorumKind, assembly_rules
from tests.factories import RULES

ONE_PERCENT = Cited(Quorum(QuorumKind.SHARE_OF_POPULATION, 10), "제9조", "read as a quorum")


def rules(**changed):
    return assembly_rules({name: Cited(value, f"제{name}조") for name, value in {**RULES, **changed}.items()})


@pytest.mark.parametrize(("day", "age", "met"), [(date(2026, 6, 17), 15, False), (date(2026, 6, 18), 16, True)])
def test_voting_age_is_reached_on_the_birthday(day, age, met):
    assert check_voting_age(Cited(16, "제3조"), birth_date=date(2010, 6, 18), day=day) == Check(
        CheckedRule.VOTING_AGE, "제3조", 16, age, met
    )


@pytest.mark.parametrize(("basis", "met"), [("registered", True), ("overseas_korean", False)])
def test_basis_is_one_that_the_rule_set_names(basis, met):
    check = check_basis(Cited(frozenset({"registered", "working"}), "제2조"), basis=basis)

    assert (check.required, check.actual, check.met) == (frozenset({"registered", "working"}), basis, met)


@pytest.mark.parametrize(("held_on", "days", "met"), [(date(2026, 6, 14), 13, False), (date(2026, 6, 15), 14, True)])
def test_notice_does_not_count_the_day_of_the_announcement(held_on, days, met):
    check = check_notice(Cited(14, "제5조"), announced_on=date(2026, 6, 1), held_on=held_on)

    assert (check.required, check.actual, check.met) == (14, days, met)


@pytest.mark.parametrize(("participated", "met"), [(200, False), (201, True)])
def test_quorum_cites_its_source_and_doubt(participated, met):
    assert check_quorum(ONE_PERCENT, population=20_001, on_roll=500, participated=participated) == Check(
        CheckedRule.QUORUM, "제9조", 201, participated, met, "read as a quorum"
    )


def test_quorum_of_an_unknown_population_is_an_error():
    with pytest.raises(ValueError, match="not known"):
        check_quorum(ONE_PERCENT, population=None, on_roll=500, participated=1)


def test_the_day_of_age_is_the_one_the_rule_set_names():
    days = {"announced_on": date(2026, 6, 1), "held_on": date(2026, 6, 20)}

    assert day_of_age(AgeReference.NOTICE, **days) == date(2026, 6, 1)
    assert day_of_age(AgeReference.ASSEMBLY, **days) == date(2026, 6, 20)


@pytest.mark.parametrize(("reference", "met"), [("notice", False), ("assembly", True)])
def test_eligibility_counts_age_on_that_day(reference, met):
    age, basis = check_eligibility(
        rules(age_reference=reference),
        birth_date=date(2010, 6, 18),
        basis="working",
        announced_on=date(2026, 6, 1),
        held_on=date(2026, 6, 20),
    )

    assert (age.met, basis.met) == (met, True)
