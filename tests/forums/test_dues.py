"""Dues: what is owed longest is paid first; all in whole won (bylaws, article 8)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.dues import Owed, Rate, months_between, rate_of, standing

MONTHS = [Owed(f"{month}", date(2026, month, 1), 200_000) for month in (1, 2, 3)]


def test_the_oldest_is_paid_first_and_a_part_of_the_next():
    found = standing(MONTHS, 250_000)
    assert [one.paid for one in found.owed] == [200_000, 50_000, 0]
    assert (found.open, found.credit, found.open_since) == (350_000, 0, date(2026, 2, 1))


def test_what_is_paid_too_much_is_a_credit():
    found = standing(MONTHS, 700_000)
    assert (found.open, found.credit, found.open_since) == (0, 100_000, None)


@given(st.lists(st.integers(0, 10**6), max_size=30), st.integers(0, 10**7))
def test_nothing_is_lost(amounts, paid):
    owed = [Owed(f"{place}", date(2026, 1 + place % 12, 1), amount) for place, amount in enumerate(amounts)]
    found = standing(owed, paid)
    assert found.open - found.credit == sum(amounts) - paid
    assert min(found.open, found.credit) == 0
    assert all(0 <= one.paid <= one.amount for one in found.owed)
    firsts = [one.is_paid for one in found.owed if one.amount]
    assert firsts == sorted(firsts, reverse=True)


@pytest.mark.parametrize(
    ("month", "amount"),
    [(date(2025, 12, 1), 0), (date(2026, 1, 1), 100), (date(2026, 6, 1), 100), (date(2026, 7, 1), 150)],
)
def test_the_rate_that_began_last_holds(month, amount):
    assert rate_of([Rate(date(2026, 7, 1), 150), Rate(date(2026, 1, 1), 100)], month) == amount


def test_a_rate_is_asked_for_a_month():
    with pytest.raises(ValueError, match="first of a month"):
        rate_of([], date(2026, 1, 2))


def test_months_run_over_the_year():
    assert months_between(date(2025, 11, 15), date(2026, 2, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
