"""Accounts, residence and what officials record about it."""

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
from residents.queries import current_residence, duplicates_of, waiting_residence
from residents.states import Basis, ResidenceStatus, Role
from tests.factories import NOON, DongFactory, MunicipalityFactory, RoleFactory, UserFactory, official, resident

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def register(**changes):
    facts = {
        "email": "person@example.org",
        "name": "김민수",
        "birth_date": date(1980, 3, 15),
        "consents": [ACCOUNT, RESIDENCE],
        "at": NOON,
    }
    return services.register_person(**{**facts, **changes})


def declared(dong=None, *, basis=Basis.REGISTERED, **changes):
    person = register(**changes)
    return services.declare_residence(user_id=person.pk, dong_id=(dong or DongFactory()).pk, basis=basis, at=NOON)


def verify(residence, actor=None, **changes):
    facts = {"document": "주민등록증", "at": NOON, **changes}
    return services.verify_residence(
        residence_id=residence.pk, actor=actor or official(Role.DONG_OFFICIAL, residence.dong), **facts
    )


def refusal(call, *args, **kwargs):
    """The code of the RuleViolation, after checking that nothing was written."""
    entries = AuditEntry.objects.count()
    with pytest.raises(RuleViolation) as no:
        call(*args, **kwargs)
    assert AuditEntry.objects.count() == entries
    return no.value.code


def last_entry():
    return AuditEntry.objects.first()


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_registering_keeps_the_address_in_lower_case_with_profile_and_consents():
    person = register(email=" Person@Example.ORG ", phone="010-0000-0001", password="correct-horse-battery")
    assert person.email == "person@example.org"
    assert person.check_password("correct-horse-battery")
    assert (person.profile.phone, person.profile.name_key) == ("01000000001", "김민수")
    assert set(person.consents.values_list("purpose", flat=True)) == {ACCOUNT, RESIDENCE}
    assert EmailAddress.objects.get(user=person).primary


def test_registering_without_a_password_leaves_none_to_guess():
    assert not register().has_usable_password()


def test_one_address_one_account():
    register()
    assert refusal(register, email="PERSON@example.org") == "mail_taken"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": ""}, "name"),
        ({"name": "김\x00민수"}, "name"),
        ({"name": "가" * 10_000}, "name"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
        ({"birth_date": date(2026, 6, 2)}, "birth_date"),
        ({"phone": "abc"}, "phone"),
        ({"sex": "x"}, "sex"),
    ],
)
def test_implausible_people_are_not_registered(wrong, code):
    assert refusal(register, **wrong) == code
    assert not User.objects.exists()


def update(person, actor=None, **changes):
    facts = {"name": person.name, "birth_date": date(1980, 3, 15), "sex": "", "phone": "", "language": "ko", **changes}
    return services.update_profile(user_id=person.pk, actor=actor or person, at=NOON, **facts)


def test_a_profile_is_changed_and_the_log_says_which_fields_only():
    person = register()
    update(person, name="김 민수", phone="010 0000 0009", sex="female")
    assert person.profile.__class__.objects.get(user=person).phone == "01000000009"
    assert last_entry().details == {"changed": ["name", "phone", "sex"]}
    assert "01000000009" not in str(last_entry().details)


def test_name_and_birth_date_of_a_verified_person_are_changed_at_the_desk_only():
    residence = verify(declared())
    person = residence.user
    assert refusal(update, person, birth_date=date(1970, 1, 1)) == "checked_at_the_desk"
    assert refusal(update, person, name="박지훈") == "checked_at_the_desk"
    update(person, phone="01000000002")
    update(person, actor=official(Role.DONG_OFFICIAL, residence.dong), birth_date=date(1980, 3, 16))
    assert ResidentProfile.objects.get(user=person).birth_date == date(1980, 3, 16)


def test_a_switched_off_account_is_signed_out_and_can_come_back(client):
    person, operator = register(), official(Role.OPERATOR)
    other = register(email="other@example.org")
    client.force_login(other)
    client.force_login(person)
    assert Session.objects.count() == 1  # signing in as somebody else ended the session of the one before
    services.deactivate_account(user_id=person.pk, reason="made twice", actor=operator, at=NOON)
    person.refresh_from_db()
    assert not person.is_active
    assert not Session.objects.exists()
    assert refusal(update, person) == "inactive"
    services.reactivate_account(user_id=person.pk, reason="by mistake", actor=operator, at=NOON)
    person.refresh_from_db()
    assert person.is_active


def test_only_the_sessions_of_the_account_end(client):
    person, other = register(), register(email="other@example.org")
    client.force_login(other)
    services.deactivate_account(user_id=person.pk, reason="x", actor=official(Role.OPERATOR), at=NOON)
    assert Session.objects.count() == 1


