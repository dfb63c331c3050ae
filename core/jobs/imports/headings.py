"""Which column of a file is which: guessed from its headings. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

Head = Sequence[tuple[int, Sequence[str]]]
Names = Mapping[str, Sequence[str]]  # name of a column → headings that mean it


def _plain(heading: str) -> str:
    """The letters and digits of a heading."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", heading).casefold() if sign.isalnum())


def guess_mapping(headings: Sequence[str], names: Names) -> dict[str, int]:
    """Name of a column → its place. First whole headings, then those that fit without what stands in brackets.

    Each place is taken once, each column gets the leftmost one that fits.
    """
    mapping: dict[str, int] = {}
    taken: set[int] = set()
    wanted = {name: {_plain(alias) for alias in aliases} - {""} for name, aliases in names.items()}
    for reading in (_plain, lambda heading: _plain(IN_BRACKETS.sub("", heading))):
        for place, heading in enumerate(headings):
            plain = reading(heading)
            name = next((name for name, plains in wanted.items() if name not in mapping and plain in plains), None)
            if name is not None and place not in taken:
                mapping[name] = place
                taken.add(place)
    return mapping


def guess_heading_row(head: Head, names: Names) -> int:
    """The number of the row in which most headings are known; the first row if none is."""
    if not head:
        return 1
    return max(head, key=lambda row: (len(guess_mapping(row[1], names)), -row[0]))[0]
