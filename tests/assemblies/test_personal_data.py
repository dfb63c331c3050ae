"""What “my data” says of assemblies, and what an erasure leaves."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.models import Ballot
from assemblies.services import cast_ballot
from residents.personal_data import as_json
from residents.services import erase_person
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
    assert sections["participations"][0]["at"] == timezone.localtime(LATER).isoformat(timespec="seconds")
    option = voted.poll.options.get(pk=voted.options()[0])
    assert option.item.title not in json.dumps(data, ensure_ascii=False)


def test_an_erased_person_who_has_voted_stays_counted_without_a_name(voted):
    person = voted.voters[0]
    erase_person(user_id=person.pk, actor=person, at=LATER)
    entry = voted.assembly.roll.get(user_id=person.pk)
    assert (entry.removed_at, entry.user.name) == (None, "")
    assert voted.poll.participations.count() == Ballot.objects.count() == 1


def test_an_erased_person_who_has_not_voted_leaves_the_roll(voted):
    person = voted.voters[1]
    erase_person(user_id=person.pk, actor=person, at=LATER)
    assert voted.assembly.roll.get(user_id=person.pk).removed_at == LATER


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
