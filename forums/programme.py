"""The programme of an event as plain values, and what changed between two versions of it. Pure.

A published version keeps its programme as JSON; `as_data` and `from_data` go there and back. Things are known by keys
that stay the same from version to version, so that moving and renaming is told from removing and adding.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from forums.timetable import Slot, ordered


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody's part: `name` is how the programme prints them, `title` what they present."""

    key: int
    part: str
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ThemeLine:
    key: int
    number: int
    title: str
    minutes: int
    points: tuple[str, ...] = ()
    people: tuple[PersonLine, ...] = ()


@dataclass(frozen=True, slots=True)
class VenueLine:
    key: int
    name: str
    address: str = ""
    directions: str = ""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A line of the timetable; `venue` and `themes` are keys."""

    key: int
    kind: str
    title: str
    day: date
    starts: time | None = None
    ends: time | None = None
    venue: int | None = None
    room: str = ""
    details: str = ""
    themes: tuple[int, ...] = ()
    is_parallel: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything that a published version says."""

    title: str
    kind: str
    starts_on: date
    ends_on: date
    term: str = ""
    number: int | None = None
    host: str = ""
    place: str = ""
    is_online: bool = False
    intent: str = ""
    venues: tuple[VenueLine, ...] = ()
    themes: tuple[ThemeLine, ...] = ()
    sessions: tuple[SessionLine, ...] = ()
    people: tuple[PersonLine, ...] = field(default=())

    def slots(self) -> list[Slot]:
        """The sessions for `forums.timetable`, in order."""
        minutes = {theme.key: theme.minutes for theme in self.themes}
        return ordered(
            Slot(
                key=line.key,
                day=line.day,
                starts=line.starts,
                ends=line.ends,
                position=line.position,
                is_parallel=line.is_parallel,
                theme_minutes=sum(minutes.get(key, 0) for key in line.themes),
            )
            for line in self.sessions
        )

    def in_order(self) -> list[SessionLine]:
        """The sessions in the order in which they happen."""
        lines = {line.key: line for line in self.sessions}
        return [lines[slot.key] for slot in self.slots()]

    def days(self) -> list[tuple[date, list[SessionLine]]]:
        """The sessions by day, both in order."""
        found: dict[date, list[SessionLine]] = {}
        for line in self.in_order():
            found.setdefault(line.day, []).append(line)
        return list(found.items())


# --- To and from plain data -------------------------------------------------------------------------------------------