def test_nobody_switches_themselves_off_or_gives_no_reason():
    operator = official(Role.OPERATOR)
    assert (
        refusal(services.deactivate_account, user_id=operator.pk, reason="x", actor=operator, at=NOON) == "own_account"
    )
    person = register()
    assert refusal(services.deactivate_account, user_id=person.pk, reason=" ", actor=operator, at=NOON) == "no_reason"


# --- residence --------------------------------------------------------------------------------------------------------


def test_a_declaration_waits_for_its_check():
    residence = declared()
    assert residence.status == ResidenceStatus.DECLARED
    assert last_entry().scope == residence.dong.path
    assert last_entry().actor == residence.user.pseudonym


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"birth_date": None}, "no_profile"), ({"consents": [ACCOUNT]}, "no_consent")],
)
def test_a_declaration_needs_profile_and_consent(changes, code):
    person = register(**changes)
    assert (
        refusal(services.declare_residence, user_id=person.pk, dong_id=DongFactory().pk, basis="working", at=NOON)
        == code
    )


def test_a_declaration_needs_a_dong_of_today():
    person = register()
    gone = DongFactory(valid_until=TODAY)
    for region in (gone, gone.parent):
        assert (
            refusal(services.declare_residence, user_id=person.pk, dong_id=region.pk, basis="working", at=NOON)
            == "no_dong"
        )
    assert refusal(services.declare_residence, user_id=person.pk, dong_id=0, basis="working", at=NOON) == "no_dong"


def test_an_unknown_basis_is_a_programming_error():
    person = register()
    with pytest.raises(ValueError, match="visiting"):
        services.declare_residence(user_id=person.pk, dong_id=DongFactory().pk, basis="visiting", at=NOON)


def test_a_new_declaration_replaces_one_that_waits():
    first = declared()
    second = services.declare_residence(
        user_id=first.user_id, dong_id=DongFactory().pk, basis=Basis.REGISTERED, at=NOON
    )
    first.refresh_from_db()
    assert first.status == ResidenceStatus.ENDED
    assert waiting_residence(first.user) == second


def test_the_same_declaration_twice_is_one():
    first = declared()
    again = {"user_id": first.user_id, "dong_id": first.dong_id, "basis": first.basis, "at": NOON}
    assert refusal(services.declare_residence, **again) == "declared_already"
    assert Residence.objects.count() == 1


def test_a_verified_residence_stays_until_the_new_one_is_verified():
    old = verify(declared())
    new = services.declare_residence(user_id=old.user_id, dong_id=DongFactory().pk, basis=Basis.WORKING, at=NOON)
    assert current_residence(old.user) == old
    verify(new, at=NOON + timedelta(days=3))
    old.refresh_from_db()
    assert (old.status, old.ended_on) == (ResidenceStatus.ENDED, date(2026, 6, 4))
    assert current_residence(old.user) == new


def test_a_declaration_is_taken_back():
    residence = declared()
    services.withdraw_declaration(residence_id=residence.pk, actor=residence.user, at=NOON)
    residence.refresh_from_db()
    assert residence.status == ResidenceStatus.ENDED


def test_what_is_verified_is_not_taken_back():
    residence = verify(declared())
    assert (
        refusal(services.withdraw_declaration, residence_id=residence.pk, actor=residence.user, at=NOON)
        == "wrong_state"
    )


def test_verifying_records_who_when_and_the_kind_of_document():
    residence = verify(declared(), document="  주민등록증 ")
    residence.refresh_from_db()
    assert (residence.status, residence.document, residence.checked_at) == (
        ResidenceStatus.VERIFIED,
        "주민등록증",
        NOON,
    )
    assert last_entry().action == "residents.residence_verified"
    assert last_entry().persons == [str(residence.user.pseudonym)]


@pytest.mark.parametrize(
    ("document", "code"),
    [("", "document"), ("가" * 61, "document"), ("주민등록증 800315-1000000", "number"), ("M12345678", "number")],
)
def test_no_document_and_no_number_of_one(document, code):
    residence = declared()
    assert refusal(verify, residence, document=document) == code
    residence.refresh_from_db()
    assert residence.status == ResidenceStatus.DECLARED


def test_nobody_verifies_or_refuses_themselves():
    residence = declared()
    assert refusal(verify, residence, actor=residence.user) == "own_account"
    assert (
        refusal(services.refuse_residence, residence_id=residence.pk, reason="x", actor=residence.user, at=NOON)
        == "own_account"
    )


@pytest.mark.parametrize("status", [ResidenceStatus.VERIFIED, ResidenceStatus.REFUSED, ResidenceStatus.ENDED])
def test_only_what_waits_is_verified(status):
    residence = declared()
    Residence.objects.filter(pk=residence.pk).update(status=status, checked_at=NOON, checked_by=UserFactory())
    assert refusal(verify, residence) == "wrong_state"


