"""The second factor: setting it up, signing in with it, its secrets at rest."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.test import Client

from core.audit.models import AuditEntry
from residents.adapters import MFAAdapter
from residents.services import register_person
from tests.factories import NOON

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
OLD, NEW = "o" * 60, "n" * 60


@pytest.fixture
def person():
    return register_person(email="person@example.org", name="김민수", password=PASSWORD, mail_confirmed=True, at=NOON)


def sign_in(client):
    return client.post("/accounts/login/", {"login": "person@example.org", "password": PASSWORD})


def code_of(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def wrong_code_of(secret):
    return f"{(int(code_of(secret)) + 1) % 1_000_000:06}"


def set_up(client):
    """Set up an app through the pages; the secret."""
    sign_in(client)
    reauthenticate = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert reauthenticate.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert client.post("/accounts/2fa/totp/activate/", {"code": ""}).status_code == 422
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_setting_up_an_app_gives_recovery_codes_and_is_recorded(client, person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    page = client.get("/accounts/2fa/recovery-codes/")
    assert page.content.decode().count("<code>") == 10
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.filter(action="residents.second_factor_added", actor=person.pseudonym).exists()
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 200


def test_a_wrong_password_does_not_open_the_set_up(client, person):
    sign_in(client)
    response = client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert response.status_code == 422
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302


def test_the_sign_in_asks_for_the_code(person):
    secret = set_up(Client())
    client = Client()
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    wrong = client.post("/accounts/2fa/authenticate/", {"code": wrong_code_of(secret)})
    assert wrong.status_code == 422
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)


@pytest.mark.parametrize("form", [{}, {"code": ""}, {"code": "x" * 10_000}, {"code": "\x00"}, {"credential": "{}"}])
def test_a_malformed_second_step_is_a_4xx(person, form):
    set_up(Client())
    client = Client(raise_request_exception=False)
    sign_in(client)
    assert 400 <= client.post("/accounts/2fa/authenticate/", form).status_code < 500
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(person):
    owner = Client()
    set_up(owner)
    code = owner.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    first, second = Client(), Client()
    sign_in(first)
    first.post("/accounts/2fa/authenticate/", {"code": code})
    sign_in(second)
    again = second.post("/accounts/2fa/authenticate/", {"code": code})
    assert (is_signed_in(first), is_signed_in(second), again.status_code) == (True, False, 422)


def test_codes_cannot_be_tried_without_end(person):
    secret = set_up(Client())
    client = Client()
    sign_in(client)
    for _ in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": wrong_code_of(secret)})
    response = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert response.status_code == 422
    assert not is_signed_in(client)


def test_switching_it_off_needs_the_person_again_and_is_recorded(client, person):
    set_up(client)
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200  # shown themselves a moment ago
    client.post("/accounts/2fa/totp/deactivate/", {})
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(action="residents.second_factor_removed").exists()


def test_with_a_second_factor_the_address_does_not_change(client, person):
    set_up(client)
    response = client.post("/accounts/email/", {"email": "other@example.org", "action_add": ""})
    assert response.status_code == 422


# --- at rest ----------------------------------------------------------------------------------------------------------


def test_secrets_are_encrypted_in_the_database(client, person):
    secret = set_up(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert MFAAdapter().decrypt(kept) == secret
    assert MFAAdapter().encrypt(secret) != kept  # each time with its own vector


def test_an_old_key_reads_until_it_is_dropped(settings):
    settings.SECRET_KEY = OLD
    kept = MFAAdapter().encrypt("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert MFAAdapter().decrypt(kept) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(kept)


def test_the_command_encrypts_anew_so_that_the_old_key_can_go(client, person, settings, capsys):
    settings.SECRET_KEY = OLD
    secret = set_up(client)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    call_command("reencrypt_second_factors")
    assert capsys.readouterr().out == "Encrypted anew: 2.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10


def test_the_command_changes_nothing_without_the_old_key(client, person, settings):
    settings.SECRET_KEY = OLD
    set_up(client)
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = NEW
    with pytest.raises(InvalidToken):
        call_command("reencrypt_second_factors")
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
