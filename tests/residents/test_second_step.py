"""Roles count only in a session with the second step: on every page, not only at the desk."""

import pytest
from django.urls import reverse

from core.audit.models import AccessEntry, AuditEntry
from core.jobs.models import Job
from residents.states import Role
from tests.factories import acting_for, official, resident, serving_member
from tests.residents.test_desk_door import signed_in

pytestmark = pytest.mark.django_db

PAGES = [
    reverse("forums:directory"),
    reverse("forums:dues"),
    reverse("imports:index"),
    reverse("reports:document", args=["member-directory"]),
    reverse("reports:letter"),
    reverse("admin:index"),
]


@pytest.fixture(autouse=True)
def _two_factors(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = True


@pytest.mark.parametrize("page", PAGES)
def test_a_password_alone_opens_nothing_that_a_role_opens(client, page) -> None:
    serving_member(name="김갑수")
    signed_in(client, official(Role.CLUB_SECRETARIAT), "password")
    response = client.get(page)
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_with_the_second_step_they_open(client, page) -> None:
    serving_member(name="김갑수")
    signed_in(client, official(Role.CLUB_SECRETARIAT), "password", "mfa")
    assert client.get(page).status_code == 200


def test_a_password_alone_writes_nothing_by_a_role(client) -> None:
    signed_in(client, official(Role.CLUB_SECRETARIAT), "password")
    entries = AuditEntry.objects.count()
    ordered = {"format": "pdf"}
    assert client.post(reverse("forums:dues-charge"), {"month": "2026-05"}).status_code == 403
    assert client.post(reverse("forums:dues-remind")).status_code == 403
    assert client.post(reverse("reports:document", args=["member-directory"]), ordered).status_code == 404
    assert client.post(reverse("imports:upload", args=["forums.members"])).status_code == 404
    assert AuditEntry.objects.count() == entries
    assert not Job.objects.exists()


def test_who_holds_no_role_needs_no_second_step(client) -> None:
    signed_in(client, acting_for(serving_member()), "password")
    assert client.get(reverse("forums:directory")).status_code == 200
    signed_in(client, resident(), "password")
    assert client.get(reverse("residents:data")).status_code == 200
    assert client.get(reverse("forums:directory")).status_code == 403


def test_an_official_is_a_resident_besides(client) -> None:
    signed_in(client, official(Role.CLUB_SECRETARIAT), "password")
    assert client.get(reverse("residents:data")).status_code == 200
    assert client.get(reverse("forums:forums")).status_code == 200
