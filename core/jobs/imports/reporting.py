"""What became of each row, as a workbook."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs.imports.cells import as_text
from core.jobs.imports.importers import ImportColumn, Importer, Reference
from core.jobs.imports.models import ImportRun
from core.jobs.imports.packing import unpack
from core.jobs.imports.reading import RowReader
from core.jobs.imports.staging import StagedRow, staged_rows
from core.jobs.imports.states import BAD_KINDS, RowKind
from core.sheets import Column, Form, Sheet, Value, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# So many are made within one request; whoever has more wrong ones mends the file itself.
MOST_BAD_ROWS = 5_000


def outcome_in_words(kind: str) -> str:
    """What became of a row of this kind."""
    return {
        RowKind.NEW: _("added"),
        RowKind.CHANGED: _("changed"),
        RowKind.SAME: _("already the same, left as it is"),
        RowKind.CONFLICT: _("unclear, left out"),
        RowKind.WRONG: _("wrong, left out"),
    }[RowKind(kind)]


def write_bad_rows(path: Path, importer: Importer, run: ImportRun) -> int:
    """Write the rows that are wrong or unclear to `path`, at most MOST_BAD_ROWS; returns how many these are.

    The headings are those of the importer: mended, this table can be brought as it is.
    """
    columns = [column for column, _place in RowReader(importer, run.mapping).columns]
    sheet = Sheet(
        title=_("Rows to be mended"),
        columns=[
            Column(_("Row in your file")),
            Column(_("Why")),
            *(Column(str(column.label), Form.PLAIN) for column in columns),
        ],
        about_title=_("About this list"),
        about=[
            (_("What was imported"), str(importer.title)),
            (_("file"), run.file_name),
            (_("Wrong or unclear"), run.count(*BAD_KINDS)),
            (_("How to go on"), _("Mend the rows, save this table, and bring it as a file of its own.")),
        ],
        yes=_("yes"),
        no=_("no"),
    )
    with path.open("wb") as target:
        rows = islice(_bad_lines(run, columns), MOST_BAD_ROWS)
        return write_workbook(target, sheet, rows, zone=timezone.get_current_timezone(), made="Madang")


def _bad_lines(run: ImportRun, columns: Sequence[ImportColumn]) -> Iterator[list[Value]]:
    for batch in staged_rows(run, BAD_KINDS):
        for row in batch:
            yield [row.number, _why(row), *map(_cell, row.values, columns)]


def write_report(path: Path, importer: Importer, run: ImportRun) -> int:
    """Write the report of an import to `path`; returns the number of its rows."""
    columns = [column for column, _place in RowReader(importer, run.mapping).columns]
    sheet = Sheet(
        title=_("Rows"),
        columns=[
            Column(_("row")),
            Column(_("What became of it")),
            Column(_("Why")),
            *(Column(str(column.label), Form.PLAIN) for column in columns),
        ],
        about_title=_("About this list"),
        about=[
            (_("What was imported"), str(importer.title)),
            (_("file"), run.file_name),
            (_("Written at"), run.ended_at or timezone.now()),
            *((outcome_in_words(kind), run.count(kind)) for kind in RowKind.values),
        ],
        yes=_("yes"),
        no=_("no"),
    )
    with path.open("wb") as target:
        return write_workbook(target, sheet, _lines(run, columns), zone=timezone.get_current_timezone(), made="Madang")


def _lines(run: ImportRun, columns: Sequence[ImportColumn]) -> Iterator[list[Value]]:
    words = {kind: outcome_in_words(kind) for kind in RowKind.values}
    for batch in staged_rows(run):
        for row in batch:
            yield [row.number, words[row.kind], _why(row), *map(_cell, row.values, columns)]


def _why(row: StagedRow) -> str:
    return "\n".join(f"{place} {sentence}".strip() for place, sentence in row.notes)


def _cell(packed: object, column: ImportColumn) -> Value:
    value = unpack(packed)
    if column.shown is not None:
        value = column.shown(value)
    # What is neither text, number nor day for the sheet is written as people read it.
    return str(value) if isinstance(value, Reference | Decimal) else value


def write_sample(path: Path, importer: Importer) -> None:
    """An empty table to fill in: the headings, and one row as an example."""
    sheet = Sheet(
        title=str(importer.title),
        columns=[Column(str(column.label), Form.PLAIN) for column in importer.columns],
        about_title=_("How to fill it in"),
        about=[(str(column.label), _belongs_here(column.required, str(column.help))) for column in importer.columns],
        yes=_("yes"),
        no=_("no"),
    )
    example: list[Value] = [
        column.example if isinstance(column.example, str | int) else as_text(column.example)
        for column in importer.columns
    ]
    with path.open("wb") as target:
        write_workbook(target, sheet, [example], zone=timezone.get_current_timezone(), made="Madang")


def _belongs_here(required: bool, help_text: str) -> str:
    need = _("Needed.") if required else _("May stay empty.")
    return f"{need} {help_text}".strip()
