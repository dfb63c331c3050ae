"""Ready-made readings of cells for importers. Each raises ValueError with a sentence for the person.

A cell is what the file has: a number where a text was meant loses nothing, a text where a day was meant is read as
people write days.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.tables import Cell

YEAR, MONTH = r"(\d{4})\s*[.\-/년]\s*", r"(\d{1,2})\s*[.\-/월]\s*"  # korean: how days are written
DAY_OF_MONTH = r"(\d{1,2})\s*[.일]?\s*"  # korean: as above
DAY = re.compile(rf"{YEAR}{MONTH}{DAY_OF_MONTH}(?:\(.\))?(?:\s*0?0:00(?::00)?)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
DIGITS_OF_A_FLOAT = ".15g"  # as Excel shows them
# A longer text is no day: looking for one in it would take the longer the more blanks there are.
LONGEST_DAY = 60


def as_text(cell: Cell) -> str:
    """What a person sees in the cell, in composed letters: files written on a Mac have Hangul in pieces (NFD)."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, DIGITS_OF_A_FLOAT)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return unicodedata.normalize("NFC", str(cell))


def _typed(cell: Cell) -> str:
    """As `as_text`, with the wide digits and signs of East Asian keyboards (１２) as the plain ones that are meant."""
    return unicodedata.normalize("NFKC", as_text(cell))


def text(longest: int) -> Callable[[Cell], str]:
    """A text on one line of at most `longest` signs."""

    def parse(cell: Cell) -> str:
        words = " ".join(as_text(cell).split())
        if len(words) > longest:
            raise ValueError(
                _("This text has %(length)s signs; at most %(most)s are possible.")
                % {"length": len(words), "most": longest}
            )
        return words

    return parse


def day(cell: Cell) -> date:
    """A day: a date of the file, or a text such as 2018-07-01, 2018. 7. 1. or 20180701."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    words = _typed(cell).strip()
    is_short = len(words) <= LONGEST_DAY
    match = (DAY.fullmatch(words) or COMPACT_DAY.fullmatch(words)) if is_short else None
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is no day. Example: 2018-07-01") % {"text": words[:40]})


def whole_number(lowest: int, highest: int) -> Callable[[Cell], int]:
    """A whole number from `lowest` to `highest`; separators of thousands are read over."""

    def parse(cell: Cell) -> int:
        words = _typed(cell).replace(",", "").strip()
        if not re.fullmatch(r"[+-]?\d{1,15}", words, re.ASCII):
            raise ValueError(_("“%(text)s” is no whole number.") % {"text": words[:40]})
        number = int(words)
        if not lowest <= number <= highest:
            raise ValueError(
                _("A number from %(lowest)s to %(highest)s belongs here.") % {"lowest": lowest, "highest": highest}
            )
        return number

    return parse


def one_of(words: Callable[[], Mapping[str, str]]) -> Callable[[Cell], str]:
    """One of a few words: `words` leads from what people write to what is meant, and is asked in the person's language.

    Compared without spaces and case.
    """
    by_language: dict[str | None, dict[str, str]] = {}

    def parse(cell: Cell) -> str:
        written, language = as_text(cell), get_language()
        if language not in by_language:
            by_language[language] = {_without_spaces(word): meant for word, meant in words().items()}
        known = by_language[language]
        meant = known.get(written) or known.get(_without_spaces(written))
        if meant is None:
            raise ValueError(_("“%(text)s” is not known here.") % {"text": written[:40]})
        return meant

    return parse


def _without_spaces(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
