"""Reads across the apps below, each with a fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, When
from django.utils import timezone

from assemblies.models import AgendaItem, Assembly, OptionResult, Participation, Poll, RollEntry
from assemblies.queries import entries_of_voters, open_polls, public_polls
from assemblies.states import RESULT_PUBLIC, AssemblyStatus, PollStatus
from core.hangul import found_in
from councils.models import Application, Council, Recruitment
from councils.queries import calls
from councils.queries.own import applications_of
from councils.states import ApplicationStatus, BodyKind, CouncilStatus, RecruitmentStatus
from portal.addresses import Place
from residents.models import Region, Residence, User
from residents.queries import dongs_on
from residents.states import ResidenceStatus


def own_dong(user: User | AnonymousUser | None) -> Region | None:
    """The dong that `user` belongs to: the verified one, else the one they declared."""
    if user is None or not user.is_authenticated:
        return None
    residence = (
        Residence.objects.filter(user=user, status__in=[ResidenceStatus.VERIFIED, ResidenceStatus.DECLARED])
        .select_related("dong__parent")
        .order_by("-status")  # "verified" sorts after "declared"
        .first()
    )
    return residence.dong if residence else None


# --- Councils ---------------------------------------------------------------------------------------------------------


def open_recruitments_for(dong: Region | None, at: datetime) -> QuerySet[Recruitment]:
    """What takes applications, that of the visitor's dong first, then what closes first."""
    found = calls.open_recruitments(at)
    if dong is None:
        return found
    elsewhere = Case(When(council__dong=dong, then=0), default=1)
    return found.order_by(elsewhere, "closes_at", "pk")


def council_applications_of(user: User) -> list[Application]:
    """What somebody applied for, drafts too, the newest first; one query."""
    return list(applications_of(user))


def applications_to_go_on_with(applications: Iterable[Application], at: datetime) -> list[Application]:
    """Those of them in which it is the applicant's turn: to send, to complete, or to attend the residents' school."""
    turns = {
        ApplicationStatus.DRAFT: "closes_at",
        ApplicationStatus.SUPPLEMENT: "learning_until",
        ApplicationStatus.LEARNING: "learning_until",
    }
    return [
        one
        for one in applications
        if one.status in turns
        and one.recruitment.status == RecruitmentStatus.ANNOUNCED
        and at < getattr(one.recruitment, turns[ApplicationStatus(one.status)])
    ]


# --- Dongs ------------------------------------------------------------------------------------------------------------


def dongs_today(at: datetime) -> QuerySet[Region]:
    """Dongs that exist on the day of `at`, in the order of their codes, with municipality and province."""
    return dongs_on(timezone.localdate(at)).select_related("parent__parent")


def dongs_called(wanted: str, at: datetime) -> list[Region]:
    """Dongs of today that `wanted` names, see `dongs_among`. One query for any number."""
    return dongs_among(dongs_today(at), wanted)


def dongs_among(dongs: Iterable[Region], wanted: str) -> list[Region]:
    """Those of `dongs` whose name, Korean or English, holds `wanted`; initial consonants count."""
    return [
        dong
        for dong in dongs
        if found_in(wanted, dong.name, f"{dong.parent.name if dong.parent else ''}{dong.name}", dong.name_en)
    ]


def place_of(dong: Region) -> Place:
    """`dong` as addresses may name it; needs municipality and province."""
    municipality = dong.parent
    province = municipality.parent if municipality else None
    return Place(
        key=dong.code,
        province=province.name if province else "",
        municipality=municipality.name if municipality else "",
        name=dong.name,
        legal=tuple(dong.legal_dong_names),
    )


def ids_of_history(dong: Region) -> list[int]:
    """`dong` and the dongs that became it: what they decided is part of its story."""
    return [dong.pk, *dong.predecessors.values_list("pk", flat=True)]


def council_of(dong: Region) -> Council | None:
    """The residents' council; other bodies of the dong are none."""
    councils = Council.objects.filter(dong=dong, kind=BodyKind.COUNCIL)
    return councils.exclude(status=CouncilStatus.DISSOLVED).first()


# --- Polls and decisions ----------------------------------------------------------------------------------------------


