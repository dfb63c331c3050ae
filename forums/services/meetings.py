"""The club's meetings: planned with the members who belong there, called by those who may."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from forums.bylaws import Asked, Called, Callers, Check, check_callers, read_rules
from forums.models import Appointment, Bylaws, ClubMeeting, DuesRate, Member, MemberAtMeeting, Partner
from forums.names import name_order
from forums.queries.governance import appointments_on, bylaws_on, callers_among
from forums.queries.members import term_on
from forums.services.meeting_notices import invite_members
from forums.states import ClubMeetingKind, MemberKind, MemberStatus, Position
from meetings.models import Meeting, Participant, Resolution
from meetings.services.course import change_meeting, create_meeting
from meetings.services.locking import check_status, locked_meeting
from meetings.services.people import Guest, add_participants, change_participant, remove_participant
from meetings.states import BEFORE_OPENING, MeetingStatus
from residents.models import User

MEETING_KINDS = {
    ClubMeetingKind.GENERAL: "club-general",
    ClubMeetingKind.EXTRAORDINARY: "club-extraordinary",
    ClubMeetingKind.COMMITTEE: "club-committee",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to be: what, when, where, asked for by whom."""

    kind: ClubMeetingKind
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    callers: Sequence[Member]
    about: str = ""
    address: str = ""


@transaction.atomic
def plan_meeting(*, plan: Plan, actor: User | None, at: datetime) -> ClubMeeting:
    """Prepare a meeting of the club with everybody who belongs to it as participants.

    A general assembly has the regular members, the committee its members with the co-chairs. Quorum is more than half
    of them (bylaws, article 7). It is called by `meetings.services.course.call_meeting`, which asks `against_calling`.
    Raises RuleViolation without bylaws in force, or if nobody belongs to the meeting.
    """
    day = timezone.localdate(plan.starts_at)
    version = bylaws_on(day)
    if version is None:
        raise RuleViolation(_("There are no bylaws in force on that day."), code="no_bylaws")
    members = members_of_body(plan.kind, plan.starts_at)
    if not members:
        raise RuleViolation(_("Nobody belongs to this body yet."), code="nobody")
    meeting = create_meeting(
        kind=MEETING_KINDS[plan.kind],
        values={
            "title": plan.title.strip(),
            "about": plan.about.strip(),
            "place": plan.place.strip(),
            "address": plan.address.strip(),
            "starts_at": plan.starts_at,
            "ends_at": plan.ends_at,
            "eligible": len(members),
            "convened_by": ", ".join(member.name for member in plan.callers),
            "quorum_article": _("Bylaws, article %(article)s")
            % {"article": read_rules(version.rules).article(Asked.QUORUM)},
        },
        actor=actor,
        at=at,
    )
    club_meeting = ClubMeeting.objects.create(meeting=meeting, kind=plan.kind, bylaws=version)
    club_meeting.called_by.set(plan.callers)
    _put_on(meeting, members, actor, at)
    record(actor=actor, action="forums.meeting_planned", target=club_meeting, details={"kind": plan.kind}, at=at)
    return club_meeting


