"""Lists as XLSX workbooks: rows flow through, so that memory stays the same for one row and for 50,000.

A list with a frozen header and a filter, and before it a sheet that says what the list is; documents with several
tables have a sheet for each. What a cell becomes is decided by its value: dates are dates and numbers are numbers, and
every text is written as a text, so that one that begins with =, +, - or @ is never a formula. No Django here: the
caller brings words and time zone.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import IO, Any
from unicodedata import east_asian_width

import xlsxwriter

from core.scratch import scratch_folder

Value = str | int | bool | date | datetime | None

# Excel takes no more signs in a cell, and no more in the name of a sheet, which also lacks these signs.
LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\'")
# Beyond this size numbers lose digits in Excel, which keeps floats.
EXACT_UP_TO = 2**53
# Excel knows no day before it; an older one is written as a text.
FIRST_YEAR = 1900

# Where East Asian signs are written, Excel takes the wide ones for the same.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

NARROWEST, WIDEST = 6, 60  # signs
FILTER_ARROW = 3  # signs that the arrow of the filter takes beside a heading
HEAD_WIDTH = 18


class Form(StrEnum):
    """How numbers of a column are shown."""

    PLAIN = "0"
    COUNT = "#,##0"
    WON = '#,##0"원"'  # korean: Excel's own format of a Korean amount


@dataclass(frozen=True, slots=True)
class Column:
    """Heading of a column, and how its numbers look."""

    name: str
    form: Form = Form.COUNT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list to be written.

    title: name of the sheet with the rows.
    about_title, about: name of the sheet that says what this is, and its lines (what, value).
    yes, no: words for truth values.
    """

    title: str
    columns: Sequence[Column]
    about_title: str
    about: Sequence[tuple[str, Value]]
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a workbook with several. `total` is a last row outside the filter, () where there is none."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] = ()


def safe_sheet_name(name: str) -> str:
    """`name` as Excel takes it."""
    return name.translate(NOT_IN_SHEET_NAMES)[:LONGEST_SHEET_NAME].strip() or "1"


def _width(text: str) -> int:
    """Signs that the longest line takes; Hangul takes two each."""
    if text.isascii():
        return max(map(len, text.split("\n")))
    return max(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) for line in text.split("\n"))


def _as_text(text: str) -> str:
    """`text` such that the library writes it as it is.

    What looks like its own marks for coloured text it would copy into the file unescaped: a space ends that.
    """
    cut = text[:LONGEST_TEXT]
    return f"{cut[: LONGEST_TEXT - 1]} " if cut.startswith("<r>") and cut.endswith("</r>") else cut


