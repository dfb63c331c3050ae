"""How a customary draw goes, and the lots that follow from it before a ball is drawn. Pure: standard library only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from councils.quotas import Pool

Group = TypeVar("Group", bound="tuple[str, ...]")


class Method(StrEnum):
    """The ways of C14 that are drawn by hand. The names are those of the rule set's selection_method."""

    BALLS = "balls"
    LOTTERY_INTERVIEW = "lottery_interview"
    RECOMMENDATION_SHARES = "recommendation_shares"
    WITHIN_GROUPS = "within_groups"


@dataclass(frozen=True, slots=True)
class Way:
    """One way with its figures, in persons.

    `alternates`: up to how many are drawn on in each lot once its seats are taken.
    BALLS: `features` holds one feature, sex, and nobody is seated any more whose value of it has `most` seats already.
    LOTTERY_INTERVIEW: `invited` persons are drawn, at least as many as seats, then each gets a score from 0 to
    `highest_score`; equal scores go by the order in which they were drawn.
    RECOMMENDATION_SHARES: `features` holds one feature, the track, `value` says who is recommended: first a lot of
    `most` of them (of all if they are fewer), then a lot of all others for the seats that are left.
    WITHIN_GROUPS: `features` make the groups; seats go to groups by largest remainder of their applicants, or of
    `weights` (values of the group, weight), for instance residents of that age, sex and area.
    """

    method: Method
    seats: int
    alternates: int = 0
    features: tuple[str, ...] = ()
    value: str = ""
    most: int = 0
    invited: int = 0
    highest_score: int = 100
    weights: tuple[tuple[tuple[str, ...], int], ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for figures that contradict each other."""
        one_feature = self.method in {Method.BALLS, Method.RECOMMENDATION_SHARES}
        if self.seats <= 0 or self.alternates < 0 or self.highest_score < 0:
            raise ValueError("a draw needs seats and has no number below zero")
        if one_feature and len(self.features) != 1:
            raise ValueError("this way looks at one feature")
        if self.method is Method.WITHIN_GROUPS and not self.features:
            raise ValueError("groups need features")
        if one_feature and not 0 <= self.most <= self.seats:
            raise ValueError("the share is from none to all of the seats")
        if self.method is Method.BALLS and not self.most:
            raise ValueError("nobody could be seated")
        if self.method is Method.LOTTERY_INTERVIEW and self.invited < self.seats:
            raise ValueError("no fewer are invited than there are seats")
        if any(weight < 0 for _, weight in self.weights):
            raise ValueError("no group weighs less than nothing")


@dataclass(frozen=True, slots=True)
class Lot:
    """Balls that are drawn from one urn. `group` holds the values that its members share, "" for all others.

    `cap` is the most seats for one value of the way's feature, None where the lot has no such limit.
    """

    group: tuple[str, ...]
    members: tuple[str, ...]
    seats: int
    alternates: int
    cap: int | None = None


def lots_of(pool: Pool, way: Way) -> tuple[Lot, ...]:
    """The lots in the order in which they are drawn, without those that have no seat to draw for.

    Raises ValueError for a feature that the pool does not have.
    """
    places = [pool.features.index(feature) for feature in way.features]
    groups = [tuple(row[place] for place in places) for row in pool.rows]
    if way.method is Method.BALLS:
        return (_lot((), pool.ids, way.seats, way.alternates, cap=way.most),)
    if way.method is Method.LOTTERY_INTERVIEW:
        return (_lot((), pool.ids, way.invited, 0),)
    if way.method is Method.RECOMMENDATION_SHARES:
        recommended = tuple(id_ for id_, group in zip(pool.ids, groups, strict=True) if group == (way.value,))
        others = tuple(id_ for id_, group in zip(pool.ids, groups, strict=True) if group != (way.value,))
        first = min(way.most, len(recommended))
        lots = (
            _lot((way.value,), recommended, first, way.alternates),
            _lot(("",), others, way.seats - first, way.alternates),
        )
        return tuple(lot for lot in lots if lot.seats and lot.members)
    members: dict[tuple[str, ...], list[str]] = {group: [] for group in sorted(set(groups))}
    for id_, group in zip(pool.ids, groups, strict=True):
        members[group].append(id_)
    seats = apportion(way.seats, Counter(groups), weights=dict(way.weights) or None)
    return tuple(
        _lot(group, tuple(own), seats[group], way.alternates) for group, own in members.items() if seats[group]
    )


def apportion(
    seats: int, applicants: Mapping[Group, int], *, weights: Mapping[Group, int] | None = None
) -> dict[Group, int]:
    """Seats for each group by largest remainder (Hare), reckoned exactly; never more than it has applicants.

    Without `weights` a group weighs as many as it has applicants. What a group cannot fill goes by the same rule to the
    groups that still can. Equal remainders go to the heavier group, then to the one whose values come first. Fewer
    seats than asked for only where there are fewer applicants, or where the rest weighs nothing.
    """
    given = dict.fromkeys(sorted(applicants), 0)
    weight = {group: (applicants if weights is None else weights).get(group, 0) for group in given}
    full: set[Group] = set()
    while True:
        open_ = [group for group in given if group not in full and weight[group] and applicants[group]]
        left = seats - sum(given[group] for group in full)
        total = sum(weight[group] for group in open_)
        exact = {group: Fraction(left * weight[group], total) for group in open_}
        shares = {group: int(share) for group, share in exact.items()}
        by_remainder = sorted(open_, key=lambda group: (shares[group] - exact[group], -weight[group], group))
        for group in by_remainder[: left - sum(shares.values())]:
            shares[group] += 1
        overfull = [group for group in open_ if shares[group] > applicants[group]]
        if not overfull:
            return given | shares
        for group in overfull:
            given[group] = applicants[group]
        full.update(overfull)


def _lot(group: tuple[str, ...], members: tuple[str, ...], seats: int, alternates: int, cap: int | None = None) -> Lot:
    seats = min(seats, len(members))
    return Lot(group, members, seats, min(alternates, len(members) - seats), cap)
