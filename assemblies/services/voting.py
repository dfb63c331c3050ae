"""Casting a ballot: the one hot path, and the one place where a ballot is written."""

import secrets
import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from assemblies.models import Ballot, Participation, Poll, RollEntry
from assemblies.queries import ballot_form, entries_of_voters
from assemblies.states import BEFORE_VOTING, Channel, PollStatus
from assemblies.tally import Choices, Fault, InvalidBallotError, read_choices
from core.errors import RuleViolation
from core.templatetags.madang import moment_text
from residents.models import User

# 31 signs without those that look alike (0 O, 1 I L).
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_GROUPS = 3
RECEIPT_GROUP_LENGTH = 4


class NotOnRollError(RuleViolation):
    """The person may not vote in this poll."""


class AlreadyVotedError(RuleViolation):
    """The person has voted; `participation` is the one that counts."""

    def __init__(self, participation: Participation) -> None:
        super().__init__(
            _("You have already voted in this poll, on %(time)s. That vote counts. Nothing was recorded a second time.")
            % {"time": moment_text(participation.at)},
            code="already_voted",
        )
        self.participation = participation


class NotOpenError(RuleViolation):
    """The poll takes no ballots now."""


class BadBallotError(RuleViolation):
    """The ballot is not valid; `fault` says why."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text, code=fault.value, status=HTTPStatus.BAD_REQUEST)
        self.fault = fault


@transaction.atomic
def cast_ballot(  # noqa: PLR0913 - who, what, how and when
    *,
    poll_id: int,
    choices: Any,
    submission: uuid.UUID,
    at: datetime,
    voter: User | None = None,
    entry_id: int | None = None,
    channel: str = Channel.WEB,
) -> Participation:
    """Record one ballot of `voter` (or of the roll entry `entry_id`) and that they took part.

    The poll's lock is taken shared and its state read after it, so that no ballot slips in behind a closing. The same
    `submission` again returns the first participation; another one is refused by the database itself.
    No audit entry: the record of casting is the participation, and an entry beside it would tie person and time to a
    ballot more closely than needed.

    Raises NotOnRollError (403), AlreadyVotedError (409), NotOpenError (409), BadBallotError (400).
    """
    poll = _poll_locked_shared(poll_id)
    entry = _entry_locked_shared(poll, voter, entry_id)
    earlier = Participation.objects.filter(poll=poll, entry=entry).first()
    if earlier:
        return _same_or_refused(earlier, submission)
    _check_open(poll, at)
    read = _read(poll, choices)
    try:
        with transaction.atomic():
            participation = Participation.objects.create(
                poll=poll, entry=entry, channel=channel, at=at, submission=submission, receipt=new_receipt()
            )
    except IntegrityError:
        # Somebody was faster on another tab, between our look and our insert.
        return _same_or_refused(Participation.objects.get(poll=poll, entry=entry), submission)
    Ballot.objects.create(poll=poll, choices=read)
    return participation


def _same_or_refused(earlier: Participation, submission: uuid.UUID) -> Participation:
    if earlier.submission == submission:
        return earlier
    raise AlreadyVotedError(earlier)


def _lock_shared(table: str, row_id: int) -> None:
    """PostgreSQL: FOR SHARE. SQLite: the transaction is immediate and holds the only write lock anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} WHERE id = %s FOR SHARE", [row_id])  # noqa: S608 - the table is ours


def _poll_locked_shared(poll_id: int) -> Poll:
    _lock_shared(Poll._meta.db_table, poll_id)
    return Poll.objects.get(pk=poll_id)


def _entry_locked_shared(poll: Poll, voter: User | None, entry_id: int | None) -> RollEntry:
    if voter is not None:
        entries = entries_of_voters().filter(user_id=voter.pk)
    else:
        entries = RollEntry.objects.filter(pk=entry_id or 0, removed_at=None)
    found = entries.filter(assembly_id=poll.assembly_id).values_list("pk", flat=True).first()
    if found is not None:
        _lock_shared(RollEntry._meta.db_table, found)
        entry = RollEntry.objects.filter(pk=found, removed_at=None).first()
        if entry:
            return entry
    voted = RollEntry.objects.filter(assembly_id=poll.assembly_id, participations__poll=poll)
    earlier = voted.filter(user=voter).first() if voter is not None else None
    if earlier:
        # Who moved after voting is told of the vote that counts.
        return earlier
    raise NotOnRollError(
        _("You are not on the voter roll of this assembly. Nothing was recorded. Your dong’s office can check it."),
        code="not_on_roll",
        status=HTTPStatus.FORBIDDEN,
    )


def _check_open(poll: Poll, at: datetime) -> None:
    if poll.takes_ballots(at):
        return
    opens = moment_text(poll.opens_at)
    if poll.status in BEFORE_VOTING or (poll.status == PollStatus.OPEN and at < poll.opens_at):
        raise NotOpenError(
            _("Voting has not opened yet. It opens on %(time)s. Nothing was recorded.") % {"time": opens},
            code="not_open_yet",
        )
    if poll.status == PollStatus.HALTED:
        raise NotOpenError(_("This poll was halted. Nothing was recorded."), code="halted")
    closed = moment_text(poll.closed_at or poll.closes_at)
    raise NotOpenError(
        _("The ballot box was closed on %(time)s. This vote was not recorded. Votes sent before then were accepted.")
        % {"time": closed},
        code="closed",
    )


def _read(poll: Poll, choices: Any) -> Choices:
    try:
        return read_choices(ballot_form(poll), choices)
    except InvalidBallotError as error:
        raise BadBallotError(error.fault, fault_text(error.fault, poll)) from error


def fault_text(fault: Fault, poll: Poll) -> str:
    """The sentence that tells a voter what is wrong with the ballot."""
    texts = {
        Fault.UNKNOWN_ITEM: _("One of the chosen items does not stand on this ballot. Nothing was recorded."),
        Fault.REPEATED_ITEM: _("An item was chosen twice. Nothing was recorded."),
        Fault.TOO_MANY: _("You may choose at most %(count)d items. Please take one or more away. Nothing was recorded.")
        % {"count": poll.max_choices or 0},
        Fault.NONE_CHOSEN: _("You have not chosen anything yet. Nothing was recorded."),
        Fault.NO_ANSWER: _("Some items have no answer yet. Please answer each one. Nothing was recorded."),
        Fault.MALFORMED: _("The ballot could not be read. Nothing was recorded."),
    }
    return texts[fault]


def new_receipt() -> str:
    """A receipt number such as 7K3M-9QXD-2FHP: random, about 59 bits, easy to read out."""
    groups = (
        "".join(secrets.choice(RECEIPT_SIGNS) for _sign in range(RECEIPT_GROUP_LENGTH))
        for _group in range(RECEIPT_GROUPS)
    )
    return "-".join(groups)
