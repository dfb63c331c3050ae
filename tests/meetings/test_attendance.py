"""Who was there and when: nothing recorded is edited."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RuleViolation
from meetings.models import Attendance
from meetings.queries import attendances_in_force, attended_by, roll_of, sittings_of
from meetings.services import (
    check_in,
    check_in_oneself,
    check_out,
    close_meeting,
    correct_attendance,
    enter_attendance,
)
from tests.meetings.conftest import START, make_hall

pytestmark = pytest.mark.django_db


def at(minutes):
    return START + timedelta(minutes=minutes)


def test_coming_twice_is_coming_once(hall):
    person = hall.people[0].pk
    first, is_new = check_in(participant_id=person, way="desk", **hall.by())
    again, is_new_again = check_in(participant_id=person, way="qr", **hall.by(at(5)))
    assert (first.pk, is_new, is_new_again) == (again.pk, True, False)
    assert again.arrived_at == START


def test_going_and_coming_back(hall):
    person = hall.people[0].pk
    check_in(participant_id=person, way="desk", **hall.by())
    check_out(participant_id=person, **hall.by(at(30)))
    check_in(participant_id=person, way="desk", **hall.by(at(30)))
    assert Attendance.objects.count() == 2


def test_only_who_is_there_leaves(hall):
    with pytest.raises(RuleViolation):
        check_out(participant_id=hall.people[0].pk, **hall.by())
    hall.arrive(0)
    with pytest.raises(RuleViolation):
        check_out(participant_id=hall.people[0].pk, **hall.by())


def test_nobody_comes_before_the_day_or_after_the_close(hall):
    with pytest.raises(RuleViolation):
        check_in(participant_id=hall.people[0].pk, way="desk", **hall.by(START - timedelta(days=1)))
    opened = make_hall(upto="open")
    close_meeting(meeting_id=opened.meeting.pk, **opened.by(at(60)))
    with pytest.raises(RuleViolation):
        check_in(participant_id=opened.people[0].pk, way="desk", **opened.by(at(61)))


def test_nobody_comes_to_a_draft(db):
    hall = make_hall(upto="draft")
    with pytest.raises(RuleViolation):
        check_in(participant_id=hall.people[0].pk, way="desk", **hall.by())


@pytest.mark.parametrize(("minutes", "may"), [(-121, False), (-120, True), (0, True), (119, True), (120, False)])
def test_on_ones_own_phone_only_around_the_meeting(hall, minutes, may):
    def arrive():
        return check_in_oneself(participant_id=hall.people[0].pk, way="qr", **hall.by(at(minutes)))

    if may:
        assert arrive()[1]
    else:
        with pytest.raises(RuleViolation):
            arrive()


def test_coming_where_one_is_already_recorded(hall):
    enter_attendance(participant_id=hall.people[0].pk, arrived_at=at(0), left_at=at(60), **hall.by(at(90)))
    with pytest.raises(RuleViolation):
        check_in(participant_id=hall.people[0].pk, way="desk", **hall.by(at(30)))


@pytest.mark.parametrize(("arrived", "left"), [(0, 0), (10, 5), (0, 500), (500, None), (0, None)], ids=str)
def test_times_from_the_sheet_that_cannot_be(open_hall, arrived, left):
    close_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by(at(60)))
    with pytest.raises(RuleViolation):
        enter_attendance(
            participant_id=open_hall.people[0].pk,
            arrived_at=at(arrived),
            left_at=None if left is None else at(left),
            **open_hall.by(at(120)),
        )
    assert Attendance.objects.count() == 5


def test_a_correction_keeps_what_was_there(hall):
    hall.arrive(0)
    old = Attendance.objects.get()
    new = correct_attendance(
        attendance_id=old.pk, arrived_at=at(-10), left_at=at(20), reason="시계 오류", **hall.by(at(30))
    )
    old.refresh_from_db()
    assert (old.arrived_at, old.left_at, old.replaced_at) == (START, None, at(30))
    assert (new.replaces, new.reason, list(attendances_in_force())) == (old, "시계 오류", [new])


def test_a_struck_attendance_was_none(hall):
    hall.arrive(0)
    correct_attendance(attendance_id=Attendance.objects.get().pk, is_struck=True, reason="동명이인", **hall.by(at(5)))
    assert not attendances_in_force().exists()
    assert check_in(participant_id=hall.people[0].pk, way="desk", **hall.by(at(6)))[1]


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_says_why(hall, reason):
    hall.arrive(0)
    with pytest.raises(RuleViolation):
        correct_attendance(attendance_id=Attendance.objects.get().pk, reason=reason, **hall.by(at(5)))


def test_what_was_corrected_is_not_corrected_again(hall):
    hall.arrive(0)
    old = Attendance.objects.get()
    correct_attendance(attendance_id=old.pk, is_struck=True, reason="실수", **hall.by(at(5)))
    with pytest.raises(RuleViolation):
        correct_attendance(attendance_id=old.pk, is_struck=True, reason="실수", **hall.by(at(6)))


def test_a_correction_into_another_span_changes_nothing(hall):
    person = hall.people[0].pk
    enter_attendance(participant_id=person, arrived_at=at(0), left_at=at(20), **hall.by(at(90)))
    second = enter_attendance(participant_id=person, arrived_at=at(30), left_at=at(60), **hall.by(at(90)))
    with pytest.raises(RuleViolation):
        correct_attendance(attendance_id=second.pk, arrived_at=at(10), left_at=at(60), reason="실수", **hall.by(at(91)))
    second.refresh_from_db()
    assert second.replaced_at is None


def test_a_correction_does_not_change_what_was_counted_at_the_opening(open_hall):
    first = Attendance.objects.order_by("pk").first()
    correct_attendance(attendance_id=first.pk, is_struck=True, reason="대리 서명", **open_hall.by(at(5)))
    assert open_hall.fresh().present_at_opening == 5


def test_the_database_knows_one_open_attendance_for_each(hall):
    hall.arrive(0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(participant=hall.people[0], arrived_at=at(1), way="desk", recorded_at=at(1))


def test_minutes_count_from_the_opening_to_the_close(open_hall):
    close_meeting(meeting_id=open_hall.meeting.pk, **open_hall.by(at(95)))
    person = roll_of(open_hall.fresh()).first()
    assert attended_by(person, sittings_of(open_hall.meeting), until=at(95)).minutes == 95


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(st.tuples(st.sampled_from(["in", "out", "strike", "sheet"]), st.integers(1, 30)), max_size=12))
def test_whatever_is_recorded_spans_never_overlap(db, steps):
    """Any order of acts: what is in force never overlaps, and nothing recorded ever goes away."""
    with transaction.atomic():
        hall, now, entries = make_hall(people=1), 0, 0
        person = hall.people[0].pk
        for what, minutes in steps:
            now += minutes
            try:
                if what == "in":
                    check_in(participant_id=person, way="desk", **hall.by(at(now)))
                elif what == "out":
                    check_out(participant_id=person, **hall.by(at(now)))
                elif what == "sheet":
                    enter_attendance(
                        participant_id=person, arrived_at=at(now - minutes), left_at=at(now), **hall.by(at(now))
                    )
                elif (one := attendances_in_force().filter(participant=person).last()) is not None:
                    correct_attendance(attendance_id=one.pk, is_struck=True, reason="-", **hall.by(at(now)))
            except RuleViolation:
                pass
            assert Attendance.objects.filter(participant=person).count() >= entries
            entries = Attendance.objects.filter(participant=person).count()
        spans = [(one.arrived_at, one.left_at) for one in attendances_in_force().filter(participant=person)]
        assert all(left is not None and left <= after for (_, left), (after, _) in itertools.pairwise(spans))
        transaction.set_rollback(True)
