"""The timetable with open starts and ends. Source: the printed programme of the 24th forum (2014-01-10/11)."""
# ruff: noqa: DTZ001 - times of the place, as printed

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forums.timetable import (
    Gap,
    Slot,
    at_moment,
    empty_days,
    gaps,
    marked_spans,
    ordered,
    overfills,
    overlaps,
    spans,
)

FRIDAY, SATURDAY = date(2014, 1, 10), date(2014, 1, 11)


def slot(key, day, printed, **fields):
    starts, ends = (time.fromisoformat(part) if part else None for part in printed.split("~"))
    return Slot(key=key, day=day, starts=starts, ends=ends, position=key, **fields)


# As printed; only the key is ours.
FORUM_24 = [
    slot(1, FRIDAY, "~13:00"),
    slot(2, FRIDAY, "13:20~14:30"),
    slot(3, FRIDAY, "~14:50"),
    slot(4, FRIDAY, "15:00~18:00", theme_minutes=180),
    slot(5, FRIDAY, "18:10~18:40"),
    slot(6, FRIDAY, "~19:00"),
    slot(7, FRIDAY, "19:00~21:00"),
    slot(8, FRIDAY, "~21:20"),
    slot(9, FRIDAY, "21:30~"),
    slot(10, SATURDAY, "~08:50"),
    slot(11, SATURDAY, "~09:20"),
    slot(12, SATURDAY, "09:20~11:20", theme_minutes=120),
    slot(13, SATURDAY, "11:20~11:50"),
    slot(14, SATURDAY, "~12:00"),
    slot(15, SATURDAY, "~12:00"),
    slot(16, SATURDAY, "~13:00"),
]


def span_of(key, slots=FORUM_24):
    return next(span for span in spans(slots) if span.slot.key == key)


def friday(hour, minute=0):
    return datetime(2014, 1, 10, hour, minute)


def test_the_printed_order_is_the_order_in_time():
    assert [one.key for one in ordered(reversed(FORUM_24))] == list(range(1, 17))


def test_what_is_over_at_a_time_stands_before_what_begins_then():
    dinner, move = slot(1, FRIDAY, "19:00~21:00"), slot(2, FRIDAY, "~19:00")
    assert ordered([dinner, move]) == [move, dinner]


def test_times_are_printed_as_in_the_source():
    assert [one.printed for one in FORUM_24[:3]] == ["~13:00", "13:20~14:30", "~14:50"]
    assert FORUM_24[8].printed == "21:30~"


def test_a_line_without_a_start_begins_when_the_one_before_ends():
    assert (span_of(3).begins, span_of(3).finishes) == (friday(14, 30), friday(14, 50))
    assert span_of(3).is_begin_inferred
    assert span_of(3).minutes == 20


def test_the_first_line_of_a_day_without_a_start_begins_nobody_knows_when():
    assert span_of(1).begins is None
    assert span_of(10).begins is None


def test_a_line_that_is_to_be_over_when_the_one_before_ends_has_no_beginning():
    assert span_of(15).begins is None
    assert span_of(15).minutes == 0


def test_a_line_without_an_end_goes_on_until_the_day_ends():
    assert span_of(9).finishes == datetime(2014, 1, 11)
    assert span_of(9).is_end_inferred


def test_a_line_without_an_end_is_over_when_the_next_begins():
    lines = [slot(1, FRIDAY, "19:00~"), slot(2, FRIDAY, "21:00~22:00")]
    assert span_of(1, lines).finishes == friday(21)
    assert overlaps(lines) == []


def test_a_parallel_line_does_not_end_an_open_one():
    lines = [slot(1, FRIDAY, "19:00~"), slot(2, FRIDAY, "21:00~22:00", is_parallel=True)]
    assert span_of(1, lines).finishes == datetime(2014, 1, 11)


def test_the_printed_programme_has_no_overlaps_and_its_themes_fit():
    assert overlaps(FORUM_24) == []
    assert overfills(FORUM_24) == []


def test_two_lines_at_the_same_time_overlap():
    lines = [slot(1, FRIDAY, "13:00~15:00"), slot(2, FRIDAY, "14:00~16:00")]
    assert [(pair.first.key, pair.second.key) for pair in overlaps(lines)] == [(1, 2)]


def test_parallel_rooms_are_meant():
    lines = [slot(1, FRIDAY, "13:00~15:00"), slot(2, FRIDAY, "14:00~16:00", is_parallel=True)]
    assert overlaps(lines) == []


def test_lines_that_meet_do_not_overlap():
    assert overlaps([slot(1, FRIDAY, "13:00~14:00"), slot(2, FRIDAY, "14:00~15:00")]) == []


def test_a_line_without_a_start_overlaps_when_it_is_over_in_the_midst_of_another():
    lines = [slot(1, FRIDAY, "13:00~15:00"), slot(2, FRIDAY, "~14:00")]
    assert len(overlaps(lines)) == 1


