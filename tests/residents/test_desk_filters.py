"""What an address may ask of a list of the desk, and whose names a history tells."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from assemblies.services import cast_ballot
from core.audit.models import AccessEntry
from core.audit.services import record
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.factories import NOON, RoleFactory, UserFactory, official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_desk(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def enter(client, user):
    client.force_login(user, backend="residents.backends.EmailBackend")
    return client


@pytest.mark.parametrize(
    "query", ["participations__isnull=False", "participations__isnull=True", "participations=1", "user=1", "user__id=1"]
)
def test_the_roll_cannot_be_asked_who_took_part(client, query):
    town = make_town()
    cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[0],
        choices=town.options()[:1],
        submission=uuid.uuid4(),
        at=NOON + timedelta(hours=1),
    )
    enter(client, town.official)
    assert client.get(f"{reverse('admin:assemblies_rollentry_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["password__startswith=argon2", "email__startswith=a", "name=x", "roles__isnull=False", "pseudonym__gte=0"]
)
def test_accounts_cannot_be_guessed_sign_by_sign(client, query):
    enter(client, RoleFactory(role=Role.OPERATOR, region=None).user)
    assert client.get(f"{reverse('admin:residents_user_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("residents_residence", "status=%00"),
        ("residents_residence", "basis__exact=%00"),
        ("residents_residence", f"place={'9' * 40}"),
        ("residents_roleassignment", "role__exact=%00"),
        ("audit_auditentry", "action=%00"),
    ],
)
def test_signs_that_no_database_takes_are_a_bad_request(client, page, query):
    enter(client, RoleFactory(role=Role.DISTRICT_OFFICIAL).user)
    assert client.get(f"{reverse(f'admin:{page}_changelist')}?{query}").status_code == 400


def test_the_filters_of_a_list_still_work(client):
    town = make_town(upto="draft")
    enter(client, official(Role.DISTRICT_OFFICIAL, town.assembly.dong.parent))
    address = reverse("admin:residents_residence_changelist")
    asked = f"{address}?status=verified&basis__exact=registered&place={town.assembly.dong.code}"
    assert client.get(asked).context_data["cl"].result_count == len(town.voters)


def test_a_chosen_row_with_a_number_beyond_all_numbers_is_not_found(client):
    enter(client, RoleFactory(role=Role.DISTRICT_OFFICIAL).user)
    sent = {"action": "end", ACTION_CHECKBOX_NAME: "9" * 40}
    assert client.post(reverse("admin:residents_roleassignment_changelist"), sent).status_code == 404


def test_a_history_names_officials_and_no_residents(client):
    """The page of a residence masks who left the dong; its history must not tell the name after all."""
    town = make_town(upto="draft")
    person = town.voters[0]
    residence = person.residences.get()
    facts = {"target": residence, "persons": [person], "scope": residence.dong.path, "at": NOON}
    record(actor=person, action="residents.residence_declared", **facts)
    record(actor=town.official, action="residents.residence_verified", **facts)

    page = enter(client, town.official).get(reverse("admin:residents_residence_history", args=[residence.pk]))
    text = page.content.decode()
    assert town.official.name in text.split("<main", 1)[-1]
    assert person.name not in text
    assert person.email not in text
    assert str(person.pseudonym)[:8] in text


def test_reading_the_history_of_an_account_is_noted(client):
    """Its title is the person's name."""
    person = UserFactory()
    enter(client, RoleFactory(role=Role.OPERATOR, region=None).user)
    client.get(reverse("admin:residents_user_history", args=[person.pk]))
    assert AccessEntry.objects.get().whose == person.pseudonym
