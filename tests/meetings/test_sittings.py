"""A meeting of several days or lectures: whoever comes is recorded on each day anew; hours are right by sitting."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RuleViolation
from meetings import documents, door
from meetings.models import Attendance, Meeting
from meetings.queries import attended_by, attended_each, counts_of, poster_day, poster_days, roll_of, sittings_of
from meetings.services import (
    add_sitting,
    call_meeting,
    change_meeting,
    change_sitting,
    check_in,
    check_in_oneself,
    check_out,
    close_meeting,
    correct_attendance,
    draft_minutes,
    enter_attendance,
    open_meeting,
)
from meetings.sittings import day_at, days_of, end_of, nearest
from reports.content import Table
from reports.registry import Order
from tests.factories import NOON
from tests.meetings.conftest import START, make_hall

SEOUL = timezone(timedelta(hours=9))
DAY = timedelta(days=1)
END = START + timedelta(hours=3)  # of each day
SECOND, SECOND_END = START + DAY, END + DAY


def moment(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SEOUL)


# --- pure -------------------------------------------------------------------------------------------------------------

COURSE = [
    (moment(10, 9), moment(10, 12)),
    (moment(10, 13), moment(10, 18)),
    (moment(11, 22), moment(12, 2)),
    (moment(12, 9), moment(12, 12)),
]


def test_sittings_of_one_date_are_one_day():
    days = days_of(COURSE, SEOUL)
    assert [(day.begins, day.ends) for day in days] == [
        (moment(10, 9), moment(10, 18)),
        (moment(11, 22), moment(12, 2)),
        (moment(12, 9), moment(12, 12)),
    ]
    assert (days[0].since, days[0].until, days[2].until) == (None, moment(11, 8), None)


def test_an_evening_past_midnight_is_one_day():
    evening = [(moment(10, 21), moment(10, 23)), (moment(11, 0), moment(11, 2))]
    morning = [(moment(11, 9), moment(11, 12))]
    assert [day.ends for day in days_of(evening + morning, SEOUL)] == [moment(11, 2), moment(11, 12)]


def test_the_date_is_that_of_the_hall():
    late = [(datetime(2026, 3, 10, 14, tzinfo=UTC), datetime(2026, 3, 10, 15, tzinfo=UTC))]
    morning = [(datetime(2026, 3, 10, 23, tzinfo=UTC), datetime(2026, 3, 11, 1, tzinfo=UTC))]
    assert len(days_of(late + morning, SEOUL)) == 2
    assert len(days_of(late + morning, UTC)) == 1


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (moment(9, 9), 0),
        (moment(10, 11, 59), 0),
        (moment(10, 12, 29), 0),
        (moment(10, 12, 30), 1),
        (moment(10, 23), 1),
        (moment(12, 1), 2),
        (moment(12, 4), 2),
        (moment(12, 7), 3),
        (moment(20, 9), 3),
    ],
)
def test_the_sitting_that_goes_on_or_the_nearest(at, place):
    assert nearest(COURSE, at) == place


def test_lectures_without_a_break():
    lectures = [(moment(10, 9), moment(10, 10)), (moment(10, 10), moment(10, 11))]
    assert [nearest(lectures, moment(10, 9, 59)), nearest(lectures, moment(10, 10))] == [0, 1]


def test_without_a_departure_a_day_ends_with_its_last_sitting():
    days = days_of(COURSE, SEOUL)
    assert end_of(moment(10, 9), days, moment(12, 11)) == moment(10, 18)
    assert end_of(moment(10, 9), days, moment(10, 11)) == moment(10, 11)
    assert end_of(moment(10, 19), days, moment(12, 11)) == moment(10, 19)


@given(st.integers(0, 5 * 24 * 60))
def test_every_moment_belongs_to_one_day_that_of_the_nearest_sitting(minutes):
    at = moment(9, 0) + timedelta(minutes=minutes)
    days = days_of(COURSE, SEOUL)
    assert sum(day.has(at) for day in days) == 1
    begins, _ends = COURSE[nearest(COURSE, at)]
    assert day_at(days, begins) == day_at(days, at)


# --- recording --------------------------------------------------------------------------------------------------------


def two_days(*, people=5, upto="called"):
    """START to END on two days, in two sittings."""
    hall = make_hall(people=people, upto="draft", ends_at=SECOND_END)
    add_sitting(meeting_id=hall.meeting.pk, title="첫째 날", starts_at=START, ends_at=END, **hall.by(NOON))
    add_sitting(meeting_id=hall.meeting.pk, title="둘째 날", starts_at=SECOND, ends_at=SECOND_END, **hall.by(NOON))
    call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON))
    if upto == "open":
        hall.arrive(*range(people))
        open_meeting(meeting_id=hall.meeting.pk, **hall.by())
    hall.fresh()
    hall.first, hall.second = hall.meeting.sittings.all()
    return hall


@pytest.fixture
def course(db):
    return two_days()


@pytest.fixture
def running(db):
    return two_days(upto="open")


def times(participant):
    return [(one.arrived_at, one.left_at, one.sitting.title) for one in participant.attendances.order_by("arrived_at")]


def test_the_second_day_is_recorded_anew_without_a_departure(running):
    person = running.people[0]
    later = SECOND + timedelta(minutes=30)
    assert check_in(participant_id=person.pk, way="desk", **running.by(later))[1]
    assert times(person) == [(START, END, "첫째 날"), (later, None, "둘째 날")]
    assert not check_in(participant_id=person.pk, way="qr", **running.by(later + timedelta(minutes=5)))[1]


def test_who_stayed_at_home_on_the_second_day_is_not_there(running):
    assert counts_of(running.meeting, END)[1] == 5
    assert counts_of(running.meeting, SECOND)[1] == 0
    running.arrive(1, 2, at=SECOND)
    assert counts_of(running.meeting, SECOND) == (5, 2, 2)
    with pytest.raises(RuleViolation):
        check_out(participant_id=running.people[0].pk, **running.by(SECOND_END))


def test_hours_are_right_by_sitting(running):
    running.arrive(0, at=SECOND + timedelta(hours=1))
    close_meeting(meeting_id=running.meeting.pk, **running.by(SECOND_END + timedelta(hours=5)))
    until, sittings = running.fresh().closed_at, sittings_of(running.meeting)
    came_twice, came_once, *_rest = roll_of(running.meeting)
    assert [one.minutes for one in attended_each(came_twice, sittings, until=until)] == [180, 120]
    assert [one.minutes for one in attended_each(came_once, sittings, until=until)] == [180, 0]
    assert attended_by(came_once, sittings, until=until).minutes == 180
    assert times(running.people[1]) == [(START, END, "첫째 날")]


def test_before_the_close_an_open_day_does_not_go_on_through_the_night(running):
    person = roll_of(running.meeting).first()
    sittings = sittings_of(running.meeting)
    assert [one.minutes for one in attended_each(person, sittings, until=SECOND_END)] == [180, 0]


def test_who_came_after_the_planned_end_of_a_day_was_there(running):
    late = END + timedelta(minutes=10)
    check_out(participant_id=running.people[0].pk, **running.by(END))
    check_in(participant_id=running.people[0].pk, way="desk", **running.by(late))
    close_meeting(meeting_id=running.meeting.pk, **running.by(SECOND_END))
    assert times(running.people[0])[1] == (late, late + timedelta(minutes=1), "첫째 날")
    assert not Attendance.objects.filter(is_struck=True).exists()


@pytest.mark.parametrize(
    ("at", "code"), [(START, "too_early"), (SECOND - timedelta(hours=16), "too_early"), (SECOND, "")]
)
def test_nobody_comes_to_the_second_day_on_the_first(running, at, code):
    check_out(participant_id=running.people[0].pk, **running.by(START + timedelta(minutes=1)))
    person = running.people[0].pk
    if not code:
        assert check_in(participant_id=person, way="desk", sitting_id=running.second.pk, **running.by(at))[1]
        return
    with pytest.raises(RuleViolation) as refused:
        check_in(participant_id=person, way="desk", sitting_id=running.second.pk, **running.by(at))
    assert refused.value.code == code


def test_nobody_comes_to_a_day_that_is_over(running):
    with pytest.raises(RuleViolation) as refused:
        check_in(participant_id=running.people[0].pk, way="desk", sitting_id=running.first.pk, **running.by(SECOND))
    assert refused.value.code == "sitting_over"


@pytest.mark.parametrize(
    ("at", "may"),
    [
        (START - timedelta(minutes=121), False),
        (START, True),
        (END - timedelta(minutes=1), True),
        (END, False),  # the first day does not go on
        (SECOND - timedelta(minutes=121), False),
        (SECOND - timedelta(minutes=120), True),
        (SECOND_END, True),  # the last one does
    ],
)
def test_on_ones_own_phone_only_around_each_day(db, at, may):
    hall = two_days(upto="open")
    for one in Attendance.objects.all():
        correct_attendance(attendance_id=one.pk, is_struck=True, reason="시험", **hall.by())

    def arrive():
        return check_in_oneself(participant_id=hall.people[0].pk, way="qr", **hall.by(at))

    if may:
        assert arrive()[1]
    else:
        with pytest.raises(RuleViolation):
            arrive()


def test_the_sheet_of_a_day_that_is_over(running):
    person = running.people[0]
    with pytest.raises(RuleViolation):
        enter_attendance(participant_id=person.pk, arrived_at=START, left_at=END, **running.by(SECOND))  # known already
    absent = make_hall(people=1, upto="draft").people[0]
    absent.meeting = running.meeting
    absent.save()
    with pytest.raises(RuleViolation) as refused:
        enter_attendance(participant_id=absent.pk, arrived_at=START, left_at=None, **running.by(SECOND))
    assert refused.value.code == "left_missing"
    enter_attendance(participant_id=absent.pk, arrived_at=START, left_at=END, **running.by(SECOND))
    assert times(absent) == [(START, END, "첫째 날")]


def test_the_sheet_knows_nobody_before_the_day_of_the_meeting(hall):
    with pytest.raises(RuleViolation) as refused:
        enter_attendance(participant_id=hall.people[0].pk, arrived_at=NOON, left_at=None, **hall.by(NOON))
    assert refused.value.code == "too_early"


def test_a_correction_goes_to_the_sitting_of_its_time(running):
    one = running.people[0].attendances.get()
    correct_attendance(
        attendance_id=one.pk, arrived_at=SECOND, left_at=SECOND_END, reason="다른 날", **running.by(SECOND_END)
    )
    assert times(running.people[0])[-1] == (SECOND, SECOND_END, "둘째 날")


def test_a_meeting_that_moves_takes_its_sittings_along(course):
    week = timedelta(days=7)
    moved = {"starts_at": START + week, "ends_at": SECOND_END + week}
    change_meeting(meeting_id=course.meeting.pk, values=moved, **course.by(NOON))
    assert sittings_of(Meeting.objects.get()) == [(START + week, END + week), (SECOND + week, SECOND_END + week)]


def test_a_meeting_moves_by_a_day_though_the_sittings_touch(course):
    change_meeting(
        meeting_id=course.meeting.pk, values={"starts_at": SECOND, "ends_at": SECOND_END + DAY}, **course.by(NOON)
    )
    assert sittings_of(Meeting.objects.get()) == [(SECOND, SECOND_END), (SECOND + DAY, SECOND_END + DAY)]


def test_a_meeting_does_not_shrink_below_its_sittings(course):
    with pytest.raises(RuleViolation) as refused:
        change_meeting(meeting_id=course.meeting.pk, values={"ends_at": END}, **course.by(NOON))
    assert refused.value.code == "outside_the_meeting"


def test_a_sitting_that_people_came_to_is_given_other_times(running):
    facts = {"title": "첫째 날", "starts_at": START, "ends_at": START + timedelta(hours=1)}
    change_sitting(meeting_id=running.meeting.pk, sitting_id=running.first.pk, **facts, **running.by(END))
    person = roll_of(running.meeting).first()
    assert attended_each(person, sittings_of(running.fresh()), until=SECOND)[0].minutes == 60


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (START, START, "ends_before_start"),
        (START - timedelta(hours=1), END, "outside_the_meeting"),
        (START, SECOND + timedelta(hours=1), "sittings_overlap"),
    ],
)
def test_times_that_no_sitting_has(running, starts_at, ends_at, code):
    with pytest.raises(RuleViolation) as refused:
        change_sitting(
            meeting_id=running.meeting.pk,
            sitting_id=running.first.pk,
            title="첫째 날",
            starts_at=starts_at,
            ends_at=ends_at,
            **running.by(END),
        )
    assert refused.value.code == code


# --- pages ------------------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def desk(client, hall, **asked):
    return client.get(url("desk", hall.meeting.pk), asked)


def test_the_desk_chooses_the_sitting_of_the_day(client, clock, running):
    client.force_login(running.keeper)
    assert desk(client, running).context["place"].sitting == running.first
    clock.now = SECOND
    page = desk(client, running)
    assert page.context["place"].sitting == running.second
    assert [row.there for row in page.context["rows"]] == [None] * 5
    client.post(url("desk", running.meeting.pk), {"participant": running.people[0].pk, "what": "came"})
    assert times(running.people[0])[1] == (SECOND, None, "둘째 날")


def test_the_keeper_looks_at_another_day(client, clock, running):
    client.force_login(running.keeper)
    clock.now = SECOND
    page = desk(client, running, sitting=running.first.pk)
    assert all(row.there for row in page.context["rows"])
    assert not page.context["takes_arrivals"]
    assert reverse("meetings:act_on", args=[running.meeting.pk, "correct-attendance", 0])[:-2] in page.content.decode()


def test_a_chosen_sitting_stays_chosen(client, clock, running):
    client.force_login(running.keeper)
    chosen = {"participant": running.people[0].pk, "what": "left", "sitting": running.first.pk}
    clock.now = START + timedelta(minutes=5)
    answer = client.post(url("desk", running.meeting.pk), chosen)
    assert f"?sitting={running.first.pk}#" in answer["Location"]
    answer = client.post(url("desk", running.meeting.pk), {"participant": running.people[1].pk, "what": "left"})
    assert "?" not in answer["Location"]


@pytest.mark.parametrize("bad", ["0", "x", "9" * 50])
def test_a_sitting_that_is_none(client, clock, running, bad):
    client.force_login(running.keeper)
    assert desk(client, running, sitting=bad).status_code == 404


def test_the_sheet_comes_with_the_times_of_the_sitting(client, clock, running):
    client.force_login(running.keeper)
    address = url("act_on", running.meeting.pk, "enter-attendance", running.people[0].pk)
    form = client.get(address, {"sitting": running.second.pk}).context["form"]
    assert (form.initial["arrived_at"], form.initial["left_at"]) == (SECOND, SECOND_END)


def test_the_code_on_paper_is_for_each_day(client, clock, running):
    client.force_login(running.people[0].user)
    meeting, (first, second) = running.meeting, poster_days(running.meeting)
    tokens = [door.poster_token(meeting.checkin_secret, meeting.pk, day) for day in (first, second)]
    answers = []
    for now in (START, SECOND):
        clock.now = now
        answers.append([client.get(url("door_link", token)).status_code for token in tokens])
    assert answers == [[302, 410], [410, 302]]


def test_the_poster_is_chosen_by_day(client, clock, running):
    client.force_login(running.keeper)
    first, second = poster_days(running.meeting)
    assert client.get(url("poster", running.meeting.pk)).context["day"] == first
    page = client.get(url("poster", running.meeting.pk), {"day": second.isoformat()})
    assert f"poster.svg?day={second.isoformat()}" in page.content.decode()


def test_the_code_on_paper_holds_past_midnight(db):
    night = make_hall(upto="draft", starts_at=START, ends_at=START + timedelta(hours=14)).meeting
    assert poster_days(night) == [START.date()]
    assert poster_day(night, START + timedelta(hours=13)) == START.date()
    assert poster_day(night, START + timedelta(hours=15)) == START.date() + DAY


def test_the_phone_asks_anew_on_the_second_day(client, clock, running):
    client.force_login(running.people[0].user)
    arrive = url("arrive", running.meeting.pk)
    assert client.get(arrive).context["is_there"]
    clock.now = SECOND
    page = client.get(arrive)
    assert (page.context["is_there"], page.context["begins"]) == (False, SECOND)
    client.get(url("door_link", door.token(running.meeting.checkin_secret, running.meeting.pk, SECOND)))
    client.post(arrive)
    assert times(running.people[0])[1] == (SECOND, None, "둘째 날")


# --- documents --------------------------------------------------------------------------------------------------------


def tables(report):
    return [block for block in report.blocks() if isinstance(block, Table)]


def test_attendance_by_sitting(running):
    running.arrive(0, at=SECOND)
    close_meeting(meeting_id=running.meeting.pk, **running.by(SECOND_END))
    report = documents.attendance_list(Order({"meeting": running.meeting.pk}, running.keeper, SECOND_END))
    whole, first, second = tables(report)
    assert [table.caption for table in (first, second)] == ["첫째 날", "둘째 날"]
    assert [row[4:6] for row in whole.rows] == [(2, 360), *[(1, 180)] * 4]
    assert [row[6] for row in first.rows] == [180] * 5
    assert [row[6] for row in second.rows] == [180, None, None, None, None]
    assert second.rows[0][4] == "12:00"


def test_a_sheet_to_sign_for_each_sitting(course):
    report = documents.attendance_list(Order({"meeting": course.meeting.pk}, course.keeper, NOON))
    assert [section.title for section in report.sections] == ["첫째 날", "둘째 날"]
    assert [len(table.rows) for table in tables(report)] == [5, 5]


def test_minutes_say_how_many_members_each_sitting_had(running):
    running.arrive(0, at=SECOND)
    close_meeting(meeting_id=running.meeting.pk, **running.by(SECOND_END))
    minutes = draft_minutes(meeting_id=running.meeting.pk, **running.by(SECOND_END))
    assert [(one["title"], one["present"]) for one in minutes.content["sittings"]] == [("첫째 날", 5), ("둘째 날", 1)]
