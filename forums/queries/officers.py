"""Officers as pages and books list them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from forums.models import Appointment
from forums.queries.governance import appointments_on
from forums.queries.members import held_on
from forums.states import Position

# In the order of the club's own lists.
ORDER = (
    Position.CO_CHAIR,
    Position.AUDITOR,
    Position.ADVISER,
    Position.COMMITTEE,
    Position.SECRETARY,
    Position.SECONDED,
)


@dataclass(frozen=True, slots=True)
class Officer:
    """One line. office: office and place of a member, organisation and title of somebody from outside."""

    name: str
    name_hanja: str
    area: str
    office: str
    elections: str
    remark: str
    since: date
    until: date | None

    @property
    def last_day(self) -> date | None:
        """The last day of the term; `until` is the first one after it."""
        return self.until and self.until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Group:
    position: Position
    name: str
    officers: tuple[Officer, ...]


def elections_in_words(count: int | None) -> str:
    """How often somebody was elected, as lists print it: the first time, for the second time …"""
    if not count:
        return ""
    if count == 1:
        return _("first term")
    return _("elected %(count)s times") % {"count": count}


def officer_of(appointment: Appointment, remark: str, day: date) -> Officer:
    member, outsider = appointment.member, appointment.outsider
    area = office = ""
    if member is not None:
        held = held_on(member, day)
        area, office = held.area, held.title
    elif outsider is not None:
        office = " ".join(part for part in (outsider.affiliation, outsider.title) if part)
    person = member or outsider
    return Officer(
        name=person.name if person else "",
        name_hanja=person.name_hanja if person else "",
        area=area,
        office=office,
        elections=elections_in_words(appointment.election_count),
        remark=remark,
        since=appointment.since,
        until=appointment.until,
    )


def groups_on(day: date) -> list[Group]:
    """Everybody in a position on `day`, by position; the chair of the committee is a remark, as lists print it."""
    found = list(appointments_on(day))
    chairs = {one.member_id for one in found if one.position == Position.COMMITTEE_CHAIR}
    by_position: defaultdict[str, list[Officer]] = defaultdict(list)
    for one in found:
        if one.position == Position.COMMITTEE_CHAIR:
            continue
        is_chair = one.position == Position.CO_CHAIR and one.member_id in chairs
        remark = _("chair of the steering committee") if is_chair else ""
        by_position[one.position].append(officer_of(one, remark, day))
    return [
        Group(position, str(position.label), tuple(by_position[position]))
        for position in ORDER
        if by_position[position]
    ]
