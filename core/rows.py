"""Rows of tables that people bring, and why a table or a cell cannot be used. No Django: the caller has the words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # signs, as in Excel


class Reason(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    NOT_A_TABLE = "not_a_table"
    OLD_FORMAT = "old_format"  # .xls and its kin, also a page that is only called so
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    TOO_LARGE = "too_large"  # unpacked
    TOO_WIDE = "too_wide"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    OPEN_QUOTE = "open_quote"


class UnreadableError(Exception):
    """The file is no table that can be read; `row` is where reading ended, 0 if it never began."""

    def __init__(self, reason: Reason, row: int = 0) -> None:
        super().__init__(reason.value)
        self.reason, self.row = reason, row


class Flaw(StrEnum):
    """A cell whose value nobody can use."""

    ERROR = "error"  # #N/A, #REF! …
    NO_RESULT = "no_result"  # a formula that was never calculated
    UNPRINTABLE = "unprintable"  # control signs
    TOO_LONG = "too_long"
    MERGED = "merged"  # put together with a cell above


Cell = str | int | float | bool | date | datetime | time | Flaw | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty. `number` counts from 1 as Excel does; `cells` end at the last one that is filled."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An open file. `kind` is "xlsx" or "csv"; `sheet` is the name of the sheet that is read, "" in a CSV.

    `rows` can be walked once. Walking raises UnreadableError where the file turns out to be broken.
    """

    kind: str
    sheet: str
    rows: Iterator[Row]


def address(column: int, row: int) -> str:
    """The name of a cell: column 0 of row 7 is A7."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


AROUND = " \t\n\u00a0\u3000\ufeff"
# What is not seen and means nothing here: the space of no width and marks of direction, as they come along when text is
# copied from a page or a mail. Two names would differ although nobody sees how.
UNSEEN = dict.fromkeys([0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF])


def cleaned(text: str) -> str | Flaw | None:
    """`text` as it is kept: without space around it, one kind of line end, nothing that cannot be stored."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip(AROUND)
    if not text.isprintable():
        text = text.translate(UNSEEN).strip(AROUND)
    if not text:
        return None
    if len(text) > LONGEST_CELL:
        return Flaw.TOO_LONG
    if text.isprintable():
        return text
    unstorable = (sign for sign in text if (sign < " " and sign not in "\n\t") or "\ud800" <= sign <= "\udfff")
    return Flaw.UNPRINTABLE if any(unstorable) else text


def row_of(number: int, cells: list[Cell]) -> Row | None:
    """The row, None if nothing stands in it. Raises UnreadableError if it is too wide."""
    while cells and cells[-1] is None:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise UnreadableError(Reason.TOO_WIDE, number)
    return Row(number, tuple(cells)) if cells else None
