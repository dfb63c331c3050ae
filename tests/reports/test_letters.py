"""Official letters: numbering, attachments and the end as the regulation on administrative work has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.letters import Point, UnfitLetter, draft_letter, points_of
from reports.numbering import DEPTHS, letter, marker


@pytest.mark.parametrize(
    ("number", "depth", "sign"),
    [
        (1, 0, "1. "),
        (12, 0, "12. "),
        (1, 1, "가. "),
        (14, 1, "하. "),
        (15, 1, "거. "),
        (16, 1, "너. "),
        (29, 1, "고. "),
        (2, 2, "2) "),
        (2, 3, "나) "),
        (3, 4, "(3) "),
        (3, 5, "(다) "),
        (1, 6, "① "),
        (20, 6, "⑳ "),
        (1, 7, "㉮ "),
        (14, 7, "㉻ "),
    ],
)
def test_the_signs_of_items(number, depth, sign):
    assert marker(number, depth) == sign


@pytest.mark.parametrize(("number", "depth"), [(0, 0), (85, 1), (21, 6), (15, 7), (1, 8), (1, -1)])
def test_there_is_no_sign_beyond_the_order(number, depth):
    with pytest.raises(ValueError, match=r"no|counted"):
        marker(number, depth)


@given(st.integers(1, 84), st.integers(1, 84))
def test_letters_are_told_apart_and_come_in_the_order_of_the_alphabet_by_rows(one, other):
    assert (letter(one) == letter(other)) == (one == other)
    if (one - 1) // 14 == (other - 1) // 14:
        assert (letter(one) < letter(other)) == (one < other)


def test_a_whole_letter():
    made = draft_letter(
        ["자치분권과-123(2026. 1. 5.)호"],
        [
            "제24차 정기포럼을 다음과 같이 개최하오니 참석하여 주시기 바랍니다.",
            Point("개최 개요", (Point("일시: 2026. 2. 10.(화) 14:00"), Point("장소: 오산시청"))),
        ],
        ["개최 계획서 1부.", "참석 신청서 1부."],
        recipient="수신자 참조",
        subject="제24차 정기포럼 개최 알림",
    )
    assert made == (
        "수신  수신자 참조\n"
        "(경유)\n"
        "제목  제24차 정기포럼 개최 알림\n"
        "\n"
        "1. 관련: 자치분권과-123(2026. 1. 5.)호\n"
        "2. 제24차 정기포럼을 다음과 같이 개최하오니 참석하여 주시기 바랍니다.\n"
        "3. 개최 개요\n"
        "  가. 일시: 2026. 2. 10.(화) 14:00\n"
        "  나. 장소: 오산시청\n"
        "\n"
        "붙임  1. 개최 계획서 1부.\n"
        "      2. 참석 신청서 1부.  끝.\n"
    )


def test_a_single_item_has_no_sign_and_the_end_follows_the_body():
    assert draft_letter([], ["회신하여 주시기 바랍니다."]) == "회신하여 주시기 바랍니다.  끝.\n"


def test_a_single_attachment_has_no_number():
    assert draft_letter([], ["보냅니다."], ["계획서 1부."]).endswith("\n\n붙임  계획서 1부.  끝.\n")


def test_several_relations_stand_below_each_other():
    assert draft_letter(["가호", "나호"], ["보냅니다."]) == "1. 관련\n  가. 가호\n  나. 나호\n2. 보냅니다.  끝.\n"


def test_typed_lines_become_items_by_their_blanks():
    points = points_of("첫째\n  하나\n\t둘\n    더 깊이\n\n둘째\n")
    assert points == (Point("첫째", (Point("하나"), Point("둘", (Point("더 깊이"),)))), Point("둘째"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [("", "empty"), ("   \n", "empty"), ("\n".join("  " * depth + "글" for depth in range(9)), "too_deep")],
)
def test_what_cannot_be_a_letter(body, reason):
    with pytest.raises(UnfitLetter) as unfit:
        draft_letter([], points_of(body))
    assert unfit.value.reason == reason


def test_more_items_than_signs():
    with pytest.raises(UnfitLetter):
        draft_letter([], [Point("글", tuple(Point("글") for _number in range(85)))])


@given(st.text(alphabet=" \t\n가a1", max_size=80))
def test_any_typed_text_is_a_letter_that_ends_once_or_refused(text):
    try:
        made = draft_letter([], points_of(text))
    except UnfitLetter:
        return
    assert made.endswith("  끝.\n")
    assert made.count("끝.") == 1
    assert sum(bool(line.strip()) for line in text.splitlines()) == made.count("\n")


def test_every_depth_has_a_sign():
    assert len({marker(2, depth) for depth in range(DEPTHS)}) == DEPTHS
