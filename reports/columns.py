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


def word_width(text: str) -> float:
    """Width of the longest word in `text`, in shares of the size of its letters."""
    longest = 0.0
    for word in text.split():
        if len(word) <= LONGEST_WORD:
            signs = (WIDE_SIGN if east_asian_width(sign) in "WF" else NARROW_SIGN for sign in word)
            longest = max(longest, sum(signs))
    return longest


def fitted(
    shares: Sequence[float], columns: Iterable[Iterable[str]], *, table_mm: float, points: float, padding_mm: float
) -> list[float]:
    """The share of each column in the width of the table; together 1.

    columns: the texts of each column, its heading among them. table_mm: how wide the table is; points: the size of its
    letters; padding_mm: what a column is wider than its text. The shares stay as they are where every word fits, and
    where the words together are wider than the table.
    """
    total = sum(shares) or 1
    asked = [share / total for share in shares]
    letter = points * MM_OF_A_POINT / table_mm
    needed = [
        min(max(map(word_width, texts), default=0) * letter + padding_mm / table_mm, WIDEST_SHARE) for texts in columns
    ]
    lacking = sum(max(need - share, 0) for need, share in zip(needed, asked, strict=True))
    spare = sum(max(share - need, 0) for need, share in zip(needed, asked, strict=True))
    if not lacking or lacking > spare:
        return asked
    return [
        need if need >= share else share - lacking * (share - need) / spare
        for need, share in zip(needed, asked, strict=True)
    ]
