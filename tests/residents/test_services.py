"""Accounts, residence and what officials record about it."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session

from residents import services
from residents.consents import ACCOUNT, RESIDENCE
from residents.models import Residence, ResidentProfile, User
from residents.queries import current_residence, duplicates_of, waiting_residence
from residents.states import Basis, ResidenceStatus, Role
from tests.factories import NOON, DongFactory, UserFactory, official
from tests.residents.people import TODAY, declared, last_entry, refusal, register, verify

pytestmark = pytest.mark.django_db


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
