import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residents.duplicates import Likeness, Person, likenesses, name_key, similar_names

HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
NAMES = st.one_of(
    st.text(HANGUL, min_size=2, max_size=5),
    st.text("abcdefghijklmnopqrstuvwxyzÉéüñ -'", min_size=2, max_size=20).filter(
        lambda name: any(map(str.isalpha, name))
    ),
)
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
PERSONS = st.builds(Person, name=NAMES, birth_date=DAYS, phone=st.sampled_from(["", "01000000000", "01000000001"]))


@given(NAMES)
def test_a_name_is_similar_to_itself(name):
    assert similar_names(name, name)


@given(NAMES, NAMES)
def test_similarity_is_symmetric(one, other):
    assert similar_names(one, other) == similar_names(other, one)


@given(NAMES)
def test_spaces_case_and_unicode_form_do_not_matter(name):
    assert similar_names(name, f"  {name.upper()} ")
    assert similar_names(name, unicodedata.normalize("NFD", name))
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(unicodedata.normalize("NFC", name))


@given(st.text(HANGUL, min_size=2, max_size=4), st.text(HANGUL, min_size=2, max_size=4))
def test_two_hangul_names_are_similar_only_if_they_are_the_same(one, other):
    assert similar_names(one, other) == (one == other)


@given(PERSONS, PERSONS)
def test_likeness_is_symmetric(one, other):
    assert likenesses(one, other) == likenesses(other, one)


@given(PERSONS)
def test_somebody_is_like_themselves(person):
    assert Likeness.BIRTH_AND_NAME in likenesses(person, person)


@given(PERSONS, DAYS)
def test_without_the_same_birth_date_only_a_phone_number_makes_alike(person, birth_date):
    other = Person(name=person.name, birth_date=birth_date, phone="01099999999")
    assert likenesses(person, other) == ({Likeness.BIRTH_AND_NAME} if birth_date == person.birth_date else frozenset())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("김민수", "김 민 수"),
        ("김민수", "KIM Min-su"),
        ("김민수", "Minsu Gim"),
        ("이영희", "Lee Young-hee"),
        ("박지훈", "Park Jihoon"),
        ("최수진", "Choi Soojin"),
        ("정은주", "Chung Eun Ju"),
        ("Nguyen Thi Lan", "NGUYỄN, Thị Lan"),
        ("José Núñez", "nunez jose"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert similar_names(one, other)


@pytest.mark.parametrize(("one", "other"), [("김민수", "김만수"), ("김민수", "Park Jihoon"), ("이영희", "이영호")])
def test_different_names(one, other):
    assert not similar_names(one, other)


def test_a_family_shares_a_phone_number():
    parent = Person("김민수", date(1980, 1, 1), "01000000000")
    child = Person("김하늘", date(2015, 1, 1), "01000000000")
    assert likenesses(parent, child) == {Likeness.PHONE}


def test_unknown_phone_numbers_are_not_the_same():
    assert not likenesses(Person("김민수", date(1980, 1, 1)), Person("박지훈", date(1981, 1, 1)))
