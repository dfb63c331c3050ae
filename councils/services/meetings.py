"""The meetings of a council and its subcommittees: planned with whoever belongs there, under the rules’ quorum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import Council, CouncilMeeting, Member, MemberAtCouncilMeeting, Subcommittee, SubcommitteeSeat
from councils.notices.members import invite
from councils.queries.meetings import quorum_of
from councils.queries.members import serving_members
from councils.queries.subcommittees import seats_taken
from councils.services.terms import locked_council
from councils.states import CouncilMeetingKind, CouncilStatus, MemberOffice
from meetings.models import Meeting, Participant
from meetings.services.course import change_meeting, create_meeting
from meetings.services.locking import check_status, locked_meeting
from meetings.services.people import Guest, add_participants, change_participant, remove_participant
from meetings.states import BEFORE_OPENING, MeetingStatus
from residents.models import User

MEETING_KINDS = {
    CouncilMeetingKind.REGULAR: "council-regular",
    CouncilMeetingKind.SPECIAL: "council-special",
    CouncilMeetingKind.SUBCOMMITTEE: "council-subcommittee",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to be. `notice_days`: how many days before it is called at least, as the council's own rules ask."""

    kind: CouncilMeetingKind
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    notice_days: int = 0
    convened_by: str = ""
    about: str = ""
    address: str = ""
    subcommittee: Subcommittee | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who belongs to the body that meets: a member, or a resident with a seat in the subcommittee.

    key: the same for the same person on each look. counts: for the quorum; advisers are invited and have no vote.
    """

    key: tuple[str, int]
    guest: Guest
    member: Member | None = None


@transaction.atomic
def plan_council_meeting(*, council_id: int, plan: Plan, actor: User | None, at: datetime) -> CouncilMeeting:
    """Prepare a meeting with everybody who belongs to the body on that day as participants.

    The quorum is that of the rule set, or more than half where it is silent, which is said. It is called by
    `meetings.services.course.call_meeting`, which asks `against_calling`. Raises RuleViolation if the council is
    dissolved, the subcommittee is not one of it, or nobody belongs to the body.
    """
    council = locked_council(council_id)
    if council.status == CouncilStatus.DISSOLVED:
        raise RuleViolation(_("A dissolved council stays as it was."), code="wrong_state")
    is_of_a_part = plan.kind == CouncilMeetingKind.SUBCOMMITTEE
    if is_of_a_part != (plan.subcommittee is not None):
        raise RuleViolation(
            _("Please choose the subcommittee for its meeting, and none for a meeting of the whole council."),
            code="subcommittee_or_not",
        )
    if plan.subcommittee and (plan.subcommittee.council_id != council.pk or plan.subcommittee.dissolved_on):
        raise RuleViolation(_("This subcommittee is not one of the council."), code="foreign_subcommittee")
    people = people_of(council, plan.subcommittee, plan.starts_at)
    if not any(one.guest.is_eligible for one in people):
        raise RuleViolation(
            _("Nobody who could meet is in the register. Please write down the term and its members first."),
            code="nobody",
        )
    quorum = quorum_of(council, plan.subcommittee, timezone.localdate(plan.starts_at))
    meeting = create_meeting(
        kind=MEETING_KINDS[plan.kind],
        values={
            "title": plan.title.strip(),
            "about": plan.about.strip(),
            "place": plan.place.strip(),
            "address": plan.address.strip(),
            "starts_at": plan.starts_at,
            "ends_at": plan.ends_at,
            "notice_days": plan.notice_days,
            "convened_by": plan.convened_by.strip(),
            "quorum_rule": quorum.rule,
            "quorum_amount": quorum.amount,
            "quorum_article": quorum.article,
        },
        actor=actor,
        at=at,
        scope=council.dong.path,
    )
    own = CouncilMeeting.objects.create(
        council=council, subcommittee=plan.subcommittee, kind=plan.kind, meeting=meeting
    )
    _put_on(meeting, people, actor, at)
    _note("councils.meeting_planned", own, actor, at, kind=plan.kind.value)
    return own


def people_of(council: Council, subcommittee: Subcommittee | None, at: datetime) -> list[Person]:
    """Who belongs to the body that meets at `at`, by name; advisers last, without a vote. Two queries."""
    if subcommittee is not None:
        seats = seats_taken().filter(subcommittee=subcommittee).select_related("member__user", "member__application")
        people = [_of_seat(seat) for seat in seats]
    else:
        members = serving_members(council, timezone.localdate(at)).select_related("user", "application")
        people = [_of_member(member) for member in members]
    return sorted(people, key=lambda one: (not one.guest.is_eligible, one.guest.name, one.key))


def _of_member(member: Member) -> Person:
    is_adviser = member.office == MemberOffice.ADVISER
    role = "" if member.office == MemberOffice.MEMBER else member.get_office_display()
    guest = Guest(
        name=member.name,
        user=member.user,
        role=role,
        email=member.application.email if member.application and not member.user else "",
        is_eligible=not is_adviser,
    )
    return Person(("member", member.pk), guest, member)


def _of_seat(seat: SubcommitteeSeat) -> Person:
    if seat.member is not None:
        person = _of_member(seat.member)
        role = _("Head of the subcommittee") if seat.is_head else person.guest.role
        return replace(person, guest=replace(person.guest, role=role))
    return Person(("seat", seat.pk), Guest(name=seat.name, user=seat.user, affiliation=_("resident")))


def _put_on(meeting: Meeting, people: Sequence[Person], actor: User | None, at: datetime) -> list[int]:
    """Make participants of these people; says which."""
    taken = set(meeting.participants.exclude(user=None).values_list("user_id", flat=True))
    fresh = []
    for one in people:
        user = one.guest.user
        # One account stands on a list once.
        fresh.append(replace(one.guest, user=None) if user is not None and user.pk in taken else one.guest)
        if user is not None:
            taken.add(user.pk)
    participants = add_participants(meeting_id=meeting.pk, guests=fresh, actor=actor, at=at)
    MemberAtCouncilMeeting.objects.bulk_create(
        MemberAtCouncilMeeting(member=one.member, participant=participant)
        for one, participant in zip(people, participants, strict=True)
        if one.member is not None
    )
    return [participant.pk for participant in participants]


# --- the list, until it opens -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What became of the body since the list was made: who has to be put on it, who counts no more."""

    missing: tuple[Person, ...]
    gone: tuple[Participant, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.gone)

    @property
    def names_missing(self) -> str:
        return ", ".join(one.guest.name for one in self.missing)

    @property
    def names_gone(self) -> str:
        return ", ".join(one.name for one in self.gone)


