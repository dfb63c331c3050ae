"""Decisions of the committee, as they were taken. They are recorded once and never edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import CommitteeDecision, CommitteeMember, Recruitment
from councils.services.locks import locked_recruitment
from councils.services.own_matters import refuse_candidate
from councils.states import DecisionKind, RecruitmentStatus
from residents.models import User


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What stands in the minutes: members of the committee, those present, those in favour, each in persons."""

    text: str
    decided_on: date
    entitled: int
    present: int
    in_favour: int
    document_number: str = ""


@transaction.atomic
def record_decision(
    *, recruitment_id: int, kind: DecisionKind, facts: DecisionFacts, actor: User, at: datetime
) -> CommitteeDecision:
    """Record what the committee of a recruitment decided.

    Raises RuleViolation for a day to come, no text, numbers that contradict each other, without a majority of those
    present, for a recruitment that is in preparation or called off, or by an official who applied in it.
    """
    recruitment = locked_recruitment(recruitment_id)
    return write_decision(recruitment, kind, facts, actor, at)


def write_decision(
    recruitment: Recruitment, kind: DecisionKind, facts: DecisionFacts, actor: User, at: datetime
) -> CommitteeDecision:
    """The same for callers that hold the recruitment's lock already."""
    refuse_candidate(recruitment, actor)
    if recruitment.status in {RecruitmentStatus.PREPARING, RecruitmentStatus.CANCELLED}:
        raise RuleViolation(_("Decisions are recorded of a recruitment that has been announced."), code="wrong_state")
    _check(facts, at)
    decision = CommitteeDecision.objects.create(
        recruitment=recruitment,
        kind=DecisionKind(kind),
        text=facts.text.strip(),
        decided_on=facts.decided_on,
        entitled=facts.entitled,
        present=facts.present,
        in_favour=facts.in_favour,
        document_number=facts.document_number.strip(),
        recorded_by=actor,
        recorded_at=at,
    )
    record(
        actor=actor,
        action="councils.decision_recorded",
        target=decision,
        scope=recruitment.council.dong.path,
        at=at,
        details={"kind": decision.kind, "recruitment": recruitment.pk},
    )
    return decision


def checked_decision(recruitment: Recruitment, decision_id: int, kind: DecisionKind) -> CommitteeDecision:
    """The decision that something rests on. Raises RuleViolation if it is another recruitment's or of another kind."""
    decision = CommitteeDecision.objects.filter(pk=decision_id, recruitment=recruitment).first()
    if decision is None or decision.kind != kind:
        raise RuleViolation(
            _("This needs a decision of the committee of the kind “%(kind)s”. Please record it first.")
            % {"kind": DecisionKind(kind).label},
            code="no_decision",
        )
    return decision


def _check(facts: DecisionFacts, at: datetime) -> None:
    if not facts.text.strip():
        raise RuleViolation(_("Please write what was decided, and why."))
    if facts.decided_on > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."))
    if not 0 <= facts.in_favour <= facts.present <= facts.entitled:
        raise RuleViolation(_("There cannot be more votes than members present, nor more present than members."))
    if facts.in_favour * 2 <= facts.present:
        raise RuleViolation(_("This is no decision: fewer than a majority of those present were in favour."))


@dataclass(frozen=True, slots=True)
class CommitteeSeat:
    """Somebody of the committee, as the minutes name them."""

    name: str
    affiliation: str = ""
    is_chair: bool = False


@transaction.atomic
def set_committee(
    *, recruitment_id: int, members: Sequence[CommitteeSeat], actor: User, at: datetime
) -> list[CommitteeMember]:
    """Write down who is on the committee of a recruitment, in place of who stood there; until the draw.

    Raises RuleViolation for a member without a name, for two chairs, or once the council is drawn.
    """
    recruitment = locked_recruitment(recruitment_id)
    refuse_candidate(recruitment, actor)
    if recruitment.status in {RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED}:
        raise RuleViolation(_("A recruitment that is over can no longer be changed."), code="wrong_state")
    if not all(member.name.strip() for member in members):
        raise RuleViolation(_("Every member of the committee needs a name."))
    if sum(member.is_chair for member in members) > 1:
        raise RuleViolation(_("A committee has one chair."))
    recruitment.committee.all().delete()
    made = CommitteeMember.objects.bulk_create(
        CommitteeMember(
            recruitment=recruitment,
            name=member.name.strip(),
            affiliation=member.affiliation.strip(),
            is_chair=member.is_chair,
        )
        for member in members
    )
    record(
        actor=actor,
        action="councils.committee_set",
        target=recruitment,
        scope=recruitment.council.dong.path,
        at=at,
        details={"members": len(made)},
    )
    return made
