"""The timetable of an event of several days, with the open starts and ends that programmes print.

"~13:00" is a line without a start: it takes what is left since the line before it. "21:30~" is a line without an end:
it goes on until the next line, or until the day ends. Pure: days, times and the moment are arguments; times are those
of the place, without a zone.

Source: the programme of the 24th forum of the Mokmingwan Club (2014), which prints both kinds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

LONG_GAP = 30  # minutes without anything that are worth a question


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of a timetable. At least one of `starts` and `ends` is there.

    key: whatever the caller knows the line by. position: the order of lines at the same time. is_parallel: it runs
    beside others on purpose. theme_minutes: how long the themes that it holds take together, 0 if it holds none.
    """

    key: int
    day: date
    starts: time | None = None
    ends: time | None = None
    position: int = 0
    is_parallel: bool = False
    theme_minutes: int = 0

    @property
    def known(self) -> time:
        """The time by which the line is put in order. Raises ValueError for a line without any time."""
        moment = self.starts or self.ends
        if moment is None:
            raise ValueError(f"line {self.key} has neither a start nor an end")
        return moment

    @property
    def printed(self) -> str:
        """The time as programmes print it: "13:20~14:30", "~13:00", "21:30~"."""
        return f"{_clock(self.starts)}~{_clock(self.ends)}"


