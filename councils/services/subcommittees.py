"""Writes on subcommittees: founded, dissolved, and who sits in them. Residents who are no members ask to join."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.signs import one_line
from councils.models import Member, Subcommittee, SubcommitteeSeat
from councils.notices.members import tell_of_seat
from councils.queries.subcommittees import belongs_here, open_seat_of
from councils.services.terms import locked_council
from councils.states import CouncilStatus, MemberOffice, MemberStatus
from residents.models import User

MOST_SEATS = 200


def locked_subcommittee(subcommittee_id: int) -> Subcommittee:
    """The subcommittee with its lock, under the lock of its council. Raises Subcommittee.DoesNotExist."""
    council = locked_council(Subcommittee.objects.values_list("council_id", flat=True).get(pk=subcommittee_id))
    subcommittee = Subcommittee.objects.select_for_update(of=("self",)).get(pk=subcommittee_id)
    subcommittee.council = council
    return subcommittee


def _working(subcommittee: Subcommittee) -> Subcommittee:
    if subcommittee.dissolved_on is not None:
        raise RuleViolation(_("This subcommittee has been dissolved."), code="wrong_state")
    return subcommittee


@transaction.atomic
def found_subcommittee(  # noqa: PLR0913 - a subcommittee has this many facts
    *,
    council_id: int,
    name: str,
    founded_on: date,
    actor: User | None,
    at: datetime,
    about: str = "",
    takes_residents: bool = True,
) -> Subcommittee:
    """Found a subcommittee. Raises RuleViolation if the council is dissolved, the day is to come or the name taken."""
    council = locked_council(council_id)
    if council.status == CouncilStatus.DISSOLVED:
        raise RuleViolation(_("A dissolved council stays as it was."), code="wrong_state")
    subcommittee = Subcommittee(council=council, founded_on=_not_ahead(founded_on, at), takes_residents=takes_residents)
    _word(subcommittee, name, about)
    subcommittee.save()
    _note("councils.subcommittee_founded", subcommittee, actor, at)
    return subcommittee


@transaction.atomic
def change_subcommittee(  # noqa: PLR0913 - a subcommittee has this many facts
    *, subcommittee_id: int, name: str, about: str, takes_residents: bool, actor: User | None, at: datetime
) -> Subcommittee:
    """Name it anew, or say whether residents may join. Raises RuleViolation once dissolved or for a taken name."""
    subcommittee = _working(locked_subcommittee(subcommittee_id))
    subcommittee.takes_residents = takes_residents
    _word(subcommittee, name, about)
    subcommittee.save(update_fields=["name", "about", "takes_residents"])
    _note("councils.subcommittee_changed", subcommittee, actor, at)
    return subcommittee


def _word(subcommittee: Subcommittee, name: str, about: str) -> None:
    subcommittee.name, subcommittee.about = one_line(name), one_line(about)
    if not subcommittee.name:
        raise RuleViolation(_("A subcommittee needs a name."), code="no_name")
    others = Subcommittee.objects.filter(
        council=subcommittee.council, name=subcommittee.name, dissolved_on__isnull=True
    ).exclude(pk=subcommittee.pk)
    if others.exists():
        raise RuleViolation(_("The council has a subcommittee of this name already."), code="name_taken")


@transaction.atomic
def dissolve_subcommittee(*, subcommittee_id: int, on: date, actor: User | None, at: datetime) -> Subcommittee:
    """Dissolve a subcommittee: everybody leaves it, open requests lapse.

    Raises RuleViolation once dissolved, or for a day that is to come or before it was founded.
    """
    subcommittee = _working(locked_subcommittee(subcommittee_id))
    if _not_ahead(on, at) < subcommittee.founded_on:
        raise RuleViolation(_("It was founded after that day."), code="before_founding")
    subcommittee.dissolved_on = on
    subcommittee.save(update_fields=["dissolved_on"])
    seats = subcommittee.seats.filter(left_on__isnull=True).update(left_on=on, is_head=False)
    _note("councils.subcommittee_dissolved", subcommittee, actor, at, seats=seats)
    return subcommittee


# --- seats ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def seat_member(
    *, subcommittee_id: int, member_id: int, on: date, actor: User | None, at: datetime
) -> SubcommitteeSeat:
    """Let a member of the council sit in one of its subcommittees.

    Raises RuleViolation for somebody of another council, who has left, sits there already, or a day to come.
    """
    subcommittee = _working(locked_subcommittee(subcommittee_id))
    member = Member.objects.select_related("term", "user").get(pk=member_id)
    if member.term.council_id != subcommittee.council_id or member.status != MemberStatus.SERVING:
        raise RuleViolation(_("This person does not serve in the council."), code="foreign_member")
    if member.office == MemberOffice.ADVISER:
        raise RuleViolation(_("Advisers sit in no subcommittee."), code="adviser")
    if subcommittee.seats.filter(member=member, left_on__isnull=True).exists():
        raise RuleViolation(_("This person sits in the subcommittee already."), code="seated_already")
    seat = _seat(subcommittee, on, at, member=member)
    _note_seat("councils.seat_taken", seat, actor, at)
    return seat


@transaction.atomic
def seat_resident(*, subcommittee_id: int, name: str, on: date, actor: User | None, at: datetime) -> SubcommitteeSeat:
    """Let a resident without an account sit in a subcommittee, who asked on paper or in person.

    Raises RuleViolation without a name, where residents do not join, or for a day to come.
    """
    subcommittee = _working(locked_subcommittee(subcommittee_id))
    if not subcommittee.takes_residents:
        raise RuleViolation(_("This subcommittee takes members of the council only."), code="members_only")
    if not one_line(name):
        raise RuleViolation(_("Please write the name."), code="no_name")
    seat = _seat(subcommittee, on, at, name=one_line(name)[:60])
    _note_seat("councils.seat_taken", seat, actor, at)
    return seat


def _seat(subcommittee: Subcommittee, on: date, at: datetime, **who: Any) -> SubcommitteeSeat:
    if _not_ahead(on, at) < subcommittee.founded_on:
        raise RuleViolation(_("It was founded after that day."), code="before_founding")
    if subcommittee.seats.filter(left_on__isnull=True).count() >= MOST_SEATS:
        raise RuleViolation(_("This subcommittee has no room left."), code="full")
    return SubcommitteeSeat.objects.create(subcommittee=subcommittee, joined_on=on, **who)


@transaction.atomic
def ask_to_join(*, subcommittee_id: int, user: User, at: datetime) -> SubcommitteeSeat:
    """Ask for a seat as a resident; the council's officer accepts or refuses. Asking again finds the first request.

    Raises RuleViolation where residents do not join, for who does not belong to the place, or serves in the council.
    """
    subcommittee = _working(locked_subcommittee(subcommittee_id))
    known = open_seat_of(user, subcommittee)
    if known is not None:
        return known
    if not subcommittee.takes_residents:
        raise RuleViolation(_("This subcommittee takes members of the council only."), code="members_only")
    serves = Member.objects.filter(
        term__council=subcommittee.council_id, user=user, status=MemberStatus.SERVING
    ).exists()
    if serves:
        raise RuleViolation(
            _("You serve in the council. Please ask its officer to enter you in this subcommittee."), code="is_member"
        )
    if not belongs_here(user, subcommittee.council):
        raise RuleViolation(
            _("Subcommittees are for people who live, work or study here. Please declare your dong first."),
            code="not_from_here",
        )
    if subcommittee.seats.filter(left_on__isnull=True).count() >= MOST_SEATS:
        raise RuleViolation(_("This subcommittee has no room left."), code="full")
    seat = SubcommitteeSeat.objects.create(
        subcommittee=subcommittee, user=user, name=user.name[:60] or "–", asked_at=at
    )
    _note_seat("councils.seat_asked_for", seat, user, at)
    return seat


@transaction.atomic
def accept_seat(*, seat_id: int, actor: User | None, at: datetime) -> SubcommitteeSeat:
    """Accept a request; they sit there from today on, and are told. Raises RuleViolation if it is not open."""
    seat = _locked_seat(seat_id)
    _refuse_own(seat, actor)
    if seat.joined_on is not None or seat.left_on is not None:
        raise RuleViolation(_("This request has been answered already."), code="wrong_state")
    _working(seat.subcommittee)
    seat.joined_on = timezone.localdate(at)
    seat.save(update_fields=["joined_on"])
    _note_seat("councils.seat_taken", seat, actor, at)
    tell_of_seat(seat=seat, accepted=True, reason="", at=at)
    return seat


@transaction.atomic
def refuse_seat(*, seat_id: int, reason: str, actor: User | None, at: datetime) -> SubcommitteeSeat:
    """Refuse a request; they are told why. Raises RuleViolation without a reason or if it is not open."""
    seat = _locked_seat(seat_id)
    _refuse_own(seat, actor)
    reason = one_line(reason)[:300]
    if not reason:
        raise RuleViolation(_("Please say why. Whoever asked reads the reason."), code="no_reason")
    if seat.joined_on is not None or seat.left_on is not None:
        raise RuleViolation(_("This request has been answered already."), code="wrong_state")
    seat.left_on = timezone.localdate(at)
    seat.save(update_fields=["left_on"])
    _note_seat("councils.seat_refused", seat, actor, at)
    tell_of_seat(seat=seat, accepted=False, reason=reason, at=at)
    return seat


def _refuse_own(seat: SubcommitteeSeat, actor: User | None) -> None:
    if actor is not None and seat.user_id == actor.pk:
        raise RuleViolation(_("Nobody decides on their own request."), code="own_request", status=403)


@transaction.atomic
def leave_seat(*, seat_id: int, on: date, actor: User | None, at: datetime) -> SubcommitteeSeat:
    """End a seat, or take a request back. Raises RuleViolation if it has ended, or for a day to come."""
    seat = _locked_seat(seat_id)
    if seat.left_on is not None:
        raise RuleViolation(_("This seat has been given up already."), code="wrong_state")
    if _not_ahead(on, at) < (seat.joined_on or on):
        raise RuleViolation(_("Nobody can leave before they came."), code="before_joining")
    seat.left_on, seat.is_head = on, False
    seat.save(update_fields=["left_on", "is_head"])
    _note_seat("councils.seat_left", seat, actor, at)
    return seat


@transaction.atomic
def name_head(*, seat_id: int, actor: User | None, at: datetime) -> SubcommitteeSeat:
    """Let a member of the council head a subcommittee; whoever did so before stays in it.

    Raises RuleViolation for who is not in it, or is no member of the council.
    """
    seat = _locked_seat(seat_id)
    if seat.left_on is not None or seat.joined_on is None:
        raise RuleViolation(_("This person does not sit in the subcommittee."), code="wrong_state")
    if seat.member_id is None:
        raise RuleViolation(_("A subcommittee is headed by a member of the council."), code="no_member")
    seat.subcommittee.seats.filter(is_head=True).update(is_head=False)
    seat.is_head = True
    seat.save(update_fields=["is_head"])
    _note_seat("councils.head_named", seat, actor, at)
    return seat


def _locked_seat(seat_id: int) -> SubcommitteeSeat:
    subcommittee = locked_subcommittee(
        SubcommitteeSeat.objects.values_list("subcommittee_id", flat=True).get(pk=seat_id)
    )
    seat = SubcommitteeSeat.objects.select_for_update(of=("self",)).select_related("user", "member").get(pk=seat_id)
    seat.subcommittee = subcommittee
    return seat


def _not_ahead(day: date, at: datetime) -> date:
    if day > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."), code="day_ahead")
    return day


def _note_seat(action: str, seat: SubcommitteeSeat, actor: User | None, at: datetime) -> None:
    person = seat.user or (seat.member.user if seat.member else None)
    record(
        actor=actor,
        action=action,
        target=seat,
        scope=seat.subcommittee.council.dong.path,
        persons=[person] if person else [],
        details={"subcommittee": seat.subcommittee_id},
        at=at,
    )


def _note(action: str, subcommittee: Subcommittee, actor: User | None, at: datetime, **details: Any) -> None:
    record(
        actor=actor, action=action, target=subcommittee, scope=subcommittee.council.dong.path, details=details, at=at
    )
