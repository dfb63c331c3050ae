"""Rule sets: made, changed until in use, followed by new versions."""

from datetime import date, timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from ordinances.models import RuleKind, RuleSet
from ordinances.queries import rule_set_in_force
from ordinances.services import (
    RuleInput,
    RuleSetFacts,
    change_rule_set,
    copy_as_new_version,
    create_rule_set,
    lock_rule_set,
)
from tests.factories import NOON, RULES, DongFactory, MunicipalityFactory, ProvinceFactory, RuleSetFactory, UserFactory

pytestmark = pytest.mark.django_db

FACTS = {
    "kind": RuleKind.ORDINANCE,
    "title": "주민자치회 조례",
    "version": "2019-08-14",
    "source": "제정 조례",
    "valid_from": date(2019, 8, 14),
}


def facts(**changed):
    return RuleSetFacts(**{**FACTS, **changed})


def inputs(**changed):
    return [RuleInput(name, value, f"{name}의 조") for name, value in {**RULES, **changed}.items()]


def create(region=None, rules=None, **changed):
    return create_rule_set(
        region=region or MunicipalityFactory(),
        facts=facts(**changed),
        rules=inputs() if rules is None else rules,
        actor=UserFactory(),
        at=NOON,
    )


@pytest.mark.parametrize("factory", [MunicipalityFactory, ProvinceFactory])
def test_a_rule_set_carries_assemblies(factory):
    rule_set = create(factory())

    assert rule_set.for_assemblies().voting_age.value == 16
    assert rule_set.locked_at is None
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.scope) == ("ordinances.rule_set_created", rule_set.region.path)


def test_a_rule_set_may_be_silent_about_assemblies():
    rule_set = create(rules=[])

    with pytest.raises(ValueError, match="voting_age"):
        rule_set.for_assemblies()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"version": ""},
        {"source": ""},
        {"valid_until": FACTS["valid_from"]},
        {"valid_until": FACTS["valid_from"] - timedelta(days=1)},
        {"rules": [RuleInput("colour", 1, "제1조")]},
        {"rules": [RuleInput("voting_age", "16", "제1조")]},
        {"rules": [RuleInput("voting_age", 16, " ")]},
        {"rules": [RuleInput("voting_age", 16, "제1조"), RuleInput("voting_age", 18, "제2조")]},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(wrong):
    with pytest.raises(RuleViolation):
        create(**wrong)

    assert not RuleSet.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_dong_has_no_rule_set():
    with pytest.raises(RuleViolation):
        create(DongFactory())


def test_a_version_exists_once_in_a_region():
    region = MunicipalityFactory()
    create(region)
    create(MunicipalityFactory())

    with pytest.raises(RuleViolation) as no:
        create(region)

    assert no.value.code == "version_exists"


def test_a_wrong_value_is_refused_with_what_may_stand_there():
    with pytest.raises(RuleViolation, match="16"):
        create(rules=[RuleInput("voting_age", 99, "제1조")])


def test_a_rule_set_is_changed_while_it_is_not_in_use():
    rule_set = create()

    change_rule_set(
        rule_set_id=rule_set.pk,
        facts=facts(title="새 조례"),
        rules=inputs(voting_age=18),
        actor=UserFactory(),
        at=NOON,
    )

    changed = RuleSet.objects.get()
    assert (changed.title, changed.for_assemblies().voting_age.value) == ("새 조례", 18)


def test_head_and_rules_are_changed_apart():
    rule_set = create()

    change_rule_set(rule_set_id=rule_set.pk, facts=facts(title="새 조례"), actor=None, at=NOON)
    change_rule_set(rule_set_id=rule_set.pk, rules=inputs(notice_days=7), actor=None, at=NOON)

    changed = RuleSet.objects.get()
    assert (changed.title, changed.for_assemblies().notice_days.value) == ("새 조례", 7)


def test_a_rule_set_in_use_is_not_changed():
    rule_set = create()
    lock_rule_set(rule_set_id=rule_set.pk, at=NOON)

    with pytest.raises(RuleViolation) as no:
        change_rule_set(rule_set_id=rule_set.pk, rules=inputs(voting_age=18), actor=UserFactory(), at=NOON)

    assert no.value.code == "rule_set_in_use"
    assert RuleSet.objects.get().for_assemblies().voting_age.value == 16


def test_locking_twice_keeps_the_first_moment():
    rule_set = create()
    lock_rule_set(rule_set_id=rule_set.pk, at=NOON)

    again = lock_rule_set(rule_set_id=rule_set.pk, at=NOON + timedelta(days=1))

    assert again.locked_at == NOON
    assert AuditEntry.objects.filter(action="ordinances.rule_set_locked").count() == 1


def test_a_new_version_has_the_same_rules_and_can_be_changed():
    old = create()
    lock_rule_set(rule_set_id=old.pk, at=NOON)

    new = copy_as_new_version(
        rule_set_id=old.pk, version="2020", valid_from=date(2020, 1, 1), actor=UserFactory(), at=NOON
    )
    change_rule_set(rule_set_id=new.pk, rules=inputs(voting_age=18), actor=None, at=NOON)

    assert new.for_assemblies().quorum == old.for_assemblies().quorum
    assert (new.locked_at, new.valid_from) == (None, date(2020, 1, 1))
    assert RuleSet.objects.get(pk=old.pk).for_assemblies().voting_age.value == 16


def test_a_new_version_needs_a_new_name():
    old = create()

    with pytest.raises(RuleViolation):
        copy_as_new_version(rule_set_id=old.pk, version=old.version, valid_from=date(2020, 1, 1), actor=None, at=NOON)


def test_the_version_in_force_is_the_one_that_began_last():
    region = MunicipalityFactory()
    first = RuleSetFactory(region=region, valid_from=date(2015, 12, 15))
    second = RuleSetFactory(region=region, valid_from=date(2019, 8, 14), valid_until=date(2023, 1, 1))

    assert rule_set_in_force(region, date(2015, 12, 14)) is None
    assert rule_set_in_force(region, date(2019, 8, 13)) == first
    assert rule_set_in_force(region, date(2019, 8, 14)) == second
    assert rule_set_in_force(region, date(2023, 1, 1)) == first
