"""Names are found the way people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hangul import folded, found_in, initials


def test_initials_leave_other_signs():
    assert initials("금호1동") == "ㄱㅎ1ㄷ"


@pytest.mark.parametrize(
    "wanted",
    [
        "금호1동",
        "금호",
        "호1",
        "금호 1동",
        " 금호1",
        "ㄱㅎ",
        "ㄱㅎ1ㄷ",
        "ㅎ1",
        "금ㅎ",
        "GEUMHO",
        "geumho 1",
        "금호１동",
    ],
)
def test_found(wanted):
    assert found_in(wanted, "금호1동", "Geumho 1-dong")


@pytest.mark.parametrize("wanted", ["금호2동", "ㅎㄱ", "ㄱㅎㄱ", "금호1동주민", "", " ", "-", "%", "ㅏ", "\x00"])
def test_not_found(wanted):
    assert not found_in(wanted, "금호1동", "Geumho 1-dong")


def test_consonants_that_a_keyboard_joins_are_taken_apart():
    assert found_in("ㄳ", "광산동")


def test_decomposed_input_of_some_phones_is_composed():
    assert found_in("\u1100\u1173\u11b7\u1112\u1169", "금호1동")


@given(st.text(max_size=50))
def test_any_input_has_an_answer(wanted):
    assert found_in(wanted, "금호1동") in {True, False}


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8))
def test_a_name_is_found_by_itself_and_by_its_initials(name):
    assert found_in(name, name)
    assert found_in(initials(name), name)
    assert folded(name) == name
