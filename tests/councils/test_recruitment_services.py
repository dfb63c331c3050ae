"""Recruitments through their services: prepared, announced under their rules, given time, called off, copied."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from councils.models import QuotaRelaxation
from councils.services.decisions import record_decision
from councils.services.quotas import FeaturePlan, QuotaChange, ValuePlan, propose_quotas, relax_quotas, set_quotas
from councils.services.recruitment import (
    announce_recruitment,
    cancel_recruitment,
    change_recruitment,
    copy_recruitment,
    give_more_time,
)
from councils.states import DecisionKind, FeatureSource, Method, RecruitmentStatus
from tests.councils.recruiting import ANNOUNCED, DATES, OPEN, announced, decision, fill, prepared, rule_set, settled
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def announce(recruitment, at=ANNOUNCED):
    return announce_recruitment(recruitment_id=recruitment.pk, actor=None, at=at)


def test_announcing_fixes_the_rule_set():
    recruitment = announce(prepared())

    recruitment.rule_set.refresh_from_db()
    assert recruitment.status == RecruitmentStatus.ANNOUNCED
    assert recruitment.rule_set.locked_at == ANNOUNCED
    assert AuditEntry.objects.filter(action="councils.recruitment_announced").exists()


def test_quotas_are_proposed_from_the_rules():
    """Seo-gu 2019: open call at least half, recommended below half; Seoul 2018: no sex above 60 %, 15 % below 50."""
    plans = {
        plan.key: {value.key: (value.minimum, value.maximum) for value in plan.values}
        for plan in propose_quotas(prepared())
    }

    assert plans["sex"] == {"female": (4, 6), "male": (4, 6)}
    assert plans["young"] == {"young": (2, 10), "older": (0, 8)}
    assert plans["track"] == {"open": (6, 10), "recommended": (0, 4)}


@pytest.mark.parametrize("seats", [4, 51])
def test_seats_outside_the_rules_are_not_announced(seats):
    with pytest.raises(RuleViolation) as refusal:
        announce(prepared(seats=seats))
    assert refusal.value.code == "rules_not_kept"


def test_too_short_a_recruitment_is_not_announced():
    short = replace(DATES, closes_at=ANNOUNCED + timedelta(days=13))

    with pytest.raises(RuleViolation) as refusal:
        announce(prepared(dates=short))
    assert refusal.value.code == "rules_not_kept"


def test_announcing_late_shortens_the_recruitment():
    with pytest.raises(RuleViolation) as refusal:
        announce(prepared(), at=DATES.closes_at - timedelta(days=5))
    assert refusal.value.code == "rules_not_kept"


def test_another_way_of_selection_than_the_rules_name_is_refused():
    recruitment = prepared(method=Method.BALLS)
    recruitment.rule_set.rules.filter(name="selection_method").update(value="leximin")

    with pytest.raises(RuleViolation):
        announce(recruitment)


def test_quotas_weaker_than_the_rules_are_refused():
    recruitment = prepared()
    weak = [
        replace(plan, values=tuple(replace(v, minimum=0, maximum=10) for v in plan.values))
        for plan in propose_quotas(recruitment)
    ]
    set_quotas(recruitment_id=recruitment.pk, features=weak, actor=None, at=ANNOUNCED)

    with pytest.raises(RuleViolation) as refusal:
        announce(recruitment)
    assert refusal.value.code == "rules_not_kept"


def test_quotas_that_contradict_each_other_are_refused():
    recruitment = prepared()
    ages = FeaturePlan(
        "age",
        "나이",
        FeatureSource.AGE,
        (ValuePlan("to39", "39세 이하", 6, 10, 0, 39), ValuePlan("from40", "40세 이상", 6, 10, 40)),
    )
    set_quotas(recruitment_id=recruitment.pk, features=[*propose_quotas(recruitment), ages], actor=None, at=ANNOUNCED)

    with pytest.raises(RuleViolation) as refusal:
        announce(recruitment)
    assert refusal.value.code == "quotas_contradict"


def test_a_rule_set_of_another_region_is_refused():
    elsewhere = prepared().rule_set

    with pytest.raises(RuleViolation):
        prepared(rules=elsewhere)


def test_what_was_announced_stays():
    recruitment = announced()

    with pytest.raises(RuleViolation):
        set_quotas(recruitment_id=recruitment.pk, features=(), actor=None, at=OPEN)
    with pytest.raises(RuleViolation):
        change_recruitment(
            recruitment_id=recruitment.pk, rule_set=recruitment.rule_set, plan=None, dates=DATES, actor=None, at=OPEN
        )


@pytest.mark.parametrize(
    "bands",
    [
        [("a", 0, 39), ("b", 41, None)],
        [("a", 0, 40), ("b", 40, None)],
        [("a", 0, 39), ("b", 40, 99)],
    ],
)
def test_bands_of_age_have_no_gaps_no_overlaps_and_no_end(bands):
    recruitment = prepared(features=())
    plan = FeaturePlan(
        "age", "나이", FeatureSource.AGE, tuple(ValuePlan(key, key, 0, 10, low, high) for key, low, high in bands)
    )

    with pytest.raises(RuleViolation):
        set_quotas(recruitment_id=recruitment.pk, features=[plan], actor=None, at=ANNOUNCED)


def test_more_time_needs_a_decision_and_takes_nothing_away():
    recruitment, official = announced(), UserFactory()
    later = replace(DATES, closes_at=DATES.closes_at + timedelta(days=7))
    other = record_decision(
        recruitment_id=recruitment.pk, kind=DecisionKind.OTHER, facts=decision(), actor=official, at=OPEN
    )
    more = record_decision(
        recruitment_id=recruitment.pk, kind=DecisionKind.MORE_TIME, facts=decision(), actor=official, at=OPEN
    )
    common = {"recruitment_id": recruitment.pk, "actor": official, "at": OPEN}

    with pytest.raises(RuleViolation):
        give_more_time(decision_id=other.pk, dates=later, **common)
    with pytest.raises(RuleViolation):
        give_more_time(
            decision_id=more.pk, dates=replace(DATES, closes_at=DATES.closes_at - timedelta(days=1)), **common
        )
    assert give_more_time(decision_id=more.pk, dates=later, **common).closes_at == later.closes_at


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"present": 10}, {"in_favour": 3}, {"decided_on": OPEN.date() + timedelta(days=1)}]
)
def test_a_decision_that_is_none_is_refused(wrong):
    recruitment = announced()

    with pytest.raises(RuleViolation):
        record_decision(
            recruitment_id=recruitment.pk,
            kind=DecisionKind.OTHER,
            facts=decision(**wrong),
            actor=UserFactory(),
            at=OPEN,
        )


def test_quotas_are_relaxed_by_a_decision_that_keeps_what_they_were():
    recruitment = settled()
    young = recruitment.features.get(key="young").values.get(key="young")

    relax_quotas(
        recruitment_id=recruitment.pk,
        changes=[QuotaChange(young.pk, 1, 10)],
        decision=decision(),
        actor=UserFactory(),
        at=OPEN,
    )

    row = QuotaRelaxation.objects.get()
    young.refresh_from_db()
    assert (row.minimum_before, row.minimum, young.minimum) == (2, 1, 1)
    assert row.decision.kind == DecisionKind.RELAXATION


@pytest.mark.parametrize("numbers", [(3, 10), (2, 9), (2, 10)])
def test_a_decision_only_relaxes(numbers):
    recruitment = announced()
    young = recruitment.features.get(key="young").values.get(key="young")

    with pytest.raises(RuleViolation):
        relax_quotas(
            recruitment_id=recruitment.pk,
            changes=[QuotaChange(young.pk, *numbers)],
            decision=decision(),
            actor=UserFactory(),
            at=OPEN,
        )
    assert not recruitment.decisions.exists()


def test_calling_off_needs_a_reason():
    recruitment = announced()

    with pytest.raises(RuleViolation):
        cancel_recruitment(recruitment_id=recruitment.pk, reason=" ", actor=UserFactory(), at=OPEN)
    cancelled = cancel_recruitment(recruitment_id=recruitment.pk, reason="조례 개정", actor=UserFactory(), at=OPEN)
    assert cancelled.status == RecruitmentStatus.CANCELLED


def test_a_copy_has_the_quotas_as_they_were_announced():
    recruitment = announced()
    fill(recruitment, 1)
    young = recruitment.features.get(key="young").values.get(key="young")
    relax_quotas(
        recruitment_id=recruitment.pk,
        changes=[QuotaChange(young.pk, 0, 10)],
        decision=decision(),
        actor=UserFactory(),
        at=OPEN,
    )

    copy = copy_recruitment(
        recruitment_id=recruitment.pk, title="다음 해 모집", dates=DATES, actor=UserFactory(), at=OPEN
    )

    assert copy.status == RecruitmentStatus.PREPARING
    assert copy.features.get(key="young").values.get(key="young").minimum == 2
    assert not copy.applications.exists()


def test_the_rules_of_another_time_are_refused():
    recruitment = prepared()
    recruitment.rule_set.valid_until = ANNOUNCED.date()
    recruitment.rule_set.save()

    with pytest.raises(RuleViolation):
        announce(recruitment)


def test_rules_without_a_share_propose_no_quota():
    council = prepared().council
    silent = rule_set(council.dong.parent, sex_share_max=None, young_share_min=None)

    assert [plan.key for plan in propose_quotas(prepared(council=council, rules=silent))] == ["track"]
