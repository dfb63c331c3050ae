"""Shared reads on bylaws, officers and the club's meetings."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from forums.bylaws import Check, Holder, Post, Rules, check_general_assembly, check_officers, check_serving, read_rules
from forums.models import Appointment, Bylaws, ClubMeeting, Member, MemberAtMeeting, Partner
from forums.queries.members import members_on
from forums.states import BylawsStatus, ClubMeetingKind, MemberKind, MemberStatus, Position
from meetings.states import HELD


def bylaws_on(day: date) -> Bylaws | None:
    """The version in force on `day`: of those adopted, the one that began last."""
    return (
        Bylaws.objects.filter(status=BylawsStatus.ADOPTED, in_force_from__lte=day)
        .order_by("-in_force_from", "-number")
        .first()
    )


def rules_on(day: date) -> Rules | None:
    """The parameters in force on `day`; None before the club had bylaws."""
    version = bylaws_on(day)
    return read_rules(version.rules) if version else None


def appointments_on(day: date) -> QuerySet[Appointment]:
    """Who holds a position on `day`, in the order of lists, with persons."""
    return (
        Appointment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), since__lte=day)
        .select_related("member", "outsider", "resolution")
        .prefetch_related("member__terms__term__region__parent")
        .order_by("position_in_list", "member__name", "outsider__name", "pk")
    )


def serving_in(position: str, day: date) -> list[Appointment]:
    """Who holds this position on `day`."""
    return list(appointments_on(day).filter(position=position))


def holder_of(appointment: Appointment) -> Holder:
    person = f"m{appointment.member_id}" if appointment.member_id else f"o{appointment.outsider_id}"
    return Holder(
        person=person,
        name=str(appointment.member or (appointment.outsider.name if appointment.outsider else "")),
        post=Post(appointment.position),
        since=appointment.since,
        until=appointment.until,
        ended_on=appointment.ended_on,
        by_resolution=appointment.resolution_id is not None or bool(appointment.basis),
    )


def partners_on(day: date) -> QuerySet[Partner]:
    return Partner.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)


def general_assemblies_held(day: date) -> list[date]:
    """Days of the general assemblies up to `day`."""
    held = ClubMeeting.objects.filter(
        kind=ClubMeetingKind.GENERAL, meeting__status__in=sorted(HELD), meeting__starts_at__date__lte=day
    )
    return list(held.values_list("meeting__starts_at__date", flat=True))


def serving_members(day: date, today: date) -> list[tuple[str, bool]]:
    """Regular members, each with the name and whether a term of office of theirs runs on `day`. Two queries.

    On a day of the past they are those who belonged to the club then. Who is an honorary member today was a regular one
    while a term ran.
    """
    there = members_on(day) if day < today else Member.objects.filter(status=MemberStatus.ACTIVE)
    found = []
    for member in there.prefetch_related("terms__term"):
        serves = any(held.term.since <= day < held.term.until for held in member.terms.all())
        if member.kind == MemberKind.REGULAR or (serves and day < today):
            found.append((member.name, serves))
    return found


def state_of_the_bylaws(day: date) -> tuple[Bylaws | None, list[Check]]:
    """Every rule that can be held against the registry on `day`; without bylaws nothing."""
    version = bylaws_on(day)
    if version is None:
        return None, []
    rules = read_rules(version.rules)
    holders = [holder_of(one) for one in appointments_on(day)]
    partners = [(one.name, one.resolution_id is not None or bool(one.basis)) for one in partners_on(day)]
    return version, [
        check_serving(rules, serving_members(day, timezone.localdate())),
        *check_officers(rules, holders, day, partners),
        check_general_assembly(rules, general_assemblies_held(day), day),
    ]


def members_of_participants(participants: Iterable[int]) -> dict[int, Member]:
    """Members by the number of the participant that they are at a meeting."""
    rows = MemberAtMeeting.objects.filter(participant_id__in=list(participants)).select_related("member")
    return {row.participant_id: row.member for row in rows}


def callers_among(members: Sequence[Member], day: date) -> tuple[int, int]:
    """(co-chairs, chairs of the committee) among these members on `day`."""
    numbers = {member.pk for member in members}
    held = list(appointments_on(day).filter(member__in=numbers).values_list("position", flat=True))
    return held.count(Position.CO_CHAIR), held.count(Position.COMMITTEE_CHAIR)
