"""The kinds of values that a rule set is made of. Pure: no Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

PERMILLE = 1000
HIGHEST_VOTING_AGE = 30


@dataclass(frozen=True, slots=True)
class Cited(Generic[Value]):
    """A value and where it stands."""

    value: Value
    source: str
    doubt: str = ""


BASES = frozenset(
    {
        "registered",
        "working",
        "studying",
        "organisation",
        "registered_foreigner",
        "permanent_resident",
        "overseas_korean",
    }
)


class QuorumKind(StrEnum):
    SHARE_OF_POPULATION = "share_of_population"
    SHARE_OF_ROLL = "share_of_roll"
    NUMBER = "number"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part in an assembly. `amount` is permille for shares, persons for a number, 0 for none."""

    kind: QuorumKind
    amount: int

    def required(self, *, population: int | None, on_roll: int) -> int:
        """Smallest whole number of persons that reaches the quorum.

        Raises ValueError if the figure that the quorum is reckoned from is not known.
        Source: rule set (Seoul 2018: 1 % of residents; others a number).
        """
        if self.kind is QuorumKind.NONE:
            return 0
        if self.kind is QuorumKind.NUMBER:
            return self.amount
        base = population if self.kind is QuorumKind.SHARE_OF_POPULATION else on_roll
        if not base or base <= 0:
            raise ValueError("the figure that the quorum is reckoned from is not known")
        return ceil(Fraction(base * self.amount, PERMILLE))


class CouncilQuorumKind(StrEnum):
    MAJORITY = "majority"
    SHARE_OF_MEMBERS = "share_of_members"
    NUMBER = "number"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CouncilQuorum:
    """With how many of its members a council meets. `amount` is permille for a share, persons for a number, else 0."""

    kind: CouncilQuorumKind
    amount: int

    def required(self, *, members: int) -> int:
        """Smallest whole number of members that reaches the quorum; one at least unless there is none.

        Raises ValueError for fewer members than none. Source: rule set, parameter council_quorum.
        """
        if members < 0:
            raise ValueError(f"a quorum of {members} members")
        if self.kind is CouncilQuorumKind.NONE:
            return 0
        if self.kind is CouncilQuorumKind.NUMBER:
            return self.amount
        if self.kind is CouncilQuorumKind.MAJORITY:
            return members // 2 + 1
        return max(1, ceil(Fraction(members * self.amount, PERMILLE)))


class Bound(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the seats in permille, and which side of it is allowed."""

    permille: int
    bound: Bound

    def limit(self, whole: int) -> int:
        """In persons: the fewest of `whole` where the share is the least, the most where it is the most; 0 at least.

        Raises ValueError for a whole below zero.
        """
        if whole < 0:
            raise ValueError(f"a share of {whole}")
        exact = Fraction(whole * self.permille, PERMILLE)
        if self.bound is Bound.AT_LEAST:
            return ceil(exact)
        if self.bound is Bound.AT_MOST:
            return floor(exact)
        return max(0, ceil(exact) - 1)

    def is_kept(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` keeps to the share, reckoned exactly. Nothing of nothing always does."""
        if whole == 0:
            return part == 0
        exact = whole * self.permille
        if self.bound is Bound.AT_LEAST:
            return part * PERMILLE >= exact
        return part * PERMILLE <= exact if self.bound is Bound.AT_MOST else part * PERMILLE < exact


def read_whole(raw: Any, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises ValueError."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
        raise ValueError(f"{raw!r} is not a whole number from {low} to {high}")
    return raw


def read_flag(raw: Any) -> bool:
    """True or false, and nothing that merely counts as one of them. Raises ValueError."""
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r} is neither true nor false")  # noqa: TRY004 - readers raise ValueError alone
    return raw


def read_bases(raw: Any) -> frozenset[str]:
    """One or more of BASES, each once. Raises ValueError."""
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one in BASES for one in raw):
        raise ValueError(f"{raw!r} is not a list of {', '.join(sorted(BASES))}")
    if len(set(raw)) < len(raw):
        raise ValueError(f"{raw!r} names something twice")
    return frozenset(raw)


def read_quorum(raw: Any) -> Quorum:
    """The quorum of an assembly. Raises ValueError."""
    parts = _parts(raw, "kind", "amount")
    kind = QuorumKind(parts["kind"])
    if kind is QuorumKind.NONE:
        return Quorum(kind, read_whole(parts["amount"], 0, 0))
    if kind is QuorumKind.NUMBER:
        return Quorum(kind, read_whole(parts["amount"], 1, 10_000_000))
    return Quorum(kind, read_whole(parts["amount"], 1, PERMILLE))


def read_council_quorum(raw: Any) -> CouncilQuorum:
    """The quorum of a council's meeting. Raises ValueError."""
    parts = _parts(raw, "kind", "amount")
    kind = CouncilQuorumKind(parts["kind"])
    if kind is CouncilQuorumKind.SHARE_OF_MEMBERS:
        return CouncilQuorum(kind, read_whole(parts["amount"], 1, PERMILLE))
    if kind is CouncilQuorumKind.NUMBER:
        return CouncilQuorum(kind, read_whole(parts["amount"], 1, 1000))
    return CouncilQuorum(kind, read_whole(parts["amount"], 0, 0))


def read_share(raw: Any, *bounds: Bound) -> Share:
    """A share with one of `bounds`; 1 permille at least, only a largest share may be 0. Raises ValueError."""
    parts = _parts(raw, "permille", "bound")
    bound = Bound(parts["bound"])
    if bound not in bounds:
        raise ValueError(f"{bound} is none of {', '.join(bounds)}")
    return Share(read_whole(parts["permille"], 0 if bound is Bound.AT_MOST else 1, PERMILLE), bound)


def _parts(raw: Any, *names: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or set(raw) != set(names):
        raise ValueError(f"{raw!r} is not an object with {' and '.join(names)}")
    return raw
