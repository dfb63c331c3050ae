"""Every write to councils and their roster in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import Council
from councils.queries.members import is_in_the_register
from councils.services.terms import close_everything_of
from councils.states import BodyKind, CouncilStatus, CouncilType
from residents.models import Region, User
from residents.states import RegionLevel


@dataclass(frozen=True, slots=True)
class Figures:
    """The roster in numbers, as counted on a day. None is not known; `inferred` says that the source is unclear."""

    capacity: int | None = None
    members: int | None = None
    advisers: int = 0
    counted_on: date | None = None
    main_work: str = ""
    inferred: bool = False
    note: str = ""


NO_FIGURES = Figures()


@transaction.atomic
def establish_council(  # noqa: PLR0913 - a council has this many facts
    *,
    dong: Region,
    type: CouncilType,  # noqa: A002 - the field's own name
    established_on: date,
    actor: User | None,
    at: datetime,
    figures: Figures = NO_FIGURES,
) -> Council:
    """Record the council of a dong that is at work since `established_on`. `actor` None is the system itself.

    Raises RuleViolation if the dong has a council, the day is still to come or the figures contradict each other.
    """
    council = _new_council(dong, type, figures, at)
    council.established_on = _past_day(established_on, at)
    council.move_to(CouncilStatus.WORKING)
    council.save()
    _record("councils.council_established", council, actor, at)
    return council


@transaction.atomic
def start_first_conversion(
    *,
    dong: Region,
    type: CouncilType,  # noqa: A002 - the field's own name
    actor: User | None,
    at: datetime,
    note: str = "",
) -> Council:
    """Record that a dong without a council in our roster is being converted to one of this type.

    Raises RuleViolation if the dong has a council.
    """
    council = _new_council(dong, type, Figures(note=note), at)
    council.save()
    _record("councils.conversion_started", council, actor, at)
    return council


@transaction.atomic
def start_conversion(
    *,
    council_id: int,
    type: CouncilType,  # noqa: A002 - the field's own name
    actor: User | None,
    at: datetime,
) -> Council:
    """Begin to convert a council at work to another type; its figures stay until the conversion is finished.

    Raises RuleViolation if it is not at work or has this type already.
    """
    council = _locked(council_id)
    if council.type == type:
        raise RuleViolation(_("The council already has this type."))
    council.move_to(CouncilStatus.CONVERTING)
    before, council.type = council.type, type
    council.save()
    _record("councils.conversion_started", council, actor, at, {"before": before})
    return council


@transaction.atomic
def finish_conversion(
    *, council_id: int, established_on: date, actor: User | None, at: datetime, figures: Figures | None = None
) -> Council:
    """Put the converted council to work since `established_on`, with new figures where given.

    Raises RuleViolation if it is not being converted, the day is still to come or figures contradict each other.
    """
    council = _locked(council_id)
    council.move_to(CouncilStatus.WORKING)
    council.established_on = _past_day(established_on, at)
    if figures is not None:
        _take(council, figures, at)
    council.save()
    _record("councils.conversion_finished", council, actor, at)
    return council


@transaction.atomic
def update_figures(*, council_id: int, figures: Figures, actor: User | None, at: datetime) -> Council:
    """Replace the figures of a council; where the register has its members, the numbers stay what follows from it.

    Raises RuleViolation if it is dissolved or they contradict each other.
    """
    council = _locked(council_id)
    if council.status == CouncilStatus.DISSOLVED:
        raise RuleViolation(_("A dissolved council stays as it was."), code="wrong_state")
    if is_in_the_register(council):
        figures = replace(
            figures,
            capacity=council.capacity,
            members=council.members,
            advisers=council.advisers,
            counted_on=council.counted_on,
        )
    _take(council, figures, at)
    council.save()
    _record(
        "councils.figures_updated",
        council,
        actor,
        at,
        {"capacity": council.capacity, "members": council.members, "advisers": council.advisers},
    )
    return council


@transaction.atomic
def dissolve_council(*, council_id: int, reason: str, actor: User | None, at: datetime) -> Council:
    """End a council with the terms and subcommittees that it has; the dong may then get a new one.

    Raises RuleViolation if it is dissolved or no reason is given.
    """
    council = _locked(council_id)
    reason = reason.strip()
    if not reason:
        raise RuleViolation(_("Please say why the council is dissolved."))
    council.move_to(CouncilStatus.DISSOLVED)
    close_everything_of(council, actor, at)
    council.note = f"{council.note}\n{reason}".strip()
    council.save()
    _record("councils.council_dissolved", council, actor, at)
    return council


def _new_council(dong: Region, type_: CouncilType, figures: Figures, at: datetime) -> Council:
    dong = Region.objects.select_for_update().get(pk=dong.pk)
    if dong.level != RegionLevel.DONG:
        raise RuleViolation(_("A residents’ council belongs to a dong."))
    if Council.objects.filter(dong=dong, kind=BodyKind.COUNCIL).exclude(status=CouncilStatus.DISSOLVED).exists():
        raise RuleViolation(_("This dong already has a residents’ council."), code="council_exists")
    council = Council(dong=dong, type=CouncilType(type_))
    _take(council, figures, at)
    return council


def _locked(council_id: int) -> Council:
    return Council.objects.select_for_update(of=("self",)).select_related("dong").get(pk=council_id)


def _past_day(day: date, at: datetime) -> date:
    if day > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."))
    return day


def _take(council: Council, figures: Figures, at: datetime) -> None:
    if figures.members is not None and figures.capacity is None:
        raise RuleViolation(_("Members can be counted only where the number of seats is known."))
    if figures.members is not None and figures.capacity is not None and figures.members > figures.capacity:
        raise RuleViolation(_("There cannot be more members than seats."))
    if min(figures.capacity or 0, figures.members or 0, figures.advisers) < 0:
        raise RuleViolation(_("A number of people cannot be below zero."))
    if figures.inferred and not figures.note.strip():
        raise RuleViolation(_("Please write in the note how the unclear source was read."))
    council.capacity = figures.capacity
    council.members = figures.members
    council.advisers = figures.advisers
    council.counted_on = _past_day(figures.counted_on, at) if figures.counted_on else None
    council.main_work = figures.main_work.strip()
    council.inferred = figures.inferred
    council.note = figures.note.strip()


def _record(
    action: str, council: Council, actor: User | None, at: datetime, details: Mapping[str, Any] | None = None
) -> None:
    record(
        actor=actor,
        action=action,
        target=council,
        scope=council.dong.path,
        at=at,
        details={"type": council.type, **(details or {})},
    )
