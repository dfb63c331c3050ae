"""Texts with separators (CSV), in the letters and with the separators in which table programs save them."""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from typing import IO

from core.rows import Reason, Row, Table, UnreadableError, cleaned, row_of

READ_AT_ONCE = 1024 * 1024
SNIFFED_ROWS = 20
SNIFFED_SIGNS = 64 * 1024
DELIMITERS = ",;\t"


def open_text(file: IO[bytes], beginning: bytes) -> Table:
    """The table in `file`, which begins with `beginning`. Raises UnreadableError if its letters are unknown."""
    encoding = _encoding(file, beginning)
    file.seek(0)
    # A second hand on the file, which the caller closes.
    text = TextIOWrapper(file, encoding=encoding, newline="")
    sample = text.read(SNIFFED_SIGNS)
    text.seek(0)
    return Table("csv", "", _text_rows(text, _delimiter(sample)))


def _encoding(file: IO[bytes], beginning: bytes) -> str:
    """UTF-8 with or without its mark, what Excel calls Unicode text, or CP949. Raises UnreadableError."""
    if beginning.startswith(codecs.BOM_UTF32_LE):
        # It begins like UTF-16 and is none; no table program writes it.
        raise UnreadableError(Reason.ENCODING)
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    elif b"\0" in beginning:
        raise UnreadableError(Reason.NOT_A_TABLE)
    else:
        candidates = ("utf-8-sig", "cp949")
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise UnreadableError(Reason.ENCODING)


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while part := file.read(READ_AT_ONCE):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """The one that cuts the first rows into most columns, counting what most of the rows agree on."""

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(sample.splitlines(keepends=True), delimiter=delimiter), SNIFFED_ROWS))
        except csv.Error:
            return (0, 0)
        widths = [len(row) for row in rows if row]
        usual = max(set(widths), key=widths.count, default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(DELIMITERS, key=columns)


def _text_rows(text: TextIOWrapper, delimiter: str) -> Iterator[Row]:
    number = 0
    lines: list[str] = []
    last: list[str] = []
    reader = csv.reader(_noted(text, lines), delimiter=delimiter)
    try:
        for number, values in enumerate(reader, start=1):
            last, lines[:] = lines[:], []
            row = row_of(number, [cleaned(value) for value in values])
            if row is not None:
                yield row
        if _is_open(last, delimiter):
            raise UnreadableError(Reason.OPEN_QUOTE, number)
    except csv.Error as error:
        # A quotation mark that is never closed takes the rest of the file for one cell.
        raise UnreadableError(Reason.OPEN_QUOTE, number + 1) from error
    except UnicodeError as error:
        raise UnreadableError(Reason.ENCODING, number + 1) from error
    finally:
        text.detach()


def _noted(text: TextIOWrapper, lines: list[str]) -> Iterator[str]:
    """The lines of `text`, each also added to `lines`."""
    for line in text:
        lines.append(line)
        yield line


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether the row in these lines would swallow the next line too: a quotation mark was never closed."""
    return bool(lines) and len(list(csv.reader([*lines, "x"], delimiter=delimiter))) == 1
