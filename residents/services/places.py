"""Regions and the terms of elected heads: public facts that the operator and the club's secretariat keep."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from residents.models import OfficeTerm, Region, User
from residents.states import RegionLevel

PARENT_LEVELS: dict[str, str | None] = {
    RegionLevel.PROVINCE: None,
    RegionLevel.MUNICIPALITY: RegionLevel.PROVINCE,
    RegionLevel.DONG: RegionLevel.MUNICIPALITY,
}
FIXED = ("code", "parent_id", "level")


@transaction.atomic
def save_region(*, region: Region, successors: Sequence[Region], actor: User, at: datetime) -> Region:
    """Add or change a region. Its code, level and the region it is part of are fixed once it is there.

    A region that ceased to be keeps its row, its last day and its successors, so that what happened in it stays.
    Raises RuleViolation if the levels do not fit, a fixed value would change, or a successor is impossible.
    """
    before = Region.objects.select_for_update().filter(pk=region.pk).first()
    changed = _changed_fields(before, region)
    if before is not None and changed & set(FIXED):
        raise RuleViolation(
            _("The code, the level and the place of a region stay as they are. A changed region is a new region.")
        )
    parent_level = region.parent.level if region.parent else None
    if PARENT_LEVELS[region.level] != parent_level:
        raise RuleViolation(
            _("A dong belongs to a city, county or district, and that to a province or metropolitan city.")
        )
    if successors and region.valid_until is None:
        raise RuleViolation(_("Only a region with a last day of validity has successors."))
    if region.legal_dongs and region.level != RegionLevel.DONG:
        raise RuleViolation(_("Only a dong has legal dongs."))
    if any(successor.level != region.level or successor.pk == region.pk for successor in successors):
        raise RuleViolation(_("A successor is another region of the same level."))
    region.save()
    region.successors.set(successors)
    record(
        actor=actor,
        action="residents.region_added" if before is None else "residents.region_changed",
        target=region,
        scope=region.path,
        details={"changed": sorted(changed)},
        at=at,
    )
    return region


@transaction.atomic
def save_office_term(*, term: OfficeTerm, actor: User, at: datetime) -> OfficeTerm:
    """Add or change the term of an elected head (since ≤ day < until).

    Raises RuleViolation if somebody else holds the same office of the same region at that time.
    """
    Region.objects.select_for_update().get(pk=term.region_id)
    before = OfficeTerm.objects.filter(pk=term.pk).first()
    others = OfficeTerm.objects.filter(
        region_id=term.region_id, office=term.office, since__lt=term.until, until__gt=term.since
    ).exclude(pk=term.pk)
    if others.exists():
        raise RuleViolation(_("Somebody else holds this office in that time. Please check the dates."))
    changed = _changed_fields(before, term)
    term.save()
    record(
        actor=actor,
        action="residents.office_term_added" if before is None else "residents.office_term_changed",
        target=term,
        scope=term.region.path,
        details={"changed": sorted(changed)},
        at=at,
    )
    return term


def _changed_fields(before: Region | OfficeTerm | None, after: Region | OfficeTerm) -> set[str]:
    names = [field.attname for field in after._meta.concrete_fields if field.attname not in {"id", "path"}]
    if before is None:
        return {name for name in names if getattr(after, name) not in {None, ""}}
    return {name for name in names if getattr(before, name) != getattr(after, name)}
