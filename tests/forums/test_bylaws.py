"""The bylaws of the club held against its officers: articles 2, 4, 5, 7 and 9 of the version of 2011-11-30."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.bylaws import (
    Called,
    Callers,
    Holder,
    Post,
    Rule,
    Span,
    check_callers,
    check_general_assembly,
    check_officers,
    check_serving,
    committee_of,
    end_of_term,
    read_rules,
)
from tests.forums.club import RAW_RULES

RULES = read_rules(RAW_RULES)
ODD = [("general_month", 13), ("provinces", 1), ("quorum", "half")]
DAY = date(2014, 1, 10)
SINCE, UNTIL = date(2012, 9, 20), date(2014, 9, 20)


def holder(number, post, *, since=SINCE, until=UNTIL, ended_on=None, by_resolution=False):
    return Holder(f"m{number}", f"{number}", post, since, until, ended_on, by_resolution)


def officers_of_2014():
    """4 co-chairs, one of them chair of the committee, 1 auditor, 2 advisers, 11 further members [24th forum]."""
    return [
        *(holder(number, Post.CO_CHAIR) for number in range(4)),
        holder(0, Post.COMMITTEE_CHAIR),
        holder(4, Post.AUDITOR),
        *(holder(number, Post.COMMITTEE) for number in range(5, 16)),
        *(holder(number, Post.ADVISER, until=None, by_resolution=True) for number in (16, 17)),
    ]


def checked(holders=None, day=DAY):
    return {
        check.rule: check for check in check_officers(RULES, officers_of_2014() if holders is None else holders, day)
    }


class TestOfficersOf2014:
    def test_one_co_chair_is_vacant(self):
        check = checked()[Rule.CO_CHAIRS]
        assert (check.required, check.actual, check.met, check.vacant, check.article) == (5, 4, False, 1, "4")

    def test_one_auditor_is_in_range(self):
        check = checked()[Rule.AUDITORS]
        assert (check.required, check.actual, check.met) == (Span(1, 2), 1, True)

    def test_a_committee_of_fifteen_is_in_range_with_the_co_chairs_ex_officio(self):
        check = checked()[Rule.COMMITTEE]
        assert (check.required, check.actual, check.met, check.article) == (Span(15, 20), 15, True, "5")

    def test_the_chair_is_one_of_the_co_chairs(self):
        assert checked()[Rule.COMMITTEE_CHAIR].met

    def test_terms_end_within_nine_months_and_that_breaks_nothing(self):
        check = checked()[Rule.TERMS_ENDING]
        assert check.met
        assert check.is_notice
        assert check.actual == 17  # 4 co-chairs, the chair's own post, 1 auditor, 11 of the committee
        assert len(check.who) == 16


class TestOfficers:
    def test_who_stepped_down_counts_no_more_from_that_day(self):
        holders = [holder(0, Post.CO_CHAIR, ended_on=DAY), *(holder(n, Post.CO_CHAIR) for n in range(1, 6))]
        assert checked(holders)[Rule.CO_CHAIRS].actual == 5
        assert checked(holders, DAY - timedelta(days=1))[Rule.CO_CHAIRS].actual == 6

    def test_whose_term_is_over_stays_and_is_named(self):
        checks = checked(day=UNTIL)
        assert checks[Rule.CO_CHAIRS].actual == 4
        assert not checks[Rule.TERMS_OVER].met
        assert "0" in checks[Rule.TERMS_OVER].who

    def test_the_day_before_the_end_of_a_term_is_still_in_it(self):
        assert checked(day=UNTIL - timedelta(days=1))[Rule.TERMS_OVER].met

    def test_a_chair_who_is_no_co_chair_does_not_fit(self):
        holders = [*officers_of_2014(), holder(5, Post.COMMITTEE_CHAIR)]
        assert not checked(holders)[Rule.COMMITTEE_CHAIR].met
        assert not checked([holder(5, Post.COMMITTEE_CHAIR)])[Rule.COMMITTEE_CHAIR].met

    def test_a_term_longer_than_two_years_is_named(self):
        holders = [holder(0, Post.CO_CHAIR, until=UNTIL + timedelta(days=1)), holder(1, Post.ADVISER, until=None)]
        check = checked(holders)[Rule.TERM_LENGTH]
        assert (check.met, check.who) == (False, ("0",))

    def test_advisers_need_a_resolution(self):
        check = checked([holder(0, Post.ADVISER)])[Rule.BY_RESOLUTION]
        assert (check.met, check.article) == (False, "9")

    def test_so_do_partner_organisations(self):
        partners = [("학교", True), ("연구소", False)]
        check = next(one for one in check_officers(RULES, [], DAY, partners) if one.rule is Rule.BY_RESOLUTION)
        assert (check.met, check.actual, check.who) == (False, 1, ("연구소",))

    @given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(list(Post))), max_size=60))
    def test_nobody_counts_twice_in_the_committee(self, seats):
        holders = [holder(number, post) for number, post in seats]
        wanted = {f"m{n}" for n, post in seats if post in {Post.CO_CHAIR, Post.COMMITTEE, Post.COMMITTEE_CHAIR}}
        assert set(committee_of(holders, DAY)) == wanted
        assert checked(holders)[Rule.COMMITTEE].actual == len(wanted)


class TestTerms:
    def test_two_years_end_on_the_same_day(self):
        assert end_of_term(date(2012, 9, 20), 2) == date(2014, 9, 20)

    def test_a_term_that_begins_on_a_leap_day_ends_on_the_first_of_march(self):
        assert end_of_term(date(2012, 2, 29), 2) == date(2014, 3, 1)


@pytest.mark.parametrize(
    ("held", "day", "met"),
    [
        ([date(2013, 9, 12)], date(2014, 1, 10), True),
        ([date(2013, 9, 12)], date(2014, 9, 30), True),
        ([date(2013, 9, 12)], date(2014, 10, 1), False),
        ([date(2014, 3, 1)], date(2014, 10, 1), True),
        ([], date(2014, 1, 10), False),
    ],
)
def test_a_general_assembly_is_due_when_september_is_over(held, day, met):
    assert check_general_assembly(RULES, held, day).met is met


def test_regular_members_without_an_office_are_named():
    check = check_serving(RULES, [("가", True), ("나", False)])
    assert (check.met, check.who, check.article) == (False, ("나",), "2")


class TestWhoCalls:
    @pytest.mark.parametrize(
        ("kind", "members", "co_chairs", "chairs", "met"),
        [
            (Called.GENERAL, 1, 1, 0, True),
            (Called.GENERAL, 9, 0, 0, False),
            (Called.EXTRAORDINARY, 1, 1, 0, True),
            (Called.EXTRAORDINARY, 3, 0, 0, True),
            (Called.EXTRAORDINARY, 2, 0, 0, False),
            (Called.COMMITTEE, 1, 1, 1, True),
            (Called.COMMITTEE, 9, 4, 0, False),
        ],
    )
    def test_article_7(self, kind, members, co_chairs, chairs, met):
        assert check_callers(RULES, kind, Callers(members, co_chairs, chairs)).met is met


class TestReading:
    def test_a_missing_parameter_is_named(self):
        with pytest.raises(ValueError, match="auditors: missing"):
            read_rules({name: value for name, value in RAW_RULES.items() if name != "auditors"})

    @pytest.mark.parametrize(
        ("name", "value"),
        [("co_chairs", "5"), ("co_chairs", True), ("co_chairs", 0), ("committee", [20, 15]), ("committee", 15), *ODD],
    )
    def test_odd_values_are_refused_with_their_name(self, name, value):
        with pytest.raises(ValueError, match=name):
            read_rules({**RAW_RULES, name: {"value": value, "article": "4"}})

    def test_every_parameter_needs_its_article(self):
        with pytest.raises(ValueError, match="co_chairs: no article"):
            read_rules({**RAW_RULES, "co_chairs": {"value": 5, "article": " "}})
