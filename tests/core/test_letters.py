"""Mails in lines that every reader shows whole."""

from hypothesis import given
from hypothesis import strategies as st

from core.letters import COLUMNS, columns_of, in_lines


def test_hangul_takes_two_columns():
    assert columns_of("마당 a") == 6


def test_lines_break_between_words():
    assert in_lines("가나 다라 마바", columns=9) == "가나 다라\n마바\n"


def test_an_address_of_the_web_stays_whole():
    address = "https://example.org/" + "x" * 100
    assert in_lines(f"여기를 여세요:\n\n\n{address}\n") == f"여기를 여세요:\n\n{address}\n"


@given(st.text(alphabet=st.sampled_from("가나다라 abc\n"), max_size=400))
def test_nothing_is_lost_and_no_line_is_too_wide(text):
    lines = in_lines(text)
    assert lines.split() == text.split()
    assert all(columns_of(line) <= COLUMNS or " " not in line for line in lines.splitlines())
