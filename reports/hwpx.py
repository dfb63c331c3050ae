"""A report as HWPX, the format of the word processor that Korean offices work in: to read on, change and file there.

Headings carry outline styles, so that the program's own contents and navigation know them. The program makes the pages;
what stands in the contents when the file is opened elsewhere is an estimate.
"""

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from hwpx import HwpxDocument

from core.errors import RuleViolation
from reports.cells import alignment, as_text
from reports.content import (
    LINKS,
    Align,
    Attachment,
    Block,
    Chart,
    Facts,
    Item,
    Items,
    Paragraph,
    Picture,
    Report,
    Run,
    Section,
    Signatures,
    Style,
    Table,
    Text,
    Tone,
)
from reports.hwpx_contents import insert_contents
from reports.hwpx_shapes import Face, Shapes, units
from reports.numbering import letter, marker

MARGIN_MM = 20
COLUMN_GAP_MM = 8
ON_NEW_PAGES = frozenset({Style.BOOKLET, Style.LETTERS})  # their chapters begin on a page of their own
LETTER_STYLES = frozenset({Style.LETTER, Style.LETTERS})
PAPER_MM = {Style.BOOKLET: (182, 257)}
A4_MM = (210, 297)
HEADING_SHADE = "#EEF2F7"
LINE_COLOUR = "#8A949E"
ROW_HEIGHT_MM = 6.5
# A row with a text this long may be higher than a page and has to be divided.
LONG_CELL = 600
LABEL_SHARE, SIGNATURE_SHARES = 0.28, (2, 2, 3)

ALIGNED = {Align.LEFT: Face.CELL, Align.CENTRE: Face.CELL_CENTRED, Align.RIGHT: Face.CELL_RIGHT}
TONES = {
    Tone.BODY: Face.BODY,
    Tone.LEAD: Face.LEAD,
    Tone.SMALL: Face.SMALL,
    Tone.CENTRED: Face.CENTRED,
    Tone.RIGHT: Face.RIGHT,
}
# The library keeps some 40 KB for each cell while it writes: beyond this a file would take more than a gigabyte.
MOST_CELLS = 24_000
# Laying the pages out for the contents takes as long as everything else; for long tables it is left to the program.
PAGES_ESTIMATED_UP_TO = 6_000
# A letter or a certificate has little to say and a whole page for it.
LETTER_TONES = {Tone.BODY: Face.LETTER_BODY, Tone.CENTRED: Face.LETTER_CENTRED}


def write_hwpx(report: Report, target: Path, tell: Callable[[int, str], None]) -> None:
    """Write `report` to `target`. Attached PDF files are named, not contained: the format has no place for them.

    Raises RuleViolation if the tables have too many cells for this format.
    """
    if _cells(report) > MOST_CELLS:
        raise RuleViolation(
            _("The tables are too long for an HWPX file. Please take the Excel file, or choose less."),
            code="too_many_cells",
        )
    with override(report.language):
        target.write_bytes(_Setter(report, tell).made())


def _cells(report: Report) -> int:
    return sum(len(table.rows) * len(table.columns) for table in report.tables())


def _with_notes(text: Text) -> str:
    """For cells, which cannot hold a note of the program: notes in brackets behind what they are about."""
    if isinstance(text, str):
        return text
    return "".join(f"{run.text}({run.note})" if run.note else run.text for run in text)