def polls_to_come(at: datetime) -> QuerySet[Poll]:
    """Announced polls that open after `at`, the next one first."""
    return (
        public_polls()
        .filter(status=PollStatus.SCHEDULED, closes_at__gt=at)
        .select_related("assembly__dong__parent")
        .order_by("opens_at", "id")
    )


def decided_polls() -> QuerySet[Poll]:
    """Polls whose result is public, the newest first, with what their sentence needs."""
    results = OptionResult.objects.select_related("option__item").order_by("rank", "option__position")
    return (
        public_polls()
        .filter(status__in=RESULT_PUBLIC, result__isnull=False)
        .select_related("result", "assembly__dong__parent")
        .prefetch_related(Prefetch("result__options", results))
        .order_by("-published_at", "-id")
    )


def assemblies_of(dong_ids: Collection[int]) -> QuerySet[Assembly]:
    """Announced, held and cancelled assemblies of these dongs, the newest first."""
    return Assembly.objects.public().filter(dong_id__in=dong_ids).select_related("dong").order_by("-held_at", "-id")


def assemblies_of_year(dong_ids: Collection[int], year: int) -> QuerySet[Assembly]:
    """Assemblies of these dongs that are held in `year` or still to come, with their announced polls; two queries."""
    polls = Poll.objects.exclude(status__in=[PollStatus.PREPARING, PollStatus.HALTED]).order_by("opens_at", "id")
    return (
        assemblies_of(dong_ids)
        .exclude(status=AssemblyStatus.CANCELLED)
        .filter(Q(held_at__year=year) | Q(status=AssemblyStatus.ANNOUNCED))
        .prefetch_related(Prefetch("polls", polls))
        .order_by("held_at", "id")
    )


def items_decided_in(dong_ids: Collection[int], year: int) -> QuerySet[AgendaItem]:
    """Items of these dongs that a poll adopted whose result was published in `year`, the costliest first."""
    adopted = OptionResult.objects.filter(
        option__item=OuterRef("pk"),
        adopted=True,
        result__poll__status__in=RESULT_PUBLIC,
        result__poll__published_at__year=year,
    )
    return (
        AgendaItem.objects.filter(Exists(adopted), assembly__dong_id__in=dong_ids)
        .exclude(assembly__status__in=[AssemblyStatus.PREPARING, AssemblyStatus.CANCELLED])
        .order_by(F("cost").desc(nulls_last=True), "id")
    )


# --- One person -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person's residence stands: verified, waiting, or last refused; None where there is none."""

    verified: Residence | None
    declared: Residence | None
    refused: Residence | None


def standing_of(user: User) -> Standing:
    """The newest residence of each state. A refusal counts only while nothing newer waits or was verified."""
    newest: dict[str, Residence] = {}
    for residence in Residence.objects.filter(user=user).select_related("dong__parent"):
        newest.setdefault(residence.status, residence)
    refused = newest.get(ResidenceStatus.REFUSED)
    verified, declared = newest.get(ResidenceStatus.VERIFIED), newest.get(ResidenceStatus.DECLARED)
    if declared or (refused and verified and verified.declared_at > refused.declared_at):
        refused = None
    return Standing(verified=verified, declared=declared, refused=refused)


def polls_waiting_for(user: User, at: datetime) -> QuerySet[Poll]:
    """Open polls of assemblies in which `user` may vote, in which they have not taken part."""
    on_roll = entries_of_voters().filter(assembly=OuterRef("assembly"), user=user)
    took_part = Participation.objects.filter(poll=OuterRef("pk"), entry__user=user)
    return open_polls(at).filter(Exists(on_roll), ~Exists(took_part))


def roll_entries_of(user: User) -> QuerySet[RollEntry]:
    """Every roll that `user` stands or stood on, of announced assemblies, the newest first."""
    return (
        RollEntry.objects.filter(user=user)
        .exclude(assembly__status=AssemblyStatus.PREPARING)
        .select_related("assembly__dong__parent")
        .order_by("-assembly__held_at", "-id")
    )


def participations_of(user: User) -> QuerySet[Participation]:
    """That `user` took part, where and when. How they voted is nowhere written."""
    return (
        Participation.objects.filter(entry__user=user)
        .select_related("poll__assembly__dong__parent")
        .order_by("-at", "-id")
    )
