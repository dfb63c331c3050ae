"""Who comes, who came, and who has not answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.attendance import Attendee, Order, in_order
from forums.models import Forum, Member, MemberAccount, Registration
from forums.queries.members import area_of_region
from forums.states import (
    AttendeeRole,
    EventKind,
    ForumStatus,
    MemberKind,
    MemberStatus,
    Part,
    RegistrationStatus,
)
from meetings.queries import attendances_in_force
from residents.models import User

RANKS = {AttendeeRole.HEAD: 0, AttendeeRole.STAFF: 1, AttendeeRole.GUEST: 2}


@dataclass(frozen=True, slots=True)
class AttendeeLine:
    """A line of the list as it is shown. number: its place in this order, from 1. came_on: days of arrival."""

    number: int
    attendee: Attendee
    registration: Registration
    remark: str
    came_on: tuple[date, ...]

    @property
    def name(self) -> str:
        return self.attendee.name

    @property
    def place(self) -> str:
        return " ".join(part for part in (self.attendee.area, self.attendee.organisation) if part)

    @property
    def role_name(self) -> str:
        """Head, official or guest; for a proxy in whose place."""
        return _("proxy") if self.attendee.is_proxy else str(self.registration.get_role_display())


@dataclass(frozen=True, slots=True)
class AttendeeList:
    """All lines, and how many of which rank; proxies count among the heads, as sources count them."""

    lines: tuple[AttendeeLine, ...]
    order: Order

    def of_rank(self, rank: int) -> list[AttendeeLine]:
        return [line for line in self.lines if line.attendee.rank == rank]

    @property
    def heads(self) -> list[AttendeeLine]:
        return self.of_rank(RANKS[AttendeeRole.HEAD])

    @property
    def staff(self) -> list[AttendeeLine]:
        return self.of_rank(RANKS[AttendeeRole.STAFF])

    @property
    def guests(self) -> list[AttendeeLine]:
        return self.of_rank(RANKS[AttendeeRole.GUEST])

    @property
    def proxies(self) -> int:
        return sum(line.attendee.is_proxy for line in self.lines)

    @property
    def came(self) -> int:
        return sum(bool(line.came_on) for line in self.lines)


def default_order(forum: Forum) -> Order:
    """That of the source where the list was taken over from one, else by region."""
    has_source = forum.registrations.filter(source_position__isnull=False).exists()
    return Order.SOURCE if has_source else Order.REGION


def attendees_of(forum: Forum, order: Order) -> AttendeeList:
    """Everybody who is registered, in an order. `forum` has its host loaded with it. Three queries."""
    registrations = (
        forum.registrations.filter(status=RegistrationStatus.REGISTERED)
        .select_related("member")
        .prefetch_related(Prefetch("participant__attendances", attendances_in_force(), to_attr="spans"))
    )
    presenting: set[int | None] = set(
        forum.contributions.filter(part=Part.PRESENTER, member__isnull=False).values_list("member_id", flat=True)
    )
    host = (area_of_region(forum.host), forum.host.name) if forum.host else None
    rows = {one.pk: one for one in registrations}
    attendees = [_attendee(one, host, presenting) for one in rows.values()]
    lines = [
        AttendeeLine(number, one, rows[one.key], _remark(one), _came_on(rows[one.key]))
        for number, one in enumerate(in_order(attendees, order), start=1)
    ]
    return AttendeeList(tuple(lines), order)


def _attendee(one: Registration, host: tuple[str, str] | None, presenting: set[int | None]) -> Attendee:
    return Attendee(
        key=one.pk,
        rank=RANKS[AttendeeRole(one.role)],
        name=one.name,
        area=one.area,
        organisation=one.organisation,
        position=one.position,
        is_proxy=one.is_proxy,
        is_host=host == (one.area, one.organisation),
        is_presenter=one.role == AttendeeRole.HEAD and one.member_id in presenting,
        remark=one.remark,
        source_position=one.source_position,
    )


def _remark(one: Attendee) -> str:
    """What stands beside somebody: as the list says itself, else what is known; and that they are a proxy."""
    parts = [one.remark]
    if not one.remark:
        parts = [
            _("host") if one.is_host and one.rank == RANKS[AttendeeRole.HEAD] else "",
            _("presenter") if one.is_presenter else "",
        ]
    if one.is_proxy:
        parts.append(_("proxy"))
    return ", ".join(part for part in parts if part)


def _came_on(one: Registration) -> tuple[date, ...]:
    spans = one.participant.spans if one.participant else []  # type: ignore[attr-defined] # by the prefetch above
    return tuple(sorted({timezone.localdate(span.arrived_at) for span in spans}))


# --- Answers ----------------------------------------------------------------------------------------------------------


def own_registrations(forum: Forum, members: Iterable[Member]) -> dict[int, list[Registration]]:
    """What these members' offices answered, by member: the head's line first. One query."""
    found: dict[int, list[Registration]] = {member.pk: [] for member in members}
    rows = forum.registrations.filter(member__in=found).exclude(status=RegistrationStatus.CANCELLED)
    for one in sorted(rows, key=lambda row: (row.role != AttendeeRole.HEAD, row.pk)):
        if one.member_id is not None:
            found[one.member_id].append(one)
    return found


def still_registered(member: Member, day: date) -> list[str]:
    """Titles of the events of `day` and later for which the member or their officials are registered."""
    standing = member.registrations.filter(
        forum__starts_on__gte=day, status__in=[RegistrationStatus.REGISTERED, RegistrationStatus.WAITING]
    )
    forums = Forum.objects.filter(registrations__in=standing).exclude(status=ForumStatus.CANCELLED)
    return list(forums.order_by("starts_on", "pk").values_list("title", flat=True).distinct())


def next_forum(day: date) -> Forum | None:
    """The next regular forum whose programme is published, one that goes on included. One query."""
    ahead = Forum.objects.filter(kind=EventKind.FORUM, status=ForumStatus.PUBLISHED, ends_on__gte=day)
    return ahead.select_related("host__parent").order_by("starts_on", "pk").first()


def unanswered(forum: Forum) -> "QuerySet[Member]":
    """Regular members whose office has said neither who comes nor that nobody does, by name."""
    answered = forum.registrations.filter(role=AttendeeRole.HEAD, member__isnull=False).exclude(
        status=RegistrationStatus.CANCELLED
    )
    return (
        Member.objects.filter(status=MemberStatus.ACTIVE, kind=MemberKind.REGULAR)
        .exclude(pk__in=answered.values("member"))
        .order_by("name", "pk")
    )


@dataclass(frozen=True, slots=True)
class Places:
    """How full an event is, in persons. places: None where there is no limit."""

    places: int | None
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        return None if self.places is None else max(0, self.places - self.taken)


def places_of(forum: Forum) -> Places:
    """One query."""
    states = list(forum.registrations.order_by().values_list("status", flat=True))
    return Places(forum.places, states.count(RegistrationStatus.REGISTERED), states.count(RegistrationStatus.WAITING))


def registrations_of(user: User) -> QuerySet[Registration]:
    """What is held about the person behind an account: as a guest or an official by the account or its address, as a
    head by the account that is the head's own. Who else acts for a head, or comes in their place, is another person.
    """
    heads = MemberAccount.objects.filter(user=user, is_head=True).values("member")
    return Registration.objects.filter(
        Q(user=user)
        | Q(contact=user.email, role__in=[AttendeeRole.GUEST, AttendeeRole.STAFF])
        | Q(member__in=heads, role=AttendeeRole.HEAD, is_proxy=False)
    )
