"""What no file can hold is taken out; everything that people write stays."""

import pytest

from core.signs import one_line, printable_text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("주민총회", "주민총회"),
        ("가\x00나\x1b다\x7f라\x9f마", "가나다라마"),
        ("가\r\n나\r다\x0b라\x85마\u2028바\u2029사", "가\n나\n다\n라\n마\n바\n사"),
        ("half \ud83d sign", "half  sign"),
        ("洪\U00020000\U0001f600 é\tx", "洪\U00020000\U0001f600 é\tx"),
    ],
)
def test_texts_lose_only_what_cannot_be_printed(text, printed):
    assert printable_text(text) == printed


def test_a_title_stays_on_one_line():
    assert one_line(" 주민\x0b총회\r\nATTENDEE:x\x00 ") == "주민 총회 ATTENDEE:x"
