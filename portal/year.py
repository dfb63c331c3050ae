"""The path of a dong's year: what has been and what comes, in the order of time, with today between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What can happen in a dong's year."""

    ANNOUNCED = "announced"
    OPENS = "opens"
    CLOSES = "closes"
    HELD = "held"
    PUBLISHED = "published"


# Of what happens at the same moment, this comes first.
ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens in the life of an assembly. `at` is None where its day is not known yet."""

    kind: Kind
    at: datetime | None
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Station:
    """A happening on the path, or today (`happening` is None). `state` is "done", "now" or "next"."""

    happening: Happening | None
    state: str


def path_of(happenings: Sequence[Happening], now: datetime) -> list[Station]:
    """The happenings in the order of time, those without a day last, and today between past and future.

    What happens at `now` has happened. Nothing at all gives no path.
    """
    known = sorted(
        (happening for happening in happenings if happening.at is not None),
        key=lambda happening: (happening.at, ORDER.index(happening.kind), happening.title),
    )
    open_ended = [happening for happening in happenings if happening.at is None]
    if not known and not open_ended:
        return []
    past = [Station(happening, "done") for happening in known if happening.at is not None and happening.at <= now]
    future = [Station(happening, "next") for happening in [*known[len(past) :], *open_ended]]
    return [*past, Station(None, "now"), *future]
