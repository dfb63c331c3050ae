"""Assemblies with their agenda, polls, the voter roll, participation, ballots and results."""

from assemblies.models.assemblies import AgendaItem, Assembly
from assemblies.models.ballots import Ballot, Participation
from assemblies.models.polls import OptionResult, Poll, PollOption, PollResult
from assemblies.models.rolls import RollEntry

__all__ = [
    "AgendaItem",
    "Assembly",
    "Ballot",
    "OptionResult",
    "Participation",
    "Poll",
    "PollOption",
    "PollResult",
    "RollEntry",
]