def list_changes(own: CouncilMeeting) -> ListChanges:
    """Whoever was appointed, left, or took a seat of the subcommittee since the meeting was planned."""
    people = people_of(own.council, own.subcommittee, own.meeting.starts_at)
    known: dict[tuple[str, int] | tuple[str, str], Participant] = {}
    for row in own.meeting.participants.select_related("council_member"):
        link = getattr(row, "council_member", None)
        known[("member", link.member_id) if link else ("guest", row.name)] = row
    here = {one.key if one.member else ("guest", one.guest.name): one for one in people}
    return ListChanges(
        missing=tuple(one for key, one in here.items() if key not in known),
        gone=tuple(row for key, row in known.items() if key not in here and row.is_eligible),
    )


@transaction.atomic
def bring_council_list_up_to_date(*, council_meeting_id: int, actor: User | None, at: datetime) -> ListChanges:
    """Put on the list who belongs to the body by now, and take off who does not. New ones get the call, if it went out.

    Whoever the record names already stays on the list and counts no more. Raises RuleViolation once it is opened, or if
    nothing changed.
    """
    found = CouncilMeeting.objects.values_list("meeting_id", flat=True).get(pk=council_meeting_id)
    meeting = locked_meeting(found)
    check_status(meeting, BEFORE_OPENING, _("A meeting that has been opened can no longer be changed."))
    own = CouncilMeeting.objects.select_related("council__dong", "subcommittee").get(pk=council_meeting_id)
    own.meeting = meeting
    changes = list_changes(own)
    if not changes:
        raise RuleViolation(_("The list holds everybody who belongs to this meeting."), code="list_up_to_date")
    for participant in changes.gone:
        _take_off(participant, actor, at)
    added = _put_on(meeting, changes.missing, actor, at)
    _note("councils.meeting_list_updated", own, actor, at, added=len(changes.missing), removed=len(changes.gone))
    if added and meeting.status == MeetingStatus.CALLED:
        invite(meeting=meeting, actor=actor, at=at, added=added)
    return changes


def _take_off(participant: Participant, actor: User | None, at: datetime) -> None:
    if participant.attendances.exists() or participant.statements.exists() or participant.candidacies.exists():
        change_participant(participant_id=participant.pk, values={"is_eligible": False}, actor=actor, at=at)
    else:
        remove_participant(participant_id=participant.pk, actor=actor, at=at)


@transaction.atomic
def change_notice(
    *, council_meeting_id: int, notice_days: int, convened_by: str, actor: User | None, at: datetime
) -> CouncilMeeting:
    """Say who calls the meeting and how many days before. Raises RuleViolation once it is opened."""
    own = CouncilMeeting.objects.select_related("meeting", "council__dong").get(pk=council_meeting_id)
    change_meeting(
        meeting_id=own.meeting_id,
        values={"notice_days": notice_days, "convened_by": convened_by.strip()},
        actor=actor,
        at=at,
    )
    return own


def against_calling(meeting: Meeting, at: datetime) -> list[str]:
    """What stands against calling a meeting of a council, as sentences."""
    del at
    own = (
        CouncilMeeting.objects.filter(meeting=meeting)
        .select_related("council__dong", "subcommittee", "meeting")
        .first()
    )
    if own is None:
        return [_("This meeting is not one of a council.")]
    if own.council.status == CouncilStatus.DISSOLVED or (own.subcommittee and own.subcommittee.dissolved_on):
        return [_("The body that would meet has been dissolved.")]
    changes = list_changes(own)
    against = []
    if changes.missing:
        against.append(
            _("Not on the list of the meeting yet: %(names)s. Please bring the list up to date at the desk.")
            % {"names": changes.names_missing}
        )
    if changes.gone:
        against.append(
            _(
                "On the list, but they belong to this meeting no more: %(names)s. "
                "Please bring it up to date at the desk."
            )
            % {"names": changes.names_gone}
        )
    return against


def day_of(own: CouncilMeeting) -> date:
    """The day on which the meeting begins."""
    return timezone.localdate(own.meeting.starts_at)


def _note(action: str, own: CouncilMeeting, actor: User | None, at: datetime, **details: Any) -> None:
    record(
        actor=actor,
        action=action,
        target=own,
        scope=own.council.dong.path,
        details={"meeting": own.meeting_id, **details},
        at=at,
    )
