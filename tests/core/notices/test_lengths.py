"""Lengths of text messages. Source: carriers count bytes in EUC-KR, 80 for a short message, 2,000 for a long one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notices.addresses import address_key, masked, one_spelling
from core.notices.lengths import TextForm, TooLongError, UnknownSignsError, length_of


@pytest.mark.parametrize(
    ("text", "size", "form"),
    [
        ("a", 1, TextForm.SMS),
        ("가" * 40, 80, TextForm.SMS),
        ("가" * 40 + "a", 81, TextForm.LMS),
        ("포럼 24회", 9, TextForm.SMS),
        ("高", 2, TextForm.SMS),
        ("가" * 1000, 2000, TextForm.LMS),
    ],
)
def test_sizes(text, size, form):
    assert (length_of(text).size, length_of(text).form) == (size, form)


@pytest.mark.parametrize("text", ["", "가" * 1000 + "a"])
def test_nothing_and_too_much(text):
    with pytest.raises(TooLongError):
        length_of(text)


@pytest.mark.parametrize(("text", "signs"), [("가😀나😀", "😀"), ("똠방각하", "똠"), ("a\u2060", "\u2060")])
def test_signs_that_carriers_lack(text, signs):
    with pytest.raises(UnknownSignsError) as caught:
        length_of(text)
    assert caught.value.signs == signs


@given(st.text(alphabet="abc 가나다高。", min_size=1, max_size=900))
def test_every_sign_takes_one_byte_or_two(text):
    length = length_of(text)
    assert len(text) <= length.size <= 2 * len(text)
    assert (length.form is TextForm.SMS) == (length.size <= 80)


def test_addresses_have_one_spelling_and_one_digest():
    assert one_spelling(" Head@Example.ORG ") == "head@example.org"
    assert one_spelling("010-1234 5678") == "01012345678"
    assert address_key("Head@example.org") == address_key("head@example.org ")
    assert masked("head@example.org") == "…rg"
