"""Input from HTML: the ballot, which is no Django form because its fields are the items themselves."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from assemblies.states import PollKind
from assemblies.tally import Fault, InvalidBallotError

ANSWER_PREFIX = "item-"
KNOWN_FIELDS = frozenset({"csrfmiddlewaretoken", "submission", "option", "edit"})


@dataclass(frozen=True, slots=True)
class BallotInput:
    """What a form sent: raw choices for `assemblies.tally.read_choices`, and which submission it is."""

    choices: list[str] | dict[str, str]
    submission: uuid.UUID


def read_ballot_input(kind: str, data: QueryDict) -> BallotInput:
    """Take the ballot out of a POST. Raises InvalidBallotError (malformed) for fields that no ballot of ours has."""
    try:
        submission = uuid.UUID(data.get("submission", ""))
    except ValueError as error:
        raise InvalidBallotError(Fault.MALFORMED) from error
    choices: list[str] | dict[str, str]
    if kind == PollKind.CHOOSE:
        if not set(data) <= KNOWN_FIELDS:
            raise InvalidBallotError(Fault.MALFORMED)
        choices = data.getlist("option")
    else:
        choices = _answers(data)
    return BallotInput(choices, submission)


def _answers(data: QueryDict) -> dict[str, str]:
    answers = {}
    for name in data:
        if name.startswith(ANSWER_PREFIX):
            values = data.getlist(name)
            if len(values) != 1:
                raise InvalidBallotError(Fault.REPEATED_ITEM)
            answers[name.removeprefix(ANSWER_PREFIX)] = values[0]
        elif name not in KNOWN_FIELDS:
            raise InvalidBallotError(Fault.MALFORMED)
    return answers


def marked(choices: Any) -> dict[str, str]:
    """Raw choices as option number → answer, to draw the ballot again as it was filled in."""
    if isinstance(choices, dict):
        return {str(number): str(answer) for number, answer in choices.items()}
    return {str(number): "chosen" for number in choices}
