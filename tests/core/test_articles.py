"""Texts with articles: read, written, and two versions beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.articles import (
    Article,
    Change,
    UnreadableArticlesError,
    compare_versions,
    compare_words,
    read_articles,
    write_articles,
)


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


def test_articles_are_read_by_their_headings():
    text = (
        "제1조(목적)\n이 조례는 시험에 쓴다.\r\n\r\n"
        "제 3조의 2 추첨\n위원은\n추첨으로 뽑는다.\n부칙\n공포한 날부터 시행한다."
    )

    assert read_articles(text) == [
        Article("1", "목적", "이 조례는 시험에 쓴다."),
        Article("3의2", "추첨", "위원은\n추첨으로 뽑는다."),
        Article("부칙", "부칙", "공포한 날부터 시행한다."),
    ]


@pytest.mark.parametrize(
    ("text", "code", "numbers"),
    [
        ("", "none", ()),
        (" \n ", "none", ()),
        ("머리 없는 글", "no_heading", ()),
        ("제1조 목적\n제2조 정원\n글", "empty", ("1",)),
    ],
)
def test_a_text_that_does_not_fall_into_articles_says_why(text, code, numbers):
    with pytest.raises(UnreadableArticlesError) as no:
        read_articles(text)
    assert (no.value.code, no.value.numbers) == (code, numbers)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 999), st.sampled_from(["목적", "정원", "추첨"]), st.sampled_from(["글", "긴 글\n두 줄"])
        ),
        min_size=1,
        unique_by=lambda one: one[0],
    )
)
def test_what_is_written_is_read_again(rows):
    articles = [Article(str(number), title, text) for number, title, text in rows]
    assert read_articles(write_articles(articles)) == articles
