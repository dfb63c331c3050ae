"""Checks of recruitments, councils and members say rule, source, required, actual, met."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ordinances.checks import Check, CheckedRule, Part
from ordinances.council_checks import (
    CouncilDays,
    check_applicant,
    check_council_quorum,
    check_draw_notice,
    check_education,
    check_open_share,
    check_publication_group,
    check_reappointments,
    check_recommended_share,
    check_recruitment,
    check_seats,
    check_sex_share,
    check_term,
    check_young_share,
    day_of_council_age,
    end_of_term,
)
from ordinances.council_rules import CouncilAgeReference
from ordinances.rulesets import Cited, CouncilRules, council_rules
from ordinances.values import Bound, CouncilQuorum, CouncilQuorumKind, Share

DAYS = CouncilDays(announced_on=date(2026, 6, 1), closes_on=date(2026, 6, 20), appointed_on=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("seats", "met"), [(19, [False, True]), (20, [True, True]), (50, [True, True]), (51, [True, False])]
)
def test_seats_lie_between_the_fewest_and_the_most(seats, met):
    """Seo-gu 2019: 20 to 50."""
    rules = council_rules({"seats_min": Cited(20, "제3조"), "seats_max": Cited(50, "제3조", "언제부터인지 모름")})

    checks = check_seats(rules, seats=seats)

    assert [check.met for check in checks] == met
    assert checks[1] == Check(CheckedRule.SEATS_MAX, "제3조", 50, seats, met[1], "언제부터인지 모름")


def test_a_silent_rule_set_checks_nothing():
    assert check_seats(CouncilRules(), seats=1000) == ()
    assert check_applicant(CouncilRules(), birth_date=date(2020, 1, 1), basis="working", days=DAYS) == ()


@pytest.mark.parametrize(("closes_on", "days", "met"), [(date(2026, 6, 14), 13, False), (date(2026, 6, 15), 14, True)])
def test_recruitment_does_not_count_the_day_of_its_opening(closes_on, days, met):
    """Civil Act, article 157."""
    check = check_recruitment(Cited(14, "제6조"), opens_on=date(2026, 6, 1), closes_on=closes_on)

    assert (check.required, check.actual, check.met) == (14, days, met)


@pytest.mark.parametrize(
    ("reference", "day"),
    [
        (None, date(2026, 6, 1)),
        (CouncilAgeReference.NOTICE, date(2026, 6, 1)),
        (CouncilAgeReference.CLOSING, date(2026, 6, 20)),
        (CouncilAgeReference.APPOINTMENT, date(2026, 9, 1)),
    ],
)
def test_age_counts_on_the_day_that_the_rule_set_names(reference, day):
    cited = None if reference is None else Cited(reference, "제5조")

    assert day_of_council_age(cited, DAYS) == day


def test_the_day_of_an_appointment_without_a_date_is_an_error():
    unknown = CouncilDays(announced_on=DAYS.announced_on, closes_on=DAYS.closes_on)

    with pytest.raises(ValueError, match="appointment"):
        day_of_council_age(Cited(CouncilAgeReference.APPOINTMENT, "제5조"), unknown)


@pytest.mark.parametrize(("reference", "age", "met"), [("notice", 14, False), ("closing", 15, True)])
def test_an_applicant_is_held_against_age_and_basis(reference, age, met):
    rules = council_rules(
        {
            "council_age_min": Cited(15, "제5조"),
            "council_age_reference": Cited(reference, "제5조"),
            "council_bases": Cited(["registered", "working"], "제5조"),
        }
    )

    by_age, by_basis = check_applicant(rules, birth_date=date(2011, 6, 10), basis="studying", days=DAYS)

    assert (by_age.rule, by_age.actual, by_age.met) == (CheckedRule.COUNCIL_AGE, age, met)
    assert by_basis == Check(
        CheckedRule.COUNCIL_BASIS, "제5조", frozenset({"registered", "working"}), "studying", met=False
    )


@pytest.mark.parametrize(("minutes", "met"), [(359, False), (360, True)])
def test_six_hours_are_six_whole_hours(minutes, met):
    assert check_education(Cited(6, "제7조"), minutes=minutes) == Check(
        CheckedRule.EDUCATION, "제7조", 360, minutes, met
    )


@pytest.mark.parametrize(
    ("check", "share", "persons", "met"),
    [
        (check_open_share, Share(500, Bound.AT_LEAST), 15, True),
        (check_open_share, Share(500, Bound.AT_LEAST), 14, False),
        (check_recommended_share, Share(500, Bound.BELOW), 15, False),
        (check_recommended_share, Share(500, Bound.BELOW), 14, True),
        (check_sex_share, Share(600, Bound.AT_MOST), 18, True),
        (check_sex_share, Share(600, Bound.AT_MOST), 19, False),
        (check_young_share, Share(150, Bound.AT_LEAST), 5, True),
        (check_young_share, Share(150, Bound.AT_LEAST), 4, False),
    ],
)
def test_shares_of_thirty_seats(check, share, persons, met):
    """Seo-gu 2019: open >= 50 %, recommended < 50 %; Seoul 2018: no sex above 60 %, younger people >= 15 %."""
    checked = check(Cited(share, "제4조"), persons=persons, seats=30)

    assert (checked.required, checked.actual, checked.met) == (share, Part(persons, 30), met)


FROZEN = datetime(2026, 6, 1, 20, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "minutes", "met"),
    [
        (timedelta(hours=24), 1440, True),
        (timedelta(hours=24, seconds=-1), 1439, False),
        (timedelta(hours=-1), -60, False),
    ],
)
def test_a_day_lies_between_freeze_and_beacon(later, minutes, met):
    check = check_draw_notice(Cited(24, "제8조"), frozen_at=FROZEN, drawn_at=FROZEN + later)

    assert (check.required, check.actual, check.met) == (1440, minutes, met)


@pytest.mark.parametrize(
    ("begins_on", "months", "end"),
    [
        (date(2026, 9, 1), 24, date(2028, 9, 1)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 10, 31), 1, date(2026, 12, 1)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_a_term_ends_before_the_day_on_which_it_began(begins_on, months, end):
    """Civil Act, article 160."""
    assert end_of_term(begins_on, months) == end


@pytest.mark.parametrize(("ends_on", "months", "met"), [(date(2028, 9, 1), 24, True), (date(2028, 9, 2), 25, False)])
def test_a_term_is_not_longer_than_the_rule_set_says(ends_on, months, met):
    check = check_term(Cited(24, "제10조"), begins_on=date(2026, 9, 1), ends_on=ends_on)

    assert (check.actual, check.met) == (months, met)


@pytest.mark.parametrize(("times", "met"), [(0, True), (1, True), (2, False)])
def test_once_more_means_once(times, met):
    assert check_reappointments(Cited(1, "제10조"), reappointments=times).met == met


@pytest.mark.parametrize(("present", "met"), [(15, False), (16, True)])
def test_a_council_of_thirty_meets_with_sixteen(present, met):
    rule = Cited(CouncilQuorum(CouncilQuorumKind.MAJORITY, 0), "제11조")

    assert check_council_quorum(rule, members=30, present=present) == Check(
        CheckedRule.COUNCIL_QUORUM, "제11조", 16, present, met
    )


@pytest.mark.parametrize(("smallest", "met"), [(4, False), (5, True)])
def test_published_attributes_are_shared_by_enough(smallest, met):
    assert check_publication_group(Cited(5, "제9조"), smallest=smallest).met == met