class _Writer:
    """One open workbook. `words` are those for true and false."""

    def __init__(self, book: Any, zone: tzinfo, words: tuple[str, str]) -> None:
        self._book, self._zone, self._words = book, zone, words
        top = {"valign": "top"}
        self._text = book.add_format({**top, "text_wrap": True})
        # Excel would take such a text for a formula once somebody edits the cell.
        self._guarded = book.add_format({**top, "text_wrap": True, "quote_prefix": True})
        self._head = book.add_format({**top, "text_wrap": True, "bold": True, "bg_color": "#EEF2F7", "bottom": 1})
        self._day = book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
        self._moment = book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._numbers = {form: book.add_format({**top, "num_format": form.value}) for form in Form}

    def _write(self, page: Any, place: tuple[int, int], value: Value, form: Form) -> int:
        """Write one cell and return its width in signs."""
        row, column = place
        if value is None or value == "":
            return 0
        if isinstance(value, bool):
            yes, no = self._words
            value = yes if value else no
        if isinstance(value, date) and value.year < FIRST_YEAR:
            value = value.isoformat()
        if isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None)
            page.write_datetime(row, column, local, self._moment)
            return len("0000-00-00 00:00")
        if isinstance(value, date):
            page.write_datetime(row, column, value, self._day)
            return len("0000-00-00")
        if isinstance(value, int) and abs(value) <= EXACT_UP_TO:
            page.write_number(row, column, value, self._numbers[form])
            return len(f"{value:,}") + 2 * (form is Form.WON)
        text = _as_text(str(value))
        page.write_string(row, column, text, self._guarded if text.startswith(FORMULA_SIGNS) else self._text)
        return _width(text)

    def about(self, page: Any, lines: Iterable[tuple[str, Value]]) -> None:
        page.set_column(0, 0, HEAD_WIDTH)
        page.set_column(1, 1, WIDEST)
        for number, (what, value) in enumerate(lines):
            page.write_string(number, 0, _as_text(what), self._head)
            self._write(page, (number, 1), value, Form.COUNT)

    def rows(
        self, page: Any, columns: Sequence[Column], rows: Iterable[Sequence[Value]], total: Sequence[Value] = ()
    ) -> int:
        widths = []
        for place, column in enumerate(columns):
            page.write_string(0, place, _as_text(column.name), self._head)
            widths.append(_width(column.name) + FILTER_ARROW)
        count = 0
        for count, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                width = self._write(page, (count, place), value, columns[place].form)
                widths[place] = max(widths[place], width + 1)
        # An empty row keeps the sums out of what the filter sorts.
        for place, value in enumerate(total):
            width = self._write(page, (count + 2, place), value, columns[place].form)
            widths[place] = max(widths[place], width + 1)
        for place, width in enumerate(widths):
            page.set_column(place, place, min(max(width, NARROWEST), WIDEST))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, count, max(len(columns) - 1, 0))
        return count


def write_workbook(target: IO[bytes], sheet: Sheet, rows: Iterable[Sequence[Value]], *, zone: tzinfo, made: str) -> int:
    """Write `sheet` with `rows` to `target` and return how many rows there were.

    `zone` is where times are told; `made` names the program in the file's properties: no person stands in them.
    """
    # The library keeps rows in files of its own until the end: these go in any case, also when something breaks.
    with (
        scratch_folder() as folder,
        closing(xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder})) as book,
    ):
        book.set_properties({"title": sheet.title, "author": made})
        writer = _Writer(book, zone, (sheet.yes, sheet.no))
        about = book.add_worksheet(safe_sheet_name(sheet.about_title))
        page = book.add_worksheet(safe_sheet_name(sheet.title))
        page.activate()
        count = writer.rows(page, sheet.columns, rows)
        writer.about(about, sheet.about)
    return count


def write_parts(  # noqa: PLR0913 - what a workbook is made of
    target: IO[bytes],
    parts: Sequence[Part],
    *,
    title: str,
    about_title: str,
    about: Sequence[tuple[str, Value]],
    words: tuple[str, str],
    zone: tzinfo,
    made: str,
) -> list[str]:
    """Write one sheet for each part, the sheet that says what this is before them, and return the parts' sheet names.

    `words` are those for true and false. Names that Excel would take for the same are numbered.
    """
    names = _sheet_names([about_title, *(part.title for part in parts)])
    with (
        scratch_folder() as folder,
        closing(xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder})) as book,
    ):
        book.set_properties({"title": title, "author": made})
        writer = _Writer(book, zone, words)
        writer.about(book.add_worksheet(names[0]), about)
        for name, part in zip(names[1:], parts, strict=True):
            writer.rows(book.add_worksheet(name), part.columns, part.rows, part.total)
    return names[1:]


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """Names for sheets: as Excel takes them, no two alike in any case of their letters."""
    names: list[str] = []
    taken: set[str] = set()
    for title in titles:
        name, number = safe_sheet_name(title), 1
        while name.casefold() in taken:
            number += 1
            end = f" ({number})"
            name = f"{safe_sheet_name(title)[: LONGEST_SHEET_NAME - len(end)].rstrip()}{end}"
        taken.add(name.casefold())
        names.append(name)
    return names
