from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting, Participant
from meetings.services import call_meeting, check_in, open_meeting
from residents.models import User
from residents.states import Role
from tests.factories import NOON, MeetingFactory, ParticipantFactory, UserFactory, official
from tests.meetings import kinds  # noqa: F401 - registers the kind

START = NOON + timedelta(days=1)


@dataclass
class Hall:
    """A meeting that begins at START with `people` on its list, and who keeps it."""

    meeting: Meeting
    keeper: User
    people: list[Participant] = field(default_factory=list)

    def by(self, at=START):
        return {"actor": self.keeper, "at": at}

    def arrive(self, *places, at=START):
        for place in places:
            check_in(participant_id=self.people[place].pk, way="desk", **self.by(at))

    def fresh(self) -> Meeting:
        self.meeting.refresh_from_db()
        return self.meeting


def make_hall(*, people=5, upto="called", **fields) -> Hall:
    hall = Hall(MeetingFactory(**fields), official(Role.CLUB_SECRETARIAT))
    hall.people = [ParticipantFactory(meeting=hall.meeting, user=UserFactory()) for _ in range(people)]
    if upto != "draft":
        call_meeting(meeting_id=hall.meeting.pk, **hall.by(NOON))
    if upto == "open":
        hall.arrive(*range(people))
        open_meeting(meeting_id=hall.meeting.pk, **hall.by())
    hall.fresh()
    return hall


@pytest.fixture
def hall(db) -> Hall:
    return make_hall()


@pytest.fixture
def open_hall(db) -> Hall:
    return make_hall(upto="open")


class Clock:
    """The time that the pages read; tests move it."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch, settings):
    """The pages at START, for keepers without a second factor."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    settings.SESSION_COOKIE_AGE = 400 * 24 * 3600
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock
