"""Carries the plans out, through the services, as officials and residents would have done it at that time."""

import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from assemblies.models import AgendaItem, Assembly, Poll, PollOption, RollEntry
from assemblies.services import (
    add_agenda_item,
    add_references_to_roll,
    announce_assembly,
    build_roll,
    cast_ballot,
    close_poll,
    conclude_assembly,
    count_poll,
    create_assembly,
    create_poll,
    open_poll,
    publish_poll,
    schedule_poll,
)
from assemblies.states import AssemblyKind, Channel, PollKind
from demo.plans import AssemblyPlan, PollPlan, Stage
from ordinances.models import RuleSet
from residents.models import Region, User
from residents.states import Basis

ABSTAINING_PERCENT = 6
# From when until when people vote on any day: at a desk in its hours, at home when they are up.
HOURS = {
    Channel.WEB: (time(7), time(22)),
    Channel.BOOTH: (time(9), time(18)),
    Channel.PAPER: (time(9), time(18)),
}


@dataclass(slots=True)
class Town:
    """What the acts need to know: places, rules, the officials who act, and what happened so far."""

    chance: random.Random
    now: datetime
    regions: Mapping[str, Region]
    rule_sets: Mapping[str, RuleSet]
    actor: User
    items: dict[str, AgendaItem] = field(default_factory=dict)


def hold(
    town: Town, plan: AssemblyPlan, *, voting_first: Iterable[User] = (), not_voting: Iterable[User] = ()
) -> Assembly:
    """Hold the assembly of `plan` as far as its stage says.

    `voting_first` certainly take part in every poll, `not_voting` in none.
    """
    announced = plan.held_at - plan.notice
    assembly = _draft(town, plan, announced - timedelta(days=9))
    polls = [_draw_up(town, assembly, plan, poll, announced - timedelta(days=3)) for poll in plan.polls]
    if plan.stage < Stage.ANNOUNCED:
        return assembly
    announce_assembly(assembly_id=assembly.pk, actor=town.actor, at=announced)
    if plan.stage < Stage.SCHEDULED:
        return assembly
    _fill_roll(town, assembly, plan, announced + timedelta(days=1))
    for poll, poll_plan in zip(polls, plan.polls, strict=True):
        schedule_poll(poll_id=poll.pk, actor=town.actor, at=announced + timedelta(days=2))
        if plan.stage >= Stage.OPEN:
            open_poll(poll_id=poll.pk, actor=town.actor, at=poll_plan.opens_at)
            _vote(town, poll, plan, poll_plan, first=list(voting_first), never=list(not_voting))
        _finish(town, poll, plan, poll_plan)
    if plan.stage >= Stage.CONCLUDED:
        conclude_assembly(assembly_id=assembly.pk, actor=town.actor, at=_end(plan) + timedelta(hours=3))
    return assembly


def _end(plan: AssemblyPlan) -> datetime:
    return max([plan.held_at, *(poll.closes_at for poll in plan.polls)])


def _draft(town: Town, plan: AssemblyPlan, at: datetime) -> Assembly:
    population, counted = plan.population or (None, None)
    assembly = create_assembly(
        dong=town.regions[plan.dong],
        kind=plan.kind,
        title=plan.title,
        host=plan.host,
        purpose=plan.purpose,
        description=plan.description,
        rule_set=town.rule_sets[plan.rules],
        held_at=plan.held_at,
        place=plan.place,
        population=population,
        population_on=counted.date() if counted else None,
        actor=town.actor,
        at=at,
    )
    for number, item in enumerate(plan.items, start=1):
        town.items[f"{plan.key}/{number}"] = add_agenda_item(
            assembly_id=assembly.pk,
            number=number,
            title=item.title,
            gain=item.gain,
            description=item.description,
            category=item.category,
            proposer=item.proposer,
            place=item.place,
            cost=item.cost,
            opinion=item.opinion,
            origin=town.items[item.origin] if item.origin else None,
            actor=town.actor,
            at=at + timedelta(minutes=10 * number),
        )
    return assembly


def _draw_up(town: Town, assembly: Assembly, plan: AssemblyPlan, poll: PollPlan, at: datetime) -> Poll:
    return create_poll(
        assembly_id=assembly.pk,
        title=poll.title,
        question=poll.question,
        kind=poll.kind,
        max_choices=poll.max_choices,
        adopted_count=poll.adopted,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        items=[town.items[f"{plan.key}/{number}"].pk for number in poll.items],
        actor=town.actor,
        at=at,
    )


def _fill_roll(town: Town, assembly: Assembly, plan: AssemblyPlan, at: datetime) -> None:
    if plan.kind == AssemblyKind.RESIDENTS:
        build_roll(assembly_id=assembly.pk, actor=town.actor, at=at)
    basis = Basis.STUDYING if plan.kind == AssemblyKind.SCHOOL else Basis.REGISTERED
    if plan.references:
        add_references_to_roll(
            assembly_id=assembly.pk, references=plan.references, basis=basis, actor=town.actor, at=at
        )


