"""A chart of horizontal bars as SVG, one bar for each row of its table."""

from html import escape
from unicodedata import east_asian_width

from reports.cells import as_text
from reports.content import Cell, Chart
from reports.pdf.words import clean

WIDTH = 600  # of the drawing, in its own units; print scales it to the column
VALUE_WIDTH = 80  # at least; as much as the longest value takes
LINE = 24
BAR = 14
LETTER = 12
HALF_LETTER = 6.2
LONGEST_LABEL = 27  # in half letters, as Latin ones are


def bars(chart: Chart, about: str) -> str:
    """The drawing, with `about` for who cannot see it.

    Values that are not numbers have no bar; negative ones go to the left.
    """
    table = chart.table
    unit = table.columns[chart.value].unit
    values = [row[chart.value] for row in table.rows]
    numbers = [value if isinstance(value, int) else 0 for value in values]
    lowest, highest = min([0, *numbers]), max([0, *numbers])
    labels = [_label(chart, row) for row in table.rows]
    said = [as_text(value, unit) for value in values]
    right_of_bars = max(VALUE_WIDTH, max(map(_width, said), default=0) * HALF_LETTER + 12)
    left_of_bars = max(40.0, max((_width(label) for label in labels), default=0) * HALF_LETTER + 14)
    step = (WIDTH - left_of_bars - right_of_bars) / ((highest - lowest) or 1)
    zero = left_of_bars - lowest * step
    height = LINE * len(values) + 8
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="bars" {size}><title>{escape(clean(about))}</title>']
    for place, (label, text, number) in enumerate(zip(labels, said, numbers, strict=True)):
        top = LINE * place + 4
        base = top + LINE / 2 + LETTER * 0.36
        left, long = (zero, number * step) if number >= 0 else (zero + number * step, -number * step)
        parts.append(_text(left_of_bars - 10, base, label, anchor="end"))
        parts.append(
            f'<rect x="{left:.2f}" y="{top + (LINE - BAR) / 2}" width="{long:.2f}" height="{BAR}" fill="#2d5d9f"/>'
        )
        parts.append(_text(max(zero, left + long) + 6, base, text))
    parts.append(f'<path d="M{zero:.2f} 0V{height}" stroke="#58616a" stroke-width="1"/></svg>')
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="NanumGothic" font-size="{LETTER}" text-anchor="{anchor}" '
        f'fill="#1e2124">{escape(clean(text))}</text>'
    )


def _label(chart: Chart, row: tuple[Cell, ...]) -> str:
    """What names the row, as far as there is room for it."""
    columns = chart.table.columns[: max(chart.table.row_heads, 1)]
    names = (as_text(cell, column.unit) for cell, column in zip(row, columns, strict=False))
    label = clean(" ".join(name for name in names if name))
    if _width(label) <= LONGEST_LABEL:
        return label
    while _width(label) >= LONGEST_LABEL:
        label = label[:-1]
    return f"{label}…"


def _width(text: str) -> int:
    """In half letters: a syllable is twice as wide as a Latin letter."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
