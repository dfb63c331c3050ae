"""The desk's pages on assemblies.

Lists and forms: assemblies.py, agenda.py, polls.py, rolls.py. Steps with their questions and answers: assembly_acts.py,
poll_acts.py. Input: forms.py. What they share: scope.py. There is no page for ballots, and none that says who took part
in a poll: the two together would tell who voted what.
"""

from assemblies.admin.agenda import AgendaItemAdmin
from assemblies.admin.assemblies import AssemblyAdmin
from assemblies.admin.polls import PollAdmin
from assemblies.admin.rolls import RollEntryAdmin

__all__ = ["AgendaItemAdmin", "AssemblyAdmin", "PollAdmin", "RollEntryAdmin"]
