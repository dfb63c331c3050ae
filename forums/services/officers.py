"""Officers, committee, advisers, partners: appointed, elected, stepping down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.templatetags.madang import day_text
from forums.bylaws import ELECTED, WITH_TERM, Post, Rules, Seat, end_of_term, first_day_with_room, taken_on
from forums.models import Appointment, Member, Outsider, Partner
from forums.queries.governance import members_of_participants, rules_on, serving_in
from forums.states import MemberStatus, Position
from meetings.models import Resolution
from meetings.services.locking import locked_meeting
from residents.models import User

ONE_DAY = timedelta(days=1)
YEARS_AHEAD = 10  # a first day beyond them is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Wanted:
    """A position to be filled. `member` or `outsider`; `until` None takes the term that the bylaws give."""

    position: Position
    since: date
    member: Member | None = None
    outsider: Outsider | None = None
    until: date | None = None
    election_count: int | None = None
    basis: str = ""
    resolution: Resolution | None = None
    position_in_list: int = 0


@transaction.atomic
def appoint(*, wanted: Wanted, actor: User | None, at: datetime) -> Appointment:
    """Fill a position of the club.

    Raises RuleViolation if officers would be more than the bylaws allow, the term longer, the person no member where
    one is needed, in the position already, or the chair of the committee no co-chair. Whose term in the same position
    is over by then begins a new one.
    """
    if wanted.since.year > at.year + YEARS_AHEAD:
        raise RuleViolation(_("This day lies too far ahead. Please check it."), code="day_ahead")
    rules = rules_on(wanted.since)
    _lock_positions()
    until = wanted.until
    if until is None and Post(wanted.position) in WITH_TERM and rules is not None:
        until = end_of_term(wanted.since, rules.term_years)
    _refuse_unfit(wanted, until, rules)
    _end_terms_over(
        [one for one in serving_in(wanted.position, wanted.since) if _person(one) == _person(wanted)],
        wanted.since,
        _("The term is over, a new one began."),
    )
    _refuse_too_many(wanted, until, rules)
    appointment = Appointment.objects.create(
        position=wanted.position,
        member=wanted.member,
        outsider=wanted.outsider,
        since=wanted.since,
        until=until,
        election_count=wanted.election_count,
        basis=wanted.basis.strip(),
        resolution=wanted.resolution,
        position_in_list=wanted.position_in_list,
    )
    record(
        actor=actor,
        action="forums.officer_appointed",
        target=appointment,
        details={"position": wanted.position, "since": wanted.since.isoformat()},
        at=at,
    )
    return appointment


def _lock_positions() -> None:
    """Appointments are few and rare: whoever fills one waits for whoever fills another."""
    list(Appointment.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _refuse_unfit(wanted: Wanted, until: date | None, rules: Rules | None) -> None:
    if (wanted.member is None) == (wanted.outsider is None):
        raise RuleViolation(_("Please choose either a member or a person outside the membership."))
    if wanted.member is None and wanted.position in {
        Position.CO_CHAIR,
        Position.AUDITOR,
        Position.COMMITTEE,
        Position.COMMITTEE_CHAIR,
    }:
        raise RuleViolation(_("Only members can be officers or belong to the committee."), code="not_a_member")
    if wanted.member is not None and wanted.member.status != MemberStatus.ACTIVE:
        raise RuleViolation(_("This person has left the club."), code="not_a_member")
    if until is not None and until <= wanted.since:
        raise RuleViolation(_("The last day must come after the first."))
    if rules is None or Post(wanted.position) not in WITH_TERM:
        return
    if until is not None and until > end_of_term(wanted.since, rules.term_years):
        raise RuleViolation(
            _("The bylaws give this position a term of %(years)s years at most.") % {"years": rules.term_years},
            code="term_too_long",
        )


def _person(one: Appointment | Wanted) -> tuple[int | None, int | None]:
    return (one.member.pk if one.member else None, one.outsider.pk if one.outsider else None)


def _end_terms_over(serving: Sequence[Appointment], day: date, reason: str) -> None:
    """Those of them whose term is over by `day` make room from then on."""
    for one in serving:
        if one.until is not None and one.until <= day:
            one.ended_on, one.end_reason = day, reason
            one.save(update_fields=["ended_on", "end_reason"])


def _limit(position: Position, rules: Rules | None) -> int | None:
    """How many the bylaws have room for; None where they say nothing, or count them otherwise (the committee)."""
    if rules is None:
        return None
    limits = {
        Position.CO_CHAIR: rules.co_chairs,
        Position.AUDITOR: rules.auditors.most,
        Position.COMMITTEE_CHAIR: 1,
    }
    return limits.get(position)


def _seats(position: Position, day: date) -> list[Seat]:
    """Who holds the position on `day`, and who was chosen to hold it later."""
    there = serving_in(position, day)
    later = Appointment.objects.filter(position=position, since__gt=day, ended_on__isnull=True)
    return [Seat(str(_person(one)), one.since, one.until, one.ended_on) for one in (*there, *later)]


def _refuse_too_many(wanted: Wanted, until: date | None, rules: Rules | None) -> None:
    seats = _seats(wanted.position, wanted.since)
    days = [wanted.since, *sorted(seat.since for seat in seats if wanted.since < seat.since)]
    limit = _limit(wanted.position, rules)
    # Whoever's term is over stays until somebody follows, and is counted; of days to come the terms are known alone.
    staying = {str(_person(one)) for one in serving_in(wanted.position, wanted.since)}
    for day in days:
        if until is not None and until <= day:
            break
        taken = staying if day == wanted.since else taken_on(seats, day)
        if str(_person(wanted)) in taken:
            raise RuleViolation(_("This person holds the position already."), code="holds_it")
        if limit is None or len(taken) < limit:
            continue
        if day == wanted.since:
            raise RuleViolation(_no_room(limit, first_day_with_room(seats, 1, limit, day + ONE_DAY)), code="no_room")
        raise RuleViolation(
            _("From %(day)s on all seats are taken by those elected for then. Please let the term end before.")
            % {"day": day_text(day)},
            code="no_room",
        )
    if rules is None:
        return
    if wanted.position == Position.COMMITTEE:
        _refuse_full_committee(wanted, rules)
    if wanted.position == Position.COMMITTEE_CHAIR and rules.chair_is_co_chair:
        co_chairs = {one.member_id for one in serving_in(Position.CO_CHAIR, wanted.since)}
        if wanted.member is None or wanted.member.pk not in co_chairs:
            raise RuleViolation(
                _("The chair of the committee is chosen among the co-chairs. Please appoint the co-chair first."),
                code="not_a_co_chair",
            )


def _no_room(limit: int, free_from: date | None) -> str:
    taken = _("The bylaws have room for %(limit)s in this position, and all of it is taken.") % {"limit": limit}
    if free_from is None:
        return taken
    return f"{taken} {_('There is room from %(day)s on.') % {'day': day_text(free_from)}}"


def _refuse_full_committee(wanted: Wanted, rules: Rules) -> None:
    """Co-chairs belong to the committee by virtue of their office and take seats of it."""
    persons = {
        one.member_id
        for position in (Position.COMMITTEE, Position.CO_CHAIR)
        for one in serving_in(position, wanted.since)
    }
    if wanted.member is not None and wanted.member.pk not in persons and len(persons) >= rules.committee.most:
        raise RuleViolation(
            _("The committee has %(most)s seats at most, and all of them are taken.") % {"most": rules.committee.most},
            code="no_room",
        )


@transaction.atomic
def step_down(*, appointment_id: int, on: date, reason: str, actor: User, at: datetime) -> Appointment:
    """End a position before or after its term. Raises RuleViolation if it ended already, or before it began."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    reason = reason.strip()
    if not reason:
        raise RuleViolation(_("Please say why the position ends."), code="reason_missing")
    if appointment.ended_on is not None:
        raise RuleViolation(_("This position has ended already."), code="wrong_state")
    if on < appointment.since:
        raise RuleViolation(_("A position cannot end before it began."))
    appointment.ended_on = on
    appointment.end_reason = reason
    appointment.save(update_fields=["ended_on", "end_reason"])
    record(
        actor=actor,
        action="forums.officer_stepped_down",
        target=appointment,
        details={"position": appointment.position, "on": on.isoformat()},
        at=at,
    )
    return appointment


