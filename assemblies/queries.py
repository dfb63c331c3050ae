"""Shared reads of assemblies, named by noun."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from assemblies.models import AgendaItem, Assembly, OptionResult, Participation, Poll, PollOption, RollEntry
from assemblies.states import RESULT_PUBLIC, AssemblyStatus, PollStatus
from assemblies.tally import BallotForm, Kind
from residents.models import User
from residents.states import ResidenceStatus

PUBLIC_ASSEMBLIES = [AssemblyStatus.ANNOUNCED, AssemblyStatus.CONCLUDED, AssemblyStatus.CANCELLED]


def ballot_form(poll: Poll) -> BallotForm:
    """What stands on the ballot of `poll`: one query."""
    options = tuple(PollOption.objects.filter(poll=poll).order_by("position").values_list("pk", flat=True))
    return BallotForm(Kind(poll.kind), options, poll.max_choices)


def options_of(poll: Poll) -> QuerySet[PollOption]:
    """The items on the ballot in their order."""
    return poll.options.select_related("item").order_by("position")


def public_polls() -> QuerySet[Poll]:
    """Polls that everybody may see: announced ones of announced assemblies."""
    return Poll.objects.filter(assembly__status__in=PUBLIC_ASSEMBLIES).exclude(status=PollStatus.PREPARING)


def assembly_with_agenda() -> QuerySet[Assembly]:
    """Assemblies with what their page shows: a fixed number of queries for any number of items."""
    return Assembly.objects.select_related("dong__parent", "rule_set").prefetch_related(
        Prefetch("agenda", AgendaItem.objects.select_related("origin__assembly").order_by("number")),
        Prefetch("polls", Poll.objects.select_related("result").order_by("opens_at", "pk")),
    )


def listed_assemblies(at: datetime) -> QuerySet[Assembly]:
    """Public assemblies for a list, each with its announced polls (one query more for all).

    Those whose residents can vote at `at` come first, then the latest.
    """
    announced = Poll.objects.exclude(status=PollStatus.PREPARING).order_by("closes_at", "pk")
    voting = open_polls(at).filter(assembly=OuterRef("pk")).order_by()
    return (
        Assembly.objects.public()
        .select_related("dong__parent")
        .prefetch_related(Prefetch("polls", announced))
        .order_by(Exists(voting).desc(), "-held_at", "-pk")
    )


def ballots_of_items() -> "Prefetch[Any, Any, Any]":
    """For `prefetch_related` of an assembly: which announced polls each item of its agenda stands on; one query."""
    announced = PollOption.objects.select_related("poll").exclude(poll__status=PollStatus.PREPARING)
    return Prefetch("agenda__options", announced.order_by("poll__opens_at", "poll_id"))


def open_polls(at: datetime) -> QuerySet[Poll]:
    """Polls that take ballots at `at`, the ones that close first first."""
    return (
        public_polls()
        .filter(status=PollStatus.OPEN, opens_at__lte=at, closes_at__gt=at)
        .select_related("assembly__dong__parent")
        .order_by("closes_at", "pk")
    )


def roll_entry_of(user: User | AnonymousUser, assembly_id: int) -> RollEntry | None:
    """The person's entry on the roll of an assembly, if they may vote by it now."""
    if not user.is_authenticated:
        return None
    return entries_of_voters().filter(assembly_id=assembly_id, user_id=user.pk).first()


def entries_of_voters() -> QuerySet[RollEntry]:
    """Entries of accounts that may vote: in use, on the roll, and still verified in the dong of the assembly.

    Whoever moves votes where they belong now, and not in two dongs.
    """
    return RollEntry.objects.filter(
        removed_at=None,
        user__is_active=True,
        user__residences__status=ResidenceStatus.VERIFIED,
        user__residences__dong=F("assembly__dong"),
    )


def participation_of(user: User | AnonymousUser, poll: Poll) -> Participation | None:
    """That and when `user` took part in `poll`."""
    if not user.is_authenticated:
        return None
    return Participation.objects.filter(poll=poll, entry__user_id=user.pk).select_related("entry").first()


