"""What is still missing before a poll can be announced or opened, as a list that says where to mend it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import Assembly, Poll
from assemblies.states import AssemblyStatus, PollKind, PollStatus
from core.templatetags.madang import moment_text


class Where(StrEnum):
    """The place in the desk where a thing is mended."""

    ASSEMBLY = "assembly"
    AGENDA = "agenda"
    POLL = "poll"
    ROLL = "roll"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands in the way: a stable code, a sentence, and where to mend it."""

    code: str
    text: str
    where: Where


def missing_before_announcing(assembly: Assembly, at: datetime) -> list[Missing]:
    """Everything that keeps an assembly in preparation from being announced. Source: rule set (days of notice)."""
    missing = []
    if not assembly.agenda.exists():
        missing.append(Missing("agenda_empty", _("The agenda is still empty."), Where.AGENDA))
    try:
        short = notice_too_short(assembly, at)
    except ValueError:
        text = _("The rule set does not say everything that an assembly needs.")
        return [*missing, Missing("rule_set_incomplete", text, Where.ASSEMBLY)]
    return [*missing, short] if short else missing


def advised_before_announcing(assembly: Assembly) -> list[Missing]:
    """What most assemblies have by their announcement, but may also get afterwards: nothing of it stands in the way."""
    advised = []
    if not assembly.polls.exists():
        text = _("There is no poll yet. It can also be made after the announcement.")
        advised.append(Missing("no_poll", text, Where.POLL))
    if not assembly.roll.filter(removed_at=None).exists():
        text = _("Nobody stands on the voter roll yet. It can also be made after the announcement.")
        advised.append(Missing("roll_empty", text, Where.ROLL))
    return advised


def notice_too_short(assembly: Assembly, at: datetime) -> Missing | None:
    """What is wrong if its day were announced at `at`, or None. Raises ValueError for an incomplete rule set."""
    notice = assembly.rule_set.for_assemblies().notice_days
    days = (timezone.localdate(assembly.held_at) - timezone.localdate(at)).days
    if days >= notice.value:
        return None
    text = _(
        "The assembly must be announced at least %(required)d days before; now there are %(actual)d. Source: %(source)s"
    ) % {"required": notice.value, "actual": days, "source": notice.source}
    return Missing("notice_too_short", text, Where.ASSEMBLY)


def missing_before_scheduling(poll: Poll, at: datetime) -> list[Missing]:
    """Everything that keeps the poll from being announced with its dates."""
    return [*_missing_of_the_assembly(poll, at), *_missing_of_the_ballot(poll), *_missing_of_the_dates(poll, at)]


def missing_before_opening(poll: Poll, at: datetime) -> list[Missing]:
    """Everything that keeps the poll from being opened at `at`."""
    missing = missing_before_scheduling(poll, at) if poll.status == PollStatus.PREPARING else []
    if poll.status == PollStatus.PREPARING:
        missing.append(Missing("not_scheduled", _("The poll has not been announced yet."), Where.POLL))
    elif at < poll.opens_at:
        missing.append(
            Missing(
                "too_early",
                _("Voting opens at %(time)s, as announced. It opens by itself then.")
                % {"time": moment_text(poll.opens_at)},
                Where.POLL,
            )
        )
    elif at >= poll.closes_at:
        missing.append(Missing("too_late", _("The announced time of voting is over."), Where.POLL))
    if poll.status != PollStatus.PREPARING:
        missing.extend(_missing_of_the_assembly(poll, at))
    return missing


def _missing_of_the_assembly(poll: Poll, at: datetime) -> list[Missing]:
    assembly = poll.assembly
    missing = []
    if assembly.status == AssemblyStatus.PREPARING:
        missing.append(Missing("not_announced", _("The assembly has not been announced yet."), Where.ASSEMBLY))
    elif assembly.status != AssemblyStatus.ANNOUNCED:
        missing.append(Missing("assembly_over", _("The assembly is over or was called off."), Where.ASSEMBLY))
    on_roll = assembly.roll.filter(removed_at=None).count()
    if not on_roll:
        missing.append(Missing("roll_empty", _("Nobody stands on the voter roll yet."), Where.ROLL))
    try:
        assembly.rule_set.for_assemblies().quorum.value.required(population=assembly.population, on_roll=on_roll)
    except ValueError:
        if on_roll:
            missing.append(
                Missing(
                    "population_missing",
                    _("The quorum is reckoned from the population, and its figure is missing."),
                    Where.ASSEMBLY,
                )
            )
    del at
    return missing


def _missing_of_the_ballot(poll: Poll) -> list[Missing]:
    options = poll.options.count()
    missing = []
    if not options:
        missing.append(Missing("ballot_empty", _("There is no item on the ballot yet."), Where.POLL))
    elif poll.kind == PollKind.CHOOSE and options <= (poll.max_choices or 0):
        missing.append(
            Missing(
                "nothing_to_choose",
                _("There must be more items on the ballot than one may choose."),
                Where.POLL,
            )
        )
    if poll.adopted_count and options and poll.adopted_count > options:
        missing.append(
            Missing("adopts_too_many", _("More items are to be adopted than stand on the ballot."), Where.POLL)
        )
    return missing


def _missing_of_the_dates(poll: Poll, at: datetime) -> list[Missing]:
    if poll.opens_at < at:
        return [Missing("opens_in_the_past", _("The opening of the vote lies in the past."), Where.POLL)]
    return []