class _Setter:
    """Sets one report, block by block."""

    def __init__(self, report: Report, tell: Callable[[int, str], None]) -> None:
        self._report, self._tell = report, tell
        self._doc = HwpxDocument.new()
        self._width_mm = self._set_page()
        self._shapes = Shapes(self._doc)
        self._tables = count(1)
        self._columns = 1
        self._headings: list[tuple[Any, int]] = []

    def made(self) -> bytes:
        """The whole file."""
        report = self._report
        self._set_cover()
        first_of_body = len(self._doc.paragraphs)
        steps = len(report.sections) or 1
        for number, section in enumerate(report.sections):
            self._tell(5 + 75 * number // steps, section.title)
            self._set_section(section, 1, on_new_page=number > 0 and report.style in ON_NEW_PAGES)
        self._tell(85, _("Writing the file"))
        if report.contents and self._headings:
            with_pages = _cells(report) <= PAGES_ESTIMATED_UP_TO
            insert_contents(self._doc, self._shapes, first_of_body, self._headings, with_pages=with_pages)
        self._set_properties()
        made: bytes = self._doc.to_bytes()
        return made

    # --- the sheet ----------------------------------------------------------------------------------------------------

    def _set_page(self) -> float:
        """Paper, margins, running header and page numbers. Returns the width of the text in millimetres."""
        report = self._report
        width, height = PAPER_MM.get(report.style, A4_MM)
        page = self._doc.page
        page.setup(
            width_mm=width,
            height_mm=height,
            margin_left_mm=MARGIN_MM,
            margin_right_mm=MARGIN_MM,
            margin_top_mm=MARGIN_MM,
            margin_bottom_mm=MARGIN_MM - 5,
            header_margin_mm=10,
            footer_margin_mm=10,
        )
        if report.style not in LETTER_STYLES:
            page.set_page_number()
            if report.running:
                page.set_header(text=report.running)
            if report.cover:
                page.set_visibility(hide_first_header=True, hide_first_footer=True)
        return width - 2 * MARGIN_MM

    def _set_properties(self) -> None:
        """What the file says of itself: no person, and nothing of the empty file that it was made from."""
        report = self._report
        day = report.issued_on or timezone.localdate()
        parts = self._doc.parts
        parts.clear_document_metadata(keep=("language",), timestamp=f"{day.isoformat()}T00:00:00Z")
        parts.set_document_metadata(
            title=report.title,
            creator=report.publisher or "Madang",
            subject=report.subtitle,
            keyword=", ".join(report.keywords),
        )
        parts.clear_preview()

    # --- the beginning ------------------------------------------------------------------------------------------------

    def _set_cover(self) -> None:
        """Title and what stands around it; on a page of its own where the report has a cover."""
        report = self._report
        if report.style is Style.LETTERS:
            return  # each of them has a title of its own
        above = report.cover.above if report.cover else ()
        below = report.cover.below if report.cover else ()
        for line in above:
            self._line(line, Face.CENTRED)
        if report.serial:
            self._line(report.serial, Face.BODY)
        self._line(report.title, self._title_face())
        if report.subtitle:
            self._line(report.subtitle, Face.SUBTITLE)
        for line in below:
            self._line(line, Face.CENTRED)
        if report.cover:
            if report.publisher and report.publisher not in below:
                self._line(report.publisher, Face.SUBTITLE)
            if report.imprint:
                self._line("", Face.BREAK)
                self._facts(Facts(rows=report.imprint))

    def _title_face(self) -> Face:
        if self._report.style is Style.LETTER:
            return Face.LETTER_TITLE
        return Face.COVER_TITLE if self._report.cover else Face.TITLE

    # --- sections -----------------------------------------------------------------------------------------------------

    def _set_section(self, section: Section, depth: int, *, on_new_page: bool = False) -> None:
        is_after_front = depth == 1 and not self._headings and (self._report.cover is not None)
        if section.title and depth == 1 and self._report.style is Style.LETTERS:
            if on_new_page:
                self._line("", Face.BREAK)
            self._line(section.title, Face.LETTER_TITLE)
        elif section.title:
            heading = self._shapes.heading(section.title, depth, on_new_page=on_new_page or is_after_front)
            if section.in_contents:
                self._headings.append((heading, depth))
        if section.columns != self._columns and self._report.style is not Style.LETTER:
            self._set_columns(section.columns)
        for block in section.blocks:
            self._set_block(block)
        if self._columns != 1 and (depth == 1 or not section.parts):
            self._set_columns(1)
        for part in section.parts:
            self._set_section(part, depth + 1)

    def _set_columns(self, columns: int) -> None:
        self._columns = columns
        self._doc.page.set_columns(columns, same_gap=units(COLUMN_GAP_MM), paragraph=self._line("", Face.THIN))

    def _text_width(self) -> int:
        """Width of the running text in the program's units."""
        return units((self._width_mm - COLUMN_GAP_MM * (self._columns - 1)) / self._columns)

    def _set_block(self, block: Block) -> None:  # noqa: PLR0911 - one for each kind of block
        match block:
            case Paragraph():
                self._line(block.text, self._tone(block.tone))
                return None
            case Items():
                return self._items(block)
            case Table():
                return self._table(block)
            case Chart():
                # The bars say nothing that the table does not; the program draws its own from it.
                return self._table(block.table)
            case Facts():
                return self._facts(block)
            case Picture():
                return self._picture(block)
            case Signatures():
                return self._signatures(block)
            case Attachment():
                return self._attachment(block)

    # --- texts --------------------------------------------------------------------------------------------------------

    def _line(self, text: Text, face: Face, before: str = "") -> Any:
        """One paragraph; `before` is what marks it in a list."""
        if isinstance(text, str):
            return self._shapes.paragraph(f"{before}{text}", face)
        paragraph = self._shapes.paragraph(before, face)
        for run in text:
            self._run(paragraph, run, face)
        return paragraph

    def _run(self, paragraph: Any, run: Run, face: Face) -> None:
        letters = self._shapes.letters(face, bold=run.bold)
        if run.link.startswith(LINKS):
            self._doc.refs.add_hyperlink(run.link, run.text, paragraph=paragraph, char_pr_id_ref=letters)
        else:
            paragraph.add_run(run.text, char_pr_id_ref=letters)
        if run.note:
            # At the foot of the page: notes at the end would all stand behind the last chapter.
            self._doc.notes.add_footnote(run.note, paragraph)

    def _tone(self, tone: Tone) -> Face:
        tones = {**TONES, **LETTER_TONES} if self._report.style in LETTER_STYLES else TONES
        return tones[tone]

    def _items(self, items: Items) -> None:
        for number, item in enumerate(items.items, start=1):
            text = item.text if isinstance(item, Item) else item
            self._line(text, Face.ITEM, marker(number) if items.ordered else "○ ")
            below = item.below if isinstance(item, Item) else ()
            for place, inner in enumerate(below, start=1):
                self._line(inner, Face.INNER_ITEM, f"{letter(place)}. " if items.ordered else "- ")

    # --- tables -------------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        if table.caption:
            number = f"{_('Table %(number)s') % {'number': next(self._tables)}}. " if table.numbered else ""
            self._line(f"{number}{table.caption}", Face.CAPTION)
        rows = [*table.rows, *([table.total] if table.total else [])]
        grid = self._grid(len(rows) + 1, [column.width for column in table.columns])
        grid.element.set("repeatHeader", "1")
        is_long = any(isinstance(cell, str) and len(cell) > LONG_CELL for row in rows for cell in row)
        grid.element.set("pageBreak", "CELL" if is_long else "TABLE")
        grid.set_treat_as_char(False)
        lines = grid.rows
        for cell, column in zip(lines[0].cells, table.columns, strict=True):
            cell.element.set("header", "1")
            self._fill(cell, column.name, Face.CELL_HEAD, shaded=True)
        for line, row in zip(lines[1:], rows, strict=True):
            is_total = bool(table.total) and row is table.total
            for cell, column, value in zip(line.cells, table.columns, row, strict=True):
                face = ALIGNED[alignment(column, value)]
                self._fill(cell, as_text(value, column.unit), face, shaded=is_total, bold=is_total)
        self._line(table.note, Face.SMALL) if table.note else self._line("", Face.THIN)

    def _grid(self, rows: int, widths: Sequence[float]) -> Any:
        """An empty table as wide as the text."""
        grid = self._doc.add_table(
            rows,
            len(widths),
            width=self._text_width(),
            height=rows * units(ROW_HEIGHT_MM),
            border_fill_id_ref=self._shapes.ruled(),
            style=self._shapes.body_style,
        )
        if len(set(widths)) > 1:
            grid.set_column_widths([round(width * 1000) for width in widths])
        return grid

    def _fill(self, cell: Any, text: str, face: Face, *, shaded: bool = False, bold: bool = False) -> None:
        cell.set_text(text, split_paragraphs="\n" in text)
        for paragraph in cell.paragraphs:
            self._shapes.dress(paragraph, face, bold=bold)
        if shaded:
            cell.element.set("borderFillIDRef", self._shapes.ruled(HEADING_SHADE))

    def _facts(self, facts: Facts) -> None:
        if facts.caption:
            self._line(facts.caption, Face.CAPTION)
        if not facts.rows:
            return
        grid = self._grid(len(facts.rows), [LABEL_SHARE, 1 - LABEL_SHARE])
        grid.set_treat_as_char(False)
        for line, (name, value) in zip(grid.rows, facts.rows, strict=True):
            label, content = line.cells
            self._fill(label, name, Face.CELL_HEAD, shaded=True)
            self._fill(content, _with_notes(value), Face.CELL)
        self._line("", Face.THIN)

    def _signatures(self, signatures: Signatures) -> None:
        if signatures.place_and_day:
            self._line(signatures.place_and_day, Face.CENTRED)
        if not signatures.people:
            return
        grid = self._grid(len(signatures.people), SIGNATURE_SHARES)
        for line, (role, name) in zip(grid.rows, signatures.people, strict=True):
            for cell, text, face in zip(
                line.cells,
                (role, name, _("(signature or seal)")),
                (Face.CELL, Face.CELL_CENTRED, Face.CELL_RIGHT),
                strict=True,
            ):
                self._fill(cell, text, face)
        self._line("", Face.THIN)

    # --- what is not text ---------------------------------------------------------------------------------------------

    def _picture(self, picture: Picture) -> None:
        self._shapes.picture(picture, self._text_width() * 25.4 / 7200)
        if picture.caption:
            self._line(picture.caption, Face.CENTRED)

    def _attachment(self, attachment: Attachment) -> None:
        whose = f" ({attachment.author})" if attachment.author else ""
        pages = _("%(pages)s pages, as a PDF file of its own") % {"pages": attachment.pages}
        self._line(f"{attachment.title}{whose} · {pages}", Face.ITEM, "○ ")
