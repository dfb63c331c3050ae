"""The way through an assembly and a ballot in words: steps, dates, what comes next, what can be checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assemblies.course import Stage, Standing, Voting, course
from assemblies.models import AgendaItem, Assembly, Participation, Poll
from assemblies.states import BEFORE_VOTING, RESULT_PUBLIC, VOTING_OVER, AssemblyStatus, PollKind, PollStatus
from assemblies.wording import DecidedItem
from core.templatetags.korean import in_korean, korean_names
from core.templatetags.madang import day_text, moment_text

STAGE_NAMES = {
    Stage.NOTICE: pgettext_lazy("step of an assembly", "Notice"),
    Stage.VOTE: pgettext_lazy("step of an assembly", "Vote"),
    Stage.MEETING: pgettext_lazy("step of an assembly", "Meeting"),
    Stage.COUNT: pgettext_lazy("step of an assembly", "Count"),
    Stage.RESULT: pgettext_lazy("step of an assembly", "Result"),
}


class BallotStep(StrEnum):
    """The steps of a ballot in their order."""

    CHOOSE = "choose"
    CHECK = "check"
    DONE = "done"


BALLOT_STEP_NAMES = {
    BallotStep.CHOOSE: pgettext_lazy("step of a ballot", "Choose"),
    BallotStep.CHECK: pgettext_lazy("step of a ballot", "Check"),
    BallotStep.DONE: pgettext_lazy("step of a ballot", "Done"),
}
ASSEMBLY_STEPS_LABEL = gettext_lazy("The steps of this assembly")
BALLOT_STEPS_LABEL = gettext_lazy("The steps of voting")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a step line; `state` is done, now or next."""

    name: str
    state: str
    when: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """One station of a timeline; `when` is ready to read, `state` is done, now or next."""

    title: str
    state: str
    when: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class SumCheck:
    """A sum that every reader can do again, and whether it comes out right."""

    text: str
    holds: bool


def ballot_steps(present: BallotStep) -> list[Step]:
    """Choose, check, done, with the present one; on the receipt all is done."""
    order = list(BallotStep)
    place = order.index(present)
    states = [Standing.DONE if index < place else Standing.NEXT for index in range(len(order))]
    states[place] = Standing.NOW
    return [Step(str(BALLOT_STEP_NAMES[step]), state.value) for step, state in zip(order, states, strict=True)]


def assembly_steps(assembly: Assembly, polls: Sequence[Poll], at: datetime) -> list[Step]:
    """The way of an announced assembly with today on it, [] for one in preparation or called off.

    `polls` are the announced ones, each with its result joined.
    """
    if assembly.status not in {AssemblyStatus.ANNOUNCED, AssemblyStatus.CONCLUDED}:
        return []
    counting = [poll for poll in polls if poll.status not in {PollStatus.HALTED, PollStatus.PREPARING}]
    stages = course([_voting(poll) for poll in counting], held_at=assembly.held_at, at=at)
    return [Step(str(STAGE_NAMES[stage]), state.value, _when(stage, assembly, counting, at)) for stage, state in stages]


def _voting(poll: Poll) -> Voting:
    public = poll.status in RESULT_PUBLIC
    return Voting(
        begun=poll.status not in BEFORE_VOTING,
        over=public or poll.status in VOTING_OVER,
        counted=public or poll.status == PollStatus.COUNTED,
        published=public,
    )


def _when(stage: Stage, assembly: Assembly, polls: Sequence[Poll], at: datetime) -> str:
    """The date of a station, as far as it stands."""
    if stage is Stage.NOTICE:
        return day_text(assembly.announced_at)
    if stage is Stage.MEETING:
        return moment_text(assembly.held_at)
    if stage is Stage.VOTE:
        opens = min(poll.opens_at for poll in polls)
        if at < opens:
            return _("from %(time)s") % {"time": moment_text(opens)}
        return _("until %(time)s") % {"time": moment_text(max(poll.closed_at or poll.closes_at for poll in polls))}
    if stage is Stage.COUNT:
        counted = [poll.result.counted_at for poll in polls if hasattr(poll, "result")]
        return day_text(max(counted)) if len(counted) == len(polls) else ""
    published = [poll.published_at for poll in polls if poll.published_at]
    return day_text(max(published)) if len(published) == len(polls) else ""