@dataclass(frozen=True, slots=True)
class Span:
    """When a line begins and ends after all, both as moments of the place; [begins, finishes).

    begins is None where nobody can know: the first line of a day without a start, or one that is to be over when the
    line before it ends.
    """

    slot: Slot
    begins: datetime | None
    finishes: datetime

    @property
    def is_begin_inferred(self) -> bool:
        return self.slot.starts is None

    @property
    def is_end_inferred(self) -> bool:
        return self.slot.ends is None

    @property
    def minutes(self) -> int:
        """Length in minutes; 0 where the beginning is not known."""
        return 0 if self.begins is None else int((self.finishes - self.begins).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two lines that are at the same time and do not say that they mean it."""

    first: Slot
    second: Slot


@dataclass(frozen=True, slots=True)
class Gap:
    """Time of a day in which nothing stands."""

    after: Slot
    before: Slot
    minutes: int


@dataclass(frozen=True, slots=True)
class Overfill:
    """A line whose themes take longer than it does, both in minutes."""

    slot: Slot
    needed: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What goes on at a moment, and what comes next (of the same day or a later one)."""

    now: tuple[Slot, ...]
    next: Slot | None


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def ordered(slots: Iterable[Slot]) -> list[Slot]:
    """The lines in the order in which they happen: by day, then by the time that is known of them.

    What is to be over at a time comes before what begins then: "~19:00 move" stands before "19:00~21:00 dinner".
    Lines at the same time keep their positions.
    """
    return sorted(slots, key=lambda slot: (slot.day, slot.known, slot.starts is not None, slot.position, slot.key))


def spans(slots: Iterable[Slot]) -> list[Span]:
    """Every line with the time that it really takes, in order."""
    found: list[Span] = []
    for _day, lines in groupby(ordered(slots), key=lambda slot: slot.day):
        found += _spans_of_day(list(lines))
    return found


def _spans_of_day(lines: Sequence[Slot]) -> list[Span]:
    found: list[Span] = []
    latest: datetime | None = None
    for place, slot in enumerate(lines):
        if slot.starts is not None:
            begins: datetime | None = datetime.combine(slot.day, slot.starts)
        else:
            begins = latest
        finishes = datetime.combine(slot.day, slot.ends) if slot.ends else _open_end(slot, lines[place + 1 :])
        if begins is not None and slot.starts is None and begins >= finishes:
            begins = None
        found.append(Span(slot, begins, finishes))
        latest = finishes if latest is None else max(latest, finishes)
    return found


def _open_end(slot: Slot, later: Sequence[Slot]) -> datetime:
    """When a line without an end is over: as the next one begins, or is to be over ("~23:00"), else with the day."""
    for other in later:
        if other.known > slot.known and not other.is_parallel:
            return datetime.combine(slot.day, other.known)
    return datetime.combine(slot.day + timedelta(days=1), time.min)


def overlaps(slots: Iterable[Slot]) -> list[Overlap]:
    """Pairs of lines that take the same time, except where one of them says that it runs beside others.

    A line without a start takes no time before the end of the one before it, so it overlaps only if it is to be over
    while another one still goes on.
    """
    found: list[Overlap] = []
    for _day, lines in groupby(spans(slots), key=lambda span: span.slot.day):
        serial = [span for span in lines if not span.slot.is_parallel]
        for place, first in enumerate(serial):
            found += [Overlap(first.slot, second.slot) for second in serial[place + 1 :] if _clash(first, second)]
    return found


def _clash(first: Span, second: Span) -> bool:
    """Whether two lines of a day, in order, take the same time."""
    if first.begins is None:
        return False
    if second.begins is None:
        return first.begins < second.finishes < first.finishes
    return first.begins < second.finishes and second.begins < first.finishes


def beside(slots: Iterable[Slot]) -> list[Overlap]:
    """Pairs of lines that are at the same time because one of them says that it runs beside others."""
    found: list[Overlap] = []
    for _day, lines in groupby(spans(slots), key=lambda span: span.slot.day):
        day = list(lines)
        for place, first in enumerate(day):
            found += [
                Overlap(first.slot, second.slot)
                for second in day[place + 1 :]
                if (first.slot.is_parallel or second.slot.is_parallel) and _clash(first, second)
            ]
    return found


def gaps(slots: Iterable[Slot], longer_than: int = LONG_GAP) -> list[Gap]:
    """Times of more than `longer_than` minutes between two lines of a day in which nothing stands."""
    found: list[Gap] = []
    for _day, lines in groupby(spans(slots), key=lambda span: span.slot.day):
        last: Span | None = None
        for span in lines:
            if last is not None and span.begins is not None:
                minutes = int((span.begins - last.finishes).total_seconds() // 60)
                if minutes > longer_than:
                    found.append(Gap(last.slot, span.slot, minutes))
            if last is None or span.finishes > last.finishes:
                last = span
    return found


def overfills(slots: Iterable[Slot]) -> list[Overfill]:
    """Lines with a start and an end whose themes take longer than there is time."""
    return [
        Overfill(span.slot, span.slot.theme_minutes, span.minutes)
        for span in spans(slots)
        if span.begins is not None and not span.is_end_inferred and span.slot.theme_minutes > span.minutes
    ]


def empty_days(slots: Iterable[Slot], first: date, last: date) -> list[date]:
    """Days from `first` to `last`, both included, on which nothing stands."""
    filled = {slot.day for slot in slots}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if day not in filled]


def at_moment(slots: Iterable[Slot], moment: datetime) -> Moment:
    """What goes on at `moment` (of the place, without a zone), and what begins next.

    A line whose beginning nobody knows goes on from the start of its day, if it is the first one; else it is over.
    """
    found = spans(slots)
    now = [span.slot for span in found if _begin(span, found) <= moment < span.finishes]
    ahead = [span for span in found if _begin(span, found) > moment]
    coming = min(ahead, key=lambda span: _begin(span, found), default=None)
    return Moment(tuple(now), coming.slot if coming else None)


def _begin(span: Span, found: Sequence[Span]) -> datetime:
    """The beginning as the marker takes it."""
    if span.begins is not None:
        return span.begins
    first = next(other for other in found if other.slot.day == span.slot.day)
    return datetime.combine(span.slot.day, time.min) if first is span else span.finishes


def marked_spans(slots: Iterable[Slot]) -> list[tuple[Slot, datetime, datetime]]:
    """(line, from, until) of every line, as `at_moment` reckons; for a marker that moves by itself."""
    found = spans(slots)
    return [(span.slot, _begin(span, found), span.finishes) for span in found]
