"""What happens at the same moment; on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from core.errors import RuleViolation
from meetings.models import Attendance
from meetings.services import check_in, close_meeting, draft_minutes, record_resolution
from tests.meetings.conftest import START, make_hall
from tests.meetings.test_sittings import END, SECOND, two_days

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Run the acts in threads of their own, and say what each came to."""

    def run(act):
        try:
            return act()
        except RuleViolation as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_checking_in_from_thirty_two_devices_is_one_arrival():
    hall = make_hall()
    person = hall.people[0].pk
    found = at_once(*[lambda: check_in(participant_id=person, way="qr", **hall.by())[1]] * 32)
    assert sorted(found) == [False] * 31 + [True]
    assert Attendance.objects.count() == 1


def test_the_second_day_begins_once_at_every_door():
    hall = two_days(upto="open")
    person = hall.people[0].pk
    found = at_once(*[lambda: check_in(participant_id=person, way="qr", **hall.by(SECOND))[1]] * 8)
    assert sorted(found) == [False] * 7 + [True]
    assert [one.left_at for one in Attendance.objects.filter(participant=person).order_by("arrived_at")] == [END, None]


def test_two_keepers_record_a_vote_and_one_closes():
    hall = make_hall(upto="open")
    vote = {"text": "회비", "present": 5, "in_favour": 3, "against": 1}
    end = START + timedelta(hours=1)
    at_once(
        lambda: record_resolution(meeting_id=hall.meeting.pk, **vote, **hall.by()),
        lambda: record_resolution(meeting_id=hall.meeting.pk, **vote, **hall.by()),
        lambda: close_meeting(meeting_id=hall.meeting.pk, **hall.by(end)),
        lambda: close_meeting(meeting_id=hall.meeting.pk, **hall.by(end)),
    )
    assert list(hall.meeting.resolutions.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert hall.fresh().closed_at == end


def test_two_draft_minutes_at_once_are_two_versions():
    hall = make_hall(upto="open")
    close_meeting(meeting_id=hall.meeting.pk, **hall.by(START + timedelta(hours=1)))
    drafts = [lambda: draft_minutes(meeting_id=hall.meeting.pk, **hall.by(START + timedelta(hours=2))).version] * 4
    assert sorted(at_once(*drafts)) == [1, 2, 3, 4]


def test_whoever_comes_at_the_close_is_not_left_open():
    hall = make_hall(people=6, upto="open")
    late = make_hall().people  # as many people again, put on the same list
    for person in late:
        person.meeting = hall.meeting
        person.save()
    end = START + timedelta(hours=1)
    arrivals = [
        lambda pk=person.pk: check_in(participant_id=pk, way="desk", **hall.by(end - timedelta(minutes=1)))[1]
        for person in late
    ]
    at_once(*arrivals, lambda: close_meeting(meeting_id=hall.meeting.pk, **hall.by(end)))
    assert not Attendance.objects.filter(left_at=None, is_struck=False).exists()


def test_resolutions_recorded_at_once_have_numbers_of_their_own():
    hall = make_hall(upto="open")
    vote = {"text": "회비", "present": 5, "in_favour": 3, "against": 1}
    numbers = at_once(*[lambda: record_resolution(meeting_id=hall.meeting.pk, **vote, **hall.by()).number] * 6)
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
