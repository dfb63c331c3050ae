"""How long somebody was there. Pure.

Source: rules.md C6: attendance in hours. What counts is the time within the sittings. Spans that overlap count once.
The whole is rounded down to full minutes at the end, not span by span, so that going out for a moment costs no minute
more than it took; hours are minutes ÷ 60, exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until `end`; an end that is open (None) lasts until the sitting ends or until now."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attended:
    """Full minutes attended, of the full minutes that there were."""

    minutes: int
    of: int

    @property
    def hours(self) -> Fraction:
        return Fraction(self.minutes, 60)

    @property
    def share(self) -> Fraction:
        """0 of a meeting without length."""
        return Fraction(self.minutes, self.of) if self.of else Fraction(0)


def attended(spans: Iterable[Span], sittings: Iterable[tuple[datetime, datetime]], *, until: datetime) -> Attended:
    """The time of `spans` that lies within `sittings`; open ends reach `until` at the latest.

    Raises ValueError for a span or a sitting that ends before it begins.
    """
    held = _merged((start, end) for start, end in sittings)
    there = _merged((span.start, span.end if span.end is not None else max(span.start, until)) for span in spans)
    common = sum(
        (max(timedelta(0), min(end, last) - max(start, first)) for start, end in there for first, last in held),
        timedelta(0),
    )
    whole = sum((end - start for start, end in held), timedelta(0))
    return Attended(common // MINUTE, whole // MINUTE)


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, what overlaps or touches as one."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if end < start:
            raise ValueError(f"ends at {end}, before it begins at {start}")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a moment, half-open; open ends never stop."""
    return (other.end is None or one.start < other.end) and (one.end is None or other.start < one.end)
