"""What a vote decides. Pure.

Source: rules.md F4: a meeting decides by a majority of those present, and officers are elected by a majority of those
present. Whoever abstains, votes invalidly or not at all was present: their vote counts against nobody and for nobody,
yet the majority is reckoned from them too. Equal votes adopt nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from meetings.quorum import at_least, more_than_half


class BadCountError(ValueError):
    """More votes than there can be, or none that make sense."""


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes on a motion, of `present` who could vote. Raises BadCountError if they do not fit together."""

    present: int
    in_favour: int
    against: int
    abstained: int = 0
    invalid: int = 0

    def __post_init__(self) -> None:
        counts = (self.in_favour, self.against, self.abstained, self.invalid)
        if self.present < 1 or min(counts) < 0 or sum(counts) > self.present:
            raise BadCountError(f"{counts} of {self.present} present")

    @property
    def silent(self) -> int:
        """Present without a vote."""
        return self.present - self.in_favour - self.against - self.abstained - self.invalid


@dataclass(frozen=True, slots=True)
class MotionResult:
    """needed: votes in favour that were needed."""

    needed: int
    is_adopted: bool
    is_tied: bool


def needed_of_present(present: int, share: Fraction | None = None) -> int:
    """Votes that a motion or a candidate needs: more than half of those present, or a share of them."""
    return more_than_half(present) if share is None else at_least(share, present)


def decide_motion(votes: Votes, needed: int) -> MotionResult:
    """Adopted with `needed` votes in favour. As many for as against is told as a tie, which adopts nothing."""
    is_adopted = votes.in_favour >= needed
    is_tied = not is_adopted and votes.in_favour == votes.against > 0
    return MotionResult(needed, is_adopted, is_tied)


@dataclass(frozen=True, slots=True)
class ElectionResult:
    """Places of candidates (from 0, as they were given). vacant: seats that nobody took in this ballot."""

    needed: int
    elected: tuple[int, ...]
    run_off: tuple[int, ...]
    vacant: int


def decide_election(votes: Sequence[int], *, present: int, seats: int, needed: int, invalid: int = 0) -> ElectionResult:
    """Who is elected: the `seats` candidates with the most votes, of those with `needed` votes or more.

    Everybody may give each candidate one vote and as many votes as there are seats. Candidates with equal votes who
    cannot all be seated are not seated. For each seat that stays empty two candidates go into a run-off, those with
    the most votes, and whoever has as many votes as the last of them.
    Raises BadCountError if there are more votes than voters could give; who voted invalidly (`invalid`) gave none.
    """
    if seats < 1 or present < 1 or not votes or min(votes) < 0:
        raise BadCountError(f"{list(votes)} for {seats} seats")
    valid = present - invalid
    if not 0 <= invalid <= present or max(votes) > valid or sum(votes) > valid * min(seats, len(votes)):
        raise BadCountError(f"{list(votes)} of {present} voters for {seats} seats, {invalid} invalid")
    ranked = sorted(range(len(votes)), key=lambda place: (-votes[place], place))
    enough = [place for place in ranked if votes[place] >= needed]
    elected = _seated(votes, enough, seats)
    vacant = seats - len(elected)
    others = [place for place in ranked if place not in elected]
    run_off = _with_ties(votes, others, 2 * vacant) if vacant else []
    return ElectionResult(needed, tuple(elected), tuple(run_off), vacant)


def _seated(votes: Sequence[int], ranked: list[int], seats: int) -> list[int]:
    """The first `seats` of `ranked`, without those who share their votes with one who would stay outside."""
    if len(ranked) <= seats:
        return ranked
    at_the_edge = votes[ranked[seats]]
    return [place for place in ranked[:seats] if votes[place] > at_the_edge]


def _with_ties(votes: Sequence[int], ranked: list[int], number: int) -> list[int]:
    """The first `number` of `ranked` and whoever has as many votes as the last of them."""
    if len(ranked) <= number:
        return ranked
    return [place for place in ranked if votes[place] >= votes[ranked[number - 1]]]
