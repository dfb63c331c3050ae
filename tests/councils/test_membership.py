"""Terms, re-appointments and who moves up, as plain rules."""

from datetime import date

import pytest

from councils.membership import Identity, last_day_of_term, next_in_order, reappointments
from councils.quotas import Pool, Quota


def test_a_term_of_two_years_ends_on_the_day_before():
    """Source: rule set, parameter term_months; Civil Act, article 160."""
    assert last_day_of_term(date(2019, 3, 1), 24) == date(2021, 2, 28)
    assert last_day_of_term(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("served", "number", "expected"),
    [((), 1, 0), ((1,), 2, 1), ((1, 2), 3, 2), ((1,), 3, 0), ((1, 2, 4), 5, 1), ((3,), 3, 0)],
)
def test_only_terms_that_follow_each_other_count(served, number, expected):
    """Source: rule set, parameter reappointments_max."""
    assert reappointments(set(served), number) == expected


BORN = date(1970, 5, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Identity(7, "김하나", None), Identity(7, "김두리", BORN), True),
        (Identity(0, "김하나", BORN), Identity(9, "김 하나", BORN), True),
        (Identity(0, "김하나", None), Identity(0, "김하나", None), False),
        (Identity(0, "김하나", BORN), Identity(0, "김하나", BORN.replace(day=2)), False),
        (Identity(0, "", BORN), Identity(0, "", BORN), False),
    ],
)
def test_who_is_the_same_person(one, other, same):
    assert one.is_same_as(other) is same


POOL = Pool(
    ids=("a", "b", "c", "d", "e"),
    features=("sex",),
    rows=(("f",), ("f",), ("m",), ("m",), ("f",)),
    households=("", "1", "2", "1", "3"),
)
HALF = (Quota("sex", "f", 2, 2), Quota("sex", "m", 1, 1))


def test_the_first_who_keeps_the_quotas_moves_up():
    """Source: rules.md C5."""
    assert next_in_order(POOL, HALF, seats=3, serving=["a", "c"], alternates=["d", "e", "b"]) == "e"
    assert next_in_order(POOL, HALF, seats=3, serving=["a", "b"], alternates=["e", "d", "c"]) == "d"


def test_nobody_moves_up_where_nobody_fits_or_no_seat_is_open():
    assert next_in_order(POOL, HALF, seats=3, serving=["a", "c"], alternates=["d"]) is None
    assert next_in_order(POOL, HALF, seats=3, serving=["a", "b", "c"], alternates=["e"]) is None
    assert next_in_order(POOL, HALF, seats=3, serving=["a", "c"], alternates=[]) is None


def test_one_of_a_household():
    found = next_in_order(POOL, HALF, seats=3, serving=["b", "e"], alternates=["d", "c"], one_per_household=True)

    assert found == "c"


def test_without_quotas_the_order_alone_decides():
    pool = Pool(ids=("1", "2", "3"), features=(), rows=((), (), ()))

    assert next_in_order(pool, (), seats=2, serving=["1"], alternates=["3", "2"]) == "3"
