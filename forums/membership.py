"""Who may be a member of which kind on a day. Pure: no Django, no clock.

Source: bylaws of the Mokmingwan Club, article 2. Serving heads of cities, counties and districts are regular members;
heads of provinces and metropolitan cities since the amendment of 2011-11-30, before which they were honorary ones.
Former heads become honorary members if they wish so. Everybody agrees with the founding statement and the purpose.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ARTICLE = "2"
PROVINCES_REGULAR_FROM = date(2011, 11, 30)


class Kind(StrEnum):
    REGULAR = "regular"
    HONORARY = "honorary"


class Standing(StrEnum):
    """What somebody is on a day by their terms of office."""

    SERVING = "serving"  # head of a city, county or district
    SERVING_PROVINCE = "serving_province"  # head of a province or metropolitan city
    FORMER = "former"
    NONE = "none"


class Rule(StrEnum):
    """What is checked."""

    AGREES = "agrees"
    STANDING = "standing"
    ONE_OFFICE_ONE_MEMBER = "one_office_one_member"
    ONE_APPLICATION = "one_application"


@dataclass(frozen=True, slots=True)
class Service:
    """A term of office (since ≤ day < until)."""

    since: date
    until: date
    of_province: bool = False

    def runs_on(self, day: date) -> bool:
        return self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class Check:
    """One rule held against an application.

    required, actual: standings for `Rule.STANDING` (any of those required will do); for the others numbers, of
    agreements, members or open applications. article: "" where the club's practice asks for it, not the bylaws.
    """

    rule: Rule
    article: str
    required: tuple[Standing, ...] | int
    actual: Standing | int
    met: bool


def standing_on(services: Iterable[Service], day: date) -> Standing:
    """What somebody with these terms is on `day`; a term that runs counts before those that are over."""
    known = list(services)
    running = [service for service in known if service.runs_on(day)]
    if any(not service.of_province for service in running):
        return Standing.SERVING
    if running:
        return Standing.SERVING_PROVINCE
    return Standing.FORMER if any(service.until <= day for service in known) else Standing.NONE


def standings_for(kind: Kind, day: date) -> tuple[Standing, ...]:
    """What one has to be for this kind of membership on `day`."""
    provinces_are_regular = day >= PROVINCES_REGULAR_FROM
    if kind is Kind.REGULAR:
        return (Standing.SERVING, Standing.SERVING_PROVINCE) if provinces_are_regular else (Standing.SERVING,)
    return (Standing.FORMER,) if provinces_are_regular else (Standing.FORMER, Standing.SERVING_PROVINCE)


def qualifies(kind: Kind, services: Iterable[Service], day: date) -> bool:
    """Whether the bylaws allow this kind of membership on `day`."""
    return standing_on(services, day) in standings_for(kind, day)


def check_application(  # noqa: PLR0913 - an application has this many facts
    *, kind: Kind, services: Iterable[Service], day: date, agrees: bool, members_for_it: int, open_besides: int
) -> list[Check]:
    """Everything that an application is checked for on `day`.

    members_for_it: members who already belong to the club for this office. open_besides: other open applications for
    the same one.
    """
    required = standings_for(kind, day)
    standing = standing_on(services, day)
    return [
        Check(Rule.AGREES, ARTICLE, 1, int(agrees), agrees),
        Check(Rule.STANDING, ARTICLE, required, standing, standing in required),
        Check(Rule.ONE_OFFICE_ONE_MEMBER, "", 0, members_for_it, members_for_it == 0),
        Check(Rule.ONE_APPLICATION, "", 0, open_besides, open_besides == 0),
    ]