@dataclass(frozen=True, slots=True)
class Turnout:
    """Participation in one poll, in persons."""

    eligible: int
    participated: int
    required: int
    by_channel: tuple[tuple[str, int], ...] = ()

    @property
    def is_quorate(self) -> bool:
        return self.participated >= self.required

    @property
    def share(self) -> Fraction:
        """Participated ÷ eligible; 0 while nobody is eligible."""
        return Fraction(self.participated, self.eligible) if self.eligible else Fraction(0)

    @property
    def scale(self) -> int:
        """What a bar of the turnout is drawn to: the roll, or the quorum where that is larger."""
        return max(self.eligible, self.required)

    @property
    def missing(self) -> int:
        """Persons that the quorum still lacks."""
        return max(0, self.required - self.participated)


def turnout_of(poll: Poll) -> Turnout:
    """Turnout as it stands now, by channel; after counting, as counted. Reads the assembly's rule set."""
    return turnouts_of(poll.assembly, [poll])[poll.pk]


def turnouts_of(assembly: Assembly, polls: Sequence[Poll]) -> dict[int, Turnout]:
    """Turnout of several polls of one assembly by their keys: the same number of queries for any number of polls."""
    channels: dict[int, list[tuple[str, int]]] = {poll.pk: [] for poll in polls}
    rows = Participation.objects.filter(poll__in=channels).values_list("poll_id", "channel")
    for poll_id, channel, persons in rows.annotate(Count("pk")).order_by("poll_id", "channel"):
        channels[poll_id].append((channel, persons))
    counted = {poll.pk: result for poll in polls if (result := getattr(poll, "result", None)) is not None}
    # One moment for all polls that are not over: the roll as it stands.
    moments = {poll.pk: poll.closed_at for poll in polls if poll.pk not in counted}
    figures = {moment: roll_and_quorum(assembly, moment) for moment in set(moments.values())}
    turnouts = {}
    for poll_id, by_channel in channels.items():
        result = counted.get(poll_id)
        eligible, required = (result.on_roll, result.quorum_required) if result else figures[moments[poll_id]]
        participated = sum(persons for _channel, persons in by_channel)
        turnouts[poll_id] = Turnout(eligible, participated, required, tuple(by_channel))
    return turnouts


def roll_at(assembly: Assembly, moment: datetime | None) -> QuerySet[RollEntry]:
    """Who stood on the roll at `moment`, or stands on it now (None)."""
    if moment is None:
        return assembly.roll.filter(removed_at=None)
    still = Q(removed_at=None) | Q(removed_at__gt=moment)
    return assembly.roll.filter(still, added_at__lte=moment)


def roll_and_quorum(assembly: Assembly, moment: datetime | None) -> tuple[int, int]:
    """Persons on the roll at `moment` (None: now), and the quorum reckoned from it; 0 where the rule set cannot say.

    A closed poll keeps the roll of its closing: who comes or goes afterwards must not make or break its quorum.
    """
    eligible = roll_at(assembly, moment).count()
    try:
        quorum = assembly.rule_set.for_assemblies().quorum.value
        return eligible, quorum.required(population=assembly.population, on_roll=eligible)
    except ValueError:
        return eligible, 0


def results_of(poll: Poll) -> QuerySet[OptionResult]:
    """Votes of the items of a counted poll, by rank."""
    return (
        OptionResult.objects.filter(result__poll=poll)
        .select_related("option__item")
        .order_by("rank", "option__position")
    )


def items_taken_up(poll: Poll) -> QuerySet[AgendaItem]:
    """Items of public assemblies that grew out of the items on the ballot of `poll`, the earliest assembly first."""
    return (
        AgendaItem.objects.filter(origin__options__poll=poll, assembly__status__in=PUBLIC_ASSEMBLIES)
        .select_related("assembly")
        .order_by("assembly__held_at", "assembly_id", "number")
    )


def public_results_of(assembly: Assembly) -> QuerySet[OptionResult]:
    """Votes of the items of all published polls of an assembly, poll by poll and by rank."""
    return (
        OptionResult.objects.filter(result__poll__assembly=assembly, result__poll__status__in=RESULT_PUBLIC)
        .select_related("option__item", "result")
        .order_by("result__poll_id", "rank", "option__position")
    )


def polls_due(at: datetime) -> tuple[QuerySet[Poll], QuerySet[Poll]]:
    """Announced polls whose time to open has come, and open ones whose time to close has."""
    to_open = Poll.objects.filter(status=PollStatus.SCHEDULED, opens_at__lte=at, closes_at__gt=at)
    to_close = Poll.objects.filter(Q(status=PollStatus.OPEN), closes_at__lte=at)
    return to_open.order_by("opens_at", "pk"), to_close.order_by("closes_at", "pk")
