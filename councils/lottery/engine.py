"""The fair lottery: chances, panels and the proof, from pool, quotas and seats."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from councils.lottery.certificate import TOLERANCE, write_prices
from councils.lottery.columns import Mixture, Pricing, SearchedLevel, approach, leximin_of_panels
from councils.lottery.groups import Group, group_people
from councils.lottery.peeling import take_apart
from councils.lottery.relaxation import Level, relax, written_chance
from councils.lottery.rounding import LARGEST_ERROR, round_mixture
from councils.lottery.seating import seat_people
from councils.lottery.system import Floats, System, build_system
from councils.quotas import Pool, Problem, Quota

PANELS = 1000
# Twelve places are written of a bound; it must not be rounded below what the prices prove.
PLACES = 12
# Persons of expected panel by which a mixture may miss the ideal and still be called it: below what is written.
APART = 1e-8

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Lottery:
    """A fair lottery. `panels` have the same weight each; their members are in the order of the pool.

    `probabilities` are the fair chances by id; a person's share of the panels differs from it by 0.002 at most, or the
    certificate says by how much (`frequencies`). `certificate` is plain JSON; `seconds` is how long it took.
    """

    probabilities: Mapping[str, float]
    panels: tuple[tuple[str, ...], ...]
    certificate: Mapping[str, Any]
    seconds: float


class NoPanelError(Exception):
    """No panel keeps the quotas. `problems` say why as far as it is known without looking further."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("no panel keeps the quotas")
        self.problems = tuple(problems)


def compute_lottery(  # noqa: PLR0913 - what a lottery depends on, by name
    pool: Pool,
    quotas: Sequence[Quota],
    seats: int,
    *,
    panels: int = PANELS,
    one_per_household: bool = False,
    tell: Tell | None = None,
) -> Lottery:
    """The lottery whose smallest chance is as large as the quotas allow, then the next smallest, and so on (leximin).

    `panels` is how many panels of the same weight stand for it. `one_per_household` allows one person of a household
    in a panel. `tell(step, done, total)` hears how far it is: steps "bounding", "composing", "rounding".
    The same input gives the same lottery. Raises NoPanelError where no panel keeps the quotas, ValueError for numbers
    that make no sense (`councils.quota_problems.find_problems` names those and more, each with its place).
    Source: rules C5; Flanigan, Gölz, Gupta, Hennig, Procaccia, Nature 596 (2021).
    """
    started = time.perf_counter()
    say = tell or _silent
    if seats < 1 or panels < 1 or seats > len(pool):
        raise ValueError(f"no lottery of {panels} panels with {seats} seats for {len(pool)} applicants")
    groups = group_people(pool, quotas, one_per_household=one_per_household)
    system = build_system(groups, quotas, seats)
    say("bounding", 0, 1)
    relaxed = relax(system, groups, quotas) if _values_exist(groups, quotas) else None
    if relaxed is None:
        raise NoPanelError([Problem("infeasible", {"seats": seats})])
    ideal, levels = relaxed
    say("bounding", 1, 1)
    mixture, searched, pricing = _compose(system, ideal, say)
    chances = ideal if searched is None else _mean(mixture) / system.sizes
    written = [written_chance(float(chance)) for chance in chances]
    say("rounding", 0, 1)
    rounded = round_mixture(system, mixture, np.array(written), panels, pricing)
    seated = seat_people(groups, [[int(count) for count in panel] for panel, copies in rounded for _ in range(copies)])
    say("rounding", 1, 1)
    by_person = {member: written[place] for place, group in enumerate(groups) for member in group.members}
    probabilities = {id_: by_person[person] for person, id_ in enumerate(pool.ids)}
    certificate = _certify(pool, levels[0], written) | {
        "within_reach": searched is None,
        "levels": (
            _proven_levels(pool, groups, levels, written) if searched is None else _searched_levels(groups, searched)
        ),
        "one_per_household": one_per_household,
        "frequencies": _frequencies(seated, by_person, panels),
    }
    drawn = tuple(tuple(pool.ids[person] for person in people) for people in seated)
    return Lottery(probabilities, drawn, certificate, time.perf_counter() - started)