def _vote(  # noqa: PLR0913 - who votes on what
    town: Town, poll: Poll, plan: AssemblyPlan, poll_plan: PollPlan, *, first: list[User], never: list[User]
) -> None:
    entries = list(poll.assembly.roll.filter(removed_at=None).select_related("user__profile").order_by("pk"))
    certain = [entry for entry in entries if entry.user in first]
    others = [entry for entry in entries if entry.user is None or entry.user not in [*first, *never]]
    town.chance.shuffle(others)
    options = list(poll.options.select_related("item").order_by("position"))
    likings = [plan.items[option.item.number - 1].liking for option in options]
    until = min(poll_plan.closes_at, town.now) - timedelta(minutes=20)
    voters = [*certain, *others][: poll_plan.voters]
    fixed = _ballots(town.chance, poll_plan.votes, options, len(voters)) if poll_plan.votes else None
    for number, entry in enumerate(voters):
        channel = _channel(town, entry, plan)
        choices = fixed[number] if fixed else _choices(town.chance, poll_plan, options, likings)
        cast_ballot(
            poll_id=poll.pk,
            entry_id=entry.pk,
            channel=channel,
            choices=choices,
            submission=uuid.UUID(int=town.chance.getrandbits(128), version=4),
            at=_some_time(town.chance, poll_plan.opens_at, until, HOURS[channel]),
        )


def _channel(town: Town, entry: RollEntry, plan: AssemblyPlan) -> Channel:
    """Who has no account votes on the spot; of those with one, the older rather come to the booth."""
    if entry.user is None:
        return plan.reference_channel
    age = town.now.year - entry.user.profile.birth_date.year
    return Channel.BOOTH if town.chance.randrange(100) < (45 if age >= 70 else 8) else Channel.WEB


def _some_time(chance: random.Random, since: datetime, until: datetime, hours: tuple[time, time]) -> datetime:
    """A moment between the two, on any of the days, within these hours of it. Raises ValueError if there is none."""
    first, last = hours
    spans = []
    day = since.date()
    while day <= until.date():
        begin = max(since, datetime.combine(day, first, since.tzinfo))
        length = min(until, datetime.combine(day, last, since.tzinfo)) - begin
        if length >= timedelta(seconds=1):
            spans.append((begin, int(length.total_seconds())))
        day += timedelta(days=1)
    drawn = chance.randrange(sum(seconds for _begin, seconds in spans))
    for begin, seconds in spans:
        if drawn < seconds:
            return begin + timedelta(seconds=drawn)
        drawn -= seconds
    raise AssertionError("the draw lies within the sum of the spans")


def _ballots(chance: random.Random, votes: tuple[int, ...], options: list[PollOption], voters: int) -> list[list[int]]:
    """Ballots that give each option just so many votes: dealt in turn, so that no ballot names one twice."""
    deck = [option.pk for option, number in zip(options, votes, strict=True) for _vote in range(number)]
    ballots = [deck[start::voters] for start in range(voters)]
    chance.shuffle(ballots)
    return ballots


def _choices(
    chance: random.Random, poll: PollPlan, options: list[PollOption], likings: list[int]
) -> list[int] | dict[str, str]:
    if poll.kind == PollKind.FOR_AGAINST:
        return {str(option.pk): _answer(chance, liking) for option, liking in zip(options, likings, strict=True)}
    most = poll.max_choices or 1
    wanted = chance.choices(range(1, most + 1), [2**number for number in range(most)])[0]
    left = dict(zip((option.pk for option in options), likings, strict=True))
    chosen = []
    for _pick in range(wanted):
        chosen.append(chance.choices(list(left), list(left.values()))[0])
        del left[chosen[-1]]
    return chosen


def _answer(chance: random.Random, liking: int) -> str:
    drawn = chance.randrange(100)
    if drawn < ABSTAINING_PERCENT:
        return "abstain"
    return "for" if chance.randrange(100) < liking else "against"


def _finish(town: Town, poll: Poll, plan: AssemblyPlan, poll_plan: PollPlan) -> None:
    end = poll_plan.closes_at
    if plan.stage >= Stage.CLOSED:
        close_poll(poll_id=poll.pk, actor=town.actor, at=end)
    if plan.stage >= Stage.COUNTED:
        count_poll(poll_id=poll.pk, actor=town.actor, at=end + timedelta(minutes=25))
    if plan.stage >= Stage.PUBLISHED:
        publish_poll(poll_id=poll.pk, actor=town.actor, at=end + timedelta(minutes=50))