def as_data(programme: Programme) -> dict[str, Any]:
    """The programme as JSON can hold it."""
    return {name: _plain(value) for name, value in asdict(programme).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def from_data(data: Mapping[str, Any]) -> Programme:
    """The programme that `as_data` wrote. Raises KeyError or ValueError for anything else."""
    return Programme(
        title=data["title"],
        kind=data["kind"],
        starts_on=date.fromisoformat(data["starts_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        term=data["term"],
        number=data["number"],
        host=data["host"],
        place=data["place"],
        is_online=data["is_online"],
        intent=data["intent"],
        venues=tuple(VenueLine(**venue) for venue in data["venues"]),
        themes=tuple(_theme(theme) for theme in data["themes"]),
        sessions=tuple(_session(session) for session in data["sessions"]),
        people=tuple(PersonLine(**person) for person in data["people"]),
    )


def _theme(data: Mapping[str, Any]) -> ThemeLine:
    people = tuple(PersonLine(**person) for person in data["people"])
    return ThemeLine(**{**data, "points": tuple(data["points"]), "people": people})


def _session(data: Mapping[str, Any]) -> SessionLine:
    times = {name: time.fromisoformat(data[name]) if data[name] else None for name in ("starts", "ends")}
    return SessionLine(**{**data, **times, "day": date.fromisoformat(data["day"]), "themes": tuple(data["themes"])})


Line = TypeVar("Line", SessionLine, ThemeLine, PersonLine, VenueLine)


# --- What changed -----------------------------------------------------------------------------------------------------


class Changed(StrEnum):
    """What kind of change it is."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # another day or time
    RELOCATED = "relocated"  # another venue or room
    RENAMED = "renamed"
    LENGTHENED = "minutes"  # a theme takes longer or shorter
    REPLACED = "person"  # somebody else
    PART = "part"  # the same person does something else; before and after are values of `states.Part`
    REORDERED = "order"  # printed before or after others that it followed or preceded
    REWORDED = "text"  # details, discussion points, directions


class Thing(StrEnum):
    """What changed."""

    EVENT = "event"
    SESSION = "session"
    THEME = "theme"
    VENUE = "venue"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `name` is what the thing is called now (or was, if it is gone); before and after as printed."""

    thing: Thing
    changed: Changed
    name: str
    before: str = ""
    after: str = ""

    def as_data(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def change_from_data(data: Mapping[str, str]) -> Change:
    """The change that `Change.as_data` wrote. Raises KeyError or ValueError for anything else."""
    return Change(
        Thing(data["thing"]), Changed(data["changed"]), data["name"], data.get("before", ""), data.get("after", "")
    )


def changes(old: Programme, new: Programme) -> list[Change]:
    """What is different in `new`, in the order in which a reader needs it: when and where first, people, then texts."""
    found = [
        *_changes_of_event(old, new),
        *_changes_of_sessions(old, new),
        *_changes_of_themes(old, new),
        *_changes_of_people(old.people, new.people, ""),
        *_changes_of_venues(old, new),
    ]
    order = list(Thing)
    return sorted(found, key=lambda change: order.index(change.thing))


def _changes_of_event(old: Programme, new: Programme) -> Iterable[Change]:
    if (old.starts_on, old.ends_on) != (new.starts_on, new.ends_on):
        yield Change(Thing.EVENT, Changed.MOVED, new.title, _days(old), _days(new))
    if (old.host, old.place) != (new.host, new.place):
        yield Change(
            Thing.EVENT, Changed.RELOCATED, new.title, _words(old.host, old.place), _words(new.host, new.place)
        )
    if old.title != new.title:
        yield Change(Thing.EVENT, Changed.RENAMED, new.title, old.title, new.title)
    if old.intent != new.intent or old.is_online != new.is_online:
        yield Change(Thing.EVENT, Changed.REWORDED, new.title)


def _changes_of_sessions(old: Programme, new: Programme) -> Iterable[Change]:
    venues_before, venues_now = _names(old), _names(new)
    # What moves along with the whole event is told once, of the event.
    along = new.starts_on - old.starts_on if _length(new) == _length(old) else timedelta()

    def compare(one: SessionLine, other: SessionLine) -> Iterable[Change]:
        if other.day not in {one.day, one.day + along} or (one.starts, one.ends) != (other.starts, other.ends):
            yield Change(Thing.SESSION, Changed.MOVED, other.title, _when(one), _when(other))
        places = (_place(one, venues_before), _place(other, venues_now))
        # A venue that was only renamed is told once, at the venue.
        if (one.venue, one.room) != (other.venue, other.room) and places[0] != places[1]:
            yield Change(Thing.SESSION, Changed.RELOCATED, other.title, *places)
        if one.title != other.title:
            yield Change(Thing.SESSION, Changed.RENAMED, other.title, one.title, other.title)
        if (one.details, set(one.themes), one.kind) != (other.details, set(other.themes), other.kind):
            yield Change(Thing.SESSION, Changed.REWORDED, other.title)

    before, now = old.in_order(), new.in_order()
    yield from _compared(before, now, Thing.SESSION, lambda line: (line.title, _when(line)), compare)
    # Lines at the same time follow their positions; what was moved is told as moved.
    times = {(line.key, line.starts, line.ends) for line in before}
    stayed = {line.key for line in now if (line.key, line.starts, line.ends) in times}
    if first := _first_out_of_order(before, now, stayed):
        yield Change(Thing.SESSION, Changed.REORDERED, first.title)


def _first_out_of_order(old: Sequence[Line], new: Sequence[Line], stayed: set[int]) -> Line | None:
    """The first of those in both that does not stand in the order of before; None where all do."""
    there = {line.key for line in new}
    order = [line.key for line in old if line.key in stayed and line.key in there]
    known = set(order)
    return next(
        (line for line, key in zip((one for one in new if one.key in known), order, strict=True) if line.key != key),
        None,
    )


def _length(programme: Programme) -> timedelta:
    return programme.ends_on - programme.starts_on


def _changes_of_themes(old: Programme, new: Programme) -> Iterable[Change]:
    def compare(one: ThemeLine, other: ThemeLine) -> Iterable[Change]:
        if one.title != other.title:
            yield Change(Thing.THEME, Changed.RENAMED, other.title, one.title, other.title)
        if one.minutes != other.minutes:
            yield Change(Thing.THEME, Changed.LENGTHENED, other.title, str(one.minutes), str(other.minutes))
        if one.points != other.points or one.number != other.number:
            yield Change(Thing.THEME, Changed.REWORDED, other.title)
        yield from _changes_of_people(one.people, other.people, other.title)

    yield from _compared(old.themes, new.themes, Thing.THEME, lambda theme: (theme.title, ""), compare)


def _changes_of_people(old: Sequence[PersonLine], new: Sequence[PersonLine], where: str) -> Iterable[Change]:
    def compare(one: PersonLine, other: PersonLine) -> Iterable[Change]:
        if one.name != other.name:
            yield Change(Thing.PERSON, Changed.REPLACED, where, one.name, other.name)
        elif one.part != other.part:
            yield Change(Thing.PERSON, Changed.PART, other.name, one.part, other.part)
        if one.title != other.title:
            yield Change(Thing.PERSON, Changed.RENAMED, other.name, one.title, other.title)

    yield from _compared(old, new, Thing.PERSON, lambda person: (person.name, where), compare)
    parts = {(person.key, person.part) for person in old}
    if _first_out_of_order(old, new, {person.key for person in new if (person.key, person.part) in parts}):
        yield Change(Thing.PERSON, Changed.REORDERED, where)


def _changes_of_venues(old: Programme, new: Programme) -> Iterable[Change]:
    def compare(one: VenueLine, other: VenueLine) -> Iterable[Change]:
        if one.name != other.name:
            yield Change(Thing.VENUE, Changed.RENAMED, other.name, one.name, other.name)
        if one.address != other.address:
            yield Change(Thing.VENUE, Changed.RELOCATED, other.name, one.address, other.address)
        if one.directions != other.directions:
            yield Change(Thing.VENUE, Changed.REWORDED, other.name)

    yield from _compared(old.venues, new.venues, Thing.VENUE, lambda venue: (venue.name, ""), compare)
    if first := _first_out_of_order(old.venues, new.venues, {venue.key for venue in new.venues}):
        yield Change(Thing.VENUE, Changed.REORDERED, first.name)


def _compared(
    old: Sequence[Line],
    new: Sequence[Line],
    thing: Thing,
    named: Callable[[Line], tuple[str, str]],
    compare: Callable[[Line, Line], Iterable[Change]],
) -> Iterable[Change]:
    """Changes line by line in the new order, then what is gone in the old one."""
    before = {line.key: line for line in old}
    now = {line.key for line in new}
    for line in new:
        known = before.get(line.key)
        if known is None:
            name, about = named(line)
            yield Change(thing, Changed.ADDED, name, after=about)
        else:
            yield from compare(known, line)
    for line in old:
        if line.key not in now:
            name, about = named(line)
            yield Change(thing, Changed.REMOVED, name, before=about)


def _when(line: SessionLine) -> str:
    """Day and time, as they are printed in a list of changes: "2014-01-10 13:20~14:30"."""
    return f"{line.day.isoformat()} {Slot(line.key, line.day, line.starts, line.ends).printed}"


def _days(programme: Programme) -> str:
    first, last = programme.starts_on.isoformat(), programme.ends_on.isoformat()
    return first if first == last else f"{first} ~ {last}"


def _names(programme: Programme) -> dict[int | None, str]:
    return {venue.key: venue.name for venue in programme.venues}


def _place(line: SessionLine, venues: Mapping[int | None, str]) -> str:
    return _words(venues.get(line.venue, ""), line.room)


def _words(*parts: str) -> str:
    return " ".join(part for part in parts if part)
