"""Writes on other bodies that are formed by the same means as councils: youth committees, planning groups."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.signs import one_line
from councils.models import Council
from councils.services.roster import Figures
from councils.states import BodyKind, CouncilStatus
from residents.models import Region, User
from residents.states import RegionLevel


@transaction.atomic
def found_body(  # noqa: PLR0913 - a body has this many facts
    *,
    kind: BodyKind,
    name: str,
    region: Region,
    actor: User | None,
    at: datetime,
    established_on: date | None = None,
    figures: Figures | None = None,
) -> Council:
    """Found a body of a dong or a municipality. Without a day of establishment it waits for its first members.

    Raises RuleViolation for a residents' council, without a name, for a province, for a name that another body there
    has, or a day to come.
    """
    if kind == BodyKind.COUNCIL:
        raise RuleViolation(_("A residents’ council is not founded here."), code="is_a_council")
    region = Region.objects.select_for_update().get(pk=region.pk)
    if region.level not in {RegionLevel.DONG, RegionLevel.MUNICIPALITY}:
        raise RuleViolation(_("Such a body belongs to a dong or to a city, county or district."), code="wrong_region")
    name = one_line(name)
    if not name:
        raise RuleViolation(_("Please give the body a name."), code="no_name")
    if Council.objects.filter(dong=region, name=name).exclude(status=CouncilStatus.DISSOLVED).exists():
        raise RuleViolation(_("There is a body of this name already."), code="name_taken")
    if established_on is not None and established_on > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."), code="day_ahead")
    body = Council(kind=kind, name=name, dong=region, established_on=established_on)
    given = figures or Figures()
    if given.members is not None and (given.capacity is None or given.members > given.capacity):
        raise RuleViolation(_("There cannot be more members than seats."), code="too_many_members")
    body.capacity, body.members, body.advisers = given.capacity, given.members, given.advisers
    body.counted_on, body.main_work = given.counted_on, given.main_work.strip()
    body.inferred, body.note = given.inferred, given.note.strip()
    if established_on is not None:
        body.move_to(CouncilStatus.WORKING)
    body.save()
    record(
        actor=actor,
        action="councils.body_founded",
        target=body,
        scope=region.path,
        details={"kind": kind.value},
        at=at,
    )
    return body
