"""Rows of a preview as the page shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from core.jobs.imports.importers import ImportColumn, Importer, Value
from core.jobs.imports.models import ImportRow, ImportRun
from core.jobs.imports.packing import unpack
from core.jobs.imports.reading import RowReader
from core.jobs.imports.states import BAD_KINDS, RowKind
from core.tables import address

# The word for both kinds of rows that cannot be written.
BAD = "bad"

TONES = {
    RowKind.NEW: "success",
    RowKind.CHANGED: "open",
    RowKind.SAME: "",
    RowKind.CONFLICT: "warning",
    RowKind.WRONG: "danger",
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`before`: what stands there now, where it would change."""

    label: str
    text: str
    before: str = ""
    changes: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    number: int
    kind: str
    tone: str
    cells: tuple[ShownCell, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow the rows down."""

    kind: str
    name: str
    count: int


def headings_of(run: ImportRun, importer: Importer) -> list[str]:
    return [str(column.label) for column, _place in RowReader(importer, run.mapping).columns]


def shown_rows(rows: Iterable[ImportRow], run: ImportRun, importer: Importer) -> Iterator[ShownRow]:
    """No queries besides those of `rows`."""
    columns = RowReader(importer, run.mapping).columns
    for row in rows:
        places = {place for place, _sentence in row.notes}
        cells = []
        for (column, place), packed in zip(columns, row.values, strict=True):
            changes = column.name in row.changes
            cells.append(
                ShownCell(
                    label=str(column.label),
                    text=shown_value(packed, column),
                    before=shown_value(row.changes[column.name], column) if changes else "",
                    changes=changes,
                    wrong=address(place, row.number) in places,
                )
            )
        kind = RowKind(row.kind)
        notes = tuple((place, sentence) for place, sentence in row.notes)
        yield ShownRow(row.number, str(kind.label), TONES[kind], tuple(cells), notes)


def shown_value(packed: Any, column: ImportColumn) -> str:
    """A value for the eye, in the language of the reader."""
    value: Value = unpack(packed)
    if column.shown is not None:
        value = column.shown(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return str(value)


def choices_of(run: ImportRun) -> list[Choice]:
    """All rows, and each kind that occurs."""
    all_rows = Choice("", _("all"), run.count())
    return [all_rows, *(Choice(kind.value, str(kind.label), run.count(kind)) for kind in RowKind if run.count(kind))]


def chosen_kinds(asked: str, run: ImportRun) -> tuple[str, tuple[str, ...]]:
    """The choice that is meant by a word of the address, and its kinds of rows; () is all of them.

    BAD is what has to be mended: where only one such kind occurs, it is that kind.
    """
    bad = tuple(kind.value for kind in BAD_KINDS if run.count(kind))
    if asked == BAD:
        return (bad[0] if len(bad) == 1 else BAD), bad or tuple(BAD_KINDS)
    return (asked, (asked,)) if asked in RowKind.values else ("", ())
