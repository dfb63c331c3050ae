"""Where an assembly stands on its way from the announcement to the result. Pure: standard library only, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """The stations of an assembly in their order."""

    NOTICE = "notice"
    VOTE = "vote"
    MEETING = "meeting"
    COUNT = "count"
    RESULT = "result"


class Standing(StrEnum):
    """Where a station lies, seen from now."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Voting:
    """How far one poll is. Each step implies the ones before it."""

    begun: bool = False
    over: bool = False
    counted: bool = False
    published: bool = False


def course(votings: Sequence[Voting], *, held_at: datetime, at: datetime) -> list[tuple[Stage, Standing]]:
    """The stations of an announced assembly with polls `votings` (halted ones left out), seen from `at`.

    The first station that is not done is the present one; when all are done, none is. Voting may outlast the beginning
    of the assembly, so the assembly is over for us once it has begun and every ballot box is closed. An assembly
    without a poll has no stations of voting.
    """
    over = all(voting.over for voting in votings)
    done = {Stage.NOTICE: any(voting.begun for voting in votings) if votings else at >= held_at}
    if votings:
        done[Stage.VOTE] = over
    done[Stage.MEETING] = over and at >= held_at
    if votings:
        done[Stage.COUNT] = all(voting.counted for voting in votings)
        done[Stage.RESULT] = all(voting.published for voting in votings)
    present = next((stage for stage, is_done in done.items() if not is_done), None)
    return [
        (stage, Standing.NOW if stage is present else Standing.DONE if is_done else Standing.NEXT)
        for stage, is_done in done.items()
    ]
