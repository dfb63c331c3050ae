"""The shapes of letters and paragraphs in an HWPX file: each defined once and named wherever it is used."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from hwpx import HwpxDocument

from reports.content import Picture
from reports.pictures import require_usable

HWP_UNITS_PER_MM = 7200 / 25.4
LINE_COLOUR = "#8A949E"
PARA_HEAD = "paraHead"
FORMATS = {"PNG": "png", "JPEG": "jpg"}


def units(millimetres: float) -> int:
    """Millimetres in the units of the format: 7,200 to the inch."""
    return round(millimetres * HWP_UNITS_PER_MM)


@dataclass(frozen=True, slots=True)
class _Look:
    """Letters in points, the rest as the library takes it."""

    size: float = 11
    bold: bool = False
    alignment: str = "JUSTIFY"
    spacing: int = 160
    before: float = 0
    after: float = 0
    left: float = 0
    first: float = 0
    keep_with_next: bool = False
    on_new_page: bool = False


class Face(Enum):
    """Every kind of paragraph that is not a heading."""

    BODY = _Look(after=6)
    LEAD = _Look(size=12, bold=True, after=8)
    SMALL = _Look(size=9, after=6)
    CENTRED = _Look(alignment="CENTER", after=6)
    RIGHT = _Look(alignment="RIGHT", after=6)
    CAPTION = _Look(size=10, bold=True, before=8, after=3, keep_with_next=True)
    ITEM = _Look(left=6, first=-6, after=3)
    INNER_ITEM = _Look(left=12, first=-6, after=2)
    CELL = _Look(size=10, alignment="LEFT", spacing=130)
    CELL_CENTRED = _Look(size=10, alignment="CENTER", spacing=130)
    CELL_RIGHT = _Look(size=10, alignment="RIGHT", spacing=130)
    CELL_HEAD = _Look(size=10, bold=True, alignment="CENTER", spacing=130)
    TITLE = _Look(size=18, bold=True, alignment="CENTER", before=6, after=14)
    COVER_TITLE = _Look(size=26, bold=True, alignment="CENTER", before=150, after=20)
    SUBTITLE = _Look(size=14, alignment="CENTER", after=20)
    CONTENTS_TITLE = _Look(size=16, bold=True, alignment="CENTER", after=14)
    THIN = _Look(size=4, spacing=100)
    BREAK = _Look(size=4, spacing=100, on_new_page=True)
    LETTER_TITLE = _Look(size=26, bold=True, alignment="CENTER", before=48, after=44)
    LETTER_BODY = _Look(size=13, before=22, after=16, spacing=180)
    LETTER_CENTRED = _Look(size=14, alignment="CENTER", before=10, after=14)


HEADING_LOOKS = (
    _Look(size=16, bold=True, alignment="LEFT", before=18, after=8, keep_with_next=True),
    _Look(size=13, bold=True, alignment="LEFT", before=12, after=6, keep_with_next=True),
    _Look(size=11, bold=True, alignment="LEFT", before=8, after=4, keep_with_next=True),
)


class Shapes:
    """Makes paragraphs of one document in its shapes."""

    def __init__(self, doc: HwpxDocument) -> None:
        self._doc = doc
        # Style 0 would be taken into the contents when the program makes them anew.
        self.body_style = doc.styles.resolve("Body").id
        self._paragraphs: dict[object, str] = {}
        self._letters: dict[tuple[float, bool], str] = {}
        self._lines: dict[str, str] = {}
        self._remove_outline_numbers()

    def _remove_outline_numbers(self) -> None:
        """Headings carry their own numbers: those that the program would put before them become empty."""
        for part in self._doc.parts.headers:
            for element in part.element.iter():
                if isinstance(element.tag, str) and element.tag.endswith(f"}}{PARA_HEAD}"):
                    element.text = None
            part.mark_dirty()

    def letters(self, face: Face, *, bold: bool = False) -> str:
        return self._letters_of(face.value.size, bold=bold or face.value.bold)

    def _letters_of(self, size: float, *, bold: bool) -> str:
        key = (size, bold)
        if key not in self._letters:
            self._letters[key] = str(self._doc.styles.ensure_run(size=size, bold=bold))
        return self._letters[key]

    def paragraph(self, text: str, face: Face) -> Any:
        """A new paragraph at the end of the document."""
        made = self._doc.add_paragraph(
            text,
            style_id_ref=self.body_style,
            char_pr_id_ref=self.letters(face),
            inherit_style=False,
            pageBreak=str(int(face.value.on_new_page)),
        )
        self._shape(made, face, face.value)
        return made

    def dress(self, paragraph: Any, face: Face, *, bold: bool = False) -> None:
        """Give a paragraph that is there already, as in a cell, its shape."""
        paragraph.style_id_ref = self.body_style
        self._shape(paragraph, face, face.value)
        paragraph.char_pr_id_ref = self.letters(face, bold=bold)

    def heading(self, text: str, depth: int, *, on_new_page: bool) -> Any:
        """A heading of the outline."""
        look = HEADING_LOOKS[min(depth, len(HEADING_LOOKS)) - 1]
        made = self._doc.add_heading(
            text,
            min(depth, 10),
            char_pr_id_ref=self._letters_of(look.size, bold=look.bold),
            pageBreak=str(int(on_new_page)),
        )
        self._shape(made, ("heading", depth), look, outline_level=min(depth, 10))
        return made

    def _shape(self, paragraph: Any, key: object, look: _Look, **more: Any) -> None:
        known = self._paragraphs.get(key)
        if known is not None:
            paragraph.para_pr_id_ref = known
            return
        self._doc.styles.apply_paragraph_format(
            paragraphs=[paragraph],
            alignment=look.alignment,
            line_spacing_percent=look.spacing,
            spacing_before_pt=look.before,
            spacing_after_pt=look.after,
            indent_left_mm=look.left,
            first_line_indent_mm=look.first,
            keep_with_next=look.keep_with_next,
            **more,
        )
        self._paragraphs[key] = str(paragraph.para_pr_id_ref)

    def ruled(self, shade: str | None = None) -> str:
        """Thin lines around a cell, on `shade` or on the paper."""
        key = shade or ""
        if key not in self._lines:
            self._lines[key] = str(self._doc.styles.ensure_border_fill(border_color=LINE_COLOUR, fill_color=shade))
        return self._lines[key]

    def picture(self, picture: Picture, widest_mm: float) -> None:
        """A picture in a paragraph of its own. Raises RuleViolation if it cannot be used."""
        kind, width, height = require_usable(picture)
        width_mm = min(picture.width_mm or widest_mm, widest_mm)
        placed = self._doc.add_picture(
            picture.data,
            FORMATS[kind],
            width_mm=width_mm,
            height_mm=width_mm * height / width,
            align="CENTER",
            style_id_ref=self.body_style,
        )
        comment = next((node for node in placed.element.iter() if str(node.tag).endswith("}shapeComment")), None)
        if comment is not None:
            comment.text = picture.alt or picture.caption
