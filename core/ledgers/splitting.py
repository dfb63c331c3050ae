"""Splitting one cost equally in whole won. Pure: no Django, no clock, no fractions.

Source: bylaws of the mayors' club, article 8: the costs of an event are borne in equal parts by the members who take
part. A won cannot be divided, so what is left over is shown, and a stated rule says who bears it.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


class RemainderRule(StrEnum):
    """Who bears the won that cannot be divided."""

    REMAINDER_TO_CLUB = "remainder_to_club"  # the club's fund
    FIRST_IN_ORDER = "first_in_order"  # one won each, in the order in which the members are given
    TO_HOST = "to_host"  # the member who holds the event


@dataclass(frozen=True, slots=True)
class Split(Generic[Member]):
    """A cost in parts, all in won: `shares` of the members and `fund_share` of the club sum to `total`.

    `remainder` is what was left after the equal parts, already contained in what `rule` assigned it to.
    """

    total: int
    shares: dict[Member, int]
    remainder: int
    rule: RemainderRule
    fund_share: int

    @property
    def equal_part(self) -> int:
        """What every member bears at least, in won."""
        return (self.total - self.remainder) // len(self.shares)


def split_equally(
    total_won: int,
    among: Sequence[Member],
    *,
    rule: RemainderRule = RemainderRule.REMAINDER_TO_CLUB,
    host: Member | None = None,
) -> Split[Member]:
    """Split `total_won` equally among the members given, who are all different.

    Raises TypeError if the total is not a whole number; ValueError if it is not above zero, nobody is given, somebody
    is given twice, or TO_HOST names a host who is not among them.
    """
    if not isinstance(total_won, int) or isinstance(total_won, bool):
        raise TypeError(f"{total_won!r} is not a whole number of won")
    if total_won <= 0:
        raise ValueError(f"nothing to split: {total_won} won")
    if not among:
        raise ValueError("nobody to split among")
    if len(set(among)) != len(among):
        raise ValueError("somebody is given twice")
    part, remainder = divmod(total_won, len(among))
    shares = dict.fromkeys(among, part)
    fund_share = 0
    if rule is RemainderRule.REMAINDER_TO_CLUB:
        fund_share = remainder
    elif rule is RemainderRule.FIRST_IN_ORDER:
        for member in among[:remainder]:
            shares[member] += 1
    else:
        if host not in shares:
            raise ValueError("the host is not among those who take part")
        shares[host] += remainder
    return Split(total_won, shares, remainder, rule, fund_share)
