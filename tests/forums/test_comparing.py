"""Two versions of the bylaws beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.comparing import Article, Change, compare_versions, compare_words


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_hold_both_texts_sign_by_sign(before, after):
    pieces = compare_words(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED) == after


def test_a_changed_word_is_marked_alone():
    pieces = compare_words("현직 시장을 정회원으로 한다", "현직 시장과 도지사를 정회원으로 한다")
    assert [(piece.change, piece.text) for piece in pieces if piece.change is not Change.SAME] == [
        (Change.REMOVED, "시장을"),
        (Change.ADDED, "시장과 도지사를"),
    ]


def test_articles_are_added_removed_and_changed_in_order():
    before = [Article("1", "목적", "가"), Article("2", "회원", "나"), Article("3", "사업", "다")]
    after = [Article("1", "목적", "가"), Article("3", "사업", "라"), Article("4", "임원", "마")]
    assert [(one.number, one.change) for one in compare_versions(before, after)] == [
        ("1", Change.SAME),
        ("2", Change.REMOVED),
        ("3", Change.CHANGED),
        ("4", Change.ADDED),
    ]


def test_a_new_title_alone_is_a_change():
    (one,) = compare_versions([Article("1", "목적", "가")], [Article("1", "취지", "가")])
    assert (one.change, one.title_before, one.title_after) == (Change.CHANGED, "목적", "취지")


def test_an_article_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        compare_versions([Article("1", "가", "가"), Article("1", "나", "나")], [])
