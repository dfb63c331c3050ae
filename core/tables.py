"""Reading tables that people bring: XLSX and CSV, row by row, told apart by content. The counterpart of `core.sheets`.

Nothing here trusts the file: sizes are limited before anything is unpacked, what is no table is refused with a reason,
and a cell without a usable value becomes a `Flaw` instead of an exception. No Django here: the caller has the words.
"""

import codecs
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from lzma import LZMAError
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import PKG_REL_NS, SHARED_STRINGS, SHEET_MAIN_NS

from core.rows import MOST_COLUMNS, Cell, Flaw, Reason, Row, Table, UnreadableError, address, cleaned, row_of
from core.separated import open_text

__all__ = ["Cell", "Flaw", "Reason", "Row", "Table", "UnreadableError", "address", "open_table"]

# What may lie unpacked in a workbook, in bytes. The texts are held in memory, the rows are not.
LARGEST_TEXTS = 64 * 1024 * 1024
LARGEST_SHEET = 400 * 1024 * 1024
LARGEST_OTHER_PART = 8 * 1024 * 1024
MOST_PARTS = 2000
# Of the parts that say what the book is made of, and hold no rows: as many marks as no table program writes.
MOST_MARKS = 500_000
# Between two rows, or two texts: more would have to be held at once, whatever it is.
LARGEST_GAP = 8 * 1024 * 1024
MOST_ROWS = 1_048_576  # as in Excel
MOST_TEXTS = 4_000_000
READ_AT_ONCE = 1024 * 1024
MOST_MERGED = 100_000  # places where cells are put together

ZIP_SIGN = b"PK\x03\x04"
OLE_SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
# What other programs and sites call .xls although it is a page or XML, and what people take for a table.
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype|!--|\?xml|html|head|body|meta|title|style|script|link|table|div|center|font"
    rb"|workbook)\b|mime-version:)",
    re.IGNORECASE,
)
# So much of a file is looked at to see whether it is such a page, also if it is written in UTF-16.
LOOKED_AT = 4096
PAPERS = (b"%PDF-", b"{\\rtf")
MERGED = re.compile(rb"""mergeCell\s[^<>]*?ref=["']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)["']""")
LONGEST_MARK = 200
# How Excel writes signs that XML does not take, such as the one half of a line end of Windows.
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
IS_ENCRYPTED = 0x1
DOCTYPE = b"<!DOCTYPE"
DIGITS = "0123456789"
# Everything that a broken file makes the readers of XML, ZIP and workbooks raise. SyntaxError is that of both readers
# of XML: the library of workbooks takes the faster one where it is installed.
BROKEN_FILE = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    LZMAError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def open_table(file: IO[bytes]) -> Iterator[Table]:
    """Read `file`, which can be sought in, as what it is, whatever it is called.

    Of a workbook the sheet is read that is in front when it is opened, as people saw it last; if that one is hidden,
    the first that is not. Raises UnreadableError.
    """
    file.seek(0)
    beginning = file.read(READ_AT_ONCE)
    file.seek(0)
    if not beginning.strip(b"\0 \r\n\t"):
        raise UnreadableError(Reason.EMPTY)
    if beginning.startswith(OLE_SIGN):
        raise UnreadableError(Reason.ENCRYPTED if _holds(file, ENCRYPTED_OLE) else Reason.OLD_FORMAT)
    if MARKUP.match(beginning) or MARKUP.match(_in_utf8(beginning[:LOOKED_AT])):
        raise UnreadableError(Reason.OLD_FORMAT)
    if beginning.startswith(PAPERS):
        raise UnreadableError(Reason.NOT_A_TABLE)
    if beginning.startswith(ZIP_SIGN):
        with _open_workbook(file) as table:
            yield table
        return
    yield open_text(file, beginning)


def _in_utf8(beginning: bytes) -> bytes:
    """What is written in UTF-16, in UTF-8; anything else is left out."""
    marked = beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return beginning.decode("utf-16", errors="ignore").encode(errors="ignore") if marked else b""


def _holds(file: IO[bytes], sign: bytes) -> bool:
    """Whether `sign` stands anywhere in the file: the directory of an old container may lie at its end."""
    end = b""
    while part := file.read(READ_AT_ONCE):
        if sign in end + part:
            return True
        end = part[-len(sign) :]
    return False


# --- Workbooks --------------------------------------------------------------------------------------------------------


@contextmanager
def _open_workbook(file: IO[bytes]) -> Iterator[Table]:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive)
            frame: Any = ExcelReader(_frame_of(archive), read_only=True, data_only=True, keep_links=False)
            frame.read()
            book = frame.wb
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not visible:
                raise UnreadableError(Reason.EMPTY)
            sheet = book.active if book.active in visible else visible[0]
            texts = _texts_of(archive, frame.package.find(SHARED_STRINGS))
    except BROKEN_FILE as error:
        raise UnreadableError(Reason.DAMAGED) from error
    with closing(book), zipfile.ZipFile(file) as archive:
        yield Table("xlsx", sheet.title, _SheetReader(archive, book, sheet, texts).rows())


