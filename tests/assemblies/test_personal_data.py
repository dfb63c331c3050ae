"""What “my data” says of assemblies, and what an erasure leaves."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.models import Ballot
from assemblies.services import cast_ballot
from core.errors import RuleViolation
from residents.consents import RESIDENCE
from residents.personal_data import as_json
from residents.services import erase_person, give_consent, withdraw_consent
from tests.assemblies.conftest import make_town
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def voted(town):
    cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[0],
        choices=town.options()[:1],
        submission=uuid.uuid4(),
        at=LATER,
    )
    return town


def test_my_data_names_rolls_and_participations_and_never_the_choice(voted):
    data = as_json(voted.voters[0], LATER)
    sections = {section["key"]: section["records"] for section in data["sections"]}
    assert sections["rolls"][0]["assembly"].startswith(voted.assembly.title)
    assert sections["participations"][0]["at"] == timezone.localtime(LATER).strftime("%Y-%m-%d %H:%M")
    option = voted.poll.options.get(pk=voted.options()[0])
    assert option.item.title not in json.dumps(data, ensure_ascii=False)


def test_an_erased_person_who_has_voted_stays_counted_without_a_name(voted):
    person = voted.voters[0]
    erase_person(user_id=person.pk, actor=person, at=voted.poll.closes_at)
    entry = voted.assembly.roll.get(user_id=person.pk)
    assert (entry.removed_at, entry.user.name) == (None, "")
    assert voted.poll.participations.count() == Ballot.objects.count() == 1


def test_an_erased_person_who_has_not_voted_leaves_the_roll(voted):
    person = voted.voters[1]
    erase_person(user_id=person.pk, actor=person, at=LATER)
    assert voted.assembly.roll.get(user_id=person.pk).removed_at == LATER


@pytest.mark.parametrize(
    "leave",
    [
        lambda person, at: erase_person(user_id=person.pk, actor=person, at=at),
        lambda person, at: withdraw_consent(user_id=person.pk, purpose=RESIDENCE, at=at),
    ],
)
def test_nobody_is_forgotten_and_comes_again_to_vote_twice(voted, leave):
    """Without name and date of birth the desk could not tell that a new account is the same person."""
    person = voted.voters[0]
    give_consent(user_id=person.pk, purpose=RESIDENCE, at=LATER)
    with pytest.raises(RuleViolation) as caught:
        leave(person, voted.poll.closes_at - timedelta(seconds=1))
    assert caught.value.code == "still_needed"
    person.refresh_from_db()
    assert person.name
    assert person.profile.birth_date
    leave(person, voted.poll.closes_at)


@pytest.mark.parametrize("entries", [1, 30])
def test_the_queries_do_not_grow(db, django_assert_num_queries, entries):
    from assemblies.personal_data import sections

    town = make_town()
    from tests.factories import AssemblyFactory, RollEntryFactory

    for _number in range(entries - 1):
        RollEntryFactory(
            user=town.voters[0], assembly=AssemblyFactory(dong=town.assembly.dong, rule_set=town.assembly.rule_set)
        )
    with django_assert_num_queries(2):
        list(sections(town.voters[0]))
