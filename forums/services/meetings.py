"""The club's meetings: planned with the members who belong there, called by those who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from forums.bylaws import Asked, Called, Callers, Check, check_callers, read_rules
from forums.models import Appointment, Bylaws, ClubMeeting, DuesRate, Member, MemberAtMeeting, Partner
from forums.queries.governance import appointments_on, bylaws_on, callers_among
from forums.states import ClubMeetingKind, MemberKind, MemberStatus, Position
from meetings.models import Meeting, Resolution
from meetings.services.course import create_meeting
from meetings.services.people import Guest, add_participants
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
    participants = add_participants(
        meeting_id=meeting.pk,
        guests=[_guest(member) for member in members],
        actor=actor,
        at=at,
    )
    MemberAtMeeting.objects.bulk_create(
        MemberAtMeeting(member=member, participant=participant)
        for member, participant in zip(members, participants, strict=True)
    )
    record(actor=actor, action="forums.meeting_planned", target=club_meeting, details={"kind": plan.kind}, at=at)
    return club_meeting


def members_of_body(kind: ClubMeetingKind, at: datetime) -> list[Member]:
    """Who belongs to a meeting of this kind, in 가나다 order."""  # korean: the order's name
    active = Member.objects.filter(status=MemberStatus.ACTIVE).prefetch_related("terms__term__region", "accounts__user")
    if kind != ClubMeetingKind.COMMITTEE:
        return list(active.filter(kind=MemberKind.REGULAR).order_by("name", "pk"))
    seats = appointments_on(timezone.localdate(at)).filter(
        position__in=[Position.COMMITTEE, Position.CO_CHAIR, Position.COMMITTEE_CHAIR]
    )
    return list(active.filter(pk__in=seats.values("member")).order_by("name", "pk"))


def _guest(member: Member) -> Guest:
    terms = member.terms.all()
    office = str(terms[0].term.region.name) if terms else member.former_office
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
    check = callers_check(club_meeting, at)
    if check.met:
        return []
    sentences = {
        ClubMeetingKind.GENERAL: _("A general assembly is called by a co-chair. Please name who calls it."),
        ClubMeetingKind.EXTRAORDINARY: _(
            "An extraordinary general assembly is called by a co-chair or by %(members)s members; named are %(named)s."
        )
        % {"members": read_rules(club_meeting.bylaws.rules).callers_members, "named": check.actual},
        ClubMeetingKind.COMMITTEE: _("The committee is called by its chair. Please name who calls it."),
    }
    return [sentences[ClubMeetingKind(club_meeting.kind)]]
