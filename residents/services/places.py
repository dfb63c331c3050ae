"""Regions and the terms of elected heads: public facts that the operator and the club's secretariat keep."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.imports.importers import ImportedRow, Reference
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


def lock_regions_with_heads() -> dict[str, int]:
    """Lock every province and municipality, so that nobody else changes a term meanwhile; code → key."""
    regions = Region.objects.select_for_update(of=("self",)).exclude(level=RegionLevel.DONG).order_by("pk")
    return dict(regions.values_list("code", "pk"))


@transaction.atomic
def import_office_terms(batches: Iterable[Sequence[ImportedRow]], *, actor: User, at: datetime) -> None:
    """Write the terms of a file: new ones, and changes of those with the same region, office and first day.

    Raises RuleViolation if two heads would hold one office at the same time: then nothing is written.
    """
    regions = lock_regions_with_heads()
    added = changed = 0
    groups: set[tuple[int, str]] = set()
    for batch in batches:
        rows = {_term_key(row, regions): row for row in batch}
        groups |= {(region_id, office) for region_id, office, _since in rows}
        new = [_term_with(OfficeTerm(), key, row) for key, row in rows.items() if row.is_new]
        OfficeTerm.objects.bulk_create(new, batch_size=1000)
        known = [_term_with(term, key, rows[key]) for key, term in _terms_under(rows) if not rows[key].is_new]
        OfficeTerm.objects.bulk_update(known, ["name", "name_hanja", "term", "until", "note"], batch_size=500)
        added, changed = added + len(new), changed + len(known)
    _refuse_two_heads_at_once(groups)
    details = {"added": added, "changed": changed}
    record(actor=actor, action="residents.office_terms_imported", target=OfficeTerm, details=details, at=at)


def _term_key(row: ImportedRow, regions: Mapping[str, int]) -> tuple[int, str, date]:
    region, office, since = cast("tuple[Reference, Reference, date]", row.key)
    return regions[region.code], office.code, since


def _term_with(term: OfficeTerm, key: tuple[int, str, date], row: ImportedRow) -> OfficeTerm:
    term.region_id, term.office, term.since = key
    for name, value in row.values.items():
        if name not in {"region", "office", "since"}:
            setattr(term, name, value)
    return term


def _terms_under(
    keys: Iterable[tuple[int, str, date]],
) -> list[tuple[tuple[int, str, date], OfficeTerm]]:
    wanted = set(keys)
    terms = OfficeTerm.objects.filter(region_id__in={key[0] for key in wanted}, since__in={key[2] for key in wanted})
    found = [((term.region_id, term.office, term.since), term) for term in terms]
    return [(key, term) for key, term in found if key in wanted]


def _refuse_two_heads_at_once(groups: Collection[tuple[int, str]]) -> None:
    """Among the terms of these regions and offices, as they stand now."""
    terms = OfficeTerm.objects.filter(region_id__in={region_id for region_id, _office in groups})
    ordered = terms.order_by("region_id", "office", "since").values_list("region_id", "office", "since", "until")
    for (region_id, office, _since, until), after in pairwise(ordered):
        if (region_id, office) in groups and after[:2] == (region_id, office) and after[2] < until:
            raise RuleViolation(_("Somebody else holds this office in that time. Please check the dates."))


def _changed_fields(before: Region | OfficeTerm | None, after: Region | OfficeTerm) -> set[str]:
    names = [field.attname for field in after._meta.concrete_fields if field.attname not in {"id", "path"}]
    if before is None:
        return {name for name in names if getattr(after, name) not in {None, ""}}
    return {name for name in names if getattr(before, name) != getattr(after, name)}
