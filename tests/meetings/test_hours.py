"""rules.md C6: attendance in hours."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.hours import Span, attended, overlaps

T = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)


def at(minutes, seconds=0):
    return T + timedelta(minutes=minutes, seconds=seconds)


def minutes_of(*spans, sittings=((0, 120),), until=600):
    held = [(at(start), at(end)) for start, end in sittings]
    there = [Span(at(start), None if end is None else at(end)) for start, end in spans]
    return attended(there, held, until=at(until))


def test_only_the_time_within_the_sitting_counts():
    assert minutes_of((-30, 200)).minutes == 120


def test_several_spans_add_up():
    assert minutes_of((0, 30), (50, 120)).minutes == 100


def test_two_sittings_with_a_break_between():
    found = minutes_of((0, 300), sittings=((0, 60), (120, 180)))
    assert (found.minutes, found.of, found.share) == (120, 120, Fraction(1))


def test_who_has_not_left_was_there_until_now():
    assert minutes_of((10, None), until=40).minutes == 30


def test_who_has_not_left_was_there_until_the_end_at_most():
    assert minutes_of((10, None)).minutes == 110


def test_what_overlaps_counts_once():
    assert minutes_of((0, 60), (30, 90)).minutes == 90


def test_the_whole_is_rounded_down_once():
    spans = [Span(at(0), at(1, 30)), Span(at(2), at(3, 30))]
    assert attended(spans, [(at(0), at(60))], until=at(60)).minutes == 3


def test_hours_are_exact():
    assert minutes_of((0, 100)).hours == Fraction(5, 3)


def test_nobody_is_there_for_a_share_of_nothing():
    assert attended([], [], until=T).share == 0


def test_an_end_before_the_beginning_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        minutes_of((10, 5))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 10), (10, 20), False),
        ((0, 11), (10, 20), True),
        ((0, None), (10, 20), True),
        ((30, None), (10, 20), False),
        ((0, None), (5, None), True),
    ],
)
def test_overlaps_are_half_open(one, other, expected):
    def make(span):
        return Span(at(span[0]), None if span[1] is None else at(span[1]))

    assert overlaps(make(one), make(other)) is expected
    assert overlaps(make(other), make(one)) is expected


SPANS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 100)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=6
)


@given(SPANS, SPANS)
def test_minutes_are_those_that_a_clock_would_count(spans, sittings):
    held = {minute for start, end in sittings for minute in range(start, end)}
    there = {minute for start, end in spans for minute in range(start, end)}
    found = minutes_of(*spans, sittings=sittings)
    assert (found.minutes, found.of) == (len(held & there), len(held))
