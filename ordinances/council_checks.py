"""Checks of a recruitment, a council and its members under a rule set. Pure: no Django, no clock.

Most functions take one cited rule and one fact. `check_seats` and `check_applicant` take all rules and leave out what
the rule set does not say.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ordinances.checks import Check, CheckedRule, Fact, Part
from ordinances.council_rules import CouncilAgeReference, CouncilRules
from ordinances.values import Cited, CouncilQuorum, Share
from residents.persons import full_years

MINUTES_IN_HOUR = 60


@dataclass(frozen=True, slots=True)
class CouncilDays:
    """The days on which age can be counted. `closes_on` is the last day of applications."""

    announced_on: date
    closes_on: date
    appointed_on: date | None = None


def check_seats(rules: CouncilRules, *, seats: int) -> tuple[Check, ...]:
    """Whether a council may have so many seats, in persons. Source: rule set, parameters seats_min and seats_max."""
    checks = []
    if rules.seats_min:
        checks.append(_check(CheckedRule.SEATS_MIN, rules.seats_min, seats, met=seats >= rules.seats_min.value))
    if rules.seats_max:
        checks.append(_check(CheckedRule.SEATS_MAX, rules.seats_max, seats, met=seats <= rules.seats_max.value))
    return tuple(checks)


def check_recruitment(rule: Cited[int], *, opens_on: date, closes_on: date) -> Check:
    """Whether applications are taken for long enough. `closes_on` is the last day on which they are, and counts.

    The day of the opening does not count (Civil Act, article 157). Source: rule set, parameter recruitment_days_min.
    """
    days = (closes_on - opens_on).days
    return _check(CheckedRule.RECRUITMENT_DAYS, rule, days, met=days >= rule.value)


def day_of_council_age(reference: Cited[CouncilAgeReference] | None, days: CouncilDays) -> date:
    """The day on which full years are counted; that of the announcement where the rule set names none (rules.md C1).

    Raises ValueError where it is the day of an appointment that has no date yet. Source: parameter
    council_age_reference.
    """
    if reference is None or reference.value is CouncilAgeReference.NOTICE:
        return days.announced_on
    if reference.value is CouncilAgeReference.CLOSING:
        return days.closes_on
    if days.appointed_on is None:
        raise ValueError("the day of the appointment is not known")
    return days.appointed_on


def check_council_age(rule: Cited[int], *, birth_date: date, day: date) -> Check:
    """Whether somebody is old enough for a council, in full years on `day`. Source: parameter council_age_min."""
    age = full_years(birth_date, day)
    return _check(CheckedRule.COUNCIL_AGE, rule, age, met=age >= rule.value)


def check_council_basis(rule: Cited[frozenset[str]], *, basis: str) -> Check:
    """Whether `basis` lets somebody become a member. Source: rule set, parameter council_bases."""
    return _check(CheckedRule.COUNCIL_BASIS, rule, basis, met=basis in rule.value)


def check_applicant(rules: CouncilRules, *, birth_date: date, basis: str, days: CouncilDays) -> tuple[Check, ...]:
    """Age and basis of an applicant, as far as the rule set says anything about them.

    Raises ValueError where age counts on the day of an appointment that has no date yet.
    """
    checks = []
    if rules.council_age_min:
        day = day_of_council_age(rules.council_age_reference, days)
        checks.append(check_council_age(rules.council_age_min, birth_date=birth_date, day=day))
    if rules.council_bases:
        checks.append(check_council_basis(rules.council_bases, basis=basis))
    return tuple(checks)


def check_education(rule: Cited[int], *, minutes: int) -> Check:
    """Whether somebody attended enough, in minutes. Source: rule set, parameter education_hours_min (whole hours)."""
    required = rule.value * MINUTES_IN_HOUR
    return Check(CheckedRule.EDUCATION, rule.source, required, minutes, minutes >= required, rule.doubt)


def check_open_share(rule: Cited[Share], *, persons: int, seats: int) -> Check:
    """Whether enough seats go to the open call. Source: rule set, parameter open_call_share_min."""
    return _share(CheckedRule.OPEN_SHARE, rule, persons, seats)


def check_recommended_share(rule: Cited[Share], *, persons: int, seats: int) -> Check:
    """Whether not too many seats go to the recommended. Source: rule set, parameter recommended_share_max."""
    return _share(CheckedRule.RECOMMENDED_SHARE, rule, persons, seats)


def check_sex_share(rule: Cited[Share], *, persons: int, seats: int) -> Check:
    """Whether the sex that is in the majority, with `persons`, keeps to its share. Source: parameter sex_share_max."""
    return _share(CheckedRule.SEX_SHARE, rule, persons, seats)


def check_young_share(rule: Cited[Share], *, persons: int, seats: int) -> Check:
    """Whether enough members are of the age of young_age_max or younger. Source: parameter young_share_min."""
    return _share(CheckedRule.YOUNG_SHARE, rule, persons, seats)


def check_draw_notice(rule: Cited[int], *, frozen_at: datetime, drawn_at: datetime) -> Check:
    """Whether enough time lies between the freeze and the beacon, in minutes. Source: parameter draw_notice_hours.

    A part of a minute does not count as one. Below 0 where the beacon came first.
    """
    between = (drawn_at - frozen_at) // timedelta(minutes=1)
    required = rule.value * MINUTES_IN_HOUR
    return Check(CheckedRule.DRAW_NOTICE, rule.source, required, between, between >= required, rule.doubt)


def end_of_term(begins_on: date, months: int) -> date:
    """The first day after a term of `months` that begins on `begins_on`.

    Where the last month has no such day, the term runs to its end (Civil Act, article 160).
    """
    year, month = divmod(begins_on.year * 12 + begins_on.month - 1 + months, 12)
    try:
        return date(year, month + 1, begins_on.day)
    except ValueError:
        following = year * 12 + month + 1
        return date(following // 12, following % 12 + 1, 1)


def check_term(rule: Cited[int], *, begins_on: date, ends_on: date) -> Check:
    """Whether a term is not longer than it may be, in months, one begun counted. `ends_on` is the first day after.

    Source: rule set, parameter term_months.
    """
    months = 0
    while end_of_term(begins_on, months) < ends_on:
        months += 1
    return _check(CheckedRule.TERM, rule, months, met=months <= rule.value)


def check_reappointments(rule: Cited[int], *, reappointments: int) -> Check:
    """Whether somebody may be appointed once more, this time counted. Source: parameter reappointments_max."""
    return _check(CheckedRule.REAPPOINTMENTS, rule, reappointments, met=reappointments <= rule.value)


def check_council_quorum(rule: Cited[CouncilQuorum], *, members: int, present: int) -> Check:
    """Whether enough members are present, in persons. Source: rule set, parameter council_quorum."""
    required = rule.value.required(members=members)
    return Check(CheckedRule.COUNCIL_QUORUM, rule.source, required, present, present >= required, rule.doubt)


def check_publication_group(rule: Cited[int], *, smallest: int) -> Check:
    """Whether every published combination of attributes is shared by enough. Source: publication_group_size."""
    return _check(CheckedRule.PUBLICATION_GROUP, rule, smallest, met=smallest >= rule.value)


def _share(checked: CheckedRule, rule: Cited[Share], persons: int, seats: int) -> Check:
    return Check(checked, rule.source, rule.value, Part(persons, seats), rule.value.is_kept(persons, seats), rule.doubt)


def _check(checked: CheckedRule, rule: Cited[int] | Cited[frozenset[str]], actual: Fact, *, met: bool) -> Check:
    return Check(checked, rule.source, rule.value, actual, met, rule.doubt)
