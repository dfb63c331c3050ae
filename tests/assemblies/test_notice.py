"""The days of notice that the rule set wants hold after the announcement too."""

from datetime import timedelta

import pytest

from assemblies.models import Assembly
from assemblies.services import change_assembly
from core.errors import RuleViolation
from tests.assemblies.conftest import make_town
from tests.factories import NOON

NOTICE = 14  # days, rule set of the tests


@pytest.fixture
def announced(db):
    """Announced a day before NOON, to be held 30 days after it."""
    return make_town(upto="scheduled")


def move(town, to):
    return change_assembly(assembly_id=town.assembly.pk, changes={"held_at": to}, actor=town.official, at=NOON)


@pytest.mark.parametrize("days", [0, NOTICE - 1])
def test_an_announced_assembly_does_not_come_sooner_than_the_notice(announced, days):
    with pytest.raises(RuleViolation) as caught:
        move(announced, NOON + timedelta(days=days))
    assert caught.value.code == "notice_too_short"
    assert Assembly.objects.get().held_at == announced.assembly.held_at


@pytest.mark.parametrize("days", [NOTICE, 31])
def test_it_may_come_sooner_with_the_full_notice_and_always_later(announced, days):
    assert move(announced, NOON + timedelta(days=days)).held_at == NOON + timedelta(days=days)


def test_another_hour_of_the_same_day_needs_no_new_notice(announced):
    day = announced.assembly.held_at
    later = day - timedelta(days=1)
    sooner = change_assembly(
        assembly_id=announced.assembly.pk,
        changes={"held_at": day - timedelta(hours=2)},
        actor=announced.official,
        at=later,
    )
    assert sooner.held_at == day - timedelta(hours=2)
