"""Writes on the programmes of a residents' centre and who takes part (C13).

Places are given in order under the programme's row lock; who cancels makes room for the first who waits.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import Council, Enrolment, Programme
from councils.notices.work import tell_of_calling_off, tell_of_place
from councils.services.fund import give_fee_back, record_fee_income
from councils.states import CouncilStatus, EnrolmentStatus, ProgrammeStatus
from residents.models import User
from residents.persons import ImplausibleError, cleaned_name, cleaned_phone

FIELDS = frozenset({"title", "about", "teacher", "place", "times", "starts_on", "ends_on", "fee", "places"})
TAKES_PEOPLE = frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.RUNNING})


@transaction.atomic
def plan_programme(*, council_id: int, facts: Mapping[str, Any], actor: User | None, at: datetime) -> Programme:
    """Plan a programme. `facts` are fields of Programme (FIELDS); the fee is won for one person.

    Raises RuleViolation if the council is dissolved, title, place or times are missing, or days are out of order.
    """
    council = Council.objects.select_for_update(of=("self",)).select_related("dong").get(pk=council_id)
    if council.status == CouncilStatus.DISSOLVED:
        raise RuleViolation(_("A dissolved council stays as it was."), code="wrong_state")
    programme = Programme(council=council)
    _take(programme, facts)
    programme.save()
    _note("councils.programme_planned", programme, actor, at)
    return programme


@transaction.atomic
def change_programme(*, programme_id: int, facts: Mapping[str, Any], actor: User | None, at: datetime) -> Programme:
    """Change a programme; more places go to those who wait longest.

    Raises RuleViolation when it is over, for fewer places than people, or another fee once people enrolled.
    """
    programme = _locked(programme_id)
    if programme.status in {ProgrammeStatus.DONE, ProgrammeStatus.CANCELLED}:
        raise RuleViolation(_("A programme that is over stays as it was."), code="wrong_state")
    fee = programme.fee
    _take(programme, facts)
    taken = _taken(programme)
    if programme.places < taken:
        raise RuleViolation(
            ngettext(
                "%(count)d person has a place already; there cannot be fewer places.",
                "%(count)d people have places already; there cannot be fewer places.",
                taken,
            )
            % {"count": taken},
            code="fewer_places",
        )
    if taken and programme.fee != fee:
        raise RuleViolation(
            _("People have enrolled for the fee as it is. It cannot change any more."), code="fee_fixed"
        )
    programme.save()
    _note("councils.programme_changed", programme, actor, at)
    _fill(programme, actor, at)
    return programme


@transaction.atomic
def move_programme(*, programme_id: int, status: ProgrammeStatus, actor: User | None, at: datetime) -> Programme:
    """Open for enrolment, begin, end or call off; whoever is on the list is told of the latter.

    Raises RuleViolation if the table of states does not allow it. Fees that were paid are given back one by one.
    """
    programme = _locked(programme_id)
    programme.move_to(status)
    programme.save(update_fields=["status"])
    _note("councils.programme_moved", programme, actor, at, details={"state": str(status)})
    if status == ProgrammeStatus.CANCELLED:
        tell_of_calling_off(programme=programme, actor=actor, at=at)
    return programme


@transaction.atomic
def enrol(  # noqa: PLR0913 - an enrolment has this many facts
    *, programme_id: int, user: User | None, name: str, phone: str, actor: User | None, at: datetime
) -> Enrolment:
    """Give somebody a place, or the next one on the waiting list. The counter leaves `user` None.

    Raises RuleViolation if the programme takes nobody, a name or phone is none, or they are enrolled already.
    """
    programme = _locked(programme_id)
    if programme.status not in TAKES_PEOPLE:
        raise RuleViolation(_("This programme takes no enrolments now."), code="wrong_state")
    try:
        name, phone = cleaned_name(name), cleaned_phone(phone)
    except ImplausibleError as error:
        texts = {"name": _("Please write the name."), "phone": _("This is no telephone number.")}
        raise RuleViolation(texts[error.code], code=error.code, status=400) from error
    standing = programme.enrolments.exclude(status=EnrolmentStatus.CANCELLED)
    if user is not None and standing.filter(user=user).exists():
        raise RuleViolation(_("You are on the list of this programme already."), code="enrolled_already")
    if user is None and standing.filter(name=name, phone=phone).exists():
        raise RuleViolation(_("Somebody with this name and phone is on the list already."), code="enrolled_already")
    is_full = _taken(programme) >= programme.places
    enrolment = Enrolment.objects.create(
        programme=programme,
        user=user,
        name=name,
        phone=phone,
        status=EnrolmentStatus.WAITING if is_full else EnrolmentStatus.ENROLLED,
        enrolled_at=at,
    )
    _note("councils.enrolled", programme, actor, at, enrolment)
    return enrolment


@transaction.atomic
def cancel_enrolment(*, enrolment_id: int, actor: User | None, at: datetime) -> Enrolment:
    """Take somebody off the list; the first who waits moves up.

    Raises RuleViolation if they are off already, or the fee is paid: then it has to be given back first.
    """
    programme = _locked(Enrolment.objects.values_list("programme_id", flat=True).get(pk=enrolment_id))
    enrolment = Enrolment.objects.select_related("user").get(pk=enrolment_id)
    if enrolment.paid_on is not None:
        raise RuleViolation(
            _("The fee has been paid. Please ask the office, which gives it back first."), code="fee_paid"
        )
    enrolment.move_to(EnrolmentStatus.CANCELLED)
    enrolment.save(update_fields=["status"])
    _note("councils.enrolment_cancelled", programme, actor, at, enrolment)
    _fill(programme, actor, at)
    return enrolment


@transaction.atomic
def leave_programmes(*, user: User, at: datetime) -> None:
    """Take an account that goes off every list of a programme that is not over; who waits moves up.

    A fee that was paid stays in the fund: nobody is left to whom it could be given back on record.
    """
    standing = Enrolment.objects.filter(user=user, programme__status__in=TAKES_PEOPLE)
    for programme_id in sorted(standing.values_list("programme_id", flat=True)):
        programme = _locked(programme_id)
        for enrolment in programme.enrolments.filter(user=user).exclude(status=EnrolmentStatus.CANCELLED):
            enrolment.move_to(EnrolmentStatus.CANCELLED)
            enrolment.save(update_fields=["status"])
            _note("councils.enrolment_cancelled", programme, None, at, details={"enrolment": enrolment.pk})
        _fill(programme, None, at)


@transaction.atomic
def record_fee(*, enrolment_id: int, paid_on: date, actor: User | None, at: datetime) -> Enrolment:
    """Record that the fee was paid; it goes into the council's fund as course fees, once.

    Raises RuleViolation if there is no fee, no place, it was paid, or the year of the day is settled.
    """
    programme = _locked(Enrolment.objects.values_list("programme_id", flat=True).get(pk=enrolment_id))
    enrolment = Enrolment.objects.select_related("user").get(pk=enrolment_id)
    if not programme.fee or enrolment.status != EnrolmentStatus.ENROLLED:
        raise RuleViolation(_("There is no fee to be paid here."), code="no_fee")
    if enrolment.paid_on is not None:
        raise RuleViolation(_("The fee has been paid already."), code="fee_paid")
    if paid_on > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."))
    enrolment.paid_on = paid_on
    enrolment.save(update_fields=["paid_on"])
    record_fee_income(
        council_id=programme.council_id,
        enrolment_id=enrolment.pk,
        amount=programme.fee,
        occurred_on=paid_on,
        text=_("Fee: %(programme)s") % {"programme": programme.title},
        actor=actor,
        at=at,
    )
    _note("councils.fee_recorded", programme, actor, at, enrolment)
    return enrolment


@transaction.atomic
def return_fee(*, enrolment_id: int, actor: User | None, at: datetime) -> Enrolment:
    """Record that a fee was given back: it leaves the fund today, and the enrolment can be cancelled.

    Raises RuleViolation if none was paid, or the fund does not hold so much.
    """
    programme = _locked(Enrolment.objects.values_list("programme_id", flat=True).get(pk=enrolment_id))
    enrolment = Enrolment.objects.select_related("user").get(pk=enrolment_id)
    if enrolment.paid_on is None:
        raise RuleViolation(_("No fee was paid here."), code="no_fee")
    give_fee_back(
        council_id=programme.council_id,
        enrolment_id=enrolment.pk,
        reason=_("Fee given back: %(programme)s") % {"programme": programme.title},
        actor=actor,
        at=at,
    )
    enrolment.paid_on = None
    enrolment.save(update_fields=["paid_on"])
    _note("councils.fee_returned", programme, actor, at, enrolment)
    return enrolment


def _taken(programme: Programme) -> int:
    return programme.enrolments.filter(status=EnrolmentStatus.ENROLLED).count()


def _fill(programme: Programme, actor: User | None, at: datetime) -> None:
    """Give free places to those who wait, in their order. Each is told."""
    if programme.status not in TAKES_PEOPLE:
        return
    free = programme.places - _taken(programme)
    waiting = programme.enrolments.select_related("user").filter(status=EnrolmentStatus.WAITING)
    for enrolment in waiting.order_by("enrolled_at", "pk")[: max(free, 0)]:
        enrolment.move_to(EnrolmentStatus.ENROLLED)
        enrolment.save(update_fields=["status"])
        _note("councils.enrolment_moved_up", programme, actor, at, enrolment)
        tell_of_place(enrolment=enrolment, programme=programme, at=at)


def _take(programme: Programme, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name not in FIELDS:
            raise ValueError(f"{name} is no fact of a programme")
        setattr(programme, name, value.strip() if isinstance(value, str) else value)
    if not (programme.title and programme.place and programme.times):
        raise RuleViolation(_("Please say what the programme is called, where it takes place and when."))
    if programme.ends_on < programme.starts_on:
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")
    if not programme.places or programme.places < 1:
        raise RuleViolation(_("A programme has at least one place."))


def _locked(programme_id: int) -> Programme:
    return Programme.objects.select_for_update(of=("self",)).select_related("council__dong").get(pk=programme_id)


def _note(  # noqa: PLR0913 - an entry has this many facts
    action: str,
    programme: Programme,
    actor: User | None,
    at: datetime,
    enrolment: Enrolment | None = None,
    *,
    details: dict[str, object] | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        target=programme,
        persons=[enrolment.user] if enrolment and enrolment.user else [],
        scope=programme.council.dong.path,
        details={"enrolment": enrolment.pk} if enrolment else details or {},
        at=at,
    )
