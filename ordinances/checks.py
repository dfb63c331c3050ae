"""Checks under a rule set: each says rule, source, required, actual, met. Pure: no Django, no clock.

`required` and `actual` are plain values; `ordinances.wording` puts them into sentences.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ordinances.rulesets import AgeReference, AssemblyRules, Cited, Quorum
from ordinances.values import Share
from residents.persons import full_years


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many, in persons."""

    part: int
    whole: int


Fact = int | str | frozenset[str] | Share | Part


class CheckedRule(StrEnum):
    VOTING_AGE = "voting_age"
    RESIDENT_BASIS = "resident_basis"
    NOTICE = "notice"
    QUORUM = "quorum"
    SEATS_MIN = "seats_min"
    SEATS_MAX = "seats_max"
    RECRUITMENT_DAYS = "recruitment_days"
    COUNCIL_AGE = "council_age"
    COUNCIL_BASIS = "council_basis"
    EDUCATION = "education"
    OPEN_SHARE = "open_share"
    RECOMMENDED_SHARE = "recommended_share"
    SEX_SHARE = "sex_share"
    YOUNG_SHARE = "young_share"
    DRAW_NOTICE = "draw_notice"
    PUBLICATION_GROUP = "publication_group"
    TERM = "term"
    REAPPOINTMENTS = "reappointments"
    COUNCIL_QUORUM = "council_quorum"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule held against one fact. `doubt` is what is uncertain about the rule itself.

    Units: years for ages, bases for a basis, days for notice and recruitment, minutes for education and the notice of
    the draw, months for a term, persons for the rest; a share is required of a part of a whole.
    """

    rule: CheckedRule
    source: str
    required: Fact
    actual: Fact
    met: bool
    doubt: str = ""


def day_of_age(reference: AgeReference, *, announced_on: date, held_on: date) -> date:
    """The day on which full years are counted. Source: rule set, parameter age_reference."""
    return announced_on if reference is AgeReference.NOTICE else held_on


def check_voting_age(rule: Cited[int], *, birth_date: date, day: date) -> Check:
    """Whether somebody has reached the voting age, in full years, on `day`. Source: rule set, parameter voting_age."""
    age = full_years(birth_date, day)
    return Check(CheckedRule.VOTING_AGE, rule.source, rule.value, age, age >= rule.value, rule.doubt)


def check_basis(rule: Cited[frozenset[str]], *, basis: str) -> Check:
    """Whether `basis` makes somebody a resident who may vote. Source: rule set, parameter resident_bases."""
    return Check(CheckedRule.RESIDENT_BASIS, rule.source, rule.value, basis, basis in rule.value, rule.doubt)


def check_notice(rule: Cited[int], *, announced_on: date, held_on: date) -> Check:
    """Whether the announcement came early enough: whole days between, the day of the announcement not counted.

    Source: rule set, parameter notice_days; the first day is left out by article 157 of the Civil Act.
    """
    days = (held_on - announced_on).days
    return Check(CheckedRule.NOTICE, rule.source, rule.value, days, days >= rule.value, rule.doubt)


def check_quorum(rule: Cited[Quorum], *, population: int | None, on_roll: int, participated: int) -> Check:
    """Whether enough persons took part. Source: rule set, parameter quorum.

    Raises ValueError if the figure that the quorum is reckoned from is not known.
    """
    required = rule.value.required(population=population, on_roll=on_roll)
    return Check(CheckedRule.QUORUM, rule.source, required, participated, participated >= required, rule.doubt)


def check_eligibility(
    rules: AssemblyRules, *, birth_date: date, basis: str, announced_on: date, held_on: date
) -> tuple[Check, ...]:
    """Every check that somebody must meet to vote in an assembly: age and basis."""
    day = day_of_age(rules.age_reference.value, announced_on=announced_on, held_on=held_on)
    return (
        check_voting_age(rules.voting_age, birth_date=birth_date, day=day),
        check_basis(rules.resident_bases, basis=basis),
    )
