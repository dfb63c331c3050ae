"""Lists of attendees: in which order they stand, and what is remarked beside them. Pure.

Source of the form: list of attendees in the book of the 24th forum (January 2014): heads first, among them those who
come in a head's place; then officials; host and presenters marked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LAST = 10**6


class Order(StrEnum):
    """Heads stand before officials, and these before guests, in each of them."""

    SOURCE = "source"  # as the list was taken over, or as the secretariat put it
    REGION = "region"  # the host's area first, then by name; within an area host, presenters, all others
    NAME = "name"  # 가나다 order, which is that of the syllables' codes  # korean: the name of the order
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One line. rank: 0 heads and who stands in for them, 1 officials, 2 guests. position: office or rank."""

    key: int
    rank: int
    name: str
    area: str = ""
    organisation: str = ""
    position: str = ""
    is_proxy: bool = False
    is_host: bool = False
    is_presenter: bool = False
    remark: str = ""
    source_position: int | None = None


def in_order(attendees: Iterable[Attendee], order: Order) -> list[Attendee]:
    """The list in one of its orders; each gives every attendee one place, whatever order they come in."""
    found = list(attendees)
    match order:
        case Order.SOURCE:
            by_region = {one.key: place for place, one in enumerate(_by_region(found))}
            return sorted(found, key=lambda one: (one.rank, _or_last(one.source_position), by_region[one.key]))
        case Order.NAME:
            return sorted(found, key=lambda one: (one.rank, not one.name, one.name, *_place(one)))
        case Order.OFFICE:
            return sorted(found, key=lambda one: (one.rank, not one.position, one.position, one.name, *_place(one)))
        case _:
            return _by_region(found)


def _by_region(found: list[Attendee]) -> list[Attendee]:
    """Officials stand in the order of their heads, so that an office is together."""
    host_areas = {one.area for one in found if one.is_host}
    hosts = {_office(one) for one in found if one.is_host}
    presenting = {_office(one) for one in found if one.is_presenter}

    def key(one: Attendee) -> tuple[Any, ...]:
        office = _office(one)
        return (
            one.rank,
            one.area not in host_areas,
            not one.area,
            one.area,
            office not in hosts,
            office not in presenting,
            not one.organisation,
            one.organisation,
            _or_last(one.source_position),
            one.name,
            one.key,
        )

    return sorted(found, key=key)


def _office(one: Attendee) -> tuple[str, str]:
    return one.area, one.organisation


def _place(one: Attendee) -> tuple[Any, ...]:
    return one.area, one.organisation, _or_last(one.source_position), one.key


def _or_last(position: int | None) -> int:
    return LAST if position is None else position
