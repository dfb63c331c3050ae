"""Columns of printed tables: as the document asks, and wide enough for their longest word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.columns import fitted, word_width


def widths(shares, *columns):
    return fitted(shares, columns, table_mm=164, points=9, padding_mm=3.6)


def test_shares_stay_where_every_word_fits():
    assert widths([1, 3], ["번호"], ["이름이 적힌 칸"]) == [0.25, 0.75]


def test_a_column_gets_room_for_its_longest_word_from_one_that_has_too_much():
    narrow, wide = widths([1, 9], ["직위", "사회적기업팀장"], ["소속", "서울"])
    assert narrow * 164 >= word_width("사회적기업팀장") * 9 * 25.4 / 72 + 3.6
    assert narrow + wide == pytest.approx(1)


def test_room_is_taken_where_no_line_gets_longer_by_it():
    narrow, time, wide = widths([1, 1.3, 7.7], ["직위", "사회적기업팀장"], ["시간", "10시간 39분"], ["소속", "서울"])
    assert time == pytest.approx(0.13)
    assert narrow > 0.1
    assert wide < 0.77


def test_words_that_are_together_wider_than_the_table_change_nothing():
    assert widths([1] * 14, *[["사회적기업팀장"]] * 14) == [1 / 14] * 14


def test_for_longer_runs_than_words_no_room_is_kept():
    assert widths([1, 9], ["가" * 13], ["나"]) == [0.1, 0.9]


@given(st.lists(st.tuples(st.floats(0.1, 10), st.lists(st.text("가a ", max_size=20), max_size=4)), min_size=1))
def test_the_table_stays_as_wide_as_it_is(columns):
    made = widths([share for share, _texts in columns], *[texts for _share, texts in columns])
    assert sum(made) == pytest.approx(1)
    assert all(width > 0 for width in made)
