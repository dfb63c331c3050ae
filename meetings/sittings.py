"""To which sitting and which day of a meeting a moment belongs. Pure.

Sittings that begin on the same date are one day of the meeting, and so is an evening that goes on past midnight.
Whoever checks in is there until they leave or the last sitting of that day ends; on the next day everybody checks in
anew. A moment between two days belongs to the nearer one, so that a sitting may run late and the door may open early.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

Times = tuple[datetime, datetime]
# Nobody goes home and sleeps in less.
NIGHT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a meeting: its first sitting begins and its last one ends.

    since, until: the moments that belong to it, half-open; None where no other day is before or after it.
    """

    begins: datetime
    ends: datetime
    since: datetime | None = None
    until: datetime | None = None

    def has(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


def days_of(sittings: Sequence[Times], zone: tzinfo) -> list[Day]:
    """The days of a meeting by the dates in `zone` on which its sittings begin, with a NIGHT between them, in order."""
    spans: list[list[datetime]] = []
    for begins, ends in sorted(sittings):
        same_date = spans and spans[-1][0].astimezone(zone).date() == begins.astimezone(zone).date()
        if spans and (same_date or begins - spans[-1][1] < NIGHT):
            spans[-1][1] = max(spans[-1][1], ends)
        else:
            spans.append([begins, ends])
    middles = [end + (start - end) / 2 for (_begin, end), (start, _end) in itertools.pairwise(spans)]
    return [
        Day(begins, ends, since, until)
        for (begins, ends), since, until in zip(spans, [None, *middles], [*middles, None], strict=True)
    ]


def day_at(days: Sequence[Day], at: datetime) -> Day:
    """The day that a moment belongs to. Raises ValueError without any day."""
    for day in days:
        if day.has(at):
            return day
    raise ValueError("no days")


def nearest(sittings: Sequence[Times], at: datetime) -> int:
    """The place of the sitting that goes on, or else of the nearest one; of two equally near ones the later.

    Raises ValueError without any sitting.
    """

    def distance(place: int) -> tuple[timedelta, int]:
        begins, ends = sittings[place]
        # At its very end a sitting is over.
        away = begins - at if at < begins else at - ends if at >= ends else timedelta(-1)
        return away, -place

    return min(range(len(sittings)), key=distance)


def end_of(arrived_at: datetime, days: Sequence[Day], until: datetime) -> datetime:
    """When an attendance without a departure ends: with its day, at `until` at the latest, never before it began."""
    return max(arrived_at, min(until, day_at(days, arrived_at).ends))