@transaction.atomic
def install_elected(
    *, resolution_id: int, position: Position, since: date | None, actor: User, at: datetime
) -> list[Appointment]:
    """Bring those elected by a resolution of a general assembly into office; whoever's term is over makes room.

    since: None takes the first day from the assembly on that has room for all of them, which is the end of the terms
    that run where an assembly elects beforehand.
    Raises RuleViolation if the resolution is no election, elected nobody, or its assembly is not one of the club's that
    elects officers, and as `appoint`.
    """
    # Whoever withdraws the record holds its meeting too.
    locked_meeting(Resolution.objects.values_list("meeting_id", flat=True).get(pk=resolution_id))
    resolution = Resolution.objects.select_related("meeting").get(pk=resolution_id)
    if Post(position) not in ELECTED:
        raise RuleViolation(_("Only co-chairs and auditors are elected by the general assembly."))
    if not hasattr(resolution.meeting, "club_meeting") or resolution.meeting.club_meeting.kind == "committee":
        raise RuleViolation(_("Officers are elected by a general assembly of the club."), code="wrong_meeting")
    elected = _elected_members(resolution) if resolution.withdrawn_at is None else []
    if not elected:
        raise RuleViolation(_("This resolution elected nobody."), code="nobody_elected")
    if Appointment.objects.filter(resolution=resolution).exists():
        raise RuleViolation(_("Those elected by this resolution are in office already."), code="installed")
    if since is None:
        since = _day_to_begin(position, elected, timezone.localdate(resolution.meeting.starts_at))
    _lock_positions()
    _end_terms_over(serving_in(position, since), since, _("The term is over, successors were elected."))
    return [
        appoint(
            wanted=Wanted(position=position, since=since, member=member, resolution=resolution, position_in_list=place),
            actor=actor,
            at=at,
        )
        for place, member in enumerate(elected)
    ]


