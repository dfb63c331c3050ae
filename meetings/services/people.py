"""Writes on the list of participants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from meetings.models import Meeting, Participant
from meetings.models.people import new_code
from meetings.services.locking import check_status, locked_meeting, note
from meetings.states import BEFORE_OPENING, RECORDING, Answer, MeetingStatus
from residents.models import User

MOST_PARTICIPANTS = 3000
LIST_OPEN = BEFORE_OPENING | RECORDING
FIELDS = frozenset({"name", "affiliation", "role", "email", "is_eligible", "proxy_for", "order", "remark"})


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to put on the list, with an account or without. order 0 is the end of the list."""

    name: str
    user: User | None = None
    affiliation: str = ""
    role: str = ""
    email: str = ""
    is_eligible: bool = True
    proxy_for: str = ""
    order: int = 0
    remark: str = ""


@transaction.atomic
def add_participants(
    *, meeting_id: int, guests: Sequence[Guest], actor: User | None, at: datetime
) -> list[Participant]:
    """Put people on the list; accounts that stand on it already are left as they are. Returns the new ones, in order.

    Raises RuleViolation for an empty name, for voters once the meeting has been opened, once the minutes are approved,
    or beyond MOST_PARTICIPANTS.
    """
    meeting = locked_meeting(meeting_id)
    check_status(meeting, LIST_OPEN)
    if any(not guest.name.strip() for guest in guests):
        raise RuleViolation(_("Everybody on the list needs a name."), code="name_missing")
    if meeting.status not in BEFORE_OPENING and any(guest.is_eligible for guest in guests):
        raise RuleViolation(
            _("Who counts for the quorum was fixed when the meeting was opened."), code="eligibility_fixed"
        )
    known = set(meeting.participants.exclude(user=None).values_list("user_id", flat=True))
    codes = set(meeting.participants.values_list("code", flat=True))
    if len(codes) + len(guests) > MOST_PARTICIPANTS:
        text = _("A meeting has at most %(most)s participants.") % {"most": MOST_PARTICIPANTS}
        raise RuleViolation(text, code="too_many_participants")
    last = meeting.participants.aggregate(last=Max("order"))["last"] or 0
    new = []
    for guest in guests:
        if guest.user is not None and guest.user.pk in known:
            continue
        if guest.user is not None:
            known.add(guest.user.pk)
        if not guest.order:
            last += 1
        new.append(_participant(meeting, guest, order=guest.order or last, codes=codes))
    added = Participant.objects.bulk_create(new)
    if added:
        note(
            meeting,
            "participants_added",
            actor,
            at,
            persons=(participant.user for participant in added),
            participants=len(added),
        )
    return added


def _participant(meeting: Meeting, guest: Guest, *, order: int, codes: set[str]) -> Participant:
    code = new_code()
    while code in codes:
        code = new_code()
    codes.add(code)
    return Participant(
        meeting=meeting,
        user=guest.user,
        name=guest.name.strip(),
        affiliation=guest.affiliation.strip(),
        role=guest.role.strip(),
        email=guest.email.strip().lower(),
        is_eligible=guest.is_eligible,
        proxy_for=guest.proxy_for.strip(),
        order=order,
        remark=guest.remark.strip(),
        code=code,
    )


def participant_under_lock(participant_id: int, allowed: Collection[str]) -> Participant:
    """The participant, with their meeting under its lock and in one of the states. RuleViolation if there is none."""
    found = Participant.objects.filter(pk=participant_id).values_list("meeting_id", flat=True).first()
    if found is None:
        raise RuleViolation(_("This person is no longer on the list."), code="no_participant", status=404)
    meeting = locked_meeting(found)
    check_status(meeting, allowed)
    participant = Participant.objects.select_related("user").filter(pk=participant_id).first()
    if participant is None:
        raise RuleViolation(_("This person is no longer on the list."), code="no_participant", status=404)
    participant.meeting = meeting
    return participant


@transaction.atomic
def change_participant(
    *, participant_id: int, values: Mapping[str, Any], actor: User | None, at: datetime
) -> Participant:
    """Change fields (FIELDS) of somebody on the list. Whether they vote is fixed once the meeting has been opened.

    Raises RuleViolation for an empty name or once the minutes are approved, TypeError for unknown fields.
    """
    if unknown := values.keys() - FIELDS:
        raise TypeError(f"no fields of a participant: {unknown}")
    participant = participant_under_lock(participant_id, LIST_OPEN)
    changed = sorted(name for name, value in values.items() if getattr(participant, name) != value)
    if "name" in changed and not str(values["name"]).strip():
        raise RuleViolation(_("Everybody on the list needs a name."), code="name_missing")
    if "is_eligible" in changed and participant.meeting.status not in BEFORE_OPENING:
        raise RuleViolation(
            _("Who counts for the quorum was fixed when the meeting was opened."), code="eligibility_fixed"
        )
    if changed:
        for name in changed:
            setattr(participant, name, values[name])
        participant.save(update_fields=changed)
        note(participant.meeting, "participant_changed", actor, at, persons=[participant.user], fields=changed)
    return participant


@transaction.atomic
def remove_participant(*, participant_id: int, actor: User | None, at: datetime) -> None:
    """Take somebody off the list. Raises RuleViolation if they were there, spoke or stood for election."""
    participant = participant_under_lock(participant_id, LIST_OPEN)
    if participant.attendances.exists() or participant.statements.exists() or participant.candidacies.exists():
        raise RuleViolation(
            _("The record of the meeting names this person, so they stay on the list."), code="participant_in_use"
        )
    meeting, person = participant.meeting, participant.user
    if participant.is_eligible and meeting.status not in BEFORE_OPENING:
        raise RuleViolation(
            _("Who counts for the quorum was fixed when the meeting was opened."), code="eligibility_fixed"
        )
    participant.delete()
    note(meeting, "participant_removed", actor, at, persons=[person])


@transaction.atomic
def answer_invitation(*, participant_id: int, answer: str, actor: User | None, at: datetime) -> Participant:
    """Say whether one takes part; may be changed until the meeting opens. Raises RuleViolation after that."""
    if answer not in {Answer.COMES, Answer.DECLINES}:
        raise RuleViolation(_("Please choose one of the answers."), code="unknown_answer")
    participant = participant_under_lock(participant_id, [MeetingStatus.CALLED])
    participant.answer, participant.answered_at = answer, at
    participant.save(update_fields=["answer", "answered_at"])
    note(participant.meeting, "invitation_answered", actor, at, persons=[participant.user])
    return participant
