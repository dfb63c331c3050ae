"""Counting, publishing, objections."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assemblies.models import Ballot, OptionResult, Participation, Poll, PollResult
from assemblies.queries import ballot_form, roll_at
from assemblies.services.polls import locked_poll, note
from assemblies.states import PollStatus
from assemblies.tally import Tally, Tie, count
from core.errors import RuleViolation
from residents.models import User


def _tally(poll: Poll) -> Tally:
    ballots = Ballot.objects.filter(poll=poll).values_list("choices", flat=True).iterator(chunk_size=5000)
    return count(ballot_form(poll), ballots, tie=Tie(poll.tie_rule), adopted_count=poll.adopted_count)


@transaction.atomic
def count_poll(*, poll_id: int, actor: User | None, at: datetime) -> PollResult:
    """Count a closed poll and keep the result; it is not public before `publish_poll`.

    Without a quorum nothing is adopted or rejected; it is reckoned from the roll as it stood at the closing.
    Raises RuleViolation if the poll is not closed, or if there are not as many ballots as participations.
    """
    poll = locked_poll(poll_id)
    poll.move_to(PollStatus.COUNTING)
    tally = _tally(poll)
    participated = Participation.objects.filter(poll=poll).count()
    if tally.ballots != participated:
        raise RuleViolation(
            _(
                "There are %(ballots)d ballots for %(voters)d participations. "
                "The count was stopped, nothing was changed."
            )
            % {"ballots": tally.ballots, "voters": participated},
            code="ballots_do_not_match",
        )
    assembly = poll.assembly
    # Whoever came on the roll and voted in the very moment of the closing counts on both sides.
    on_roll = max(roll_at(assembly, poll.closed_at).count(), participated)
    quorum = assembly.rule_set.for_assemblies().quorum.value
    result = PollResult.objects.create(
        poll=poll,
        counted_at=at,
        on_roll=on_roll,
        participated=participated,
        ballots=tally.ballots,
        invalid=tally.invalid,
        quorum_required=quorum.required(population=assembly.population, on_roll=on_roll),
    )
    OptionResult.objects.bulk_create(
        OptionResult(
            result=result,
            option_id=option.option,
            votes=option.votes,
            against=option.against,
            abstained=option.abstained,
            rank=option.rank,
            tied=option.tied,
            adopted=option.adopted if result.is_quorate else None,
        )
        for option in tally.options
    )
    poll.move_to(PollStatus.COUNTED)
    poll.save()
    note(poll, "counted", actor, at, ballots=tally.ballots, invalid=tally.invalid)
    return result


@transaction.atomic
def publish_poll(*, poll_id: int, actor: User | None, at: datetime) -> Poll:
    """Publish a counted result. Raises RuleViolation if the poll is not counted."""
    poll = locked_poll(poll_id)
    if poll.status != PollStatus.COUNTED:
        raise RuleViolation(_("There is no new count to publish."), code="wrong_state")
    poll.move_to(PollStatus.PUBLISHED)
    poll.published_at = at
    poll.save()
    note(poll, "published", actor, at)
    return poll


@transaction.atomic
def raise_objection(*, poll_id: int, actor: User, at: datetime) -> Poll:
    """Mark a published result as under objection; it stays public and says so."""
    poll = locked_poll(poll_id)
    poll.move_to(PollStatus.OBJECTION)
    poll.save()
    note(poll, "objection_raised", actor, at)
    return poll


@transaction.atomic
def settle_objection(*, poll_id: int, reason: str, actor: User, at: datetime) -> Poll:
    """The result stands: back to published, with the reason in the audit log. A poll that falls is halted instead."""
    poll = locked_poll(poll_id)
    if not reason.strip():
        raise RuleViolation(_("Please say how the objection was settled."), code="reason_missing")
    if poll.status != PollStatus.OBJECTION:
        raise RuleViolation(_("This result is not under objection."), code="wrong_state")
    poll.move_to(PollStatus.PUBLISHED)
    poll.save()
    note(poll, "objection_settled", actor, at, reason=reason.strip())
    return poll
