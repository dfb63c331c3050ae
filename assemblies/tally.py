"""What a valid ballot is and how ballots are counted. Pure: standard library only, no clock, no randomness.

Choices as stored (JSON):
- choose up to k: a list of option numbers in ascending order, for example [3, 7];
- for or against: an object from option number (as text) to "for", "against" or "abstain".

The result does not depend on the order of the ballots.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Choices = list[int] | dict[str, str]


class Kind(StrEnum):
    FOR_AGAINST = "for_against"
    CHOOSE = "choose"


class Answer(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Tie(StrEnum):
    SHARED_RANK = "shared_rank"
    AGENDA_ORDER = "agenda_order"


class Fault(StrEnum):
    """Why a ballot is not accepted."""

    UNKNOWN_ITEM = "unknown_item"
    REPEATED_ITEM = "repeated_item"
    TOO_MANY = "too_many"
    NONE_CHOSEN = "none_chosen"
    NO_ANSWER = "no_answer"
    MALFORMED = "malformed"


class InvalidBallotError(ValueError):
    """A ballot that is not valid; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class BallotForm:
    """What stands on the ballot: its kind, the options' numbers in ballot order, and for `CHOOSE` the limit."""

    kind: Kind
    options: tuple[int, ...]
    max_choices: int | None = None


@dataclass(frozen=True, slots=True)
class OptionTally:
    """Votes of one option. `adopted` is None where the vote decides nothing (only ranked, or tied at the limit)."""

    option: int
    votes: int
    against: int
    abstained: int
    rank: int
    tied: bool
    adopted: bool | None


@dataclass(frozen=True, slots=True)
class Tally:
    """`ballots` = valid + invalid; options in order of rank, then of the ballot."""

    ballots: int
    invalid: int
    options: tuple[OptionTally, ...]

    @property
    def valid(self) -> int:
        return self.ballots - self.invalid


def read_choice_list(form: BallotForm, chosen: Sequence[Any]) -> list[int]:
    """A choose-up-to-k ballot from raw input (numbers or their decimal text).

    Raises InvalidBallotError: unknown, repeated, too many or no items.
    """
    numbers = [_number(raw) for raw in chosen]
    if not numbers:
        raise InvalidBallotError(Fault.NONE_CHOSEN)
    if any(number not in form.options for number in numbers):
        raise InvalidBallotError(Fault.UNKNOWN_ITEM)
    if len(set(numbers)) != len(numbers):
        raise InvalidBallotError(Fault.REPEATED_ITEM)
    if form.max_choices is None or len(numbers) > form.max_choices:
        raise InvalidBallotError(Fault.TOO_MANY)
    return sorted(numbers)


def read_answers(form: BallotForm, answers: Mapping[Any, Any]) -> dict[str, str]:
    """A for-or-against ballot from raw input: every option needs an answer, abstaining is one.

    Raises InvalidBallotError: unknown items, answers that are none, no answer at all, or one missing.
    """
    read: dict[int, str] = {}
    for raw_number, raw_answer in answers.items():
        number = _number(raw_number)
        if number not in form.options:
            raise InvalidBallotError(Fault.UNKNOWN_ITEM)
        if raw_answer not in set(Answer):
            raise InvalidBallotError(Fault.MALFORMED)
        if number in read:
            raise InvalidBallotError(Fault.REPEATED_ITEM)
        read[number] = str(raw_answer)
    if not read:
        raise InvalidBallotError(Fault.NONE_CHOSEN)
    if len(read) != len(form.options):
        raise InvalidBallotError(Fault.NO_ANSWER)
    return {str(number): read[number] for number in form.options}


def read_choices(form: BallotForm, raw: Any) -> Choices:
    """A ballot of either kind from raw input. Raises InvalidBallotError."""
    if form.kind is Kind.CHOOSE:
        if not isinstance(raw, list | tuple):
            raise InvalidBallotError(Fault.MALFORMED)
        return read_choice_list(form, raw)
    if not isinstance(raw, Mapping):
        raise InvalidBallotError(Fault.MALFORMED)
    return read_answers(form, raw)


def _number(raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    # Only plain ASCII digits: int() would also take "١", " 1" and "1_0".
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= 18 and str(int(raw)) == raw:
        return int(raw)
    raise InvalidBallotError(Fault.UNKNOWN_ITEM)


def count(form: BallotForm, ballots: Iterable[Any], *, tie: Tie, adopted_count: int | None = None) -> Tally:
    """Count the ballots.

    Choose up to k: an item's votes are the ballots that name it. With `adopted_count` n the n items with the most
    votes are adopted; items that are tied across the limit stay undecided unless the tie rule orders them; an item
    without a vote is never adopted.
    For or against: an item is adopted if it has more votes for than against; equal numbers reject it.
    Ballots that are not valid count as invalid and change nothing else.
    """
    total = invalid = 0
    votes: Counter[int] = Counter()
    against: Counter[int] = Counter()
    abstained: Counter[int] = Counter()
    counters = {Answer.FOR: votes, Answer.AGAINST: against, Answer.ABSTAIN: abstained}
    for raw in ballots:
        total += 1
        try:
            choices = read_choices(form, raw)
        except InvalidBallotError:
            invalid += 1
            continue
        if isinstance(choices, list):
            votes.update(choices)
        else:
            for number, answer in choices.items():
                counters[Answer(answer)][int(number)] += 1
    options = []
    for option, rank, tied in _ranked(form.options, votes, tie):
        if form.kind is Kind.CHOOSE:
            adopted = _adopted(votes, option, rank, tie=tie, adopted_count=adopted_count)
        else:
            adopted = votes[option] > against[option]
        options.append(OptionTally(option, votes[option], against[option], abstained[option], rank, tied, adopted))
    return Tally(total, invalid, tuple(options))


def _ranked(options: Sequence[int], votes: Mapping[int, int], tie: Tie) -> list[tuple[int, int, bool]]:
    """(option, rank, tied) by votes; equal votes share a rank (1, 1, 3) or follow the ballot's order (1, 2, 3)."""
    position = {option: index for index, option in enumerate(options)}
    ordered = sorted(options, key=lambda option: (-votes[option], position[option]))
    with_votes = Counter(votes[option] for option in options)
    ranked = []
    for place, option in enumerate(ordered, start=1):
        better = sum(1 for other in options if votes[other] > votes[option])
        rank = place if tie is Tie.AGENDA_ORDER else better + 1
        ranked.append((option, rank, with_votes[votes[option]] > 1))
    return ranked


def _adopted(votes: Mapping[int, int], option: int, rank: int, *, tie: Tie, adopted_count: int | None) -> bool | None:
    if adopted_count is None:
        return None
    if votes[option] == 0 or rank > adopted_count:
        return False
    if tie is Tie.AGENDA_ORDER:
        return True
    sharing = sum(1 for number in votes.values() if number == votes[option])
    return True if rank + sharing - 1 <= adopted_count else None
