"""Attendance in figures: what sources list, what they print as totals, and what the lists leave out. Pure.

Source of the case: handbook of 2022, list of the forums of 민선7기: what is listed adds up to 286 heads and 948
officials, printed are 350 and 1,265; the numbers 4, 11, 12 and 15 are not listed. Neither figure is corrected.
"""  # korean: the name of a term

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Figures:
    """Persons who came: heads of local governments, and officials with them."""

    heads: int = 0
    officials: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.heads + other.heads, self.officials + other.officials)

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(self.heads - other.heads, self.officials - other.officials)

    @property
    def all(self) -> int:
        return self.heads + self.officials


@dataclass(frozen=True, slots=True)
class Line:
    """One event. listed: by a source; registered: on its list of attendees; present: checked in on the day."""

    key: int
    number: int | None
    title: str
    starts_on: date
    place: str = ""
    listed: Figures | None = None
    source: str = ""
    registered: Figures | None = None
    present: Figures | None = None

    @property
    def came(self) -> Figures | None:
        """The best that is known of who came: what was listed, else who checked in, else who was on the list."""
        for figures in (self.listed, self.present, self.registered):
            if figures is not None:
                return figures
        return None


@dataclass(frozen=True, slots=True)
class Printed:
    """Totals as a source prints them, with what somebody noted on the difference."""

    figures: Figures
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TermFigures:
    """A term with its events in the order of their days."""

    term: str
    lines: tuple[Line, ...]
    printed: Printed | None = None

    @property
    def listed(self) -> Figures:
        """The sum of what sources list."""
        return sum((line.listed for line in self.lines if line.listed), Figures())

    @property
    def came(self) -> Figures:
        """The sum of the best that is known of each event."""
        return sum((line.came for line in self.lines if line.came), Figures())

    @property
    def listed_events(self) -> int:
        return sum(line.listed is not None for line in self.lines)

    @property
    def unlisted(self) -> Figures | None:
        """What the printed totals have beyond the list; None where no totals are printed."""
        return None if self.printed is None else self.printed.figures - self.listed

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of events that no source lists though earlier and later ones are."""
        return missing_numbers(line.number for line in self.lines if line.listed is not None)


def missing_numbers(numbers: Iterable[int | None]) -> tuple[int, ...]:
    """The gaps between the lowest and the highest number, in order; events without a number make none."""
    known = {number for number in numbers if number is not None}
    return tuple(sorted(set(range(min(known), max(known) + 1)) - known)) if known else ()


def by_term(lines: Iterable[tuple[str, Line]], printed: dict[str, Printed]) -> list[TermFigures]:
    """Terms, the latest first, each with its events in the order of their days; also terms with nothing but totals."""
    found: dict[str, list[Line]] = {term: [] for term in printed}
    for term, line in lines:
        found.setdefault(term, []).append(line)
    terms = [
        TermFigures(term, tuple(sorted(own, key=lambda line: (line.starts_on, line.key))), printed.get(term))
        for term, own in found.items()
    ]
    return sorted(terms, key=lambda one: (one.lines[-1].starts_on if one.lines else date.min, one.term), reverse=True)
