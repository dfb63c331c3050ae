"""What waits for those who keep meetings."""

from dataclasses import replace

import pytest

from meetings.kinds import _kinds
from meetings.states import MeetingStatus
from meetings.waiting import meeting_work
from residents.states import Role
from tests.factories import NOON, MeetingFactory, RoleFactory
from tests.meetings.kinds import KIND

pytestmark = pytest.mark.django_db


def test_a_closed_meeting_wants_minutes_and_one_of_a_kind_without_them_does_not(monkeypatch):
    keeper = RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user
    MeetingFactory(
        status=MeetingStatus.CLOSED,
        opened_at=NOON,
        closed_at=NOON,
        eligible_at_opening=1,
        present_at_opening=1,
        needed_at_opening=1,
    )
    assert [line.count for line in meeting_work(keeper)] == [1]
    monkeypatch.setitem(_kinds, KIND.name, replace(KIND, wants_minutes=False))
    assert meeting_work(keeper) == []
