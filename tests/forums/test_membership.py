"""Who may be a member (bylaws, article 2), as a pure rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.membership import (
    PROVINCES_REGULAR_FROM,
    Kind,
    Rule,
    Service,
    Standing,
    check_application,
    qualifies,
    standing_on,
    standings_for,
)
from forums.titles import area_of, title_of

DAY = date(2014, 1, 10)
CITY = Service(date(2010, 7, 1), date(2014, 7, 1))
PROVINCE = Service(date(2010, 7, 1), date(2014, 7, 1), of_province=True)
days = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@st.composite
def services(draw):
    since = draw(days)
    return Service(since, since + timedelta(days=draw(st.integers(1, 1500))), draw(st.booleans()))


@pytest.mark.parametrize(
    ("held", "day", "standing"),
    [
        ([CITY], DAY, Standing.SERVING),
        ([CITY], date(2010, 6, 30), Standing.NONE),
        ([CITY], date(2010, 7, 1), Standing.SERVING),
        ([CITY], date(2014, 7, 1), Standing.FORMER),
        ([PROVINCE], DAY, Standing.SERVING_PROVINCE),
        ([CITY, PROVINCE], DAY, Standing.SERVING),
        ([], DAY, Standing.NONE),
    ],
)
def test_what_somebody_is_on_a_day(held, day, standing):
    assert standing_on(held, day) is standing


def test_heads_of_provinces_are_regular_members_since_the_amendment_of_2011_11_30():
    assert not qualifies(Kind.REGULAR, [PROVINCE], PROVINCES_REGULAR_FROM - timedelta(days=1))
    assert qualifies(Kind.HONORARY, [PROVINCE], PROVINCES_REGULAR_FROM - timedelta(days=1))
    assert qualifies(Kind.REGULAR, [PROVINCE], PROVINCES_REGULAR_FROM)
    assert not qualifies(Kind.HONORARY, [PROVINCE], PROVINCES_REGULAR_FROM)


@given(st.lists(services(), max_size=4), days)
def test_nobody_qualifies_for_both_kinds(held, day):
    assert not (qualifies(Kind.REGULAR, held, day) and qualifies(Kind.HONORARY, held, day))


@given(st.lists(services(), min_size=1, max_size=4), days)
def test_whoever_held_an_office_by_then_qualifies_for_one_kind(held, day):
    begun = any(service.since <= day for service in held)
    assert begun == any(qualifies(kind, held, day) for kind in Kind)


@given(st.lists(services(), max_size=4), days)
def test_the_order_of_the_terms_does_not_matter(held, day):
    assert standing_on(held, day) is standing_on(reversed(held), day)


def test_an_application_is_checked_for_everything():
    checks = check_application(
        kind=Kind.REGULAR, services=[CITY], day=DAY, agrees=True, members_for_it=1, open_besides=0
    )

    assert {check.rule: check.met for check in checks} == {
        Rule.AGREES: True,
        Rule.STANDING: True,
        Rule.ONE_OFFICE_ONE_MEMBER: False,
        Rule.ONE_APPLICATION: True,
    }
    standing = next(check for check in checks if check.rule is Rule.STANDING)
    assert (standing.article, standing.required, standing.actual) == (
        "2",
        standings_for(Kind.REGULAR, DAY),
        Standing.SERVING,
    )


@pytest.mark.parametrize(
    ("province", "area"),
    [
        ("서울특별시", "서울"),
        ("인천광역시", "인천"),
        ("경기도", "경기"),
        ("강원특별자치도", "강원"),
        ("전라남도", "전남"),
        ("충청북도", "충북"),
        ("도", "도"),
    ],
)
def test_short_names_of_provinces(province, area):
    assert area_of(province) == area


@pytest.mark.parametrize(
    ("region", "office", "title"),
    [
        ("연수구", "district_head", "연수구청장"),
        ("오산시", "mayor", "오산시장"),
        ("양평군", "county_head", "양평군수"),
        ("서울특별시", "mayor_metro", "서울특별시장"),
        ("강원도", "governor", "강원도지사"),
    ],
)
def test_offices_with_their_places(region, office, title):
    assert title_of(region, office) == title


def test_what_is_no_office_has_no_title():
    with pytest.raises(ValueError, match="no office"):
        title_of("오산시", "king")
