"""Writes on terms: written down for councils formed before, corrected, ended; and the figures that follow from them."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.membership import DAY
from councils.models import (
    Application,
    Council,
    CouncilTerm,
    Member,
    Subcommittee,
    SubcommitteeSeat,
)
from councils.queries.members import counts_of_term, term_on
from councils.services.steps import take_steps
from councils.states import ApplicationStatus, CouncilStatus, MemberOffice, MemberStatus
from residents.models import User

MOST_SEATS = 1000


def locked_council(council_id: int) -> Council:
    """The council with its lock and its dong. Raises Council.DoesNotExist."""
    return Council.objects.select_for_update(of=("self",)).select_related("dong__parent__parent").get(pk=council_id)


def locked_term(term_id: int) -> CouncilTerm:
    """The term with its lock, under the lock of its council. Raises CouncilTerm.DoesNotExist."""
    council = locked_council(CouncilTerm.objects.values_list("council_id", flat=True).get(pk=term_id))
    term = CouncilTerm.objects.select_for_update(of=("self",)).select_related("recruitment__rule_set").get(pk=term_id)
    term.council = council
    return term


@transaction.atomic
def open_term(  # noqa: PLR0913 - a term has this many facts
    *,
    council_id: int,
    number: int | None,
    starts_on: date,
    ends_on: date,
    seats: int,
    actor: User | None,
    at: datetime,
) -> CouncilTerm:
    """Write down a term of a council that was formed elsewhere or before; its members are added by hand or from a list.

    `ends_on` is the last day and counts. `number` None is the next. Raises RuleViolation if the council is dissolved or
    not at work, or the term overlaps another one, has no seats or stands out of the order of the numbers.
    """
    council = locked_council(council_id)
    if council.status != CouncilStatus.WORKING:
        raise RuleViolation(_("Only a council at work has terms."), code="wrong_state")
    term = new_term(council, number, starts_on, ends_on, seats)
    term.save()
    _note("councils.term_opened", term, actor, at)
    refresh_figures(council, at)
    return term


def new_term(council: Council, number: int | None, starts_on: date, ends_on: date, seats: int) -> CouncilTerm:
    """A term of a locked council, checked and not saved. Raises RuleViolation as `open_term` says."""
    last = council.terms.aggregate(last=Max("number"))["last"] or 0
    term = CouncilTerm(council=council, number=number or last + 1, starts_on=starts_on, ends_on=ends_on, seats=seats)
    _check(term)
    return term


def _check(term: CouncilTerm) -> None:
    if term.ends_on <= term.starts_on:
        raise RuleViolation(_("A term must end after it begins."), code="ends_before_start")
    if not 1 <= term.seats <= MOST_SEATS:
        raise RuleViolation(
            _("A council has from 1 to %(most)s seats.") % {"most": MOST_SEATS}, code="seats_out_of_range"
        )
    others = list(CouncilTerm.objects.filter(council=term.council).exclude(pk=term.pk))
    if any(other.number == term.number for other in others):
        raise RuleViolation(_("The council has a term of this number already."), code="number_taken")
    if any(other.starts_on <= term.ends_on and term.starts_on <= other.ends_on for other in others):
        raise RuleViolation(
            _("This term would overlap another one of the council. Please look at the days of both."),
            code="terms_overlap",
        )
    if any((other.number < term.number) != (other.starts_on < term.starts_on) for other in others):
        raise RuleViolation(
            _("The numbers of the terms must follow the order of their days."), code="numbers_out_of_order"
        )


@transaction.atomic
def change_term(*, term_id: int, ends_on: date, seats: int, actor: User | None, at: datetime) -> CouncilTerm:
    """Correct the last day and the seats of a term.

    Raises RuleViolation if it overlaps another one, somebody began or left after the new last day, or more people serve
    than there would be seats.
    """
    term = locked_term(term_id)
    before = {"ends_on": term.ends_on.isoformat(), "seats": term.seats}
    term.ends_on, term.seats = ends_on, seats
    _check(term)
    if seats < counts_of_term(term).members:
        raise RuleViolation(_("More people serve in this term than there would be seats."), code="too_few_seats")
    if term.members.filter(appointed_on__gt=ends_on).exists() or term.members.filter(left_on__gt=ends_on).exists():
        raise RuleViolation(
            _("Somebody began or left in this term after that day. Please look at the list of members."),
            code="members_beyond_the_end",
        )
    term.save(update_fields=["ends_on", "seats"])
    _note("councils.term_changed", term, actor, at, before=before)
    refresh_figures(term.council, at)
    return term


@transaction.atomic
def end_term(*, term_id: int, actor: User | None, at: datetime) -> CouncilTerm:
    """Close a term whose last day is over: its members have served, its alternates wait no more.

    Raises RuleViolation before that, or if it has been closed.
    """
    term = locked_term(term_id)
    if timezone.localdate(at) <= term.ends_on:
        raise RuleViolation(_("This term is not over yet."), code="not_over")
    close_term(term, actor, at)
    refresh_figures(term.council, at)
    return term


def close_term(term: CouncilTerm, actor: User | None, at: datetime) -> None:
    """End the service of who still serves in a locked term, today at the latest; its alternates lapse.

    Raises RuleViolation if there is nobody in either.
    """
    last = min(term.ends_on, timezone.localdate(at))
    serving = list(Member.objects.select_for_update(of=("self",)).filter(term=term, status=MemberStatus.SERVING))
    waiting = lapse_alternates(term, actor, at)
    if not serving and not waiting:
        raise RuleViolation(_("This term has been closed already."), code="wrong_state")
    for member in serving:
        member.move_to(MemberStatus.ENDED)
        member.left_on = max(last, member.appointed_on)
        member.save(update_fields=["status", "left_on"])
    SubcommitteeSeat.objects.filter(member__in=serving, left_on__isnull=True).update(left_on=last, is_head=False)
    _note("councils.term_ended", term, actor, at, members=len(serving), alternates=waiting)


def lapse_alternates(term: CouncilTerm, actor: User | None, at: datetime) -> int:
    """Whoever still waits as an alternate for a seat of this term waits no more and is told so; says how many."""
    recruitments = set(
        term.members.filter(application__isnull=False).values_list("application__recruitment_id", flat=True)
    )
    waiting = list(
        Application.objects.select_for_update(of=("self",))
        .filter(recruitment__in=recruitments | {term.recruitment_id}, status=ApplicationStatus.ALTERNATE)
        .select_related("user", "recruitment__council__dong")
        .order_by("recruitment", "alternate_position")
    )
    for application in waiting:
        application.move_to(ApplicationStatus.NOT_SELECTED)
    take_steps(
        waiting,
        "councils.alternate_lapsed",
        actor=actor,
        at=at,
        fields=["status"],
        texts=[_("The term is over; alternates wait no more.")] * len(waiting),
    )
    return len(waiting)


def close_terms_before(council: Council, day: date, actor: User | None, at: datetime) -> None:
    """Close the terms of a locked council that end before `day` and have somebody in them still."""
    for term in council.terms.filter(ends_on__lt=day, members__status=MemberStatus.SERVING).distinct():
        term.council = council
        close_term(term, actor, at)


def close_everything_of(council: Council, actor: User | None, at: datetime) -> None:
    """End the service of everybody in a locked council that is being dissolved, and its subcommittees with it."""
    day = timezone.localdate(at)
    for term in council.terms.filter(members__status=MemberStatus.SERVING).distinct():
        term.council = council
        close_term(term, actor, at)
    parts = Subcommittee.objects.filter(council=council, dissolved_on__isnull=True)
    SubcommitteeSeat.objects.filter(subcommittee__in=parts, left_on__isnull=True).update(left_on=day, is_head=False)
    parts.update(dissolved_on=day)


def refresh_figures(council: Council, at: datetime) -> None:
    """Let the figures of a locked council follow its register, where a term of today has members in it."""
    day = timezone.localdate(at)
    term = term_on(council, day)
    if term is None or not term.members.exclude(office=MemberOffice.ADVISER).exists():
        return
    counts = counts_of_term(term)
    council.capacity, council.members, council.advisers = term.seats, counts.members, counts.advisers
    council.counted_on = day
    council.save(update_fields=["capacity", "members", "advisers", "counted_on"])


def day_within(term: CouncilTerm, day: date, at: datetime) -> date:
    """`day` if it lies in the term and is not to come. Raises RuleViolation otherwise."""
    if day > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."), code="day_ahead")
    if not term.starts_on <= day <= term.ends_on:
        raise RuleViolation(
            _("This day does not lie in the term, which runs from %(first)s to %(last)s.")
            % {"first": term.starts_on.isoformat(), "last": term.ends_on.isoformat()},
            code="outside_the_term",
        )
    return day


def first_day_after(term: CouncilTerm) -> date:
    """The day on which the next term can begin."""
    return term.ends_on + DAY


def _note(action: str, term: CouncilTerm, actor: User | None, at: datetime, **details: object) -> None:
    record(
        actor=actor,
        action=action,
        target=term,
        scope=term.council.dong.path,
        details={"number": term.number, **details},
        at=at,
    )
