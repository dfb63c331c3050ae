"""The pool: settled once the education is over, with random numbers; opened again by decision; handed on as values."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import RuleViolation
from councils.models import Draw
from councils.quotas import missed_quotas
from councils.services.applications import withdraw
from councils.services.decisions import record_decision
from councils.services.eligibility import ask_supplement, exclude
from councils.services.pool import pool_of, reopen_pool, settle_pool
from councils.states import ApplicationStatus, DecisionKind, RecruitmentStatus
from tests.councils.recruiting import DATES, OPEN, SETTLING, announced, apply, confirmed, decision, fill, settled
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def settle(recruitment, at=SETTLING):
    return settle_pool(recruitment_id=recruitment.pk, actor=None, at=at)


def test_the_pool_is_settled_when_the_education_is_over():
    recruitment = announced()
    fill(recruitment, 3)

    with pytest.raises(RuleViolation) as refusal:
        settle(recruitment, at=DATES.learning_until - timedelta(seconds=1))
    assert refusal.value.code == "too_early"
    assert settle(recruitment, at=DATES.learning_until).in_pool == 3


def test_numbers_are_a_random_order_without_gaps():
    recruitment = settled(pool=30)
    numbers = list(recruitment.applications.order_by("number").values_list("pool_number", flat=True))

    assert sorted(numbers) == list(range(1, 31))
    assert numbers != sorted(numbers)  # one chance in 30!


def test_who_has_not_the_hours_reads_what_is_missing():
    recruitment = announced(hours=6)
    enough = confirmed(recruitment, minutes=360)
    short = confirmed(recruitment, minutes=359)

    result = settle(recruitment)

    enough.refresh_from_db()
    short.refresh_from_db()
    assert (result.in_pool, result.excluded) == (1, 1)
    assert enough.pool_number == 1
    assert short.status == ApplicationStatus.EXCLUDED
    assert "5시간 59분" in short.reason or "5" in short.reason


def test_unchecked_applications_hold_the_pool_up():
    recruitment = announced()
    apply(recruitment)

    with pytest.raises(RuleViolation) as refusal:
        settle(recruitment)
    assert refusal.value.code == "unchecked"


def test_a_supplement_that_never_came_excludes():
    recruitment = announced()
    application = apply(recruitment)
    ask_supplement(application_id=application.pk, what="재직증명서", actor=UserFactory(), at=OPEN)

    settle(recruitment)

    application.refresh_from_db()
    assert application.status == ApplicationStatus.EXCLUDED
    assert "재직증명서" in application.reason


def test_the_pool_as_plain_values():
    recruitment = settled(pool=24)

    given = pool_of(recruitment, at=SETTLING)

    assert given.pool.ids == tuple(str(number) for number in range(1, 25))
    assert given.pool.features == ("sex", "young", "track")
    assert given.pool.counts("sex") == {"female": 12, "male": 12}
    assert given.pool.counts("young") == {"young": 8, "older": 16}
    assert given.pool.households is None
    assert missed_quotas(given.pool, given.quotas, given.pool.ids[:0])


def test_households_come_along_where_the_rules_want_one_of_each():
    recruitment = announced()
    recruitment.rule_set.rules.create(name="one_per_household", value=True, article="시연")
    confirmed(recruitment, address="상무대로 1, 101동 202호")
    confirmed(recruitment, address="상무대로 1 101동  202호")
    settle(recruitment)
    recruitment.refresh_from_db()

    households = pool_of(recruitment, at=SETTLING).pool.households
    assert households is not None
    assert len(set(households)) == 1


def test_there_is_no_pool_before():
    with pytest.raises(RuleViolation):
        pool_of(announced(), at=OPEN)


def test_a_pool_is_opened_again_by_a_decision_for_more_time():
    recruitment, official = settled(pool=4), UserFactory()
    more = record_decision(
        recruitment_id=recruitment.pk, kind=DecisionKind.MORE_TIME, facts=decision(), actor=official, at=SETTLING
    )
    later = replace(DATES, learning_until=SETTLING + timedelta(days=5), draw_at=SETTLING + timedelta(days=9))

    with pytest.raises(RuleViolation):
        reopen_pool(recruitment_id=recruitment.pk, decision_id=0, dates=later, actor=official, at=SETTLING)
    opened = reopen_pool(recruitment_id=recruitment.pk, decision_id=more.pk, dates=later, actor=official, at=SETTLING)

    assert opened.status == RecruitmentStatus.ANNOUNCED
    assert set(opened.applications.values_list("status", "pool_number")) == {("learning", None)}
    assert settle(recruitment, at=later.learning_until).in_pool == 4


def test_a_computed_lottery_holds_the_pool_shut():
    recruitment, official = settled(pool=4), UserFactory()
    Draw.objects.create(recruitment=recruitment, number=1, computed_at=SETTLING, computed_by=official, lottery="{}")
    more = record_decision(
        recruitment_id=recruitment.pk, kind=DecisionKind.MORE_TIME, facts=decision(), actor=official, at=SETTLING
    )

    with pytest.raises(RuleViolation) as refusal:
        reopen_pool(
            recruitment_id=recruitment.pk,
            decision_id=more.pk,
            dates=replace(DATES, learning_until=SETTLING + timedelta(days=5), draw_at=None),
            actor=official,
            at=SETTLING,
        )
    assert refusal.value.code == "lottery_computed"


def test_somebody_of_the_pool_is_excluded_by_decision_only():
    recruitment, official = settled(pool=4), UserFactory()
    somebody = recruitment.applications.first()

    with pytest.raises(RuleViolation):
        exclude(application_id=somebody.pk, reason="전출", actor=official, at=SETTLING)
    made = record_decision(
        recruitment_id=recruitment.pk, kind=DecisionKind.EXCLUSION, facts=decision(), actor=official, at=SETTLING
    )
    out = exclude(application_id=somebody.pk, reason="전출", actor=official, at=SETTLING, decision_id=made.pk)
    assert (out.status, out.pool_number) == (ApplicationStatus.EXCLUDED, None)


def test_who_withdraws_from_the_pool_keeps_the_number():
    recruitment = settled(pool=4)
    somebody = recruitment.applications.first()

    gone = withdraw(application_id=somebody.pk, actor=None, at=SETTLING)

    assert gone.status == ApplicationStatus.WITHDRAWN
    assert gone.pool_number is not None
    assert len(pool_of(recruitment, at=SETTLING).pool) == 3
