"""Writes on what is said and decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from meetings.kinds import is_bound, meeting_kind
from meetings.models import AgendaItem, Candidate, Meeting, Participant, Resolution, Statement
from meetings.models.gatherings import PERMILLE
from meetings.quorum import more_than_half
from meetings.services.locking import check_status, locked_meeting, note
from meetings.states import (
    RECORDING,
    BallotWay,
    MajorityRule,
    MeetingStatus,
    Outcome,
    ResolutionKind,
)
from meetings.voting import BadCountError, Votes, decide_election, decide_motion, needed_of_present
from residents.models import User

# Recorded as it is taken, or afterwards from the notes; while it is adjourned nothing is decided.
DECIDABLE = RECORDING - {MeetingStatus.ADJOURNED}


@dataclass(frozen=True, slots=True)
class MajorityOf:
    """By which majority a vote decides: the rule, its amount in permille for a share, and the article."""

    rule: MajorityRule = MajorityRule.OF_PRESENT
    permille: int | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who stands in an election and the votes they got."""

    name: str
    votes: int
    participant_id: int | None = None


def majority_of(meeting: Meeting) -> MajorityOf:
    """The majority by which meetings of this kind decide."""
    kind = meeting_kind(meeting.kind)
    return MajorityOf(MajorityRule(kind.majority), None, kind.article) if kind else MajorityOf()


def _majority(meeting: Meeting, wanted: MajorityOf | None) -> MajorityOf:
    """The kind's majority unless another is given. Raises RuleViolation where bylaws bind the meeting to the kind's."""
    usual = majority_of(meeting)
    if wanted is not None and wanted.rule != usual.rule and is_bound(meeting):
        raise RuleViolation(
            _("The bylaws say by which majority this meeting decides; there is no other."), code="majority_is_fixed"
        )
    return wanted or usual


def _needed(meeting: Meeting, majority: MajorityOf, present: int) -> int:
    match majority.rule:
        case MajorityRule.MOST:
            return 1
        case MajorityRule.OF_ELIGIBLE:
            return more_than_half(meeting.eligible_at_opening or 0)
        case MajorityRule.SHARE_OF_PRESENT:
            if not majority.permille or majority.permille > PERMILLE:
                raise RuleViolation(_("Please give the share in permille, from 1 to 1000."), code="share_missing")
            return needed_of_present(present, Fraction(majority.permille, PERMILLE))
        case _:
            return needed_of_present(present)


def _checked(meeting: Meeting, item_id: int | None, text: str, present: int) -> AgendaItem | None:
    """The agenda item; raises RuleViolation for what no vote can be."""
    check_status(meeting, DECIDABLE)
    if not text.strip():
        raise RuleViolation(_("Please say what is decided."), code="text_missing")
    eligible = meeting.eligible_at_opening
    if present < 1 or (eligible is not None and present > eligible):
        raise RuleViolation(
            _("The number of those present must lie between 1 and the number of members (%(eligible)s).")
            % {"eligible": eligible},
            code="bad_present",
        )
    return _item(meeting, item_id)


def _item(meeting: Meeting, item_id: int | None) -> AgendaItem | None:
    if item_id is None:
        return None
    item = meeting.agenda.filter(pk=item_id).first()
    if item is None:
        raise RuleViolation(_("This item does not stand on the agenda."), code="foreign_item")
    return item