# The parts that the library reads; of all others it learns only that they are there.
FRAME = frozenset({"[content_types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"})
EMPTY_PARTS = {
    ".rels": f'<Relationships xmlns="{PKG_REL_NS}"/>',
    "/chartsheets/": f'<chartsheet xmlns="{SHEET_MAIN_NS}"/>',
    "": f'<worksheet xmlns="{SHEET_MAIN_NS}"><sheetData/></worksheet>',
}


def _frame_of(archive: zipfile.ZipFile) -> BytesIO:
    """The same book with empty sheets and without texts: which sheets there are, and what its days look like.

    Opening a book the library would walk through sheets that do not state their size, as often as they are named, and
    hold every text: seconds for a few kilobytes that unpack into millions of empty rows. Raises UnreadableError.
    """
    frame = BytesIO()
    with zipfile.ZipFile(frame, "w") as made:
        for name in dict.fromkeys(archive.namelist()):
            lower = name.lower()
            if lower in FRAME:
                content = archive.read(name)
                if content.count(b"<") > MOST_MARKS or content.count(b"sheetId") > MOST_PARTS:
                    raise UnreadableError(Reason.TOO_LARGE)
                made.writestr(name, content)
            elif not lower.startswith("docprops/"):
                made.writestr(name, next(empty for place, empty in EMPTY_PARTS.items() if place in lower))
    frame.seek(0)
    return frame


def _texts_of(archive: zipfile.ZipFile, part: Any) -> list[str]:
    """The texts that cells name by number. Raises UnreadableError."""
    if part is None:
        return []
    info = archive.getinfo(part.PartName[1:])
    if info.file_size > LARGEST_TEXTS:
        raise UnreadableError(Reason.TOO_LARGE)
    with archive.open(info) as source:
        return [_unescaped(_text_of(element)) for element in _elements(source, "}si", "}sst", MOST_TEXTS)]


def _text_of(element: Element) -> str:
    """Without what only says how it is pronounced."""
    parts = []
    for child in element:
        runs = child if child.tag.endswith("}r") else (child,)
        parts += [run.text for run in runs if run.text and run.tag.endswith("}t")]
    return "".join(parts)


def _unescaped(text: str) -> str:
    """`text` with the signs that Excel wrote as _xHHHH_."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Raises UnreadableError for what is no plain workbook, or is far larger than it looks."""
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & IS_ENCRYPTED for part in parts):
        raise UnreadableError(Reason.ENCRYPTED)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableError(Reason.MACROS)
    if "xl/workbook.xml" not in names:
        raise UnreadableError(Reason.NOT_A_TABLE)
    # What a part says of its size holds: reading never gives more.
    for part in parts:
        name = part.filename.lower()
        largest = LARGEST_OTHER_PART
        if "sharedstrings" in name:
            largest = LARGEST_TEXTS
        elif "/worksheets/" in name or "/media/" in name or "/drawings/" in name:
            largest = LARGEST_SHEET
        if part.file_size > largest or len(parts) > MOST_PARTS:
            raise UnreadableError(Reason.TOO_LARGE)


class _SheetReader:
    """Walks the rows of one sheet.

    The library's own reader would fill every gap up to a stray cell in row 1,048,576, and cannot tell an empty cell
    from a formula without a result; so it opens the book, and the rows are read here.
    """

    def __init__(self, archive: zipfile.ZipFile, book: Any, sheet: Any, texts: list[str]) -> None:
        self._archive, self._path, self._texts = archive, sheet._worksheet_path, texts
        self._epoch, self._days, self._spans = book.epoch, book._date_formats, book._timedelta_formats

    def rows(self) -> Iterator[Row]:
        number = 0
        try:
            merged = _Merged(self._archive, self._path)
            with self._archive.open(self._path) as source:
                for element in _elements(source, "}row", "}sheetData", MOST_ROWS):
                    number = max(int(element.get("r") or 0), number + 1)
                    if number > MOST_ROWS:
                        raise UnreadableError(Reason.DAMAGED)
                    row = row_of(number, merged.marked(number, self._cells(element)))
                    if row is not None:
                        yield row
        except BROKEN_FILE as error:
            raise UnreadableError(Reason.DAMAGED, number) from error

    def _cells(self, row: Element) -> list[Cell]:
        cells: list[Cell] = []
        for element in row:
            place = element.get("r")
            column = _column(place.rstrip(DIGITS)) if place else len(cells)
            if column >= MOST_COLUMNS:
                # Formats reach far to the right in many files: only what is filled there counts.
                if self._value(element) is not None:
                    raise UnreadableError(Reason.TOO_WIDE)
                continue
            # Some programs write the cells of a row in another order than theirs.
            while len(cells) <= column:
                cells.append(None)
            cells[column] = self._value(element)
        return cells

    def _value(self, element: Element) -> Cell:
        kind, text, has_formula = element.get("t", "n"), "", False
        for child in element:
            tag = child.tag
            if tag.endswith("}v"):
                text = child.text or ""
            elif tag.endswith("}is"):
                text = _text_of(child)
            elif tag.endswith("}f"):
                has_formula = True
        if not text:
            return Flaw.NO_RESULT if has_formula and kind != "str" else None
        return self._typed(kind, text, int(element.get("s") or 0))

    def _typed(self, kind: str, text: str, style: int) -> Cell:
        if kind == "s":
            return cleaned(self._texts[int(text)])
        if kind in {"str", "inlineStr"}:
            return cleaned(_unescaped(text))
        if kind == "b":
            return text.strip() in {"1", "true"}
        return Flaw.ERROR if kind == "e" else self._figure(kind, text, style)

    def _figure(self, kind: str, text: str, style: int) -> Cell:
        """A number, or the day or time that it stands for."""
        try:
            if kind == "d":
                return _moment(from_ISO8601(text))  # type: ignore[no-untyped-call]
            number = float(text)
            if style in self._days:
                return _moment(from_excel(number, self._epoch, timedelta=style in self._spans))
        except (ValueError, OverflowError, TypeError):
            return Flaw.ERROR
        return _number(number, text)


