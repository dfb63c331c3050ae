"""Who enters the desk, and by which proof."""

from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from residents.desk import ScopedAdmin, Waiting, register_waiting, waiting_for
from residents.desk.waiting import _providers
from residents.states import Role
from tests.factories import DongFactory, RoleFactory, UserFactory, official, resident

pytestmark = pytest.mark.django_db


def signed_in(client, user, *methods):
    """Sign in with allauth's records of the methods used."""
    client.force_login(user, backend="residents.backends.EmailBackend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": 0.0} for method in methods]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def two_factors(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = True


def test_strangers_are_sent_to_sign_in_and_come_back(client):
    response = client.get("/admin/residents/residence/?status=all")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2Fresidents%2Fresidence%2F%3Fstatus%3Dall"


def test_djangos_own_sign_in_leads_to_allauths(client):
    response = client.get("/admin/login/?next=/admin/residents/region/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2Fresidents%2Fregion%2F"


def test_djangos_own_sign_in_takes_no_password(client):
    user = official(region=DongFactory().parent)
    response = client.post("/admin/login/", {"username": user.email, "password": "correct-horse-battery"})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def test_residents_are_told_that_the_desk_is_for_officials(client, one_factor):
    client.force_login(resident(), backend="residents.backends.EmailBackend")
    response = client.get("/admin/")
    assert response.status_code == 403
    assert "errors/error.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(("since", "until"), [(-10, 0), (1, None)], ids=["ended today", "begins tomorrow"])
def test_a_role_opens_the_desk_only_while_it_is_held(client, one_factor, since, until):
    today = timezone.localdate()
    role = RoleFactory(
        since=today + timedelta(days=since), until=today + timedelta(days=until) if until is not None else None
    )
    client.force_login(role.user, backend="residents.backends.EmailBackend")
    assert client.get("/admin/").status_code == 403


def test_inactive_officials_are_strangers(client, one_factor):
    user = official(region=DongFactory().parent)
    client.force_login(user, backend="residents.backends.EmailBackend")
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")


def test_the_demo_lets_officials_in_with_one_factor(client, one_factor):
    client.force_login(official(region=DongFactory().parent), backend="residents.backends.EmailBackend")
    assert client.get("/admin/").status_code == 200


def test_without_a_second_factor_officials_set_it_up_first(client, two_factors):
    signed_in(client, official(region=DongFactory().parent), "password")
    response = client.get("/admin/")
    assert response["Location"] == reverse("mfa_activate_totp")


def test_a_session_without_the_second_factor_confirms_it_first(client, two_factors):
    user = official(region=DongFactory().parent)
    TOTP.activate(user, generate_totp_secret())
    signed_in(client, user, "password")
    response = client.get("/admin/residents/region/")
    assert response["Location"] == reverse("mfa_reauthenticate") + "?next=%2Fadmin%2Fresidents%2Fregion%2F"


def test_with_the_second_factor_officials_enter(client, two_factors):
    user = official(region=DongFactory().parent)
    TOTP.activate(user, generate_totp_secret())
    signed_in(client, user, "password", "mfa")
    assert client.get("/admin/").status_code == 200


def test_the_second_factor_of_another_account_does_not_count(client, two_factors):
    user = official(region=DongFactory().parent)
    TOTP.activate(user, generate_totp_secret())
    signed_in(client, user, "password", "mfa")
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(UserFactory().pk)
    session.save()
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ["/admin/", "/admin/residents/region/", "/admin/jsi18n/", "/admin/autocomplete/"])
def test_every_address_of_the_desk_asks_for_the_second_factor(client, two_factors, address):
    signed_in(client, official(region=DongFactory().parent), "password")
    assert client.get(address)["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize("address", ["/admin/password_change/", "/admin/r/1/1/"])
def test_what_the_desk_leaves_out_is_not_found(client, one_factor, address):
    client.force_login(official(region=DongFactory().parent), backend="residents.backends.EmailBackend")
    assert client.get(address).status_code == 404


def test_only_our_own_lists_are_on_the_desk():
    assert {type(model_admin) for model_admin in admin.site._registry.values()}
    assert all(isinstance(model_admin, ScopedAdmin) for model_admin in admin.site._registry.values())
    assert LogEntry not in admin.site._registry


def test_the_first_page_shows_what_waits(client, one_factor):
    user = official(Role.OPERATOR)
    provider = register_waiting(
        lambda account: [Waiting("Things", 3, "/things/"), Waiting("Nothing", 0, "/none/")] if account == user else []
    )
    try:
        client.force_login(user, backend="residents.backends.EmailBackend")
        page = client.get("/admin/").content.decode()
        assert [line.label for line in waiting_for(user)] == ["Things"]
        assert 'href="/things/"' in page
        assert "/none/" not in page
    finally:
        _providers.remove(provider)


def test_signing_out_of_the_desk_is_allauths_page(client, one_factor):
    client.force_login(official(Role.OPERATOR), backend="residents.backends.EmailBackend")
    assert client.post("/admin/logout/")["Location"] == "/accounts/logout/"
