"""Mailings on the desk: who sees which, what somebody decides, what is logged; and what goes with a person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry, AuditEntry
from core.jobs.models import Job
from core.notices import kinds
from core.notices.models import Delivery, Refusal
from core.notices.services import Recipient, refuse_category
from residents.notices_data import erase, mailings_to_look_after, sections
from residents.states import Role
from tests.core.notices.letters import EMPTY, FORUMS, HELLO, notice, states
from tests.factories import NOON, UserFactory, official

pytestmark = pytest.mark.django_db

MAILINGS = "admin:notices_mailing_changelist"
DELIVERIES = "admin:notices_delivery_changelist"


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture(autouse=True)
def _the_secretariat_sends_forums_news(monkeypatch):
    sent_by_it = replace(HELLO, may_send=lambda user: user.has_role(Role.CLUB_SECRETARIAT))
    monkeypatch.setitem(kinds._kinds, HELLO.name, sent_by_it)


@pytest.fixture
def secretary(client):
    user = official(Role.CLUB_SECRETARIAT)
    client.force_login(user)
    return user


@pytest.fixture
def operator(client):
    user = official(Role.OPERATOR)
    client.force_login(user)
    return user


def shown(response):
    return {row.pk for row in response.context["cl"].result_list}


def page_of(mailing, act="change"):
    return reverse(f"admin:notices_mailing_{act}", args=[mailing.pk])


def settle(mailing, status, problem=""):
    mailing.deliveries.update(status=status, problem=problem, settled_at=NOON)
    Job.objects.update(status="done", finished_at=NOON)


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_the_secretariat_sees_the_kinds_that_it_sends(client, secretary):
    own, other = notice(1), notice(1, kind=EMPTY.name)
    assert shown(client.get(reverse(MAILINGS))) == {own.pk}
    assert shown(client.get(reverse(DELIVERIES))) == {own.deliveries.get().pk}
    assert client.get(page_of(own)).status_code == 200
    assert client.get(page_of(other)).status_code == 404
    assert client.get(page_of(other, "send-failed-again")).status_code == 404


def test_opening_a_message_to_somebody_without_an_account_is_logged(client, secretary):
    delivery = notice(1).deliveries.get()
    assert delivery.user is None
    client.get(reverse("admin:notices_delivery_change", args=[delivery.pk]))
    entry = AccessEntry.objects.get(act="read")
    assert (entry.account, entry.what, entry.whose) == (secretary.pseudonym, "notices.Delivery", None)


def test_the_operator_sees_all(client, operator):
    both = {notice(1).pk, notice(1, kind=EMPTY.name).pk}
    assert shown(client.get(reverse(MAILINGS))) == both


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DISTRICT_OFFICIAL])
def test_nobody_else_sees_any(client, role):
    from tests.factories import MunicipalityFactory

    client.force_login(official(role, MunicipalityFactory()))
    mailing = notice(1)
    assert client.get(reverse(MAILINGS)).status_code == 404
    assert client.get(page_of(mailing)).status_code == 404
    assert client.get(reverse(DELIVERIES)).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_little_of_the_database(client, operator, rows, django_assert_num_queries):
    for number in range(rows):
        notice([Recipient(f"x{number}@example.org", user=UserFactory())])
    client.get(reverse(MAILINGS))
    with django_assert_num_queries(5):
        assert len(shown(client.get(reverse(MAILINGS)))) == rows
    with django_assert_num_queries(7):
        assert len(shown(client.get(reverse(DELIVERIES)))) == rows


# --- the page of a mailing --------------------------------------------------------------------------------------------


def test_a_page_tells_how_far_it_is(client, operator):
    mailing = notice(4)
    mailing.deliveries.filter(address="head0@example.org").update(status="sent", settled_at=NOON)
    Job.objects.update(status="running", percent=25, step="네 통 가운데 한 통", lease=mailing.pk, beat_at=NOON)
    page = client.get(page_of(mailing))
    assert "25 %" in page.text
    assert "네 통 가운데 한 통" in page.text
    assert "head0" not in page.text


def test_what_failed_is_sent_again(client, secretary):
    mailing = notice(2)
    settle(mailing, "failed", "busy")
    assert client.get(page_of(mailing, "send-failed-again")).status_code == 200
    client.post(page_of(mailing, "send-failed-again"))
    assert states(mailing) == ["waiting"] * 2
    assert AuditEntry.objects.get(action="notices.failed_sent_again").actor == secretary.pseudonym


@pytest.mark.parametrize(("act", "state"), [("take-as-sent", "sent"), ("send-uncertain-again", "waiting")])
def test_what_is_uncertain_is_decided(client, secretary, act, state):
    mailing = notice(2)
    settle(mailing, "uncertain", "stopped")
    client.post(page_of(mailing, act))
    assert states(mailing) == [state] * 2


def test_what_is_not_there_is_not_offered(client, operator):
    mailing = notice(1)
    page = client.get(page_of(mailing))
    assert page_of(mailing, "send-failed-again") not in page.text
    assert client.post(page_of(mailing, "send-failed-again")).status_code == 409


# --- single messages --------------------------------------------------------------------------------------------------


def test_messages_are_found_by_mailing_and_state_and_the_look_is_logged(client, operator):
    first, second = notice(2), notice(3)
    page = client.get(reverse(DELIVERIES), {"mailing": str(first.pk)})
    assert len(shown(page)) == 2
    assert AccessEntry.objects.get(what="notices.Delivery").count == 2
    assert shown(client.get(reverse(DELIVERIES), {"mailing": str(second.pk), "status__exact": "sent"})) == set()


def test_an_older_mailing_is_reached_from_its_own_page(client, operator, monkeypatch):
    from residents import notices_admin

    monkeypatch.setattr(notices_admin, "NEWEST", 1)
    first = notice(2)
    notice(1, at=NOON + timedelta(minutes=1))
    assert len(shown(client.get(reverse(DELIVERIES), {"mailing": str(first.pk)}))) == 2


def test_a_wrong_mailing_is_refused(client, operator):
    notice(1)
    assert client.get(reverse(DELIVERIES), {"mailing": "x"}).status_code == 400


def test_one_message_is_decided(client, secretary):
    mailing = notice(2)
    settle(mailing, "uncertain", "stopped")
    one = mailing.deliveries.order_by("id").first()
    client.post(reverse("admin:notices_delivery_send-again", args=[one.pk]))
    assert states(mailing) == ["waiting", "uncertain"]


def test_several_messages_are_decided_at_once(client, secretary):
    mailing = notice(3)
    settle(mailing, "uncertain", "stopped")
    chosen = list(mailing.deliveries.order_by("id").values_list("pk", flat=True))[:2]
    client.post(
        reverse(DELIVERIES), {"action": "take-as-sent", "_selected_action": chosen, "confirmed": "1", "index": "0"}
    )
    assert states(mailing) == ["sent", "sent", "uncertain"]


# --- what waits -------------------------------------------------------------------------------------------------------


def test_what_waits_for_them(secretary):
    settle(notice(2), "uncertain", "stopped")
    settle(notice(3, kind=EMPTY.name), "failed", "busy")
    assert [line.count for line in mailings_to_look_after(secretary)] == [2, 0]
    assert [line.count for line in mailings_to_look_after(official(Role.OPERATOR))] == [2, 3]
    assert mailings_to_look_after(UserFactory()) == []


def test_nothing_waits_whose_address_is_gone(secretary):
    mailing = notice(1)
    settle(mailing, "failed", "busy")
    Delivery.objects.update(address="", name="", forgotten_at=NOON)
    assert [line.count for line in mailings_to_look_after(secretary)] == [0, 0]


# --- a person's data --------------------------------------------------------------------------------------------------


def test_a_person_sees_their_notices_and_takes_them_along():
    user = UserFactory()
    refuse_category(category="tests-gone", user_id=user.pk, actor=user, at=NOON)
    refuse_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    notice([Recipient(user.email, user=user)], kind="tests.must")
    notices, refused = sections(user)
    assert [[fact.value for fact in record][:2] for record in notices.records] == [["총회 소집", user.email]]
    assert [record[0].value for record in refused.records] == [FORUMS.title, "tests-gone"]
    erase(user, timezone.now())
    assert not Delivery.objects.exclude(address="").exists()
    assert not Refusal.objects.exists()
