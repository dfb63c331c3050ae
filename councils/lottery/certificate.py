"""The proof that no lottery can be fairer, and its check by plain arithmetic. Standard library only, no solver.

Put a price on every seat, on every quota and on every household. The prices of what an applicant takes up are the cost
of that applicant. Whatever the lottery, the expected cost of its panel is at most what seats, quotas and households
allow; an expected cost is the sum of chance times cost. So the smallest chance among applicants who cost something is
at most the allowance divided by the sum of their costs. That holds for any prices whatever: the solver's duals are
merely those for which the bound is as low as it can be. Prices are whole numbers, so nothing is rounded in the check.

Source: duality of linear programmes; Flanigan, Gölz, Gupta, Hennig, Procaccia, "Fair algorithms for selecting
citizens' assemblies", Nature 596 (2021), describe the objective (leximin).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from councils.lottery.groups import Group, group_people
from councils.quotas import Pool, Quota

# What a chance may fall short of its bound and still count as proven. Chances are given to twelve places.
TOLERANCE = Fraction(1, 1_000_000)
# A cost below this share of the average cost is noise of the solver and proves nothing about the one who has it.
NOISE = Fraction(1, 10_000_000)


@dataclass(frozen=True, slots=True)
class Prices:
    """Whole numbers: of a seat, of each quota (above 0: of its maximum; below 0: of its minimum), of a household.

    `households` has the place in the pool of the household's first member as its key.
    """

    seat: int
    quotas: tuple[int, ...]
    households: Mapping[int, int]

    def cost(self, group: Group) -> int:
        """What one member of `group` costs."""
        household = self.households.get(group.household, 0) if group.household is not None else 0
        return self.seat + sum(self.quotas[place] for place in group.quotas) + household

    def allowance(self, quotas: Sequence[Quota], seats: int) -> int:
        """The most that a panel may cost."""
        of_quotas = sum(
            price * (quota.maximum if price > 0 else quota.minimum)
            for price, quota in zip(self.quotas, quotas, strict=True)
        )
        return self.seat * seats + of_quotas + sum(price for price in self.households.values() if price > 0)


def bound_level(
    groups: Sequence[Group],
    quotas: Sequence[Quota],
    seats: int,
    prices: Prices,
    settled: Mapping[int, Fraction],
) -> tuple[Fraction, tuple[int, ...]]:
    """The most that the smallest chance can be among those not yet settled, and the groups that are held down to it.

    `settled` has the chance of the groups of earlier levels by their place in `groups`. Nobody's chance is above 1: a
    group whose cost is below 0 gives back at most its size. Returns (1, all others) where the prices prove nothing.
    """
    allowed: Fraction = Fraction(prices.allowance(quotas, seats))
    costs: dict[int, int] = {}
    for place, group in enumerate(groups):
        cost = prices.cost(group)
        if place in settled:
            allowed -= cost * len(group) * settled[place]
        elif cost > 0:
            costs[place] = cost
        else:
            allowed -= cost * len(group)
    total = sum(cost * len(groups[place]) for place, cost in costs.items())
    others = tuple(place for place in range(len(groups)) if place not in settled)
    if not total or allowed >= total:
        return Fraction(1), others
    persons = sum(len(groups[place]) for place in others)
    held = tuple(place for place, cost in costs.items() if cost * persons > NOISE * total)
    return max(allowed / total, Fraction(0)), held


def check_certificate(pool: Pool, quotas: Sequence[Quota], seats: int, certificate: Mapping[str, Any]) -> list[str]:
    """What is wrong with the proof, as codes; an empty list says that everything it calls certified is proven.

    - `certificate_unreadable`: something is missing or of the wrong kind
    - `bound_not_proven`: the prices do not prove the upper bound
    - `gap_wrong`: the gap is not what is between the bound and the smallest chance
    - `certified_too_much`: something is called certified although its gap is too wide or a level before it is open
    - `level_not_proven`: the prices of a level do not prove it
    - `level_persons_wrong`: a level holds other persons than it says, or the levels leave somebody out
    """
    try:
        return _check(pool, quotas, seats, certificate)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError):
        return ["certificate_unreadable"]


def _check(pool: Pool, quotas: Sequence[Quota], seats: int, certificate: Mapping[str, Any]) -> list[str]:
    groups = group_people(pool, quotas, one_per_household=bool(certificate["one_per_household"]))
    problems = []
    upper, minimum, gap = (exact(certificate[key]) for key in ("upper_bound", "minimum", "gap"))
    bound, _held = bound_level(groups, quotas, seats, read_prices(pool, certificate["duals"]), {})
    if bound > upper:
        problems.append("bound_not_proven")
    if abs(upper - minimum - gap) > TOLERANCE or gap < 0:
        problems.append("gap_wrong")
    if certificate["certified"] and gap > TOLERANCE:
        problems.append("certified_too_much")
    return problems + _check_levels(pool, groups, quotas, seats, certificate)


def _check_levels(
    pool: Pool, groups: Sequence[Group], quotas: Sequence[Quota], seats: int, certificate: Mapping[str, Any]
) -> list[str]:
    problems = []
    settled: dict[int, Fraction] = {}
    still_proven = True
    for level in certificate["levels"]:
        if not level["certified"]:
            still_proven = False
            continue
        chance, gap = exact(level["probability"]), exact(level["gap"])
        if not still_proven or gap > TOLERANCE or gap < 0:
            problems.append("certified_too_much")
            break
        bound, held = bound_level(groups, quotas, seats, read_prices(pool, level["duals"]), settled)
        if bound > chance + gap:
            problems.append("level_not_proven")
            break
        if sum(len(groups[place]) for place in held) != level["persons"]:
            problems.append("level_persons_wrong")
            break
        settled |= dict.fromkeys(held, chance)
    else:
        if sum(level["persons"] for level in certificate["levels"]) != len(pool):
            problems.append("level_persons_wrong")
        if still_proven and certificate["levels"]:
            first = exact(certificate["levels"][0]["probability"])
            if abs(first - exact(certificate["minimum"])) > TOLERANCE:
                problems.append("gap_wrong")
    return problems


def exact(number: float) -> Fraction:
    """A number of the certificate as it is written there. Raises ValueError for what is none."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise TypeError("no number")
    return Fraction(repr(number))


def read_prices(pool: Pool, written: Mapping[str, Any]) -> Prices:
    """The prices as a certificate has them; households are named there by the id of their first member."""
    households = dict(written.get("households", {}))
    place = {id_: index for index, id_ in enumerate(pool.ids)} if households else {}
    prices = Prices(
        written["seat"],
        tuple(written["quotas"]),
        {place[id_]: price for id_, price in households.items()},
    )
    if any(type(price) is not int for price in (prices.seat, *prices.quotas, *prices.households.values())):
        raise TypeError("prices are whole numbers")
    if any(price < 0 for price in prices.households.values()):
        raise ValueError("a household has a maximum only")
    return prices


def write_prices(pool: Pool, prices: Prices) -> dict[str, Any]:
    """The same the other way round."""
    written: dict[str, Any] = {"seat": prices.seat, "quotas": list(prices.quotas)}
    if prices.households:
        written["households"] = {pool.ids[place]: price for place, price in sorted(prices.households.items())}
    return written