def _next_number(meeting: Meeting) -> int:
    return int(meeting.resolutions.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def record_resolution(  # noqa: PLR0913 - a resolution has this many facts
    *,
    meeting_id: int,
    text: str,
    present: int,
    in_favour: int,
    against: int,
    abstained: int = 0,
    invalid: int = 0,
    ballot: str = BallotWay.SHOW_OF_HANDS,
    item_id: int | None = None,
    majority: MajorityOf | None = None,
    actor: User | None,
    at: datetime,
) -> Resolution:
    """Record a vote on a motion and what it decides; `majority` is the kind's unless another is given.

    Raises RuleViolation unless the meeting is open or closed, or for votes that do not fit those present.
    """
    meeting = locked_meeting(meeting_id)
    item = _checked(meeting, item_id, text, present)
    majority = _majority(meeting, majority)
    if majority.rule == MajorityRule.MOST:
        raise RuleViolation(_("The most votes decide elections only."), code="majority_out_of_place")
    needed = _needed(meeting, majority, present)
    try:
        result = decide_motion(Votes(present, in_favour, against, abstained, invalid), needed)
    except BadCountError as bad:
        raise RuleViolation(
            _("There are more votes than people present. Please count once more."), code="bad_count"
        ) from bad
    outcome = Outcome.ADOPTED if result.is_adopted else Outcome.TIED if result.is_tied else Outcome.REJECTED
    resolution = Resolution.objects.create(
        meeting=meeting,
        item=item,
        number=_next_number(meeting),
        kind=ResolutionKind.MOTION,
        text=text.strip(),
        ballot=BallotWay(ballot),
        present=present,
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        invalid=invalid,
        rule=majority.rule,
        rule_amount=majority.permille,
        article=majority.article,
        needed=needed,
        outcome=outcome,
        decided_at=at,
        recorded_by=actor,
    )
    note(meeting, "resolution_recorded", actor, at, resolution=resolution.pk, outcome=str(outcome))
    return resolution


@transaction.atomic
def record_election(  # noqa: PLR0913 - an election has this many facts
    *,
    meeting_id: int,
    text: str,
    present: int,
    seats: int,
    candidates: Sequence[Standing],
    invalid: int = 0,
    ballot: str = BallotWay.SECRET_PAPER,
    item_id: int | None = None,
    majority: MajorityOf | None = None,
    actor: User | None,
    at: datetime,
) -> Resolution:
    """Record an election: who is elected, and who goes into a run-off where seats stay empty.

    A run-off is recorded as an election of its own. Raises RuleViolation unless the meeting is open or closed, for
    somebody who stands twice, or for votes that do not fit those present.
    """
    meeting = locked_meeting(meeting_id)
    item = _checked(meeting, item_id, text, present)
    _check_candidates(meeting, candidates)
    majority = _majority(meeting, majority)
    needed = _needed(meeting, majority, present)
    try:
        votes = [one.votes for one in candidates]
        result = decide_election(votes, present=present, seats=seats, needed=needed, invalid=invalid)
    except BadCountError as bad:
        raise RuleViolation(
            _("There are more votes than voters could give. Please count once more."), code="bad_count"
        ) from bad
    outcome = Outcome.RUN_OFF if result.run_off else Outcome.ELECTED
    resolution = Resolution.objects.create(
        meeting=meeting,
        item=item,
        number=_next_number(meeting),
        kind=ResolutionKind.ELECTION,
        text=text.strip(),
        ballot=BallotWay(ballot),
        present=present,
        invalid=invalid,
        seats=seats,
        rule=majority.rule,
        rule_amount=majority.permille,
        article=majority.article,
        needed=needed,
        outcome=outcome,
        decided_at=at,
        recorded_by=actor,
    )
    Candidate.objects.bulk_create(
        Candidate(
            resolution=resolution,
            position=place + 1,
            name=one.name.strip(),
            participant_id=one.participant_id,
            votes=one.votes,
            is_elected=place in result.elected,
            in_run_off=place in result.run_off,
        )
        for place, one in enumerate(candidates)
    )
    note(meeting, "resolution_recorded", actor, at, resolution=resolution.pk, outcome=str(outcome))
    return resolution


def _check_candidates(meeting: Meeting, candidates: Sequence[Standing]) -> None:
    names = [one.name.strip() for one in candidates]
    if not names or not all(names):
        raise RuleViolation(_("Please name every candidate."), code="name_missing")
    known = {one.participant_id for one in candidates if one.participant_id is not None}
    without = [one.name.strip() for one in candidates if one.participant_id is None]
    if len(known) + len(set(without)) != len(candidates):
        raise RuleViolation(_("Somebody stands in this election twice."), code="candidate_twice")
    if Participant.objects.filter(meeting=meeting, pk__in=known).count() != len(known):
        raise RuleViolation(_("A candidate is not on the list of this meeting."), code="foreign_candidate")


@transaction.atomic
def withdraw_resolution(*, resolution_id: int, reason: str, actor: User | None, at: datetime) -> Resolution:
    """Withdraw a record that is mistaken, so that the right one can be recorded anew; its number is not used again.

    Raises RuleViolation without a reason, if it was withdrawn already, if something rests on it (409), or once the
    minutes are approved.
    """
    meeting = locked_meeting(Resolution.objects.values_list("meeting_id", flat=True).get(pk=resolution_id))
    check_status(meeting, RECORDING)
    resolution = Resolution.objects.get(pk=resolution_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why the record is withdrawn."), code="reason_missing")
    if resolution.withdrawn_at is not None:
        raise RuleViolation(_("This record has been withdrawn already."), code="already_withdrawn")
    kind = meeting_kind(meeting.kind)
    if against := kind.against_withdrawing(resolution) if kind else "":
        raise RuleViolation(against, code="in_use", status=409)
    resolution.withdrawn_at, resolution.withdrawn_because = at, reason.strip()
    resolution.save(update_fields=["withdrawn_at", "withdrawn_because"])
    note(meeting, "resolution_withdrawn", actor, at, resolution=resolution.pk)
    return resolution


@transaction.atomic
def record_statement(  # noqa: PLR0913 - a statement has this many facts
    *,
    meeting_id: int,
    gist: str,
    actor: User | None,
    at: datetime,
    speaker: str = "",
    participant_id: int | None = None,
    item_id: int | None = None,
) -> Statement:
    """Record in short what somebody said: a participant, or another person by name.

    Raises RuleViolation without a speaker or words, before the opening, or once the minutes are approved.
    """
    meeting = locked_meeting(meeting_id)
    check_status(meeting, RECORDING)
    participant = None
    if participant_id is not None:
        participant = meeting.participants.filter(pk=participant_id).first()
        if participant is None:
            raise RuleViolation(_("This person is no longer on the list."), code="no_participant")
    name = participant.name if participant else speaker.strip()
    if not name or not gist.strip():
        raise RuleViolation(_("Please say who spoke and what they said in short."), code="statement_empty")
    last = meeting.statements.aggregate(last=Max("position"))["last"] or 0
    statement = Statement.objects.create(
        meeting=meeting,
        item=_item(meeting, item_id),
        participant=participant,
        speaker=name,
        gist=gist.strip(),
        position=last + 1,
    )
    persons = [participant.user if participant else None]
    note(meeting, "statement_recorded", actor, at, persons=persons, statement=statement.pk)
    return statement


@transaction.atomic
def remove_statement(*, statement_id: int, actor: User | None, at: datetime) -> None:
    """Take a statement out of the notes, which are notes until the minutes are approved; RuleViolation after that."""
    statement = Statement.objects.select_related("meeting").get(pk=statement_id)
    meeting = locked_meeting(statement.meeting_id)
    check_status(meeting, RECORDING)
    statement.delete()
    note(meeting, "statement_removed", actor, at, statement=statement_id)
