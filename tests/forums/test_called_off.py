"""An event that is called off leaves no meeting behind that is called or in session."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from core.errors import RuleViolation
from forums.services.forums import cancel_forum, change_forum, publish_forum
from forums.services.registrations import register_attendee
from forums.states import EventKind, ForumStatus
from meetings.queries import attendances_in_force
from meetings.services import adjourn_meeting, cancel_meeting, check_in, close_meeting, open_meeting
from meetings.states import MeetingStatus
from residents.states import Role
from tests.factories import NOON, SEOUL, official
from tests.forums.events import planned

pytestmark = pytest.mark.django_db

ON_THE_DAY = datetime(2026, 7, 10, 14, 0, tzinfo=SEOUL)
LATER = ON_THE_DAY + timedelta(hours=2)
STORM = "태풍으로 둘째 날을 열지 못합니다."


def with_a_list(kind=EventKind.FORUM):
    forum = planned()
    change_forum(forum_id=forum.pk, changes={"kind": kind}, actor=None, at=NOON)
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    register_attendee(forum_id=forum.pk, role="guest", name="손님", actor=None, at=NOON)
    forum.refresh_from_db()
    return forum


def off(forum, at=LATER):
    cancel_forum(forum_id=forum.pk, reason=STORM, actor=None, at=at)
    forum.refresh_from_db()
    forum.meeting.refresh_from_db()
    return forum.meeting


@pytest.fixture
def keeper(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.CLUB_SECRETARIAT))
    return client


@pytest.mark.parametrize("kind", [EventKind.FORUM, EventKind.ACADEMY, EventKind.TRAINING])
@pytest.mark.parametrize("adjourned", [False, True])
def test_a_meeting_that_was_opened_ends_with_the_event_and_says_why(kind, adjourned) -> None:
    forum = with_a_list(kind)
    check_in(participant_id=forum.meeting.participants.get().pk, way="desk", actor=None, at=ON_THE_DAY)
    open_meeting(meeting_id=forum.meeting_id, actor=None, at=ON_THE_DAY)
    if adjourned:
        adjourn_meeting(meeting_id=forum.meeting_id, actor=None, at=ON_THE_DAY + timedelta(hours=1))

    meeting = off(forum)

    assert forum.status == ForumStatus.CANCELLED
    assert (meeting.status, meeting.closed_at, meeting.cancelled_because) == (MeetingStatus.CLOSED, LATER, STORM)
    # Who was there was there: until then.
    assert attendances_in_force().get().left_at == LATER


def test_before_it_was_opened_it_is_called_off_even_on_the_day() -> None:
    forum = with_a_list()
    check_in(participant_id=forum.meeting.participants.get().pk, way="desk", actor=None, at=ON_THE_DAY)
    meeting = off(forum)
    assert (meeting.status, meeting.cancelled_because) == (MeetingStatus.CANCELLED, STORM)
    assert attendances_in_force().get().left_at == LATER


def test_one_that_was_closed_already_stays_as_it_is() -> None:
    forum = with_a_list()
    open_meeting(meeting_id=forum.meeting_id, actor=None, at=ON_THE_DAY)
    close_meeting(meeting_id=forum.meeting_id, actor=None, at=ON_THE_DAY + timedelta(hours=1))
    meeting = off(forum)
    assert (meeting.status, meeting.cancelled_because) == (MeetingStatus.CLOSED, "")


def test_the_pages_of_both_say_why(keeper) -> None:
    forum = with_a_list()
    open_meeting(meeting_id=forum.meeting_id, actor=None, at=ON_THE_DAY)
    off(forum)
    for page in (
        reverse("forums:forum", args=[forum.pk]),
        reverse("meetings:meeting", args=[forum.meeting_id]),
        reverse("meetings:keep", args=[forum.meeting_id]),
    ):
        assert STORM in keeper.get(page).content.decode()


def test_the_list_of_an_event_is_not_called_off_without_it(keeper) -> None:
    forum = with_a_list()
    with pytest.raises(RuleViolation) as refused:
        cancel_meeting(meeting_id=forum.meeting_id, reason="착오", actor=None, at=NOON)
    assert refused.value.code == "part_of_something"
    response = keeper.post(reverse("meetings:act", args=[forum.meeting_id, "cancel"]), {"reason": "착오"})
    assert response.status_code == 409
    forum.meeting.refresh_from_db()
    assert forum.meeting.status == MeetingStatus.CALLED


def test_a_meeting_that_came_to_its_end_gives_no_reason(keeper) -> None:
    forum = with_a_list()
    open_meeting(meeting_id=forum.meeting_id, actor=None, at=ON_THE_DAY)
    close_meeting(meeting_id=forum.meeting_id, actor=None, at=LATER)
    assert "notice--danger" not in keeper.get(reverse("meetings:keep", args=[forum.meeting_id])).content.decode()
