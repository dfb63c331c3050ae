"""What one vote asks of the database: literal, and the same for 1 and 30 items."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assemblies.states import PollKind
from tests.assemblies.conftest import make_town
from tests.factories import NOON


@pytest.fixture
def voter(client, db, items, monkeypatch):
    """A voter's client, the poll and the form of a filled-in ballot."""
    town = make_town(items=items, kind=PollKind.FOR_AGAINST, max_choices=None)
    client.force_login(town.voters[0])
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=1))
    form = {"submission": str(uuid.uuid4())} | {f"item-{option}": "for" for option in town.options()}
    return client, town.poll, form


@pytest.mark.parametrize("items", [1, 30])
def test_the_ballot(voter, django_assert_num_queries):
    client, poll, _form = voter
    # poll; session, account; did they vote, are they on the roll; items; the header of a ballot asks for nothing
    with django_assert_num_queries(6):
        assert client.get(reverse("assemblies:ballot", args=[poll.pk])).status_code == 200


@pytest.mark.parametrize("items", [1, 30])
def test_the_check(voter, django_assert_num_queries):
    client, poll, form = voter
    # as the ballot; what may be chosen
    with django_assert_num_queries(7):
        assert client.post(reverse("assemblies:check", args=[poll.pk]), form).status_code == 200


@pytest.mark.parametrize("items", [1, 30])
def test_the_cast(voter, django_assert_num_queries):
    client, poll, form = voter
    # poll; session, account; poll and entry (found, read) once more, now in the transaction; did they vote; what may be
    # chosen; participation, ballot; two savepoints set and released. PostgreSQL locks poll and entry besides.
    locks = 2 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(14 + locks):
        assert client.post(reverse("assemblies:cast", args=[poll.pk]), form).status_code == 303
    assert poll.participations.count() == poll.ballots.count() == 1