def _silent(_step: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def _values_exist(groups: Sequence[Group], quotas: Sequence[Quota]) -> bool:
    """Whether no quota asks for more persons than there are; a row without any applicant is not for the solver."""
    there: Counter[int] = Counter()
    for group in groups:
        there.update(dict.fromkeys(group.quotas, len(group)))
    return all(quota.minimum <= min(there[place], quota.maximum) for place, quota in enumerate(quotas))


def _compose(system: System, ideal: Floats, say: Tell) -> tuple[Mixture, list[SearchedLevel] | None, Pricing]:
    """Panels whose mean is the ideal point, or leximin over panels where the ideal is out of their reach."""
    point = ideal * system.sizes
    pricing = Pricing(system)
    panels, weights, left = take_apart(system, point, lambda share: say("composing", int(share * 100), 200))
    if not left:
        return Mixture(tuple(panels), weights / weights.sum(), 0.0, outside=False), None, pricing
    mixture = approach(point, panels, pricing)
    if not mixture.panels:
        raise NoPanelError([Problem("infeasible", {"seats": system.seats})])
    if mixture.distance <= APART:
        return mixture, None, pricing
    say("composing", 100, 200)
    mixture, searched = leximin_of_panels(
        system, mixture.panels, pricing, lambda share: say("composing", 100 + int(share * 100), 200)
    )
    return mixture, searched, pricing


def _mean(mixture: Mixture) -> Floats:
    mean: Floats = mixture.weights @ np.array(mixture.panels)
    return mean


def _certify(pool: Pool, first: Level, written: Sequence[float]) -> dict[str, Any]:
    """The bound of the smallest chance with the prices that prove it, and how near to it the lottery comes."""
    minimum = min(written)
    upper = _rounded_up(first.bound)
    gap = _rounded_up(max(Fraction(repr(upper)) - Fraction(repr(minimum)), Fraction(0)))
    return {
        "method": "leximin",
        "upper_bound": upper,
        "minimum": minimum,
        "gap": gap,
        "certified": gap <= TOLERANCE,
        "duals": write_prices(pool, first.prices),
    }


def _proven_levels(
    pool: Pool, groups: Sequence[Group], levels: Sequence[Level], written: Sequence[float]
) -> list[dict[str, Any]]:
    listed = []
    proven = True
    for level in levels:
        chance = min(written[place] for place in level.groups)
        gap = _rounded_up(max(level.bound - Fraction(repr(chance)), Fraction(0)))
        proven = proven and gap <= TOLERANCE
        listed.append(
            {
                "probability": chance,
                "persons": sum(len(groups[place]) for place in level.groups),
                "gap": gap,
                "certified": proven,
                "duals": write_prices(pool, level.prices),
            }
        )
    return listed


def _searched_levels(groups: Sequence[Group], searched: Sequence[SearchedLevel]) -> list[dict[str, Any]]:
    """A search by a solver is no proof that can be followed by hand: nothing of it is called certified."""
    listed: list[dict[str, Any]] = []
    for level in searched:
        chance = written_chance(level.chance)
        persons = sum(len(groups[place]) for place in level.groups)
        gap = round(max(level.bound - level.chance, 0.0), PLACES)
        if listed and listed[-1]["probability"] == chance:
            listed[-1]["persons"] += persons
            listed[-1]["gap"] = max(gap, listed[-1]["gap"])
        else:
            listed.append({"probability": chance, "persons": persons, "gap": gap, "certified": False})
    return listed


def _rounded_up(number: Fraction) -> float:
    """The smallest number of twelve places that is not below `number`."""
    scaled = number * 10**PLACES
    return float(Fraction(-(-scaled.numerator // scaled.denominator), 10**PLACES))


def _frequencies(seated: Sequence[Sequence[int]], chances: Mapping[int, float], panels: int) -> dict[str, Any]:
    """How far the shares of the panels are from the chances, counted anew from the panels themselves."""
    counts = Counter(person for people in seated for person in people)
    largest = max(abs(counts[person] / panels - chance) for person, chance in chances.items())
    return {"largest_difference": round(largest, PLACES), "allowed": LARGEST_ERROR, "within": largest <= LARGEST_ERROR}
