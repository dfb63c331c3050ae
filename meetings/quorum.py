"""With how many a meeting may open. Pure.

Source: rules.md F4 (the club's bylaws: a meeting opens with a majority of its members); other bodies hand in a share of
their members or a number.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Majority:
    """More than half."""


@dataclass(frozen=True, slots=True)
class Share:
    """At least this share, in (0, 1]."""

    of: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.of <= 1:
            raise ValueError(f"no share: {self.of}")


@dataclass(frozen=True, slots=True)
class Number:
    """At least so many persons."""

    persons: int

    def __post_init__(self) -> None:
        if self.persons < 1:
            raise ValueError(f"no number of persons: {self.persons}")


@dataclass(frozen=True, slots=True)
class NoQuorum:
    """Opens with whoever is there."""


Rule = Majority | Share | Number | NoQuorum


@dataclass(frozen=True, slots=True)
class Quorum:
    """What was found, in persons, and the article that asks for it."""

    eligible: int
    present: int
    needed: int
    article: str = ""

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed

    @property
    def missing(self) -> int:
        """How many more it takes."""
        return max(0, self.needed - self.present)


def more_than_half(whole: int) -> int:
    """The smallest number of persons or votes that is more than half of `whole`. Raises ValueError below zero."""
    if whole < 0:
        raise ValueError(f"half of {whole}")
    return whole // 2 + 1


def at_least(share: Fraction, whole: int) -> int:
    """The smallest number that reaches `share` of `whole`, one at least. ValueError for a share beyond (0, 1]."""
    if not 0 < share <= 1 or whole < 0:
        raise ValueError(f"{share} of {whole}")
    return max(1, ceil(whole * share))


def needed_to_open(rule: Rule, eligible: int) -> int:
    """How many of `eligible` must be there. Nobody eligible still needs one, so that an empty list opens nothing."""
    match rule:
        case Majority():
            return more_than_half(eligible)
        case Share(of):
            return at_least(of, eligible)
        case Number(persons):
            return persons
        case NoQuorum():
            return 0


def check_quorum(rule: Rule, *, eligible: int, present: int, article: str = "") -> Quorum:
    """Whether `present` persons are enough. Raises ValueError for counts below zero."""
    if present < 0 or eligible < 0:
        raise ValueError(f"{present} of {eligible} present")
    return Quorum(eligible, present, needed_to_open(rule, eligible), article)
