"""The rows of a file as drafts: cells become values, or a sentence says why not. No database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.jobs.imports.cells import as_text
from core.jobs.imports.headings import Head
from core.jobs.imports.importers import Draft, ImportColumn, Importer, Value
from core.jobs.imports.wording import flaw_in_words, reason_in_words
from core.tables import Flaw, Row, UnreadableError, open_table

HEAD_ROWS = 30
# What is kept of a cell that cannot be used, to show which one is meant.
SHOWN_SIGNS = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """What is known of a file before its rows are checked. `head`: its first rows as texts."""

    kind: str
    sheet: str
    head: list[tuple[int, list[str]]]


def read_head(file: IO[bytes]) -> Opened:
    """The first rows. Raises RuleViolation with what is wrong with the file."""
    try:
        with open_table(file) as table:
            rows = list(islice(table.rows, HEAD_ROWS))
            head = [(row.number, [shown(cell) for cell in row.cells]) for row in rows]
            opened = Opened(table.kind, table.sheet[:100], head)
    except UnreadableError as error:
        raise RuleViolation(reason_in_words(error), code="unreadable", status=400) from error
    if not opened.head:
        empty = _("The file is empty.")
        if opened.sheet:
            empty = _(
                "The sheet “%(sheet)s” is in front and empty. Please bring the sheet with your table to the front, "
                "save the file and send it once more."
            ) % {"sheet": opened.sheet}
        raise RuleViolation(empty, code="unreadable", status=400)
    return opened


def shown(cell: Any) -> str:
    """A cell for the eye, not too long."""
    if isinstance(cell, Flaw):
        return "" if cell is Flaw.MERGED else "?"
    return as_text(cell)[:SHOWN_SIGNS]


def head_of(packed: Sequence[Sequence[Any]]) -> Head:
    """`ImportRun.head` as pairs."""
    return [(int(number), list(cells)) for number, cells in packed]


@dataclass(slots=True)
class Reading:
    """A row after its cells were read. `raw`: what stands in the cells that are wrong."""

    draft: Draft
    raw: dict[str, str] = field(default_factory=dict)


class RowReader:
    """Makes drafts of rows, by the columns that are mapped."""

    def __init__(self, importer: Importer, mapping: Mapping[str, int]) -> None:
        self.columns: list[tuple[ImportColumn, int]] = [
            (column, mapping[column.name]) for column in importer.columns if column.name in mapping
        ]

    @property
    def names(self) -> list[str]:
        return [column.name for column, _place in self.columns]

    def read(self, row: Row) -> Reading | None:
        """None if nothing stands in any mapped column."""
        values: dict[str, Value] = {}
        draft = Draft(row.number, values)
        reading = Reading(draft)
        filled = False
        for column, place in self.columns:
            cell = row.cells[place] if place < len(row.cells) else None
            if cell is None:
                values[column.name] = column.empty
                continue
            # A cell that only a neighbour above fills makes no row.
            filled = filled or cell is not Flaw.MERGED
            if isinstance(cell, Flaw):
                draft.wrong(column.name, flaw_in_words(cell))
                reading.raw[column.name] = shown(cell)
                continue
            try:
                values[column.name] = column.parse(cell)
            except ValueError as error:
                draft.wrong(column.name, str(error))
                reading.raw[column.name] = as_text(cell)[:SHOWN_SIGNS]
        if not filled:
            return None
        for column, _place in self.columns:
            if column.required and column.name not in draft.wrongs and values[column.name] in {None, ""}:
                draft.wrong(column.name, _("Something has to stand here."))
        return reading


def batches_of(file: IO[bytes], *, heading_row: int, most: int, size: int) -> Iterator[list[Row]]:
    """The rows below the headings, in batches.

    Raises RuleViolation if there are more than `most`, or the file breaks off.
    """
    try:
        with open_table(file) as table:
            rows = (row for row in table.rows if row.number > heading_row)
            seen = 0
            while batch := list(islice(rows, size)):
                seen += len(batch)
                if seen > most:
                    raise RuleViolation(
                        _("The file has more than %(most)s rows. Please divide it.") % {"most": most},
                        code="too_many_rows",
                    )
                yield batch
    except UnreadableError as error:
        raise RuleViolation(reason_in_words(error), code="unreadable", status=400) from error
