"""What waits for an official: each app hands in its own entries, the desk's first page shows them.

Three kinds: what waits for a step (`Waiting`), what goes on now and is only watched (`Running`), and the next dates
(`Coming`), which are shown where nothing waits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum

from django.utils import timezone

from residents.models import User

SOON = timedelta(days=7)


class Urgency(IntEnum):
    """How soon something has to be done; the order of the first page."""

    NOW = 1
    THIS_WEEK = 2
    TO_LOOK_AT = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a step of this official.

    label: what waits, as a name with which the count stands.
    count: how many; entries of 0 are left out.
    url: the list that shows exactly these, or the one thing's own page where there is only one.
    why: a sentence that says what to do and why, or "".
    urgency, deadline: when; the deadline is the nearest of all that are counted.
    of_people: whether persons are counted, for the unit behind the number.
    is_state: whether it is so or not, with nothing to count; no number is shown.
    """

    label: str
    count: int
    url: str
    why: str = ""
    urgency: Urgency = Urgency.TO_LOOK_AT
    deadline: datetime | None = None
    of_people: bool = False
    is_state: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """Something with turnout that goes on now, in persons. `required` is 0 where no quorum can be reckoned."""

    title: str
    place: str
    url: str
    until: datetime
    participated: int
    eligible: int
    required: int

    @property
    def missing(self) -> int:
        """Persons that the quorum still lacks."""
        return max(0, self.required - self.participated)


@dataclass(frozen=True, slots=True)
class Coming:
    """A date ahead: what happens, where it is told."""

    at: datetime
    what: str
    url: str


WaitingProvider = Callable[[User], list[Waiting]]
RunningProvider = Callable[[User], list[Running]]
ComingProvider = Callable[[User], list[Coming]]

_providers: list[WaitingProvider] = []
_running: list[RunningProvider] = []
_coming: list[ComingProvider] = []


def register_waiting(provider: WaitingProvider) -> WaitingProvider:
    """Let `provider` add entries to the desk's first page. Called in AppConfig.ready(); twice does no harm."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def register_running(provider: RunningProvider) -> RunningProvider:
    """Let `provider` show what goes on now. Called in AppConfig.ready(); twice does no harm."""
    if provider not in _running:
        _running.append(provider)
    return provider


def register_coming(provider: ComingProvider) -> ComingProvider:
    """Let `provider` name the next dates. Called in AppConfig.ready(); twice does no harm."""
    if provider not in _coming:
        _coming.append(provider)
    return provider


def waiting_for(user: User) -> list[Waiting]:
    """Everything that waits for `user`, the most urgent first, then by deadline; else in the order of the apps."""
    lines = [line for provider in _providers for line in provider(user) if line.count]
    return sorted(lines, key=lambda line: (line.urgency, line.deadline is None, line.deadline or timezone.now()))


def running_for(user: User) -> list[Running]:
    """What goes on now where `user` looks on, what ends first first."""
    return sorted((one for provider in _running for one in provider(user)), key=lambda one: one.until)


def next_date_for(user: User) -> Coming | None:
    """The nearest date ahead of `user`, or None."""
    dates = [one for provider in _coming for one in provider(user)]
    return min(dates, key=lambda one: one.at, default=None)


def urgency_of(deadline: datetime, at: datetime) -> Urgency:
    """NOW on the day of the deadline and after it, THIS_WEEK in the seven days before, else TO_LOOK_AT.

    A deadline at midnight belongs to the day before it.
    """
    last_moment = timezone.localtime(deadline - timedelta(microseconds=1))
    today = timezone.localtime(at).date()
    if last_moment.date() <= today:
        return Urgency.NOW
    return Urgency.THIS_WEEK if last_moment.date() <= today + SOON else Urgency.TO_LOOK_AT


def end_of_day(day_of: datetime) -> datetime:
    """Midnight after the local day of `day_of`, as a half-open deadline."""
    day = timezone.localtime(day_of).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def by_urgency(lines: Iterable[Waiting]) -> list[tuple[Urgency, list[Waiting]]]:
    """The lines in their groups, without empty ones."""
    lines = list(lines)
    groups = [(urgency, [line for line in lines if line.urgency == urgency]) for urgency in Urgency]
    return [(urgency, group) for urgency, group in groups if group]
