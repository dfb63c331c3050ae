"""The roll: who gets on it by the rules, who leaves it."""

import uuid
from datetime import date, timedelta

import pytest

from assemblies.queries import turnout_of
from assemblies.services import (
    add_references_to_roll,
    add_to_roll,
    build_roll,
    cast_ballot,
    close_poll,
    count_poll,
    remove_from_roll,
)
from core.errors import RuleViolation
from residents.states import Basis
from tests.assemblies.conftest import make_town
from tests.factories import NOON, DongFactory, UserFactory, resident

BEFORE = NOON - timedelta(days=1)


@pytest.fixture
def draft(db):
    return make_town(upto="draft", voters=0)


def built(town, at=BEFORE):
    build_roll(assembly_id=town.assembly.pk, actor=town.official, at=at)
    return {entry.user for entry in town.assembly.roll.filter(removed_at=None)}


def test_verified_residents_of_the_dong_come_on_the_roll(draft):
    here, elsewhere, unverified = resident(draft.assembly.dong), resident(DongFactory()), UserFactory()
    assert built(draft) == {here}
    assert {elsewhere, unverified}.isdisjoint(built(draft))


@pytest.mark.parametrize(("days_short", "on_roll"), [(0, True), (1, False)])
def test_the_age_counts_in_full_years_on_the_day_of_the_notice(draft, days_short, on_roll):
    """Rule set of the tests: 16 years on the day of notice (rules C1)."""
    birthday = date(BEFORE.year - 16, BEFORE.month, BEFORE.day) + timedelta(days=days_short)
    person = resident(draft.assembly.dong, birth_date=birthday)
    assert (person in built(draft)) is on_roll


def test_a_basis_that_the_rule_set_does_not_name_gives_no_vote(draft):
    resident(draft.assembly.dong, basis=Basis.OVERSEAS_KOREAN)
    working = resident(draft.assembly.dong, basis=Basis.WORKING)
    assert built(draft) == {working}


def test_building_again_adds_who_is_new_and_removes_nobody(draft):
    first = resident(draft.assembly.dong)
    built(draft)
    second = resident(draft.assembly.dong)
    assert built(draft) == {first, second}


def test_who_was_taken_off_does_not_come_back_by_building(draft):
    person = resident(draft.assembly.dong)
    built(draft)
    entry = draft.assembly.roll.get(user=person)
    remove_from_roll(entry_id=entry.pk, reason="이사", actor=draft.official, at=BEFORE)
    assert built(draft) == set()


def test_an_official_can_put_somebody_back(draft):
    person = resident(draft.assembly.dong)
    built(draft)
    entry = draft.assembly.roll.get(user=person)
    remove_from_roll(entry_id=entry.pk, reason="착오", actor=draft.official, at=BEFORE)
    again = add_to_roll(assembly_id=draft.assembly.pk, user=person, actor=draft.official, at=BEFORE)
    assert (again.pk, again.removed_at, again.removed_because) == (entry.pk, None, "")


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (lambda _dong: UserFactory(), "not_a_resident"),
        (lambda _dong: resident(DongFactory()), "not_a_resident"),
        (lambda dong: resident(dong, birth_date=date(2015, 1, 1)), "too_young"),
        (lambda dong: resident(dong, basis=Basis.OVERSEAS_KOREAN), "basis_without_vote"),
    ],
)
def test_nobody_is_added_against_the_rules(draft, person, code):
    with pytest.raises(RuleViolation) as caught:
        add_to_roll(assembly_id=draft.assembly.pk, user=person(draft.assembly.dong), actor=draft.official, at=BEFORE)
    assert caught.value.code == code
    assert not draft.assembly.roll.exists()


def test_pupils_come_on_the_roll_by_reference_all_or_none(draft):
    def add(*references):
        return add_references_to_roll(
            assembly_id=draft.assembly.pk,
            references=references,
            basis=Basis.STUDYING,
            actor=draft.official,
            at=BEFORE,
        )

    assert add("3-2-14", "3-2-15").total == 2
    for wrong in (["3-2-16", "3-2-14"], ["3-2-16", "3-2-16"], ["3-2-16", " "], []):
        with pytest.raises(RuleViolation):
            add(*wrong)
    assert draft.assembly.roll.count() == 2


# --- after the closing ------------------------------------------------------------------------------------------------


def closed_with_one_of_four():
    town = make_town(voters=4, quorum={"kind": "share_of_roll", "amount": 500})
    cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[0],
        choices=town.options()[:1],
        submission=uuid.uuid4(),
        at=NOON + timedelta(hours=1),
    )
    close_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    town.poll.refresh_from_db()
    return town, town.poll.closes_at + timedelta(hours=1)


def test_taking_people_off_after_the_closing_does_not_make_a_quorum(db):
    town, later = closed_with_one_of_four()
    for number in (1, 2, 3):
        remove_from_roll(entry_id=town.entry(number).pk, reason="이사", actor=town.official, at=later)
    assert (turnout_of(town.poll).eligible, turnout_of(town.poll).required) == (4, 2)
    result = count_poll(poll_id=town.poll.pk, actor=town.official, at=later)
    assert (result.on_roll, result.quorum_required, result.is_quorate) == (4, 2, False)


def test_adding_people_after_the_closing_does_not_break_a_quorum(db):
    town, later = closed_with_one_of_four()
    resident(town.assembly.dong)
    build_roll(assembly_id=town.assembly.pk, actor=town.official, at=later)
    result = count_poll(poll_id=town.poll.pk, actor=town.official, at=later)
    assert (result.on_roll, result.quorum_required) == (4, 2)
    assert result.participated == 1
