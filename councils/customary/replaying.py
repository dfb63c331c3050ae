"""What recorded balls and scores come to. The same steps always come to the same. Pure: standard library only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from councils.customary.ways import Lot, Method, Way, lots_of
from councils.quotas import Pool


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was recorded: a ball with a number, or, with a `score`, what the committee gave that person.

    `drawn_by` says in words who drew the ball ("a resident invited to draw").
    """

    number: str
    drawn_by: str = ""
    score: int | None = None


class Fault(StrEnum):
    """Why a step cannot be."""

    UNKNOWN_BALL = "unknown_ball"  # nobody has this number
    ALREADY_DRAWN = "already_drawn"
    OTHER_LOT = "other_lot"  # somebody has it, but the balls of another lot are being drawn
    BALL_EXPECTED = "ball_expected"
    SCORE_EXPECTED = "score_expected"
    NOT_INVITED = "not_invited"  # a score for somebody who was not drawn
    ALREADY_SCORED = "already_scored"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    FINISHED = "finished"


class StepError(ValueError):
    """The first step that cannot be: its place from 1, its number, and why."""

    def __init__(self, fault: Fault, number: str, place: int) -> None:
        super().__init__(f"step {place}: {fault}")
        self.fault = fault
        self.number = number
        self.place = place


class Asked(StrEnum):
    """What comes next."""

    SEAT = "seat"  # a ball for a seat
    ALTERNATE = "alternate"  # a ball for the list of alternates
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is to be recorded next. `lot` is its place from 0; `left` how many of that kind are still to come."""

    asked: Asked
    lot: int
    group: tuple[str, ...]
    left: int


class Reason(StrEnum):
    SHARE_REACHED = "share_reached"


@dataclass(frozen=True, slots=True)
class Passed:
    """A ball that was drawn and gave no seat. `value` is the one whose share of the seats was taken already."""

    number: str
    reason: Reason
    value: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the steps come to. `selected` and `alternates` are in their order; `vacant` seats nobody is left for.

    `prompt` is None once the draw is complete. `invited` are those drawn for an interview, in order; `scores` theirs.
    """

    selected: tuple[str, ...]
    alternates: tuple[str, ...]
    passed_over: tuple[Passed, ...]
    vacant: int
    prompt: Prompt | None
    invited: tuple[str, ...] = ()
    scores: tuple[tuple[str, int], ...] = ()

    @property
    def complete(self) -> bool:
        return self.prompt is None


@dataclass(slots=True)
class _Urn:
    """One lot while it is drawn from."""

    lot: Lot
    value_of: dict[str, str]
    drawn: set[str] = field(default_factory=set)
    seated: list[str] = field(default_factory=list)
    alternates: list[str] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    members: frozenset[str] = field(init=False)
    waiting: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.members = frozenset(self.lot.members)
        self.waiting = Counter(self.value_of[member] for member in self.lot.members)

    def is_capped(self, value: str) -> bool:
        return self.lot.cap is not None and self.taken[value] >= self.lot.cap

    @property
    def seats_left(self) -> int:
        """How many seats are still drawn for: none once nobody is left in the urn who could be seated."""
        if not any(number and not self.is_capped(value) for value, number in self.waiting.items()):
            return 0
        return self.lot.seats - len(self.seated)

    @property
    def alternates_left(self) -> int:
        return min(self.lot.alternates - len(self.alternates), self.waiting.total())

    def take(self, number: str) -> None:
        value = self.value_of[number]
        for_seat = self.seats_left > 0
        self.drawn.add(number)
        self.waiting[value] -= 1
        if not for_seat:
            self.alternates.append(number)
        elif self.is_capped(value):
            self.passed.append(Passed(number, Reason.SHARE_REACHED, value))
        else:
            self.taken[value] += 1
            self.seated.append(number)


def replay(pool: Pool, way: Way, steps: Sequence[Step]) -> Outcome:
    """What the steps come to so far, and what comes next.

    Raises StepError for the first step that cannot be, and ValueError for a feature that the pool does not have.
    Source: rules C14.
    """
    capped = pool.features.index(way.features[0]) if way.method is Method.BALLS else None
    value_of = {id_: "" if capped is None else row[capped] for id_, row in zip(pool.ids, pool.rows, strict=True)}
    urns = [_Urn(lot, value_of) for lot in lots_of(pool, way)]
    scores: dict[str, int] = {}
    for place, step in enumerate(steps, start=1):
        fault = _take(way, urns, scores, step, value_of)
        if fault:
            raise StepError(fault, step.number, place)
    prompt = _prompt(way, urns, scores)
    seated = [number for urn in urns for number in urn.seated]
    alternates = [number for urn in urns for number in urn.alternates]
    invited: tuple[str, ...] = ()
    if way.method is Method.LOTTERY_INTERVIEW:
        invited = tuple(seated)
        best = sorted(invited, key=lambda number: -scores[number]) if prompt is None else []
        seated, alternates = best[: way.seats], best[way.seats : way.seats + way.alternates]
    return Outcome(
        selected=tuple(seated),
        alternates=tuple(alternates),
        passed_over=tuple(passed for urn in urns for passed in urn.passed),
        vacant=way.seats - len(seated) if prompt is None else 0,
        prompt=prompt,
        invited=invited,
        scores=tuple(scores.items()),
    )


def _prompt(way: Way, urns: Sequence[_Urn], scores: dict[str, int]) -> Prompt | None:
    for place, urn in enumerate(urns):
        for asked, left in ((Asked.SEAT, urn.seats_left), (Asked.ALTERNATE, urn.alternates_left)):
            if left > 0:
                return Prompt(asked, place, urn.lot.group, left)
    if way.method is Method.LOTTERY_INTERVIEW:
        unscored = sum(len(urn.seated) for urn in urns) - len(scores)
        if unscored:
            return Prompt(Asked.SCORE, 0, (), unscored)
    return None


def _take(way: Way, urns: Sequence[_Urn], scores: dict[str, int], step: Step, known: dict[str, str]) -> Fault | None:
    """Carry one step out, or say why it cannot be."""
    prompt = _prompt(way, urns, scores)
    if prompt is None:
        return Fault.FINISHED
    if step.number not in known:
        return Fault.UNKNOWN_BALL
    if prompt.asked is Asked.SCORE:
        fault = _score_fault(way, urns[0], scores, step)
        if fault is None and step.score is not None:
            scores[step.number] = step.score
        return fault
    fault = _ball_fault(urns, urns[prompt.lot], step)
    if fault is None:
        urns[prompt.lot].take(step.number)
    return fault


def _ball_fault(urns: Sequence[_Urn], urn: _Urn, step: Step) -> Fault | None:
    if step.score is not None:
        return Fault.BALL_EXPECTED
    if any(step.number in other.drawn for other in urns):
        return Fault.ALREADY_DRAWN
    return None if step.number in urn.members else Fault.OTHER_LOT


def _score_fault(way: Way, urn: _Urn, scores: dict[str, int], step: Step) -> Fault | None:
    if step.score is None:
        return Fault.SCORE_EXPECTED
    if step.number not in urn.drawn:
        return Fault.NOT_INVITED
    if step.number in scores:
        return Fault.ALREADY_SCORED
    if not 0 <= step.score <= way.highest_score:
        return Fault.SCORE_OUT_OF_RANGE
    return None
