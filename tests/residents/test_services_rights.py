"""Consents, roles, death and erasure."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import IntegrityError

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from residents import services
from residents.consents import ACCOUNT, RESIDENCE
from residents.models import Consent, GuardianConsent, Residence, ResidentProfile, RoleAssignment, User
from residents.queries import current_residence
from residents.states import ResidenceStatus, Role
from tests.factories import NOON, DongFactory, MunicipalityFactory, RoleFactory, UserFactory, official, resident
from tests.residents.people import TODAY, declared, last_entry, refusal, register, verify

pytestmark = pytest.mark.django_db


# --- consents ---------------------------------------------------------------------------------------------------------


def test_a_consent_keeps_what_was_agreed_to():
    person = register(consents=[])
    consent = services.give_consent(user_id=person.pk, purpose=RESIDENCE, version=1, at=NOON)
    assert consent.items == ["birth_date", "sex", "phone", "dong", "document"]
    assert consent.period
    assert services.give_consent(user_id=person.pk, purpose=RESIDENCE, at=NOON) == consent


def test_a_consent_to_another_version_is_none():
    person = register(consents=[])
    assert (
        refusal(services.give_consent, user_id=person.pk, purpose=RESIDENCE, version=7, at=NOON) == "consent_outdated"
    )


def test_withdrawing_the_consent_ends_the_residence_and_deletes_the_profile():
    residence = verify(declared())
    assert services.withdraw_consent(user_id=residence.user_id, purpose=RESIDENCE, at=NOON) == 1
    residence.refresh_from_db()
    assert residence.status == ResidenceStatus.ENDED
    assert not ResidentProfile.objects.exists()
    assert Consent.objects.filter(purpose=ACCOUNT, withdrawn_at__isnull=True).exists()


def test_an_account_needs_its_consent():
    person = register()
    assert refusal(services.withdraw_consent, user_id=person.pk, purpose=ACCOUNT, at=NOON) == "consent_needed"


def test_a_consent_is_withdrawn_once():
    person = register(consents=[ACCOUNT])
    assert refusal(services.withdraw_consent, user_id=person.pk, purpose=RESIDENCE, at=NOON) == "no_consent"


# --- roles ------------------------------------------------------------------------------------------------------------


def grant(person, role, region=None, actor=None):
    return services.grant_role(
        user_id=person.pk, role=role, region_id=region.pk if region else None, actor=actor, at=NOON
    )


def test_a_role_is_given_for_its_kind_of_region():
    person, dong = register(), DongFactory()
    assert grant(person, Role.DONG_OFFICIAL, dong).since == TODAY
    assert last_entry().scope == dong.path


@pytest.mark.parametrize(
    ("role", "factory"),
    [
        (Role.DONG_OFFICIAL, MunicipalityFactory),
        (Role.DISTRICT_OFFICIAL, DongFactory),
        (Role.OPERATOR, DongFactory),
        (Role.AUDITOR, lambda: None),
    ],
)
def test_a_role_for_the_wrong_kind_of_region(role, factory):
    assert refusal(grant, register(), role, factory()) == "role_region"


def test_a_role_is_held_once_and_nobody_gives_it_to_themselves():
    person, dong = register(), DongFactory()
    assert refusal(grant, person, Role.DONG_OFFICIAL, dong, actor=person) == "own_account"
    grant(person, Role.DONG_OFFICIAL, dong)
    assert refusal(grant, person, Role.DONG_OFFICIAL, dong) == "role_held"


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DONG_OFFICIAL])
def test_the_database_too_knows_a_role_once(role):
    region = DongFactory() if role == Role.DONG_OFFICIAL else None
    person = RoleFactory(role=role, region=region).user
    with pytest.raises(IntegrityError):
        RoleFactory(user=person, role=role, region=region)


def test_an_ended_role_no_longer_counts_on_the_same_day_and_can_be_given_again():
    person, dong = register(), DongFactory()
    assignment = grant(person, Role.DONG_OFFICIAL, dong)
    services.end_role(assignment_id=assignment.pk, actor=None, at=NOON)
    assert not RoleAssignment.objects.valid_on(TODAY).exists()
    assert refusal(services.end_role, assignment_id=assignment.pk, actor=None, at=NOON) == "role_ended"
    grant(person, Role.DONG_OFFICIAL, dong)
    assert RoleAssignment.objects.valid_on(TODAY).count() == 1


def test_somebody_always_operates_the_site():
    first = RoleFactory(role=Role.OPERATOR, region=None)
    assert refusal(services.end_role, assignment_id=first.pk, actor=None, at=NOON) == "last_operator"
    assert (
        refusal(services.deactivate_account, user_id=first.user_id, reason="x", actor=None, at=NOON) == "last_operator"
    )
    RoleFactory(role=Role.OPERATOR, region=None)
    services.end_role(assignment_id=first.pk, actor=None, at=NOON)


# --- death and erasure ------------------------------------------------------------------------------------------------


def test_death_ends_account_residence_roles_and_sessions(client):
    residence = verify(declared())
    person = residence.user
    role = RoleFactory(user=person, role=Role.COUNCIL_OFFICER, region=residence.dong)
    client.force_login(person)
    actor = official(Role.DONG_OFFICIAL, residence.dong)
    services.record_death(user_id=person.pk, died_on=date(2026, 5, 30), actor=actor, at=NOON)
    for thing in (person, residence, role):
        thing.refresh_from_db()
    assert (person.is_active, person.deceased_on) == (False, date(2026, 5, 30))
    assert (residence.status, role.until) == (ResidenceStatus.ENDED, TODAY)
    assert not Session.objects.exists()
    assert last_entry().scope == residence.dong.path
    assert (
        refusal(services.reactivate_account, user_id=person.pk, reason="x", actor=official(Role.OPERATOR), at=NOON)
        == "deceased"
    )


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(1980, 3, 14)])
def test_an_implausible_day_of_death(day):
    person = register()
    assert refusal(services.record_death, user_id=person.pk, died_on=day, actor=UserFactory(), at=NOON) == "died_on"


def test_erasing_leaves_nothing_personal(client):
    residence = verify(declared(email="gone@example.org", name="사라진 사람", phone="01000000003"))
    person = residence.user
    client.force_login(person)
    pseudonym = person.pseudonym
    services.erase_person(user_id=person.pk, actor=person, at=NOON)
    row = User.objects.filter(pk=person.pk).values().get()
    assert row["email"].endswith("@erased.invalid")
    assert "gone" not in str(row)
    assert "사라진" not in str(row)
    assert row["pseudonym"] != pseudonym
    assert (row["is_active"], row["erased_at"], row["last_login"]) == (False, NOON, None)
    for model in (ResidentProfile, Consent, GuardianConsent, Residence, EmailAddress, Session):
        assert not model.objects.exists(), model


def test_the_log_stays_and_leads_to_nobody():
    person = register()
    entries = AuditEntry.objects.count()
    services.erase_person(user_id=person.pk, actor=person, at=NOON)
    assert AuditEntry.objects.count() == entries + 1
    person.refresh_from_db()
    assert not AuditEntry.objects.filter(actor=person.pseudonym).exists()


def test_who_holds_a_role_hands_it_over_first():
    person = official(Role.DONG_OFFICIAL, DongFactory())
    assert refusal(services.erase_person, user_id=person.pk, actor=person, at=NOON) == "holds_role"


def test_erasing_twice_is_refused():
    person = register()
    services.erase_person(user_id=person.pk, actor=person, at=NOON)
    assert refusal(services.erase_person, user_id=person.pk, actor=None, at=NOON) == "erased"


def test_the_address_of_an_erased_account_is_free_again():
    person = register()
    services.erase_person(user_id=person.pk, actor=person, at=NOON)
    assert register().email == "person@example.org"


def test_an_erased_official_stays_in_the_checks_they_made_as_nobody():
    checker = UserFactory()
    residence = verify(declared(), checker)
    services.erase_person(user_id=checker.pk, actor=checker, at=NOON)
    residence.refresh_from_db()
    assert residence.checked_by.name == ""


@pytest.mark.parametrize(
    "call",
    [
        lambda: services.withdraw_declaration(residence_id=0, actor=UserFactory(), at=NOON),
        lambda: services.give_consent(user_id=0, purpose=ACCOUNT, at=NOON),
        lambda: services.end_role(assignment_id=0, actor=None, at=NOON),
    ],
)
def test_what_is_not_there_is_404(call):
    with pytest.raises(RuleViolation) as no:
        call()
    assert no.value.status == 404


def test_factory_residents_are_as_the_services_make_them():
    person = resident()
    assert current_residence(person).status == ResidenceStatus.VERIFIED
