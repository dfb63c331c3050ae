"""What the demo's assemblies are made of: plain values, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from assemblies.states import AssemblyKind, Category, Channel, PollKind


class Stage(IntEnum):
    """How far an assembly of the demo has come."""

    DRAFTED = 1
    ANNOUNCED = 2
    SCHEDULED = 3
    OPEN = 4
    CLOSED = 5
    COUNTED = 6
    PUBLISHED = 7
    CONCLUDED = 8


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item; `liking` is how much people want it, compared with the others on the ballot.

    In a vote for or against, `liking` is the share of votes for it in percent. `origin` names an earlier item as
    "assembly/number".
    """

    title: str
    gain: str
    category: Category
    proposer: str
    liking: int
    description: str = ""
    place: str = ""
    cost: int | None = None
    opinion: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class PollPlan:
    """A poll on the items with these numbers; `voters` take part, the first of the roll's shuffled order.

    `votes` fixes how many votes each item gets; left out, they fall by how much the items are liked.
    """

    title: str
    question: str
    kind: PollKind
    items: tuple[int, ...]
    opens_at: datetime
    closes_at: datetime
    voters: int
    max_choices: int | None = None
    adopted: int | None = None
    votes: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class AssemblyPlan:
    """An assembly, the people who are on its roll by reference, and how far it has come."""

    key: str
    dong: str
    title: str
    purpose: str
    rules: str
    held_at: datetime
    place: str
    stage: Stage
    items: tuple[Item, ...]
    polls: tuple[PollPlan, ...]
    kind: AssemblyKind = AssemblyKind.RESIDENTS
    host: str = ""
    description: str = ""
    population: tuple[int, datetime] | None = None
    references: tuple[str, ...] = ()
    reference_channel: Channel = Channel.PAPER
    notice: timedelta = timedelta(days=21)
    under_objection: bool = False


def pupils(grades: range, classes: int, each: int) -> tuple[str, ...]:
    """References of pupils as schools write them: grade, class and number, for example 5학년 2반 14번."""
    return tuple(
        f"{grade}학년 {group}반 {number}번"
        for grade in grades
        for group in range(1, classes + 1)
        for number in range(1, each + 1)
    )


def signed(prefix: str, count: int) -> tuple[str, ...]:
    """References of residents who signed a roll on paper, by their number on it."""
    return tuple(f"{prefix} {number:03}" for number in range(1, count + 1))
