"""Writes on the members of a term: by hand, their offices, and how they leave."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.errors import RuleViolation
from core.signs import clean_texts
from councils.models import Application, ApplicationStep, Member, SubcommitteeSeat
from councils.queries.members import counts_of_term
from councils.services.appointing import LANGUAGE, letter_of_appointment
from councils.services.own_matters import refuse_competitor
from councils.services.terms import day_within, locked_term, refresh_figures
from councils.states import ApplicationStatus, MemberOffice, MemberStatus
from meetings.models import Resolution
from residents.models import User
from residents.persons import ImplausibleError, cleaned_name

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """Somebody who is appointed without a recruitment on this site. `with_letter`: issue a numbered letter."""

    name: str
    appointed_on: date
    office: MemberOffice = MemberOffice.MEMBER
    birth_date: date | None = None
    sex: str = ""
    track: str = ""
    user: User | None = None
    with_letter: bool = False


def locked_member(member_id: int) -> Member:
    """The member with their lock, under the locks of council and term. Raises Member.DoesNotExist."""
    term = locked_term(Member.objects.values_list("term_id", flat=True).get(pk=member_id))
    member = Member.objects.select_for_update(of=("self",)).get(pk=member_id)
    member.term = term
    return member


@transaction.atomic
def add_member(*, term_id: int, facts: Facts, actor: User | None, at: datetime, came_by: str = "desk") -> Member:
    """Add a member, or an adviser, whom no recruitment of this site appointed.

    Raises RuleViolation for a name that cannot be, a day outside the term, an account that serves already, a chair
    beside another one, no open seat, or a member (no adviser) beside those of a recruitment, whose quotas hold.
    """
    term = locked_term(term_id)
    day_within(term, facts.appointed_on, at)
    try:
        name = cleaned_name(facts.name)
    except ImplausibleError:
        raise RuleViolation(
            _("Please write names with letters; something in them cannot be printed."), code="bad_name"
        ) from None
    if facts.office != MemberOffice.ADVISER:
        if term.recruitment_id is not None:
            raise RuleViolation(
                _("The members of this term were drawn; open seats are filled from the alternates."),
                code="drawn_term",
            )
        if counts_of_term(term).members >= term.seats:
            raise RuleViolation(_("All seats of this term are taken."), code="no_open_seat")
    if facts.user is not None and term.members.filter(user=facts.user, status=MemberStatus.SERVING).exists():
        raise RuleViolation(_("This account serves in the council already."), code="serves_already")
    _refuse_second_chair(term.pk, facts.office)
    member = Member(
        term=term,
        user=facts.user,
        name=name,
        birth_date=facts.birth_date,
        sex=facts.sex,
        track=facts.track,
        office=facts.office,
        appointed_on=facts.appointed_on,
    )
    if facts.with_letter:
        member.letter = letter_of_appointment(member, actor, at)
    member.save()
    refresh_figures(term.council, at)
    _note("councils.member_added", member, actor, at, came_by=came_by, office=member.office)
    return member


def _refuse_second_chair(term_id: int, office: str, *, but: int = 0) -> None:
    if office == MemberOffice.CHAIR and (
        Member.objects.filter(term=term_id, office=MemberOffice.CHAIR, status=MemberStatus.SERVING)
        .exclude(pk=but)
        .exists()
    ):
        raise RuleViolation(
            _("The council has a chair. Please give that person another office first."), code="one_chair"
        )


@transaction.atomic
def change_office(*, member_id: int, office: str, actor: User | None, at: datetime) -> Member:
    """Give a member another office; what it was stays in the log.

    Raises RuleViolation for who has left, a second chair, or between members and advisers.
    """
    member = _serving(member_id)
    if MemberOffice.ADVISER in {member.office, office} and member.office != office:
        raise RuleViolation(
            _("Members and advisers do not change into each other: an adviser has no seat."), code="adviser"
        )
    if member.office == office:
        return member
    _refuse_second_chair(member.term_id, office, but=member.pk)
    before, member.office = member.office, MemberOffice(office)
    member.save(update_fields=["office"])
    _note("councils.office_changed", member, actor, at, before=before, after=member.office)
    return member


@transaction.atomic
def correct_member(*, member: Member, actor: User | None, at: datetime) -> Member:
    """Correct name, day of birth and sex of a member as they stand in the register. RuleViolation for no name."""
    found = locked_member(member.pk)
    fields = ("name", "birth_date", "sex")
    changed = [name for name in fields if getattr(found, name) != getattr(member, name)]
    for name in changed:
        setattr(found, name, getattr(member, name))
    clean_texts(found)
    if not found.name.strip():
        raise RuleViolation(_("A member needs a name."), code="bad_name")
    if changed:
        found.save(update_fields=changed)
        _note("councils.member_corrected", found, actor, at, fields=changed)
    return found


@transaction.atomic
def resign(*, member_id: int, on: date, reason: str, actor: User | None, at: datetime) -> Member:
    """Record that a member resigned; `on` is their last day. RuleViolation without a reason or out of the term."""
    return _leave(member_id, MemberStatus.RESIGNED, on, reason, actor, at)


@transaction.atomic
def dismiss(  # noqa: PLR0913 - a dismissal has this many facts
    *,
    member_id: int,
    on: date,
    reason: str,
    actor: User | None,
    at: datetime,
    resolution: Resolution | None = None,
) -> Member:
    """Record that a member was dismissed, with the reason and, where the council decided it, its resolution.

    Raises RuleViolation without a reason, out of the term, or for a resolution that another council took.
    """
    if resolution is not None:
        meeting = getattr(resolution.meeting, "council_meeting", None)
        council_id = Member.objects.values_list("term__council_id", flat=True).get(pk=member_id)
        if meeting is None or meeting.council_id != council_id or resolution.withdrawn_at is not None:
            raise RuleViolation(_("This resolution is not one of this council."), code="foreign_resolution")
    return _leave(
        member_id, MemberStatus.DISMISSED, on, reason, actor, at, resolution=resolution.pk if resolution else None
    )


@transaction.atomic
def record_death(*, member_id: int, on: date, actor: User | None, at: datetime) -> Member:
    """Record that a member died on that day. Raises RuleViolation out of the term."""
    with override(LANGUAGE):
        reason = _("died")
    return _leave(member_id, MemberStatus.ENDED, on, reason, actor, at)


def _leave(  # noqa: PLR0913, PLR0917 - as many facts as a leave has
    member_id: int, status: MemberStatus, on: date, reason: str, actor: User | None, at: datetime, **details: Any
) -> Member:
    member = _serving(member_id)
    if member.application is not None:
        # Whoever waits as an alternate would make room for themselves.
        refuse_competitor(member.application, actor)
    reason = " ".join(reason.split())
    if not reason:
        raise RuleViolation(_("Please say why the member leaves."), code="no_reason")
    if len(reason) > LONGEST_REASON:
        raise RuleViolation(_("The reason is too long."), code="too_long", status=400)
    day_within(member.term, on, at)
    if on < member.appointed_on:
        raise RuleViolation(_("Nobody can leave before they were appointed."), code="before_appointment")
    member.move_to(status)
    member.left_on, member.leaving_reason = on, reason
    member.save(update_fields=["status", "left_on", "leaving_reason"])
    SubcommitteeSeat.objects.filter(member=member, left_on__isnull=True).update(left_on=on, is_head=False)
    _close_application(member, actor, at)
    refresh_figures(member.term.council, at)
    _note("councils.member_left", member, actor, at, status=status.value, **details)
    return member


def _close_application(member: Member, actor: User | None, at: datetime) -> None:
    if member.application_id is None:
        return
    application = Application.objects.select_for_update(of=("self",)).get(pk=member.application_id)
    application.move_to(ApplicationStatus.DISMISSED)
    application.save(update_fields=["status"])
    ApplicationStep.objects.create(
        application=application,
        status=ApplicationStatus.DISMISSED,
        at=at,
        by=actor,
        text=member.get_status_display(),
    )


def _serving(member_id: int) -> Member:
    member = locked_member(member_id)
    if member.status != MemberStatus.SERVING:
        raise RuleViolation(_("This person has left the council already."), code="wrong_state")
    return member


def _note(action: str, member: Member, actor: User | None, at: datetime, **details: Any) -> None:
    record(
        actor=actor,
        action=action,
        target=member,
        scope=member.term.council.dong.path,
        persons=[member.user] if member.user else [],
        details={"term": member.term_id, **details},
        at=at,
    )
