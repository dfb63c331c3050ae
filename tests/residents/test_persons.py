import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residents.persons import (
    ImplausibleError,
    checked_birth_date,
    cleaned_name,
    cleaned_phone,
    day_as_typed,
    full_years,
    holds_a_number,
    is_child,
)

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("birth_date", "day", "years"),
    [
        (date(2010, 6, 1), date(2026, 6, 1), 16),
        (date(2010, 6, 2), date(2026, 6, 1), 15),
        (date(2010, 6, 1), date(2010, 6, 1), 0),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2008, 3, 1), date(2024, 2, 29), 15),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
    ],
)
def test_age_in_full_years(birth_date, day, years):
    """Civil Act, articles 158 and 160."""
    assert full_years(birth_date, day) == years


@given(born=DAYS, day=DAYS)
def test_age_grows_by_one_in_a_year_and_never_falls(born, day):
    assert full_years(born, day) <= full_years(born, day + timedelta(days=1)) <= full_years(born, day) + 1
    assert full_years(born, born) == 0


def test_who_is_born_after_the_day_that_counts_has_reached_no_age():
    assert full_years(date(2026, 6, 2), date(2026, 6, 1)) < 0
    assert is_child(date(2026, 6, 2), date(2026, 6, 1))


def test_child_until_the_fourteenth_birthday():
    """Personal Information Protection Act, article 22-2."""
    assert is_child(date(2012, 6, 2), date(2026, 6, 1))
    assert not is_child(date(2012, 6, 1), date(2026, 6, 1))


@pytest.mark.parametrize("blank", ["\u3164", "\uffa0\uffa0", "\u115f", "김\u3164민수"])
def test_a_name_holds_no_blank_letters(blank):
    with pytest.raises(ImplausibleError):
        cleaned_name(blank)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("19450315", "1945-03-15"),
        ("1945.3.15", "1945-03-15"),
        ("1945년 3월 5일", "1945-03-05"),
        ("１９４５０３１５", "1945-03-15"),
        ("19451399", "1945-13-99"),
        ("450315", "450315"),
        ("1945.3", "1945.3"),
        ("", ""),
    ],
)
def test_dates_as_people_type_them(typed, meant):
    assert day_as_typed(typed) == meant


@pytest.mark.parametrize("birth_date", [date(1899, 12, 31), date(2026, 6, 2)])
def test_implausible_birth_dates(birth_date):
    with pytest.raises(ImplausibleError):
        checked_birth_date(birth_date, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  김  민수 ", "김 민수"),
        (unicodedata.normalize("NFD", "김민수"), "김민수"),
        ("O'Neil-Kim, Ann", "O'Neil-Kim, Ann"),
    ],
)
def test_names_are_kept_in_one_spelling(typed, kept):
    assert cleaned_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "123", "가" * 61, "김\x00민수", "김\u202e민수", "<b>김</b>", "a@b"])
def test_what_is_no_name(typed):
    with pytest.raises(ImplausibleError):
        cleaned_name(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("010-0000-1234", "01000001234"),
        ("+82 10 0000 1234", "01000001234"),
        ("+82-(0)10-0000-1234", "01000001234"),
        ("０１０ ００００ １２３４", "01000001234"),
        ("062.000.0000", "0620000000"),
        ("+1 202 000 0000", "+12020000000"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_phone_numbers_are_kept_in_one_spelling(typed, kept):
    assert cleaned_phone(typed) == kept


@pytest.mark.parametrize("typed", ["12", "abc", "010-0000-0000-0000-0000", "+0123456789", "0", "²10-0000-0000x"])
def test_what_is_no_phone_number(typed):
    with pytest.raises(ImplausibleError):
        cleaned_phone(typed)


@pytest.mark.parametrize(
    "text", ["주민등록증 900101-1000000", "M1234567", "9001 0110 0000", "９００１０１-１００００００"]
)
def test_numbers_of_documents_are_found(text):
    assert holds_a_number(text)


@pytest.mark.parametrize("text", ["주민등록증", "재직증명서 2026. 5.", "103동 1204호", "금호1동"])
def test_short_numbers_are_no_documents(text):
    assert not holds_a_number(text)
