"""Applications through their services: numbered, checked with reasons, supplemented, excluded, withdrawn."""

from datetime import date

import pytest
from django.utils import timezone

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from councils.models import Application
from councils.queries.applications import lookalikes, read_checks
from councils.services.applications import save_draft, supplement, withdraw
from councils.services.eligibility import (
    ask_supplement,
    confirm_eligibility,
    credit_hours,
    exclude,
    readmit,
    strike_credit,
)
from councils.services.pool import hours_of
from councils.services.quotas import propose_quotas
from councils.states import ApplicationStatus
from ordinances.checks import CheckedRule
from tests.councils.recruiting import AREAS, DATES, OPEN, announced, apply, confirmed, facts, prepared, rule_set
from tests.factories import UserFactory, resident

pytestmark = pytest.mark.django_db


def confirm(application, actor=None, document="주민등록증"):
    return confirm_eligibility(application_id=application.pk, document=document, actor=actor or UserFactory(), at=OPEN)


def test_receipts_are_numbered_without_gaps():
    recruitment = announced()
    first = apply(recruitment)
    withdraw(application_id=first.pk, actor=None, at=OPEN)
    with pytest.raises(RuleViolation):
        apply(recruitment, phone="12")

    assert [apply(recruitment).number for _ in range(2)] == [2, 3]


@pytest.mark.parametrize("moment", [DATES.opens_at.replace(hour=8), DATES.closes_at])
def test_nobody_applies_before_or_after(moment):
    with pytest.raises(RuleViolation):
        apply(announced(at=DATES.opens_at.replace(hour=7)), at=moment)


def test_nobody_applies_to_what_was_not_announced():
    with pytest.raises(RuleViolation):
        apply(prepared())


def test_a_draft_becomes_the_application():
    recruitment, user = announced(), resident()
    save_draft(recruitment_id=recruitment.pk, user=user, facts=facts(name=""), at=OPEN)

    application = apply(recruitment, user=user)

    assert Application.objects.get() == application
    assert (application.number, application.status) == (1, ApplicationStatus.RECEIVED)


def test_an_account_applies_once_and_again_after_withdrawing():
    recruitment, user = announced(), resident()
    first = apply(recruitment, user=user)

    with pytest.raises(RuleViolation) as refusal:
        apply(recruitment, user=user)
    assert refusal.value.code == "applied_already"
    withdraw(application_id=first.pk, actor=user, at=OPEN)
    assert apply(recruitment, user=user).number == 2


def test_the_same_name_and_birthday_is_refused():
    recruitment = announced()
    apply(recruitment, name="김민수", birth_date=date(1970, 1, 1))

    with pytest.raises(RuleViolation) as refusal:
        apply(recruitment, name="김 민수", birth_date=date(1970, 1, 1))
    assert refusal.value.code == "applied_already"


def test_similar_names_and_shared_telephones_are_shown_and_not_refused():
    recruitment = announced()
    one = apply(recruitment, name="김민수", birth_date=date(1970, 1, 1), phone="010-1234-5678")
    other = apply(recruitment, name="KIM Min-su", birth_date=date(1970, 1, 1))
    third = apply(recruitment, name="이영희", birth_date=date(1980, 1, 1), phone="01012345678")

    found = lookalikes(recruitment.pk)
    assert {twin.application.pk for twin in found[one.pk]} == {other.pk, third.pk}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "1234"},
        {"birth_date": None},
        {"birth_date": date(1850, 1, 1)},
        {"age": 10},
        {"track": "recommended", "organisation": ""},
        {"answers": {"area": "moon"}},
    ],
)
def test_what_is_missing_or_implausible_is_refused(wrong):
    recruitment = announced()

    with pytest.raises(RuleViolation):
        apply(recruitment, **wrong)
    assert not Application.objects.exists()


def test_a_child_applies_with_a_guardian():
    assert apply(announced(), age=13, guardian_name="김보호", guardian_relation="부").number == 1


