"""Mails about changes of an account, so that nobody takes it over unseen."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from core.letters import columns_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OLD, NEW = "correct-horse-battery", "another-horse-battery"


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user, "residents.backends.EmailBackend")
    return user


def change(client, path=""):
    client.post(f"{path}/accounts/password/change/", {"oldpassword": OLD, "password1": NEW, "password2": NEW})


def test_a_changed_password_is_told(client, person):
    change(client, "/en")
    (sent,) = mail.outbox
    assert sent.to == [person.email]
    assert sent.subject == "[Madang] Your password was changed"
    assert "http://testserver/en/accounts/password/reset/" in sent.body
    assert NEW not in sent.body


def test_a_password_set_by_a_mail_is_told(client):
    person = UserFactory()
    client.post("/en/accounts/password/reset/", {"email": person.email})
    link = re.search(r"https?://testserver(/\S+)", mail.outbox[-1].body).group(1)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert mail.outbox[-1].subject == "[Madang] Your password was changed"
    assert len(mail.outbox) == 2


def test_another_address_is_told_to_the_old_one(client, person, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": person.email, "password": OLD})
    client.post("/en/accounts/email/", {"email": "fresh@example.org", "action_add": ""})
    link = re.search(r"https?://testserver(/\S+)", mail.outbox[-1].body).group(1)
    client.post(link)
    (told,) = [sent for sent in mail.outbox if sent.to == [person.email]]
    assert told.subject == "[Madang] Your mail address was changed"
    assert "fresh@example.org" not in told.body


@pytest.mark.parametrize("path", ["", "/en"])
def test_the_mail_fits_into_72_columns(client, person, path):
    change(client, path)
    (sent,) = mail.outbox
    assert not [line for line in sent.body.splitlines() if columns_of(line) > 72 and not line.startswith("http")]
