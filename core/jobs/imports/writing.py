"""Writes the rows that somebody confirmed, all in one transaction: after a kill nothing is half written.

Before a row is written, what stands in the database is compared with what the preview showed. If anything differs,
nothing is written and all rows are checked anew. A job that is begun again after it wrote finds that and stops.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.imports.importers import ImportedRow, Importer, Key, Value
from core.jobs.imports.models import ImportRun
from core.jobs.imports.packing import unpack
from core.jobs.imports.reading import RowReader
from core.jobs.imports.staging import StagedRow, staged_rows
from core.jobs.imports.states import RIGHT_KINDS, WRITTEN_KINDS, ImportStatus, RowKind
from core.jobs.kinds import Work

MOST_PERCENT = 90


class OutdatedError(Exception):
    """The data are no longer what the preview showed."""


def write(work: Work, importer: Importer, run_id: UUID) -> bool:
    """Write what was confirmed; False if the data had changed, so that the rows have to be checked anew.

    Raises RuleViolation if the person may no longer import this, or the app's service says no: nothing is written.
    """
    at = timezone.now()
    try:
        _write_at_once(work, importer, run_id, at)
    except OutdatedError:
        _send_back(run_id, at)
        return False
    return True


@transaction.atomic
def _write_at_once(work: Work, importer: Importer, run_id: UUID, at: datetime) -> None:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status != ImportStatus.WRITING:
        return
    actor: Any = run.owner
    if actor is None or not importer.may_import(actor):
        raise RuleViolation(
            _("Your account may no longer import this. Nothing was written."),
            code="not_yours",
            status=HTTPStatus.FORBIDDEN,
        )
    if importer.lock is not None:
        importer.lock()
    importer.write(_batches(work, importer, run), actor=actor, at=at)
    run.move_to(ImportStatus.DONE)
    run.ended_at = run.touched_at = at
    run.save()
    record(actor=actor, action="jobs.import_written", target=run, details=facts_of(run), at=at)


def facts_of(run: ImportRun) -> dict[str, Any]:
    """What the audit log keeps of an import."""
    return {"importer": run.importer, "only_right": run.only_right, "rows": dict(run.counts)}


@transaction.atomic
def _send_back(run_id: UUID, at: datetime) -> None:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status == ImportStatus.WRITING:
        run.move_to(ImportStatus.CHECKING)
        run.outdated = True
        run.touched_at = at
        run.save()


def _batches(work: Work, importer: Importer, run: ImportRun) -> Iterator[Sequence[ImportedRow]]:
    """New and changed rows, each batch compared with the data before it goes out. Raises OutdatedError."""
    names = RowReader(importer, run.mapping).names
    total, seen = max(run.count(*RIGHT_KINDS), 1), 0
    for batch in staged_rows(run, RIGHT_KINDS):
        values = {row.number: dict(zip(names, map(unpack, row.values), strict=True)) for row in batch}
        keys: dict[int, Key] = {
            number: tuple(of_row[name] for name in importer.key) for number, of_row in values.items()
        }
        standing = importer.load(list(keys.values()))
        for row in batch:
            _compare(row, values[row.number], standing.get(keys[row.number], ()))
        seen += len(batch)
        work.tell(MOST_PERCENT * seen // total, _("Written rows: %(count)s") % {"count": f"{seen:,}"})
        yield [
            ImportedRow(row.number, keys[row.number], values[row.number], row.kind == RowKind.NEW)
            for row in batch
            if row.kind in WRITTEN_KINDS
        ]


def _compare(row: StagedRow, values: Mapping[str, Value], found: Sequence[Mapping[str, Value]]) -> None:
    """Raises OutdatedError if what stands there is not what the preview of this row was made from."""
    if row.kind == RowKind.NEW:
        if found:
            raise OutdatedError
        return
    expected = dict(values) | {name: unpack(packed) for name, packed in row.changes.items()}
    if len(found) != 1 or any(found[0][name] != value for name, value in expected.items()):
        raise OutdatedError
