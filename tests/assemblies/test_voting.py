"""Casting: one participation for a person, a ballot without a person, and a sentence for everything else."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction

from assemblies.models import Ballot, Participation
from assemblies.services import (
    cast_ballot,
    close_poll,
    count_poll,
    halt_poll,
    remove_from_roll,
)
from assemblies.services.voting import AlreadyVotedError, BadBallotError, NotOnRollError, NotOpenError
from assemblies.states import Channel
from core.audit.models import AuditEntry
from core.errors import RuleViolation
from residents.models import Residence
from residents.services import end_residence
from residents.states import Basis
from tests.assemblies.conftest import make_town
from tests.factories import NOON, DongFactory, RollEntryFactory, UserFactory, resident

LATER = NOON + timedelta(hours=1)


def cast(town, number=0, choices=None, submission=None, at=LATER, **kwargs):
    return cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[number],
        choices=choices if choices is not None else town.options()[:1],
        submission=submission or uuid.uuid4(),
        at=at,
        **kwargs,
    )


def nothing_recorded(town):
    return not Ballot.objects.filter(poll=town.poll).exists() and not town.poll.participations.exists()


def test_a_cast_ballot_is_one_participation_and_one_ballot(town):
    participation = cast(town, choices=town.options()[:2])
    assert participation.entry.user == town.voters[0]
    assert [ballot.choices for ballot in Ballot.objects.all()] == [town.options()[:2]]


def test_a_ballot_row_knows_no_person_and_no_time():
    assert {field.name for field in Ballot._meta.get_fields()} == {"id", "poll", "choices"}


def test_casting_writes_no_audit_entry_that_would_tie_person_and_ballot(town):
    before = AuditEntry.objects.count()
    cast(town)
    assert AuditEntry.objects.count() == before


def test_the_same_submission_again_is_the_same_vote(town):
    submission = uuid.uuid4()
    first = cast(town, submission=submission)
    again = cast(town, submission=submission, choices=town.options()[1:2])
    assert again == first
    assert Ballot.objects.get().choices == town.options()[:1]


def test_the_same_submission_after_closing_still_finds_the_vote(town):
    submission = uuid.uuid4()
    first = cast(town, submission=submission)
    close_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    assert cast(town, submission=submission, at=town.poll.closes_at) == first


def test_another_submission_is_refused_and_says_when_the_vote_was_cast(town):
    cast(town)
    with pytest.raises(AlreadyVotedError) as caught:
        cast(town, choices=town.options()[1:2])
    assert caught.value.status == 409
    assert "2026. 6. 1.(월) 13:00" in caught.value.text
    assert Ballot.objects.count() == 1


def test_a_second_channel_is_refused_too(town):
    cast(town)
    with pytest.raises(AlreadyVotedError):
        cast_ballot(
            poll_id=town.poll.pk,
            entry_id=town.entry().pk,
            choices=town.options()[:1],
            submission=uuid.uuid4(),
            channel=Channel.BOOTH,
            at=LATER,
        )


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOON - timedelta(microseconds=1), "not_open_yet"),
        (NOON + timedelta(days=10), "closed"),
        (NOON + timedelta(days=10, microseconds=1), "closed"),
    ],
)
def test_the_time_of_voting_is_half_open(town, at, code):
    with pytest.raises(NotOpenError) as caught:
        cast(town, at=at)
    assert caught.value.code == code
    assert nothing_recorded(town)


@pytest.mark.parametrize("at", [NOON, NOON + timedelta(days=10) - timedelta(microseconds=1)])
def test_the_first_and_the_last_moment_are_in_time(town, at):
    assert cast(town, at=at).at == at


def moves(town, person, to=None):
    """The desk ends the residence; in the dong `to` a new one is verified."""
    end_residence(residence_id=person.residences.get().pk, reason="이사", actor=town.official, at=NOON)
    if to is not None:
        residence = {"status": "verified", "declared_at": NOON, "checked_at": NOON, "checked_by": town.official}
        Residence.objects.create(user=person, dong=to, basis=Basis.REGISTERED, **residence)


@pytest.mark.parametrize("verified_anew", [False, True])
def test_who_has_left_the_dong_votes_here_no_more(town, verified_anew):
    """The desk says so when it ends a residence, whatever the roll still says."""
    moves(town, town.voters[0], DongFactory() if verified_anew else None)
    with pytest.raises(NotOnRollError):
        cast(town)
    assert nothing_recorded(town)


def test_who_moved_after_voting_is_told_of_the_vote_that_counts(town):
    submission = uuid.uuid4()
    first = cast(town, submission=submission)
    moves(town, town.voters[0], DongFactory())
    assert cast(town, submission=submission) == first
    with pytest.raises(AlreadyVotedError):
        cast(town)


def test_an_announced_poll_that_was_not_opened_takes_no_ballot(db):
    town = make_town(upto="scheduled")
    with pytest.raises(NotOpenError):
        cast(town)


def test_a_halted_poll_takes_no_ballot(town):
    halt_poll(poll_id=town.poll.pk, reason="의제 이름이 잘못 인쇄됨", actor=town.official, at=LATER)
    with pytest.raises(NotOpenError) as caught:
        cast(town)
    assert caught.value.code == "halted"


@pytest.mark.parametrize("who", ["stranger", "other dong", "removed", "inactive", "other assembly"])
def test_only_the_roll_votes(town, who):
    if who == "stranger":
        voter = UserFactory()
    elif who == "other dong":
        voter = resident()
    elif who == "other assembly":
        voter = RollEntryFactory().user
    else:
        voter = town.voters[0]
        if who == "removed":
            remove_from_roll(entry_id=town.entry().pk, reason="이사", actor=town.official, at=NOON)
        else:
            voter.is_active = False
            voter.save()
    with pytest.raises(NotOnRollError) as caught:
        cast_ballot(poll_id=town.poll.pk, voter=voter, choices=town.options()[:1], submission=uuid.uuid4(), at=LATER)
    assert caught.value.status == 403
    assert nothing_recorded(town)


def test_a_roll_entry_of_another_assembly_does_not_vote_here(town):
    with pytest.raises(NotOnRollError):
        cast_ballot(
            poll_id=town.poll.pk,
            entry_id=RollEntryFactory().pk,
            choices=town.options()[:1],
            submission=uuid.uuid4(),
            at=LATER,
        )


def test_an_item_of_another_poll_is_unknown_here(town):
    other = make_town()
    with pytest.raises(BadBallotError) as caught:
        cast(town, choices=other.options()[:1])
    assert (caught.value.code, caught.value.status) == ("unknown_item", 400)
    assert nothing_recorded(town)


def test_who_has_voted_stays_on_the_roll(town):
    cast(town)
    with pytest.raises(RuleViolation) as caught:
        remove_from_roll(entry_id=town.entry().pk, reason="이사", actor=town.official, at=LATER)
    assert caught.value.code == "has_voted"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_thirty_two_requests_at_once_are_one_vote():
    town = make_town()
    outcomes = _at_once(32, lambda: cast(town).pk)
    assert len([outcome for outcome in outcomes if isinstance(outcome, int)]) == 1
    assert all(isinstance(outcome, int | AlreadyVotedError) for outcome in outcomes)
    assert (Participation.objects.count(), Ballot.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_one_submission_sent_many_times_at_once_is_one_vote_and_one_receipt():
    town = make_town()
    submission = uuid.uuid4()
    outcomes = _at_once(16, lambda: cast(town, submission=submission).receipt)
    assert len(set(outcomes)) == 1
    assert Ballot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_ballot_against_the_closing_is_counted_or_refused_never_lost():
    town = make_town(voters=24)
    outcomes: list[object] = []
    closing = threading.Event()

    def close():
        closing.wait()
        close_poll(poll_id=town.poll.pk, actor=town.official, at=LATER, reason="시험")
        return "closed"

    def vote(number):
        def run():
            if number == 12:
                closing.set()
            return cast(town, number).pk

        return run

    outcomes = _at_once_each([close, *[vote(number) for number in range(24)]])
    accepted = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert all(isinstance(outcome, int | NotOpenError) or outcome == "closed" for outcome in outcomes)
    result = count_poll(poll_id=town.poll.pk, actor=town.official, at=LATER)
    assert result.ballots == len(accepted) == result.participated


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_taking_off_the_roll_against_voting_leaves_one_of_the_two():
    for _round in range(5):
        town = make_town(voters=1)
        entry_id = town.entry().pk
        outcomes = _at_once_each(
            [
                lambda town=town: cast(town).pk,
                lambda town=town, entry_id=entry_id: remove_from_roll(
                    entry_id=entry_id, reason="이사", actor=town.official, at=LATER
                ),
            ]
        )
        entry = town.assembly.roll.get(pk=entry_id)
        voted = entry.participations.exists()
        assert voted == (entry.removed_at is None), outcomes


def test_a_failure_after_the_participation_leaves_nothing_half_written(town, monkeypatch):
    class DiskFullError(Exception):
        pass

    def fail(**_fields):
        raise DiskFullError

    monkeypatch.setattr(Ballot.objects, "create", fail)
    with pytest.raises(DiskFullError), transaction.atomic():
        cast(town)
    assert nothing_recorded(town)


def _at_once(number, act):
    return _at_once_each([act] * number)


def _at_once_each(acts):
    """Run each act in a thread of its own, all released together; results or exceptions."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(index, act):
        try:
            barrier.wait()
            outcomes[index] = act()
        except RuleViolation as refusal:
            outcomes[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
