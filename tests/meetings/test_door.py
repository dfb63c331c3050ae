from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from meetings import door
from tests.factories import NOON

SECRET = "a" * 64
DAY = NOON.date()


def test_digits_change_every_minute_and_hold_for_the_next():
    shown = door.digits(SECRET, NOON)
    assert door.digits_hold(SECRET, shown, NOON + timedelta(seconds=59))
    assert door.digits_hold(SECRET, f"{shown[:3]} {shown[3:]}", NOON + timedelta(seconds=119))
    assert not door.digits_hold(SECRET, shown, NOON + timedelta(seconds=120))
    assert door.digits(SECRET, NOON) != door.digits(SECRET, NOON + timedelta(minutes=1))


def test_a_code_does_not_hold_before_its_minute():
    assert not door.digits_hold(SECRET, door.digits(SECRET, NOON), NOON - timedelta(seconds=1))


def test_the_token_of_a_minute_is_of_one_meeting():
    token = door.token(SECRET, 7, NOON)
    assert door.number_in(token) == 7
    assert door.token_holds(SECRET, 7, token, NOON, [DAY])
    assert not door.token_holds("b" * 64, 7, token, NOON, [DAY])
    assert not door.token_holds(SECRET, 8, token, NOON, [DAY])
    assert not door.token_holds(SECRET, 7, token, NOON + timedelta(minutes=2), [DAY])


def test_the_poster_holds_on_its_day():
    token = door.poster_token(SECRET, 7, DAY)
    assert door.token_holds(SECRET, 7, token, NOON + timedelta(hours=9), [DAY])
    assert not door.token_holds(SECRET, 7, token, NOON, [DAY + timedelta(days=1)])


def test_seconds_left_count_down():
    assert [door.seconds_left(NOON + timedelta(seconds=number)) for number in (0, 1, 59, 60)] == [60, 59, 1, 60]


@given(st.text(max_size=60))
def test_whatever_is_sent_is_no_token(text):
    door.number_in(text)
    assert not door.token_holds(SECRET, 7, text, NOON, [DAY])


@given(st.text(max_size=20))
def test_whatever_is_typed_is_no_code(text):
    assert door.digits_hold(SECRET, text, NOON) == (
        "".join(text.split()) in {door.digits(SECRET, NOON), door.digits(SECRET, NOON - timedelta(minutes=1))}
    )