class _Merged:
    """Cells that were put together with one above them. On the screen its value reaches down to them; in the file they
    are empty, and nobody can know whether the value counts for each row. What lies beside the first one stays empty.
    """

    def __init__(self, archive: zipfile.ZipFile, path: str) -> None:
        self._beginning: dict[int, list[tuple[int, int, int]]] = {}
        self._starts: list[int] = []
        self._until: dict[int, int] = {}
        end, count = b"", 0
        with archive.open(path) as source:
            while part := source.read(READ_AT_ONCE):
                data, end = end + part, part[-LONGEST_MARK:]
                if b"mergeCell" not in data:
                    continue
                for left, top, right, bottom in MERGED.findall(data):
                    count += 1
                    if count > MOST_MERGED:
                        raise UnreadableError(Reason.TOO_LARGE)
                    if int(bottom) > int(top):
                        of_row = self._beginning.setdefault(int(top) + 1, [])
                        of_row.append((_column(left.decode()), _column(right.decode()), int(bottom)))
        self._starts = sorted(self._beginning, reverse=True)

    def marked(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The cells of row `number`, where the row holds anything of its own. Rows come in their order."""
        while self._starts and self._starts[-1] <= number:
            for left, right, bottom in self._beginning.pop(self._starts.pop()):
                for column in range(left, min(right + 1, MOST_COLUMNS)):
                    self._until[column] = max(bottom, self._until.get(column, 0))
        if self._until and any(cell is not None for cell in cells):
            for column, bottom in list(self._until.items()):
                if bottom < number:
                    del self._until[column]
                    continue
                cells += [None] * (column + 1 - len(cells))
                if cells[column] is None:
                    cells[column] = Flaw.MERGED
        return cells


class _Rationed:
    """A source that gives LARGEST_GAP bytes, and as many again whenever it is told. Raises UnreadableError for more.

    Also for entities, which no table program writes, and for other letters than UTF-8, in which they could hide.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._left, self._end = source, LARGEST_GAP, b""

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableError(Reason.TOO_LARGE)
        if b"\0" in data or DOCTYPE in self._end + data:
            raise UnreadableError(Reason.DAMAGED)
        self._end = data[-len(DOCTYPE) :]
        return data

    def renew(self) -> None:
        self._left = LARGEST_GAP


def _elements(source: IO[bytes], wanted: str, around: str, most: int) -> Iterator[Element]:
    """The elements whose tag ends with `wanted`, one after the other, until `around` ends; what was read is let go.

    Of each a shell remains with what is around them, so there may be `most` of them. Raises UnreadableError.
    """
    rationed, count = _Rationed(source), 0
    for _event, element in iterparse(rationed, events=("end",)):  # noqa: S314 - no entities
        tag = element.tag
        if tag.endswith(wanted):
            count += 1
            if count > most:
                raise UnreadableError(Reason.TOO_LARGE)
            yield element
            element.clear()
            rationed.renew()
        elif tag.endswith(around):
            return


@lru_cache(maxsize=2 * MOST_COLUMNS)
def _column(letters: str) -> int:
    """0 for A. Raises ValueError for what names no column."""
    return column_index_from_string(letters.upper()) - 1


def _number(number: float, text: str) -> Cell:
    if not math.isfinite(number):
        return Flaw.ERROR
    if number.is_integer() and abs(number) <= 2**53:
        return int(number)
    return int(text) if text.isdigit() else number


def _moment(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, timedelta):
        return str(value)
    return value if isinstance(value, date | time) else Flaw.ERROR
