"""Several people at once at an event with few places, on PostgreSQL."""

from functools import partial

import pytest

from forums.models import Registration
from forums.services.registrations import Person, cancel_registration
from forums.states import RegistrationStatus
from meetings.models import Attendance
from meetings.services import check_in
from tests.factories import NOON
from tests.forums.test_admission import academy, guest, states
from tests.forums.test_registrations import ON_THE_DAY, answer, published, serving_member
from tests.forums.test_registry_postgres import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_last_place_is_given_once() -> None:
    forum = academy(places=2)
    at_once(*(partial(guest, forum, number) for number in range(5)))
    found = states(forum)
    assert (found.count(RegistrationStatus.REGISTERED), found.count(RegistrationStatus.WAITING)) == (2, 3)
    forum.refresh_from_db()
    assert forum.meeting.participants.count() == 2


def test_a_place_that_gets_free_goes_to_one() -> None:
    forum = academy(places=2)
    held = [guest(forum, number) for number in range(4)]

    def cancel(one):
        cancel_registration(registration_id=one.pk, actor=None, at=NOON)

    assert at_once(*(partial(cancel, one) for one in held[:2]), partial(guest, forum, 9)) == [None, None, None]
    found = states(forum)
    assert (found.count(RegistrationStatus.REGISTERED), found.count(RegistrationStatus.WAITING)) == (2, 1)


def test_an_office_that_answers_twice_has_one_head() -> None:
    forum, member = published(), serving_member()
    assert at_once(*(partial(answer, forum, member) for _number in range(3))) == [None, None, None]
    assert Registration.objects.count() == 1
    forum.refresh_from_db()
    assert forum.meeting.participants.count() == 1


def test_an_answer_sent_three_times_at_once_has_everybody_once() -> None:
    forum, member = published(), serving_member()
    sent = partial(answer, forum, member, staff=[Person("수행원", "비서"), Person("팀장")])
    assert at_once(*(sent for _number in range(3))) == [None, None, None]
    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == ["registered"] * 3
    forum.refresh_from_db()
    assert forum.meeting.participants.count() == 3


def test_two_desks_check_somebody_in_once() -> None:
    forum = published()
    head = answer(forum, serving_member())
    arrive = partial(check_in, participant_id=head.participant_id, way="desk", actor=None, at=ON_THE_DAY)
    assert at_once(arrive, arrive, arrive) == [None, None, None]
    assert Attendance.objects.count() == 1