def after_the_vote(participation: Participation, poll: Poll, at: datetime) -> list[Station]:
    """What happens with a vote that was cast, with the dates that are known."""
    assembly = poll.assembly
    over, public = poll.status in VOTING_OVER, poll.status in RESULT_PUBLIC
    closing = Station(
        title=_("Voting closes"),
        state=_done_or_next(done=over or public),
        when=moment_text(poll.closed_at or poll.closes_at),
        text=_("Until then nobody sees a result, not even the officials. Only the turnout can be seen."),
    )
    meeting = Station(
        title=_("The assembly meets"),
        state=_done_or_next(done=at >= assembly.held_at),
        when=moment_text(assembly.held_at),
        text=in_korean(assembly.place),
    )
    by_date = [closing, meeting] if (poll.closed_at or poll.closes_at) <= assembly.held_at else [meeting, closing]
    result = Station(
        title=_("The votes are counted and the result is published"),
        state=_done_or_next(done=public),
        when=moment_text(poll.published_at) if poll.published_at else "",
        text="" if public else _("As soon as the count is finished, the result stands on the page of the assembly."),
        url=reverse("assemblies:result", args=[poll.pk]) if public else assembly.get_absolute_url(),
    )
    cast = Station(
        title=_("Your vote is in the ballot box"), state=Standing.DONE.value, when=moment_text(participation.at)
    )
    return [cast, *by_date, result]


def _done_or_next(*, done: bool) -> str:
    return (Standing.DONE if done else Standing.NEXT).value


def after_the_result(
    poll: Poll, lines: Sequence[DecidedItem], taken_up: Iterable[AgendaItem], at: datetime
) -> list[Station]:
    """What follows from a published result; `taken_up` are items of public assemblies that grew out of its items."""
    assembly, quorate = poll.assembly, poll.result.is_quorate
    stations = [
        Station(_("The result was published"), Standing.DONE.value, moment_text(poll.published_at)),
    ]
    if poll.status == PollStatus.OBJECTION:
        text = _("Somebody has objected to this result. It is being examined; what comes of it will stand here.")
        stations.append(Station(_("The objection is examined"), Standing.NOW.value, text=text))
    if at < assembly.held_at:
        when = moment_text(assembly.held_at)
        stations.append(Station(_("The assembly meets"), Standing.NEXT.value, when, in_korean(assembly.place)))
    if not quorate:
        text = _("No item goes on from this vote. A new vote would be announced as this one was.")
        stations.append(Station(_("Nothing was decided"), Standing.NEXT.value, text=text))
    elif poll.adopted_count is not None:
        if any(line.adopted is None for line in lines):
            text = _("Equal votes stand where the line is drawn; the vote alone does not settle which item is adopted.")
            stations.append(Station(_("The assembly decides on the tie"), Standing.NEXT.value, text=text))
        if any(line.adopted for line in lines):
            text = _("Whether and when they are carried out is decided with the budget.")
            stations.append(Station(_("The adopted items go on to the budget"), Standing.NEXT.value, text=text))
    stations.extend(
        Station(
            title=korean_names(_("“%(item)s” is taken up") % {"item": item.title}),
            state=_done_or_next(done=at >= item.assembly.held_at),
            when=day_text(item.assembly.held_at),
            text=in_korean(item.assembly.title),
            url=f"{item.assembly.get_absolute_url()}#item-{item.number}",
        )
        for item in taken_up
    )
    return stations


def sums_of(poll: Poll, lines: Sequence[DecidedItem]) -> list[SumCheck]:
    """The sums of a counted poll that a reader can do again from the published figures; needs `poll.result`."""
    result = poll.result
    valid = result.ballots - result.invalid
    values = {"people": f"{result.participated:,}", "ballots": f"{result.ballots:,}"}
    sums = [
        SumCheck(
            _("%(people)s people took part, and %(ballots)s ballots were in the box.") % values,
            result.participated == result.ballots,
        )
    ]
    if poll.kind == PollKind.FOR_AGAINST:
        text = _("For each item the votes for, against and abstained add up to the %(valid)s valid ballots.")
        holds = all(line.votes + line.against + line.abstained == valid for line in lines)
        return [*sums, SumCheck(text % {"valid": f"{valid:,}"}, holds)]
    total, most = sum(line.votes for line in lines), valid * (poll.max_choices or 0)
    text = _(
        "All items together have %(total)s votes; %(valid)s valid ballots with up to %(max)s choices allow %(most)s."
    )
    values = {"total": f"{total:,}", "valid": f"{valid:,}", "max": str(poll.max_choices), "most": f"{most:,}"}
    return [*sums, SumCheck(text % values, valid <= total <= most)]