def _day_to_begin(position: Position, elected: Sequence[Member], assembly: date) -> date:
    """The first day from the assembly on with a seat for everybody elected; the assembly's own where none is known."""
    limit = _limit(position, rules_on(assembly))
    if limit is None:
        return assembly
    persons = [str((member.pk, None)) for member in elected]
    return first_day_with_room(_seats(position, assembly), len(elected), limit, assembly, again=persons) or assembly


def _elected_members(resolution: Resolution) -> list[Member]:
    """Members behind the elected candidates: participants of the club's meetings carry their member's name."""
    elected = resolution.candidates.filter(is_elected=True).select_related("participant").order_by("pk")
    members = members_of_participants([one.participant_id for one in elected if one.participant_id is not None])
    return [members[one.participant_id] for one in elected if one.participant_id in members]


@transaction.atomic
def add_partner(  # noqa: PLR0913 - a partner has this many facts
    *,
    name: str,
    about: str,
    since: date,
    resolution: Resolution | None,
    actor: User | None,
    at: datetime,
    basis: str = "",
) -> Partner:
    """Name a partner organisation on a resolution of the committee (bylaws, article 9).

    `basis` says what shows the resolution if the committee did not meet here. Raises RuleViolation if it is one
    already.
    """
    name = name.strip()
    if not name:
        raise RuleViolation(_("Please give the name of the organisation."))
    if Partner.objects.filter(name=name, until__isnull=True).exists():
        raise RuleViolation(_("This organisation is a partner already."), code="partner_already")
    partner = Partner.objects.create(
        name=name, about=about.strip(), since=since, resolution=resolution, basis=basis.strip()
    )
    record(actor=actor, action="forums.partner_added", target=partner, at=at)
    return partner


@transaction.atomic
def end_partnership(*, partner_id: int, on: date, actor: User, at: datetime) -> Partner:
    """End a partnership. Raises RuleViolation if it ended already or before it began."""
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    if partner.until is not None:
        raise RuleViolation(_("This partnership has ended already."), code="wrong_state")
    if on <= partner.since:
        raise RuleViolation(_("The last day must come after the first."))
    partner.until = on
    partner.save(update_fields=["until"])
    record(actor=actor, action="forums.partnership_ended", target=partner, at=at)
    return partner