@pytest.mark.parametrize(
    ("state", "code"),
    [({"is_active": False}, "inactive"), ({"is_active": False, "deceased_on": TODAY}, "deceased")],
)
def test_the_gone_are_not_verified(state, code):
    residence = declared()
    User.objects.filter(pk=residence.user_id).update(**state)
    assert refusal(verify, residence) == code


def test_a_child_needs_a_guardian_before_the_check():
    """Personal Information Protection Act, article 22-2: under 14 on the day of the check."""
    residence = declared(birth_date=date(2012, 6, 2))
    actor = official(Role.DONG_OFFICIAL, residence.dong)
    assert refusal(verify, residence, actor) == "guardian_missing"
    services.record_guardian_consent(
        user_id=residence.user_id, guardian_name="김하나", relation="어머니", given_on=TODAY, actor=actor, at=NOON
    )
    verify(residence, actor)
    assert current_residence(residence.user) == residence


def test_who_turns_fourteen_on_the_day_of_the_check_needs_no_guardian():
    residence = verify(declared(birth_date=date(2012, 6, 1)))
    assert residence.status == ResidenceStatus.VERIFIED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"given_on": TODAY + timedelta(days=1)}, "given_on"),
        ({"given_on": date(2000, 1, 1)}, "given_on"),
        ({"guardian_name": ""}, "guardian"),
    ],
)
def test_a_guardians_consent_must_be_plausible(changes, code):
    residence = declared(birth_date=date(2015, 1, 1))
    facts = {"guardian_name": "김하나", "relation": "어머니", "given_on": TODAY, **changes}
    actor = official(Role.DONG_OFFICIAL, residence.dong)
    assert refusal(services.record_guardian_consent, user_id=residence.user_id, actor=actor, at=NOON, **facts) == code


def test_a_guardians_consent_is_for_children_and_recorded_once():
    facts = {"guardian_name": "김하나", "relation": "어머니", "given_on": TODAY, "actor": UserFactory(), "at": NOON}
    adult = register()
    assert refusal(services.record_guardian_consent, user_id=adult.pk, **facts) == "not_a_child"
    child = register(email="child@example.org", birth_date=date(2015, 1, 1))
    services.record_guardian_consent(user_id=child.pk, **facts)
    assert refusal(services.record_guardian_consent, user_id=child.pk, **facts) == "recorded_already"


def test_a_verified_double_stops_the_check_until_the_official_says_why_not():
    verify(declared(name="김민수"))
    second = declared(email="second@example.org", name="KIM Min-su")
    assert refusal(verify, second) == "duplicate"
    verify(second, not_the_same_person="두 사람이 함께 창구에 왔음")
    entry = last_entry()
    assert entry.details["not_the_same_person"] == "두 사람이 함께 창구에 왔음"
    assert len(entry.persons) == 2


def test_a_double_that_is_not_verified_does_not_stop_the_check():
    declared()
    second = declared(email="second@example.org")
    assert verify(second).status == ResidenceStatus.VERIFIED


def test_the_same_phone_number_is_a_hint_only():
    verify(declared(phone="01000000001"))
    child = declared(email="child@example.org", name="김하늘", birth_date=date(2005, 1, 1), phone="010-0000-0001")
    found = duplicates_of(child.user.profile)
    assert [duplicate.blocks for duplicate in found] == [False]
    assert verify(child).status == ResidenceStatus.VERIFIED


@pytest.mark.parametrize("others", [1, 30])
def test_duplicates_take_the_same_queries_however_many(others, django_assert_num_queries):
    for number in range(others):
        register(email=f"double{number}@example.org")
    profile = ResidentProfile.objects.select_related("user").get(user=register())
    with django_assert_num_queries(2):
        assert len(duplicates_of(profile)) == others


def test_refusing_needs_a_reason_that_the_person_reads():
    residence = declared()
    actor = official(Role.DONG_OFFICIAL, residence.dong)
    call = {"residence_id": residence.pk, "actor": actor, "at": NOON}
    assert refusal(services.refuse_residence, reason="  ", **call) == "no_reason"
    assert refusal(services.refuse_residence, reason="800315-1000000", **call) == "number"
    services.refuse_residence(reason="재직증명서가 필요합니다.", **call)
    residence.refresh_from_db()
    assert (residence.status, residence.reason) == (ResidenceStatus.REFUSED, "재직증명서가 필요합니다.")


def test_ending_a_residence_on_an_earlier_day():
    residence = verify(declared())
    actor = official(Role.DONG_OFFICIAL, residence.dong)
    call = {"residence_id": residence.pk, "reason": "이사", "actor": actor, "at": NOON + timedelta(days=30)}
    assert refusal(services.end_residence, day=date(2026, 7, 2), **call) == "future"
    assert refusal(services.end_residence, day=date(2026, 5, 31), **call) == "too_early"
    services.end_residence(day=date(2026, 6, 10), **call)
    residence.refresh_from_db()
    assert (residence.status, residence.ended_on) == (ResidenceStatus.ENDED, date(2026, 6, 10))


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
