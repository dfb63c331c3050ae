"""Where joiners stand in Korean text, and what remains of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.content import Report
from reports.pdf.html import to_html
from reports.pdf.korean import LONGEST_WORD, WORD_JOINER, keep_words, keep_words_across

J = WORD_JOINER
TEXTS = st.text(alphabet="가나다힣高南ㄱAz09 .,·ㆍ()[]~%-/\n\"'’”※", max_size=60)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("주민총회", f"주{J}민{J}총{J}회"),
        ("주민 총회", f"주{J}민 총{J}회"),
        ("제24차", f"제{J}24{J}차"),
        ("고남석(高南錫)은", f"고{J}남{J}석{J}(高{J}南{J}錫){J}은"),
        ("복지·교육", f"복{J}지{J}·교{J}육"),
        ("10~11일", f"10~11{J}일"),
        ("60%가", f"60%{J}가"),
        ("확인 3A4C-D6EF", f"확{J}인 3A4C-{J}D6EF"),
        ("Madang and 1,234", "Madang and 1,234"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("", ""),
    ],
)
def test_words_are_joined(text, joined):
    assert keep_words(text) == joined


def test_what_is_too_long_for_a_word_may_break_anywhere():
    assert keep_words("가" * LONGEST_WORD).count(J) == LONGEST_WORD - 1
    assert keep_words("가" * (LONGEST_WORD + 1)) == "가" * (LONGEST_WORD + 1)


def test_a_long_bracket_may_stand_on_the_next_line():
    assert "정기포럼(" in keep_words("정기포럼(민선5기 지방자치 혁신, 평가와 전망)").replace(
        f"포{J}럼", "포럼"
    ).replace(f"정{J}기{J}포", "정기포")


@given(TEXTS)
def test_nothing_but_joiners_is_added(text):
    joined = keep_words(text)
    assert joined.replace(J, "") == text
    assert f"{J}{J}" not in joined
    assert not any(part.startswith(J) or part.endswith(J) for part in joined.split())


@given(st.lists(TEXTS, max_size=6))
def test_a_text_in_pieces_is_joined_like_the_whole(texts):
    pieces = keep_words_across(texts)
    assert "".join(pieces) == keep_words("".join(texts))
    assert [piece.replace(J, "") for piece in pieces] == texts


@pytest.mark.parametrize(
    ("title", "together"),
    [
        ("민선5기 지방자치 혁신, 평가와 전망", "평가와 전망"),
        ("평가와 전망", ""),
        ("주민자치의 날 <첫째>", ""),
        ("모두가 함께하는 지방자치단체 주민참여예산제도", ""),
    ],
)
def test_a_title_does_not_end_in_a_line_of_one_short_word(title, together):
    html = to_html(Report(title=title, sections=())).html.replace(J, "")
    assert (f'<span class="together">{together}</span>' in html) == bool(together)
    assert ("together" in html) == bool(together)
