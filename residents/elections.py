"""What local elections restrict, and when. Pure: days are arguments.

Source: Public Official Election Act, article 86: from 180 days before a local election the head of a local
government may not publicise, from 60 days before it hold or sponsor events. The wording has exceptions, so what is
blocked here is publishing: whether an exception applies is for the election commission to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PUBLICITY_DAYS = 180
EVENT_DAYS = 60
WARNED_BEFORE = 30


class Restricted(StrEnum):
    PUBLICITY = "publicity"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Restriction:
    """`what` is restricted from `since` up to and with `until`, the day of the election."""

    what: Restricted
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until


def restrictions_of(election: date) -> tuple[Restriction, Restriction]:
    """The restrictions that come with an election, the longer one first."""
    return (
        Restriction(Restricted.PUBLICITY, election - timedelta(days=PUBLICITY_DAYS), election),
        Restriction(Restricted.EVENTS, election - timedelta(days=EVENT_DAYS), election),
    )


def in_force(elections: Iterable[date], day: date) -> list[Restriction]:
    """Restrictions that hold on `day`, the nearest election first."""
    return [one for election in sorted(elections) for one in restrictions_of(election) if one.holds_on(day)]


def blocks_publishing(elections: Iterable[date], day: date) -> Restriction | None:
    """The restriction of publicity that holds on `day`, or None."""
    return next((one for one in in_force(elections, day) if one.what is Restricted.PUBLICITY), None)


def blocks_event(elections: Iterable[date], first_day: date, last_day: date) -> Restriction | None:
    """The restriction of events that a day from `first_day` to `last_day` falls into, or None."""
    for election in sorted(elections):
        events = restrictions_of(election)[1]
        if events.since <= last_day and first_day <= events.until:
            return events
    return None


def begins_soon(elections: Iterable[date], day: date) -> Restriction | None:
    """The next restriction that begins within 30 days after `day`, or None."""
    coming = [
        one
        for election in elections
        for one in restrictions_of(election)
        if day < one.since <= day + timedelta(days=WARNED_BEFORE)
    ]
    return min(coming, key=lambda one: one.since, default=None)
