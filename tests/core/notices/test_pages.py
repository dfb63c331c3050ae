"""Stopping notices by their link, and choosing them."""

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEntry
from core.notices.models import Refusal
from core.notices.services import Recipient, refuse_category
from tests.core.notices.letters import FORUMS, notice, states
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    """A browser, or a mail reader, that checks for forged forms."""
    return Client(enforce_csrf_checks=True)


def link_of(mailing):
    return reverse("notices:stop", args=[mailing.deliveries.get().token])


def test_opening_the_link_only_asks(stranger):
    mailing = notice(1)
    page = stranger.get(link_of(mailing))
    assert page.status_code == 200
    assert FORUMS.title in page.text
    assert not Refusal.objects.exists()
    assert page["Referrer-Policy"] == "no-referrer" or "origin" in page["Referrer-Policy"]
    assert "no-store" in page["Cache-Control"]
    assert "csrftoken" not in stranger.cookies


def test_one_click_of_a_mail_reader_stops(stranger):
    mailing = notice(1)
    answer = stranger.post(link_of(mailing), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert states(notice(1)) == ["left_out"]


def test_the_button_stops_and_takes_back(stranger):
    mailing = notice(1)
    answer = stranger.post(link_of(mailing), {"action": "stop"}, follow=True)
    assert answer.redirect_chain
    assert 'value="resume"' in answer.text
    stranger.post(link_of(mailing), {"action": "resume"})
    assert states(notice(1)) == ["waiting"]


def test_the_link_of_an_account_stops_for_the_account(stranger):
    user = UserFactory()
    mailing = notice([Recipient(user.email, user=user)])
    stranger.post(link_of(mailing), {"List-Unsubscribe": "One-Click"})
    assert Refusal.objects.get().user == user
    assert states(notice([Recipient("another@example.org", user=user)])) == ["left_out"]


def test_the_link_works_when_the_address_is_gone(stranger):
    mailing = notice(1)
    mailing.deliveries.update(status="sent", address="", name="", context={}, forgotten_at=NOON)
    stranger.post(link_of(mailing), {"List-Unsubscribe": "One-Click"})
    assert states(notice(1)) == ["left_out"]


def test_the_log_does_not_say_whose_link_it_was(stranger):
    user = UserFactory()
    mailing = notice([Recipient(user.email, user=user)])
    stranger.post(link_of(mailing), {"List-Unsubscribe": "One-Click"})
    entry = AuditEntry.objects.get(action="notices.category_refused")
    assert (entry.actor, entry.details, entry.target_id) == (None, {"type": FORUMS.key}, "")


def test_what_is_obligatory_cannot_be_stopped(stranger):
    mailing = notice(1, kind="tests.must")
    page = stranger.get(link_of(mailing))
    assert "규약에 따라" in page.text
    assert stranger.post(link_of(mailing), {"List-Unsubscribe": "One-Click"}).status_code == 409
    assert not Refusal.objects.exists()


@pytest.mark.parametrize("token", ["x", "A" * 43])
def test_an_unknown_key_is_no_page(stranger, token):
    assert stranger.get(reverse("notices:stop", args=[token])).status_code == 404
    assert stranger.post(reverse("notices:stop", args=[token])).status_code == 404


def test_an_erased_persons_key_is_no_page(stranger):
    mailing = notice(1)
    link = link_of(mailing)
    mailing.deliveries.update(status="left_out", address="", address_key="")
    assert stranger.get(link).status_code == 404


def test_a_key_of_a_kind_that_is_gone_is_no_page(stranger, monkeypatch):
    from core.notices import kinds

    link = link_of(notice(1))
    monkeypatch.setattr(kinds, "_kinds", {})
    assert stranger.get(link).status_code == 404


# --- my page ----------------------------------------------------------------------------------------------------------


def test_my_notices_need_a_sign_in(client):
    assert client.get(reverse("notices:mine")).status_code == 302


def test_my_notices_show_what_i_get_and_what_always_comes(client, django_assert_num_queries):
    user = UserFactory()
    client.force_login(user)
    client.get(reverse("notices:mine"))
    with django_assert_num_queries(5):
        page = client.get(reverse("notices:mine"))
    assert FORUMS.title in page.text
    assert page.text.count("checked") == 1
    assert "규약에 따라" in page.text


def test_i_choose(client):
    user = UserFactory()
    client.force_login(user)
    client.post(reverse("notices:mine"), {})
    assert Refusal.objects.get().user == user
    page = client.get(reverse("notices:mine"))
    assert "checked" not in page.text
    client.post(reverse("notices:mine"), {"wanted": [FORUMS.key]})
    assert not Refusal.objects.exists()


def test_i_take_back_what_my_address_refused_before_it_had_an_account(client, stranger):
    stranger.post(link_of(notice(1)), {"List-Unsubscribe": "One-Click"})
    client.force_login(UserFactory(email="head0@example.org"))
    assert "checked" not in client.get(reverse("notices:mine")).text
    client.post(reverse("notices:mine"), {"wanted": [FORUMS.key]})
    assert states(notice(1)) == ["waiting"]


def test_the_link_takes_back_both_what_the_account_and_what_its_address_refused(stranger):
    stranger.post(link_of(notice(1)), {"List-Unsubscribe": "One-Click"})
    user = UserFactory(email="head0@example.org")
    refuse_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    stranger.post(link_of(notice(1)), {"action": "resume"})
    assert not Refusal.objects.exists()


def test_my_choice_leaves_others_alone(client):
    user, other = UserFactory(), UserFactory()
    refuse_category(category=FORUMS.key, user_id=other.pk, actor=other, at=NOON)
    client.force_login(user)
    client.post(reverse("notices:mine"), {"wanted": [FORUMS.key]})
    assert Refusal.objects.get().user == other


def test_an_unknown_choice_is_refused(client):
    client.force_login(UserFactory())
    answer = client.post(reverse("notices:mine"), {"wanted": ["else"]})
    assert answer.status_code == 400
    assert not Refusal.objects.exists()
