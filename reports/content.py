"""What a document says, said once: chapters, tables, lists. Pure; the formats render it.

A builder returns a `Report`. PDF, HWPX, XLSX and CSV are made from it by `reports.rendering`; nothing here knows how it
will look. Texts are in the language of the reader, already translated. No markup anywhere: bold, notes and links are
`Run`s.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Style(StrEnum):
    """The print design of a document; only the PDF and the HWPX ask for it."""

    A4 = "a4"  # papers on A4, one column
    BOOKLET = "booklet"  # a book: cover, contents, chapters that begin on a right-hand page, B5
    DIRECTORY = "directory"  # two columns of a printed directory, A4
    LETTER = "letter"  # a letter or a certificate on one page, without cover and contents
    LETTERS = "letters"  # many of them in one file: each section is one, on a page of its own under its title


# Where a link may lead: no format makes one that runs something or opens a file of the reader's machine.
LINKS = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text. `note` is a note of the author, set at the end of the chapter or at the foot of the page."""

    text: str
    bold: bool = False
    note: str = ""
    link: str = ""


Text = str | tuple[Run, ...]


class Tone(StrEnum):
    BODY = "body"
    LEAD = "lead"  # the sentence that opens a chapter
    SMALL = "small"  # remarks below tables
    CENTRED = "centred"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Items:
    """A list. An item may have items of its own, one level down."""

    items: tuple["Text | Item", ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    text: Text
    below: tuple[Text, ...] = ()


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Unit(StrEnum):
    """How numbers of a column are shown."""

    PLAIN = ""  # as they stand: years, numbers of things
    COUNT = "count"  # with thousands separators
    WON = "won"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is a share: columns of width 2 are twice as wide as columns of width 1."""

    name: str
    width: float = 1
    align: Align = Align.LEFT
    unit: Unit = Unit.COUNT


Cell = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A numbered table whose head repeats on each page.

    rows: cells in the order of the columns. `total` is a last row set apart, or ().
    row_heads: how many leading columns name the row. `numbered`: whether it counts as “Table n”; needs a caption.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    total: tuple[Cell, ...] = ()
    note: str = ""
    row_heads: int = 1
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values beside each other, as forms and title blocks have them."""

    rows: tuple[tuple[str, Text], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, one for each row of a table: `value` is the place of the column that is drawn. The table stands below."""

    table: Table
    value: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG or JPEG) with a text for who cannot see it. `width_mm` 0 is the width of the column."""

    data: bytes
    alt: str
    caption: str = ""
    width_mm: int = 0


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: role and name."""

    people: tuple[tuple[str, str], ...]
    place_and_day: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A foreign PDF: appended page by page, with its own page numbers in the contents. Other formats name it.

    `path` is where the file lies; `sha256` says which file it is.
    """

    title: str
    path: str
    sha256: str
    pages: int
    author: str = ""


Block = Paragraph | Items | Table | Facts | Chart | Picture | Signatures | Attachment


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter (outermost) or a part of one, with blocks and then parts in their order.

    in_contents: whether the contents list it. columns: of print. short: for the running header.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple["Section", ...] = ()
    short: str = ""
    in_contents: bool = True
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the cover besides title and subtitle, in lines from top to bottom."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document.

    language: "ko" or "en". issued_on: the day printed on it, if any. running: what stands in the header beside the
    chapter. imprint: names and values on the back of the cover of a book. serial and code: of a certificate.
    """

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    publisher: str = ""
    language: str = "ko"
    style: Style = Style.A4
    issued_on: date | None = None
    cover: Cover | None = None
    contents: bool = False
    running: str = ""
    imprint: tuple[tuple[str, str], ...] = ()
    serial: str = ""
    code: str = ""
    keywords: tuple[str, ...] = ()

    def all_sections(self) -> Iterator[tuple[int, Section]]:
        """(depth from 1, section), in reading order."""
        for section in self.sections:
            yield from _walk(section, 1)

    def blocks(self) -> Iterator[Block]:
        """Every block in reading order."""
        for _depth, section in self.all_sections():
            yield from section.blocks

    def tables(self) -> list[Table]:
        """Every table in reading order, those of charts included."""
        found = []
        for block in self.blocks():
            if isinstance(block, Table):
                found.append(block)
            elif isinstance(block, Chart):
                found.append(block.table)
        return found

    def attachments(self) -> list[Attachment]:
        return [block for block in self.blocks() if isinstance(block, Attachment)]


def _walk(section: Section, depth: int) -> Iterator[tuple[int, Section]]:
    yield depth, section
    for part in section.parts:
        yield from _walk(part, depth + 1)


def plain(text: Text) -> str:
    """The text without its notes and weights."""
    return text if isinstance(text, str) else "".join(run.text for run in text)