def test_the_same_time_on_two_days_is_no_overlap():
    assert overlaps([slot(1, FRIDAY, "13:00~15:00"), slot(2, SATURDAY, "13:00~15:00")]) == []


def test_gaps_longer_than_half_an_hour_are_found():
    lines = [slot(1, FRIDAY, "13:00~14:00"), slot(2, FRIDAY, "14:30~15:00"), slot(3, FRIDAY, "15:31~16:00")]
    assert gaps(lines) == [Gap(lines[1], lines[2], 31)]
    assert gaps(FORUM_24) == []


def test_a_gap_is_counted_from_the_last_parallel_line():
    lines = [
        slot(1, FRIDAY, "13:00~16:00"),
        slot(2, FRIDAY, "13:00~14:00", is_parallel=True),
        slot(3, FRIDAY, "16:00~17:00"),
    ]
    assert gaps(lines) == []


def test_themes_that_take_longer_than_their_session_are_found():
    (found,) = overfills([slot(4, FRIDAY, "15:00~18:00", theme_minutes=181)])
    assert (found.needed, found.minutes) == (181, 180)


def test_a_session_without_an_end_is_never_too_short():
    assert overfills([slot(4, FRIDAY, "23:00~", theme_minutes=300)]) == []


def test_days_without_anything_are_named():
    assert empty_days(FORUM_24, FRIDAY, SATURDAY) == []
    assert empty_days(FORUM_24[:9], FRIDAY, SATURDAY) == [SATURDAY]


@pytest.mark.parametrize(
    ("moment", "now", "following"),
    [
        (friday(12, 59), [1], 2),
        (friday(13, 0), [], 2),
        (friday(13, 20), [2], 3),
        (friday(14, 40), [3], 4),
        (friday(14, 55), [], 4),
        (friday(17, 59), [4], 5),
        (friday(23, 59), [9], 10),
        (datetime(2014, 1, 11, 8, 0), [10], 11),
        (datetime(2014, 1, 11, 12, 30), [16], None),
        (datetime(2014, 1, 11, 13, 0), [], None),
    ],
)
def test_what_goes_on_now_and_what_comes_next(moment, now, following):
    found = at_moment(FORUM_24, moment)
    assert [one.key for one in found.now] == now
    assert (found.next.key if found.next else None) == following


def test_parallel_lines_go_on_together():
    lines = [slot(1, FRIDAY, "13:00~15:00"), slot(2, FRIDAY, "13:00~16:00", is_parallel=True)]
    assert [one.key for one in at_moment(lines, friday(14)).now] == [1, 2]


def test_a_line_without_any_time_is_an_error():
    with pytest.raises(ValueError, match="neither"):
        spans([Slot(1, FRIDAY)])


TIMES = st.one_of(st.none(), st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))


@st.composite
def timetables(draw):
    lines = []
    for key in range(draw(st.integers(1, 12))):
        starts, ends = draw(TIMES), draw(TIMES)
        if starts is None and ends is None:
            starts = time(9)
        if starts and ends and ends <= starts:
            ends = None
        day = FRIDAY + timedelta(days=draw(st.integers(0, 2)))
        lines.append(Slot(key, day, starts, ends, draw(st.integers(0, 3)), draw(st.booleans())))
    return lines


@given(timetables())
def test_spans_keep_every_line_and_what_it_says_of_itself(lines):
    found = spans(lines)
    assert sorted(span.slot.key for span in found) == sorted(line.key for line in lines)
    for span in found:
        assert span.begins is None or span.begins <= span.finishes
        if span.slot.starts:
            assert span.begins == datetime.combine(span.slot.day, span.slot.starts)
        if span.slot.ends:
            assert span.finishes == datetime.combine(span.slot.day, span.slot.ends)


@given(timetables())
def test_what_is_marked_as_now_begins_before_and_ends_after(lines):
    for slot_, begins, finishes in marked_spans(lines):
        if begins < finishes:
            assert slot_ in at_moment(lines, begins).now
            assert slot_ not in at_moment(lines, finishes).now


@given(timetables(), st.datetimes(datetime(2014, 1, 9), datetime(2014, 1, 14)))
def test_what_comes_next_has_not_begun(lines, moment):
    found = at_moment(lines, moment)
    begins = {slot_.key: begin for slot_, begin, _end in marked_spans(lines)}
    assert found.next is None or begins[found.next.key] > moment


@given(timetables())
def test_lines_that_all_run_beside_others_never_overlap(lines):
    assert overlaps([Slot(one.key, one.day, one.starts, one.ends, one.position, True) for one in lines]) == []


def test_an_open_end_goes_on_until_what_is_to_be_over_next():
    """ "21:30~" and then "~23:00": nobody need be in two places."""
    evening = [slot(1, FRIDAY, "21:30~"), slot(2, FRIDAY, "~23:00")]
    assert overlaps(evening) == []
    assert span_of(1, evening).finishes == friday(23)
    assert [one.key for one in at_moment(evening, friday(22)).now] == [1]
