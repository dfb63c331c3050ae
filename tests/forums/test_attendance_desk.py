"""The lists of attendees at the secretariat's desk, and what waits there about them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry
from forums.models import ListedAttendance, PrintedTotal, Registration
from forums.services.forums import publish_forum, record_past_forum
from forums.services.registrations import Coming, Reply, answer_for_office, register_attendee
from forums.states import RegistrationStatus
from forums.waiting.attendance import attendance_at_the_desk
from residents.states import Role
from tests.factories import NOON, UserFactory, official, serving_member
from tests.forums.events import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    return official(Role.CLUB_SECRETARIAT)


@pytest.fixture
def desk(client, secretary):
    client.force_login(secretary)
    return client


def url(name, *args):
    return reverse(f"admin:forums_{name}", args=args)


def ahead():
    """A published forum in three weeks of today."""
    first = timezone.localdate() + timedelta(days=21)
    forum = planned(starts_on=first, ends_on=first + timedelta(days=1))
    publish_forum(forum_id=forum.pk, actor=None, at=timezone.now())
    return forum


def values(forum, **fields):
    return {"forum": forum.pk, "role": "staff", "name": "수행원", "position": "수행비서", **fields}


def test_a_line_is_put_on_the_list_changed_and_cancelled(desk) -> None:
    forum = ahead()
    assert desk.post(url("registration_add"), values(forum)).status_code == 302
    one = Registration.objects.get()
    page = url("registration_change", one.pk)
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"name": "수행원", "position": "비서실장"}).status_code == 302
    one.refresh_from_db()
    assert (one.position, one.participant.role) == ("비서실장", "비서실장")
    act = f"{url('registration_changelist')}{one.pk}/cancel/"
    assert desk.get(act).status_code == 200
    desk.post(act)
    one.refresh_from_db()
    assert (one.status, one.participant) == (RegistrationStatus.CANCELLED, None)


def test_what_a_service_refuses_is_said_in_the_form(desk) -> None:
    response = desk.post(url("registration_add"), values(ahead(), name="", position=""))
    assert response.status_code < 500
    assert not Registration.objects.exists()


def test_reading_the_list_is_logged(desk) -> None:
    register_attendee(forum_id=planned().pk, role="staff", name="수행원", actor=None, at=NOON)
    assert desk.get(url("registration_changelist")).status_code == 200
    assert AccessEntry.objects.filter(what="forums.registration").exists()


def test_figures_of_sources_are_entered(desk) -> None:
    forum = planned(starts_on=NOON.date() - timedelta(days=90), ends_on=NOON.date() - timedelta(days=89))
    record_past_forum(forum_id=forum.pk, actor=None, at=NOON)
    act = f"{url('forum_changelist')}{forum.pk}/listed/"
    assert desk.get(act).status_code == 200
    desk.post(act, {"heads": "19", "officials": "115", "source": "안내서"})
    listed = ListedAttendance.objects.get(forum=forum)
    assert (listed.heads, listed.officials) == (19, 115)
    total = {"term": "민선7기", "heads": "350", "officials": "1265", "source": "안내서", "note": ""}
    assert desk.post(url("printedtotal_add"), total).status_code == 302
    printed = PrintedTotal.objects.get()
    page = url("printedtotal_change", printed.pk)
    assert desk.get(page).status_code == 200
    desk.post(page, {**total, "heads": "351"})
    printed.refresh_from_db()
    assert (printed.heads, PrintedTotal.objects.count()) == (351, 1)


def test_who_has_not_answered_waits_at_the_desk(secretary) -> None:
    forum = ahead()
    answering, _silent = serving_member(), serving_member()
    (line,) = attendance_at_the_desk(secretary)
    assert line.count == 3
    answer_for_office(
        forum_id=forum.pk, member_id=answering.pk, reply=Reply(Coming.NOBODY), actor=None, at=timezone.now()
    )
    (line,) = attendance_at_the_desk(secretary)
    assert line.count == 2
    assert attendance_at_the_desk(UserFactory()) == []


def test_nothing_waits_without_a_forum_ahead(secretary) -> None:
    assert attendance_at_the_desk(secretary) == []
