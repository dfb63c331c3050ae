"""Checks every row of a file against the data: what would confirming do? Writes nothing but the rows of the preview.

Rows wait under the number of their check. A worker that was lost leaves rows of an older check behind, which nobody
reads and the next check deletes; so it can be begun again at any time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs.imports.importers import Draft, Importer, Key, RowChecks, Value
from core.jobs.imports.models import ImportRow, ImportRun
from core.jobs.imports.packing import pack
from core.jobs.imports.reading import Reading, RowReader, batches_of
from core.jobs.imports.staging import StagedRow, store_rows
from core.jobs.imports.states import ImportStatus, RowKind
from core.jobs.kinds import Work
from core.tables import address

BATCH = 2000
# Percent that are shown before the last step; how many rows a file has is not known before they are read.
ALMOST = 95


def check(work: Work, importer: Importer, run_id: UUID) -> None:
    """Check the rows of an import that is being checked, and leave it waiting for the person's decision.

    Raises RuleViolation if the file breaks off or has too many rows.
    """
    run = _begin(run_id)
    with run.file.open("rb") as file:
        rows = batches_of(file, heading_row=run.heading_row, most=importer.max_rows, size=BATCH)
        checking = _Checking(importer, run)
        for batch in rows:
            checking.take([reading for row in batch if (reading := checking.reader.read(row)) is not None])
            percent = min(ALMOST, 100 * checking.seen // (checking.seen + 10 * BATCH))
            work.tell(percent, _("Checked rows: %(count)s") % {"count": f"{checking.seen:,}"})
    checking.finish()
    work.tell(ALMOST)
    _end(run, at=timezone.now())


@transaction.atomic
def _begin(run_id: UUID) -> ImportRun:
    """A new number for this check; what earlier ones left goes."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.checks += 1
    run.save(update_fields=["checks"])
    ImportRow.objects.filter(run=run, check_number__lt=run.checks).delete()
    return run


@transaction.atomic
def _end(begun: ImportRun, *, at: datetime) -> None:
    run = ImportRun.objects.select_for_update().get(pk=begun.pk)
    if run.checks != begun.checks or run.status != ImportStatus.CHECKING:
        return
    rows = ImportRow.objects.filter(run=run, check_number=run.checks)
    run.counts = dict(Counter(rows.values_list("kind", flat=True).iterator()))
    run.checked_at = run.touched_at = at
    run.move_to(ImportStatus.CHECKED)
    run.save()


class _Checking:
    """One walk through the rows. Remembers the key of each row, nothing else of it."""

    def __init__(self, importer: Importer, run: ImportRun) -> None:
        self._importer, self._run = importer, run
        self.reader = RowReader(importer, run.mapping)
        self._names = self.reader.names
        self._checks: RowChecks = importer.checks()
        self._checks.reader = run.owner
        self._first: dict[Key, int] = {}
        self._twice: dict[int, int] = {}
        self.seen = 0

    def take(self, readings: Sequence[Reading]) -> None:
        """Check and store one batch."""
        self.seen += len(readings)
        self._checks.take([reading.draft for reading in readings if not reading.draft.wrongs])
        keys = {reading.draft.number: self._key(reading.draft) for reading in readings if not reading.draft.wrongs}
        standing = self._importer.load(list(dict.fromkeys(keys.values()))) if keys else {}
        store_rows(self._run, [self._row(reading, keys, standing) for reading in readings])

    def _key(self, draft: Draft) -> Key:
        return tuple(draft.values[name] for name in self._importer.key)

    def _row(
        self, reading: Reading, keys: Mapping[int, Key], standing: Mapping[Key, Sequence[Mapping[str, Value]]]
    ) -> StagedRow:
        draft = reading.draft
        values = [reading.raw[name] if name in reading.raw else pack(draft.values.get(name)) for name in self._names]
        row = StagedRow(draft.number, RowKind.NEW, values)
        if draft.wrongs:
            row.kind = RowKind.WRONG
            row.notes = [[self._address(name, draft.number), sentence] for name, sentence in draft.wrongs.items()]
            return row
        key = keys[draft.number]
        first = self._first.setdefault(key, draft.number)
        found = standing.get(key, ())
        if first != draft.number:
            self._twice[first] = draft.number
            row.kind, row.notes = RowKind.CONFLICT, [self._twice_note(draft.number, first)]
        elif len(found) > 1:
            row.kind, row.notes = RowKind.CONFLICT, [["", _("Several entries with this key are there already.")]]
        elif found:
            row.changes = changes(found[0], draft.values)
            row.kind = RowKind.CHANGED if row.changes else RowKind.SAME
        return row

    def _address(self, name: str, number: int) -> str:
        place = self._run.mapping.get(name)
        return f"{number}" if place is None else address(place, number)

    def _twice_note(self, number: int, other: int) -> list[str]:
        place = self._address(self._importer.key[0], number)
        return [place, _("The same entry stands in row %(row)s too.") % {"row": other}]

    def finish(self) -> None:
        """What can be told only after the last row: the first one of two that are the same, and late findings."""
        self._mark(
            {first: (RowKind.CONFLICT, [self._twice_note(first, other)]) for first, other in self._twice.items()}
        )
        late: dict[int, tuple[RowKind, list[list[str]]]] = {}
        for finding in self._checks.finish():
            _kind, notes = late.setdefault(finding.number, (RowKind.WRONG, []))
            notes.append([self._address(finding.column, finding.number), finding.sentence])
        self._mark(late)

    def _mark(self, marks: Mapping[int, tuple[RowKind, list[list[str]]]]) -> None:
        numbers = sorted(marks)
        for start in range(0, len(numbers), BATCH):
            rows = ImportRow.objects.filter(
                run=self._run, check_number=self._run.checks, number__in=numbers[start : start + BATCH]
            )
            marked = []
            for row in rows:
                row.kind, row.changes = marks[row.number][0], {}
                row.notes = [*row.notes, *marks[row.number][1]]
                marked.append(row)
            ImportRow.objects.bulk_update(marked, ["kind", "changes", "notes"], batch_size=500)


def changes(standing: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, object]:
    """Name of a column → the packed value that stands there now, for each column in which the two differ."""
    return {name: pack(standing[name]) for name, value in values.items() if standing[name] != value}
