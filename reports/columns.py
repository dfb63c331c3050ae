"""How wide the columns of a printed table are: as the document asks, and wide enough for their longest word. Pure.

A share that is a little too narrow would leave the last syllable of a word alone on a line of its own, while the column
beside it stands half empty.
"""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

# Letters of the fonts of print, in shares of their size; a little more than most of them take.
WIDE_SIGN, NARROW_SIGN = 0.95, 0.62
MM_OF_A_POINT = 25.4 / 72
# Longer words break anywhere, as in `reports.pdf.korean`; no room is kept for them.
LONGEST_WORD = 12
# No column takes more of the table for the sake of one word.
WIDEST_SHARE = 0.4


def text_width(text: str) -> float:
    """Width of the longest line of `text`, in shares of the size of its letters."""
    return max(
        (
            sum(WIDE_SIGN if east_asian_width(sign) in "WF" else NARROW_SIGN for sign in line)
            for line in text.split("\n")
        ),
        default=0.0,
    )


def word_width(text: str) -> float:
    """Width of the longest word in `text`, in shares of the size of its letters."""
    return max((text_width(word) for word in text.split() if len(word) <= LONGEST_WORD), default=0.0)


def fitted(
    shares: Sequence[float], columns: Iterable[Iterable[str]], *, table_mm: float, points: float, padding_mm: float
) -> list[float]:
    """The share of each column in the width of the table; together 1.

    columns: the texts of each column, its heading among them. table_mm: how wide the table is; points: the size of its
    letters; padding_mm: what a column is wider than its text. The shares stay as they are where every word fits, and
    where the words together are wider than the table. Room is taken first from where no line gets longer by it.
    """
    total = sum(shares) or 1
    widths = [share / total for share in shares]
    letter, padding = points * MM_OF_A_POINT / table_mm, padding_mm / table_mm
    words, lines = [], []
    for texts in columns:
        known = list(texts)
        words.append(min(max(map(word_width, known), default=0) * letter + padding, WIDEST_SHARE))
        lines.append(max(map(text_width, known), default=0) * letter + padding)
    lacking = [max(word - width, 0) for word, width in zip(words, widths, strict=True)]
    if not any(lacking) or sum(lacking) > sum(max(width - word, 0) for word, width in zip(words, widths, strict=True)):
        return widths
    wanted = sum(lacking)
    widths = [width + lack for width, lack in zip(widths, lacking, strict=True)]
    for least in (map(max, words, lines), words):
        spare = [max(width - limit, 0) for width, limit in zip(widths, least, strict=True)]
        part = min(wanted / sum(spare), 1) if any(spare) else 0
        widths = [width - part * room for width, room in zip(widths, spare, strict=True)]
        wanted -= part * sum(spare)
    return widths
