"""The blocks of a document as HTML."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.cells import alignment, as_text
from reports.columns import fitted
from reports.content import (
    Align,
    Attachment,
    Block,
    Cell,
    Chart,
    Facts,
    Item,
    Items,
    Paragraph,
    Picture,
    Signatures,
    Style,
    Table,
    Text,
)
from reports.pdf.bars import bars
from reports.pdf.words import Notes, plain_html, text_html, words
from reports.pictures import require_usable

PICTURE_ADDRESS = "madang-picture:"
# Of base.css and directory.css: letters of tables in points, and the room around the text of a cell in millimetres.
TABLE_POINTS, DIRECTORY_TABLE_POINTS = 9.0, 8.0
CELL_PADDING_MM = 3.6
COLUMN_GAP_MM = 8.0
# Width of the text on a page, in millimetres: of the style sheets of the same names.
TEXT_MM = {Style.A4: 164.0, Style.BOOKLET: 139.0, Style.DIRECTORY: 176.0, Style.LETTER: 162.0, Style.LETTERS: 162.0}
_ALIGN = {Align.LEFT: "", Align.CENTRE: ' class="c"', Align.RIGHT: ' class="r"'}


@dataclass(slots=True)
class Place:
    """Room kept for the pages of a foreign PDF: each page carries the anchor `name-number`, from 1."""

    attachment: Attachment
    name: str
    pages: int


@dataclass(slots=True)
class Press:
    """What grows while a document is set: numbers of tables, pictures by address, room for the pages of others.

    lengths: how many pages each foreign PDF has, in the order of the document. columns: of print, just now.
    """

    lengths: tuple[int, ...] = ()
    style: Style = Style.A4
    columns: int = 1
    tables: int = 0
    pictures: dict[str, bytes] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def block(self, block: Block, notes: Notes, depth: int) -> str:
        """Attachments are bookmarked on the level below their section, which stands at `depth`."""
        match block:
            case Table():
                html = self.table(block)
            case Chart():
                html = self._chart(block)
            case Picture():
                html = self._picture(block)
            case Attachment():
                html = self._attachment(block, depth)
            case Paragraph():
                html = f'<p class="{block.tone}">{text_html(block.text, notes)}</p>'
            case Items():
                html = _items(block, notes)
            case Facts():
                html = _facts(block, notes)
            case Signatures():
                html = _signatures(block)
        return html

    def caption(self, table: Table) -> str:
        """“표 1. …” for tables that count, with the number in a span of its own."""
        if not table.caption:
            return ""
        if not table.numbered:
            return words(table.caption)
        self.tables += 1
        number = words(_("Table %(number)s") % {"number": self.tables})
        return f'<span class="number">{number}</span> {words(table.caption)}'

    def table(self, table: Table, caption: str | None = None) -> str:
        """`caption` is the caption where it has been set already, above the chart of the table."""
        above = self.caption(table) if caption is None else caption
        rows = [*table.rows, *([table.total] if table.total else [])]
        texts = [[as_text(cell, column.unit) for cell, column in zip(row, table.columns, strict=True)] for row in rows]
        shares = fitted(
            [column.width for column in table.columns],
            zip([column.name for column in table.columns], *texts, strict=True),
            table_mm=(TEXT_MM[self.style] - COLUMN_GAP_MM * (self.columns - 1)) / self.columns,
            points=DIRECTORY_TABLE_POINTS if self.style is Style.DIRECTORY else TABLE_POINTS,
            padding_mm=CELL_PADDING_MM,
        )
        parts = ['<table class="data">', f"<caption>{above}</caption>" if above else "", "<colgroup>"]
        parts += [f'<col style="width:{share:.2%}">' for share in shares]
        parts.append("</colgroup><thead><tr>")
        parts += [f'<th scope="col">{words(column.name)}</th>' for column in table.columns]
        parts.append("</tr></thead><tbody>")
        for number, (row, said_in) in enumerate(zip(rows, texts, strict=True)):
            kind = ' class="total"' if number == len(table.rows) else ""
            parts.append(_row(table, row, said_in, of=kind))
        parts.append("</tbody></table>")
        if table.note:
            parts.append(f'<p class="small table-note">{words(table.note)}</p>')
        return "".join(parts)

    def _chart(self, chart: Chart) -> str:
        if not chart.table.rows:
            return self.table(chart.table)
        said = self.caption(chart.table)
        about = _("Bar chart: %(what)s. The table below holds its values.") % {
            "what": chart.table.caption or chart.table.columns[chart.value].name
        }
        drawn = bars(chart, about)
        heading = f'<p class="caption">{said}</p>' if said else ""
        return f'<div class="chart">{heading}{drawn}</div>{self.table(chart.table, caption="")}'

    def _picture(self, picture: Picture) -> str:
        require_usable(picture)
        address = f"{PICTURE_ADDRESS}{len(self.pictures) + 1}"
        self.pictures[address] = picture.data
        width = f' style="width:{picture.width_mm}mm"' if picture.width_mm else ""
        caption = f"<figcaption>{words(picture.caption)}</figcaption>" if picture.caption else ""
        # A picture without a text for it would have no place in a tagged document.
        alt = plain_html(picture.alt) or plain_html(picture.caption) or plain_html(_("Picture"))
        return f'<figure><img src="{address}" alt="{alt}"{width}>{caption}</figure>'

    def _attachment(self, attachment: Attachment, depth: int) -> str:
        length = self.lengths[len(self.places)] if self.places or self.lengths else attachment.pages
        place = Place(attachment, name=f"material-{len(self.places) + 1}", pages=length)
        self.places.append(place)
        label = f' class="kept begins level{min(depth + 1, 6)}" data-label="{plain_html(attachment.title)}"'
        pages = [f'<div id="{place.name}-1"{label}></div>']
        pages += [f'<div id="{place.name}-{number}" class="kept"></div>' for number in range(2, length + 1)]
        return "".join(pages)


def _row(table: Table, cells: tuple[Cell, ...], texts: list[str], of: str) -> str:
    parts = [f"<tr{of}>"]
    for place, (column, value, text) in enumerate(zip(table.columns, cells, texts, strict=True)):
        said, look = words(text), _ALIGN[alignment(column, value)]
        parts.append(f'<th scope="row"{look}>{said}</th>' if place < table.row_heads else f"<td{look}>{said}</td>")
    parts.append("</tr>")
    return "".join(parts)


def _items(items: Items, notes: Notes) -> str:
    kind = "ol" if items.ordered else "ul"
    lines = []
    for item in items.items:
        if not isinstance(item, Item):
            lines.append(f"<li>{text_html(item, notes)}</li>")
            continue
        own = text_html(item.text, notes)
        below = "".join(f"<li>{text_html(text, notes)}</li>" for text in item.below)
        lines.append(f"<li>{own}<ul>{below}</ul></li>" if below else f"<li>{own}</li>")
    return f"<{kind}>{''.join(lines)}</{kind}>"


def _facts(facts: Facts, notes: Notes) -> str:
    caption = f"<caption>{words(facts.caption)}</caption>" if facts.caption else ""
    return f'<table class="facts">{caption}<tbody>{fact_rows(facts.rows, notes)}</tbody></table>'


def fact_rows(rows: tuple[tuple[str, Text], ...], notes: Notes) -> str:
    return "".join(
        f'<tr><th scope="row">{words(name)}</th><td>{text_html(value, notes)}</td></tr>' for name, value in rows
    )


def _signatures(block: Signatures) -> str:
    """A name in brackets says where a seal goes: such a line is not signed on."""
    place = f'<p class="place">{words(block.place_and_day)}</p>' if block.place_and_day else ""
    lines = []
    for role, name in block.people:
        if name.startswith("("):
            lines.append(f'<p class="seal"><span class="role">{words(role)}</span> {words(name)}</p>')
        else:
            sign = words(_("(signature or seal)"))
            lines.append(
                f'<p class="line"><span class="role">{words(role)}</span><span class="name">{words(name)}</span>'
                f'<span class="sign">{sign}</span></p>'
            )
    return f'<div class="signatures">{place}{"".join(lines)}</div>'