def members_of_body(kind: ClubMeetingKind, at: datetime) -> list[Member]:
    """Who belongs to a meeting of this kind, in 가나다 order."""  # korean: the order's name
    there = Member.objects.filter(status=MemberStatus.ACTIVE).prefetch_related("terms__term__region", "accounts__user")
    if kind == ClubMeetingKind.COMMITTEE:
        seats = appointments_on(timezone.localdate(at)).filter(
            position__in=[Position.COMMITTEE, Position.CO_CHAIR, Position.COMMITTEE_CHAIR]
        )
        there = there.filter(pk__in=seats.values("member"))
    else:
        there = there.filter(kind=MemberKind.REGULAR)
    return sorted(there, key=lambda member: (name_order(member.name), member.pk))


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What became of the body since its list was made: who has to be put on it, who counts no more."""

    missing: tuple[Member, ...]
    gone: tuple[MemberAtMeeting, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.gone)

    @property
    def names_missing(self) -> str:
        return ", ".join(member.name for member in self.missing)

    @property
    def names_gone(self) -> str:
        return ", ".join(row.member.name for row in self.gone)


def list_changes(club_meeting: ClubMeeting) -> ListChanges:
    """Whoever joined, left, or took a seat of the committee since the meeting was planned."""
    body = members_of_body(ClubMeetingKind(club_meeting.kind), club_meeting.meeting.starts_at)
    rows = MemberAtMeeting.objects.filter(participant__meeting=club_meeting.meeting_id).select_related(
        "member", "participant"
    )
    known = {row.member_id: row for row in rows}
    numbers = {member.pk for member in body}
    return ListChanges(
        missing=tuple(member for member in body if member.pk not in known),
        gone=tuple(row for number, row in known.items() if number not in numbers and row.participant.is_eligible),
    )


@transaction.atomic
def bring_list_up_to_date(*, club_meeting_id: int, actor: User, at: datetime) -> ListChanges:
    """Put on the list who belongs to the body by now, take off who does not, and count the members anew.

    Whoever the record names already stays on the list and counts no more. Those who are put on the list of a meeting
    that has been called get the call. Raises RuleViolation once it is opened, or if nothing changed.
    """
    found = ClubMeeting.objects.values_list("meeting_id", flat=True).get(pk=club_meeting_id)
    meeting = locked_meeting(found)
    check_status(meeting, BEFORE_OPENING, _("A meeting that has been opened can no longer be changed."))
    club_meeting = ClubMeeting.objects.get(pk=club_meeting_id)
    club_meeting.meeting = meeting
    changes = list_changes(club_meeting)
    if not changes:
        raise RuleViolation(_("The list holds everybody who belongs to this meeting."), code="list_up_to_date")
    for row in changes.gone:
        _take_off(row.participant, actor, at)
    _put_on(meeting, changes.missing, actor, at)
    eligible = meeting.participants.filter(is_eligible=True).count()
    change_meeting(meeting_id=meeting.pk, values={"eligible": eligible}, actor=actor, at=at)
    record(
        actor=actor,
        action="forums.meeting_list_updated",
        target=club_meeting,
        details={"added": len(changes.missing), "removed": len(changes.gone)},
        at=at,
    )
    if changes.missing and meeting.status == MeetingStatus.CALLED:
        invite_members(meeting=meeting, actor=actor, at=at, added=[member.pk for member in changes.missing])
    return changes


def _take_off(participant: Participant, actor: User, at: datetime) -> None:
    if participant.attendances.exists() or participant.statements.exists() or participant.candidacies.exists():
        change_participant(participant_id=participant.pk, values={"is_eligible": False}, actor=actor, at=at)
    else:
        remove_participant(participant_id=participant.pk, actor=actor, at=at)


def _put_on(meeting: Meeting, members: Sequence[Member], actor: User | None, at: datetime) -> None:
    """Make participants of these members."""
    taken = set(meeting.participants.exclude(user=None).values_list("user_id", flat=True))
    day = timezone.localdate(meeting.starts_at)
    guests = []
    for member in members:
        guest = _guest(member, day)
        # One account may act for two members, and stands on a list once.
        if guest.user is not None and guest.user.pk in taken:
            guest = replace(guest, user=None)
        if guest.user is not None:
            taken.add(guest.user.pk)
        guests.append(guest)
    participants = add_participants(meeting_id=meeting.pk, guests=guests, actor=actor, at=at)
    MemberAtMeeting.objects.bulk_create(
        MemberAtMeeting(member=member, participant=participant)
        for member, participant in zip(members, participants, strict=True)
    )


def _guest(member: Member, day: date) -> Guest:
    term = term_on(member, day)
    office = str(term.region.name) if term else member.former_office
    heads = [account.user for account in member.accounts.all() if account.is_head and account.until is None]
    return Guest(name=member.name, affiliation=office, user=heads[0] if heads else None)


@transaction.atomic
def change_callers(*, club_meeting_id: int, callers: Sequence[Member], actor: User, at: datetime) -> ClubMeeting:
    """Name who asks for the meeting. Raises RuleViolation once it is called."""
    club_meeting = ClubMeeting.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=club_meeting_id)
    if club_meeting.meeting.status != "draft":
        raise RuleViolation(_("This meeting has been called already."), code="wrong_state")
    club_meeting.called_by.set(callers)
    club_meeting.meeting.convened_by = ", ".join(member.name for member in callers)
    club_meeting.meeting.save(update_fields=["convened_by"])
    record(actor=actor, action="forums.meeting_callers_named", target=club_meeting, at=at)
    return club_meeting


def callers_check(club_meeting: ClubMeeting, at: datetime) -> Check:
    """Whether those who ask for this meeting may call it (bylaws, article 7)."""
    callers = list(club_meeting.called_by.all())
    co_chairs, chairs = callers_among(callers, timezone.localdate(at))
    active = [member for member in callers if member.status == MemberStatus.ACTIVE]
    return check_callers(
        read_rules(club_meeting.bylaws.rules),
        Called(club_meeting.kind),
        Callers(members=len(active), co_chairs=co_chairs, committee_chairs=chairs),
    )


def against_withdrawing(resolution: Resolution) -> str:
    """What stands against withdrawing a resolution of the club: somebody in office, dues, bylaws or a partner by it."""
    resting: list[QuerySet[Any]] = [
        Appointment.objects.filter(ended_on=None),
        DuesRate.objects.all(),
        Bylaws.objects.all(),
        Partner.objects.filter(until=None),
    ]
    names = [
        str(rows.model._meta.verbose_name_plural) for rows in resting if rows.filter(resolution=resolution).exists()
    ]
    if not names:
        return ""
    return _("Something rests on this resolution: %(what)s. Please end or take that back first.") % {
        "what": ", ".join(names)
    }


def against_calling(meeting: Meeting, at: datetime) -> list[str]:
    """What stands against calling a meeting of the club, as sentences."""
    club_meeting = ClubMeeting.objects.filter(meeting=meeting).select_related("bylaws").first()
    if club_meeting is None:
        return [_("This meeting is not one of the club’s.")]
    against = _against_list(club_meeting)
    check = callers_check(club_meeting, at)
    if check.met:
        return against
    sentences = {
        ClubMeetingKind.GENERAL: _("A general assembly is called by a co-chair. Please name who calls it."),
        ClubMeetingKind.EXTRAORDINARY: _(
            "An extraordinary general assembly is called by a co-chair or by %(members)s members; named are %(named)s."
        )
        % {"members": read_rules(club_meeting.bylaws.rules).callers_members, "named": check.actual},
        ClubMeetingKind.COMMITTEE: _("The committee is called by its chair. Please name who calls it."),
    }
    return [sentences[ClubMeetingKind(club_meeting.kind)], *against]


def _against_list(club_meeting: ClubMeeting) -> list[str]:
    """A quorum is reckoned from those who belong to the body, so the call goes to just them."""
    changes = list_changes(club_meeting)
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