def test_what_the_council_asks_must_be_answered():
    recruitment = announced(features=[*propose_quotas(prepared(features=())), AREAS])

    with pytest.raises(RuleViolation):
        apply(recruitment)
    assert apply(recruitment, answers={"area": "north"}).number == 1


def test_confirming_keeps_the_checks_with_their_source():
    application = confirm(apply(announced(), age=15))

    checks = {check.rule: check for check in read_checks(application.checks)}
    assert application.status == ApplicationStatus.CHECKED
    assert (checks[CheckedRule.COUNCIL_AGE].required, checks[CheckedRule.COUNCIL_AGE].actual) == (15, 15)
    assert checks[CheckedRule.COUNCIL_BASIS].source == "시연 조례 제8조"


def test_who_turns_fifteen_a_day_after_the_announcement_is_not_confirmed():
    application = apply(announced(), birth_date=date(2011, 6, 2))

    with pytest.raises(RuleViolation) as refusal:
        confirm(application)
    assert refusal.value.code == "not_eligible"


def test_hours_of_education_send_the_applicant_to_the_courses():
    application = confirm(apply(announced(hours=6)))

    assert application.status == ApplicationStatus.LEARNING
    assert [step.status for step in application.steps.all()] == ["received", "checked", "learning"]


def test_nobody_decides_on_their_own_application():
    user = resident()
    application = apply(announced(), user=user)

    for write, words in (
        (confirm_eligibility, {"document": ""}),
        (exclude, {"reason": "."}),
        (ask_supplement, {"what": "."}),
    ):
        with pytest.raises(RuleViolation) as refusal:
            write(application_id=application.pk, actor=user, at=OPEN, **words)
        assert refusal.value.status == 403


def test_a_number_of_a_document_is_never_kept():
    with pytest.raises(RuleViolation) as refusal:
        confirm(apply(announced()), document="700101-1234567")
    assert refusal.value.code == "number"


def test_a_supplement_is_asked_for_and_handed_in():
    application = apply(announced())
    ask_supplement(application_id=application.pk, what="재직증명서를 내 주세요.", actor=UserFactory(), at=OPEN)
    application.refresh_from_db()
    assert (application.status, application.reason) == (ApplicationStatus.SUPPLEMENT, "재직증명서를 내 주세요.")

    with pytest.raises(RuleViolation):
        supplement(application_id=application.pk, actor=None, at=OPEN)
    back = supplement(application_id=application.pk, actor=None, at=OPEN, text="창구에 냈습니다.")
    assert (back.status, back.reason) == (ApplicationStatus.RECEIVED, "")


def test_an_exclusion_says_why_and_can_be_taken_back():
    official = UserFactory()
    application = confirmed(announced(hours=6))

    with pytest.raises(RuleViolation):
        exclude(application_id=application.pk, reason=" ", actor=official, at=OPEN)
    exclude(application_id=application.pk, reason="다른 동 주민", actor=official, at=OPEN)
    back = readmit(application_id=application.pk, reason="이의신청 인용", actor=official, at=OPEN)
    assert back.status == ApplicationStatus.LEARNING


def test_credited_hours_count_until_they_are_taken_back():
    official, application = UserFactory(), confirmed(announced(hours=6))
    credit = credit_hours(application_id=application.pk, minutes=120, reason="수료증", actor=official, at=OPEN)
    assert hours_of(application, at=timezone.now()) == 120

    strike_credit(credit_id=credit.pk, reason="다른 사람의 수료증", actor=official, at=OPEN)
    assert hours_of(application, at=timezone.now()) == 0


def test_no_personal_data_in_the_audit_log():
    application = confirm(apply(announced(), name="홍길동", phone="010-9999-8888"))

    for entry in AuditEntry.objects.filter(target_id=str(application.pk)):
        assert "홍길동" not in str(entry.details)
        assert "9999" not in str(entry.details)


def test_rules_without_an_age_confirm_every_age():
    council = prepared().council
    recruitment = announced(council=council, rules=rule_set(council.dong.parent, council_age_min=None))

    assert confirm(apply(recruitment, age=14)).status == ApplicationStatus.CHECKED
