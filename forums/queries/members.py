"""Reading members: the directory, who has to be settled, what an application is checked against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from core.hangul import found_in
from forums import membership
from forums.models import Application, Member, MemberAbsence, MemberMail, MemberTerm, PrintedTotal
from forums.names import name_order
from forums.states import OPEN_APPLICATIONS, ApplicationStatus, MemberKind, MemberStatus
from forums.titles import FORMER, area_of, title_of
from residents.models import OfficeTerm, Region
from residents.states import Office, RegionLevel

PROVINCIAL = (Office.MAYOR_METRO, Office.GOVERNOR)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the directory.

    `title` is office and place in one word; `office`, `region` and `term` are "" for who holds none.
    """

    pk: int
    name: str
    name_hanja: str
    kind: str
    area: str
    title: str
    office: str
    region: str
    term: str
    mails: tuple[str, ...]

    @property
    def kind_name(self) -> str:
        return str(MemberKind(self.kind).label)

    @property
    def is_honorary(self) -> bool:
        return self.kind == MemberKind.HONORARY

    @property
    def whole_name(self) -> str:
        """The name with its hanja, as directories print it."""
        return f"{self.name}({self.name_hanja})" if self.name_hanja else self.name


def with_terms_and_mails(members: "QuerySet[Member]") -> "QuerySet[Member]":
    """The members with what a line of the directory needs; two queries more, whatever their number."""
    terms = MemberTerm.objects.select_related("term__region__parent").order_by("-term__since")
    return members.prefetch_related(Prefetch("terms", terms), "mails")


def title_of_term(term: OfficeTerm) -> str:
    """The office with its place: 오산시장; in English the office and the place."""
    if get_language() == "en":
        return f"{term.get_office_display()}, {term.region.local_name}"
    return title_of(term.region.name, term.office)


def area_of_region(region: Region) -> str:
    """The short name of the province that the region is or lies in."""
    province = region.parent if region.level == RegionLevel.MUNICIPALITY and region.parent else region
    return area_of(province.name)


def services_of(terms: Iterable[OfficeTerm]) -> list[membership.Service]:
    return [membership.Service(term.since, term.until, term.office in PROVINCIAL) for term in terms]


def term_on(member: Member, day: date) -> OfficeTerm | None:
    """The term in which the member stands on `day`: the one that began last by then, or else the first to come."""
    terms = [one.term for one in member.terms.all()]
    begun = [term for term in terms if term.since <= day]
    return max(begun, key=lambda term: term.since) if begun else min(terms, key=lambda term: term.since, default=None)


@dataclass(frozen=True, slots=True)
class Held:
    """What a member is the head of (`term`, None for former heads), and how lists print it."""

    kind: str
    term: OfficeTerm | None
    area: str
    title: str


def held_on(member: Member, day: date, *, is_past: bool = False) -> Held:
    """The office of one member on `day`. `is_past`: the kind is told by the terms, since the row has only today's."""
    term = term_on(member, day)
    serves = term is not None and term.since <= day < term.until
    kind = MemberKind.REGULAR if is_past and serves else member.kind
    if term is not None and (serves or kind == MemberKind.REGULAR):
        return Held(kind, term, area_of_region(term.region), title_of_term(term))
    former = member.former_office or (title_of_term(term) if term else "")
    former = f"{FORMER} {former}" if former and not former.startswith(FORMER) else former
    return Held(kind, None, member.area, former)


def entry_of(member: Member, day: date, *, is_past: bool = False) -> Entry:
    """The line of one member on `day`; `is_past` as in `held_on`."""
    held = held_on(member, day, is_past=is_past)
    return Entry(
        pk=member.pk,
        name=member.name,
        name_hanja=member.name_hanja,
        kind=held.kind,
        area=held.area,
        title=held.title,
        office=held.term.office if held.term else "",
        region=held.term.region.name if held.term else "",
        term=held.term.term if held.term else "",
        # Who left is still named as of then, but is written to no more.
        mails=()
        if is_past and member.status == MemberStatus.LEFT
        else tuple(mail.address for mail in member.mails.all()),
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By name in 가나다 order; the same names by area and office."""
    return sorted(entries, key=lambda entry: (name_order(entry.name), entry.area, entry.title, entry.pk))


def members_on(day: date) -> "QuerySet[Member]":
    """Who belonged to the club on `day`; members whose first day nobody knows belonged to it from the start."""
    away = MemberAbsence.objects.filter(member=OuterRef("pk"), left_on__lte=day, back_on__gt=day)
    return Member.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day), ~Exists(away)
    )


def directory(*, today: date, on: date | None = None, kind: str = "") -> list[Entry]:
    """The directory of today, or of the day `on`, in order; three queries."""
    is_past = on is not None and on < today
    day = on or today
    members = members_on(day) if is_past else Member.objects.filter(status=MemberStatus.ACTIVE)
    entries = (entry_of(member, day, is_past=is_past) for member in with_terms_and_mails(members))
    return in_order(entry for entry in entries if not kind or entry.kind == kind)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader of the directory asks for; "" asks for everything."""

    words: str = ""
    area: str = ""
    kind: str = ""
    office: str = ""

    def fits(self, entry: Entry) -> bool:
        if self.area and entry.area != self.area:
            return False
        if (self.kind and entry.kind != self.kind) or (self.office and entry.office != self.office):
            return False
        if not self.words.strip():
            return True
        names = (entry.name, entry.name_hanja, entry.title, entry.region, entry.area, *entry.mails)
        return all(found_in(word, *names) for word in self.words.split())


def areas_among(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """(area, how many), in 가나다 order."""
    counts: dict[str, int] = {}
    for entry in entries:
        if entry.area:
            counts[entry.area] = counts.get(entry.area, 0) + 1
    return sorted(counts.items())


@dataclass(frozen=True, slots=True)
class TermMembers:
    """How many members a term of office had: counted in the register, and as a source prints it (None: none does)."""

    term: str
    counted: int
    printed: int | None = None
    source: str = ""

    @property
    def difference(self) -> int:
        """What the source prints beyond the register; below zero where the register knows more."""
        return 0 if self.printed is None else self.printed - self.counted


def members_by_term() -> list[TermMembers]:
    """Terms of office with the members whose terms are counted so, beside what sources print; the oldest first."""
    rows = (
        MemberTerm.objects.values("term__term")
        .annotate(members=Count("member", distinct=True))
        .values_list("term__term", "members")
        .order_by("term__term")
    )
    counted = dict(rows)
    printed = {one.term: one for one in PrintedTotal.objects.filter(members__isnull=False)}
    return [
        TermMembers(term, counted.get(term, 0), printed[term].members, printed[term].source)
        if term in printed
        else TermMembers(term, counted[term])
        for term in sorted({*counted, *printed})
    ]


# --- whose membership has to be settled -------------------------------------------------------------------------------


def _running_terms(day: date) -> "QuerySet[MemberTerm]":
    return MemberTerm.objects.filter(member=OuterRef("pk"), term__since__lte=day, term__until__gt=day)


def to_be_settled(day: date) -> "QuerySet[Member]":
    """Regular members whose term is over, and honorary ones who hold an office again."""
    members = Member.objects.filter(status=MemberStatus.ACTIVE).annotate(serves=Exists(_running_terms(day)))
    return members.filter(Q(kind=MemberKind.REGULAR, serves=False) | Q(kind=MemberKind.HONORARY, serves=True))


def serves_on(member: Member, day: date) -> bool:
    """Whether one of the member's terms runs on `day`."""
    return MemberTerm.objects.filter(member=member, term__since__lte=day, term__until__gt=day).exists()


def terms_for(member: Member) -> "QuerySet[OfficeTerm]":
    """Terms of office that may be this member's next: the same name, nobody else's yet, the newest first.

    For an honorary member also their own, which was linked before it began.
    """
    wanted = Q(club_term__isnull=True, name=member.name)
    if member.kind == MemberKind.HONORARY:
        wanted |= Q(club_term__member=member, until__gt=timezone.localdate())
    return OfficeTerm.objects.filter(wanted).select_related("region__parent").order_by("-since")


# --- applications -----------------------------------------------------------------------------------------------------


def find_term(*, name: str, region: Region | None, office: str, kind: str, day: date) -> OfficeTerm | None:
    """The term of office that an application is for: that of today for regular members, else the last one."""
    if region is None:
        return None
    terms = OfficeTerm.objects.filter(region=region, name=name)
    if office:
        terms = terms.filter(office=office)
    if kind == MemberKind.REGULAR:
        return terms.filter(since__lte=day, until__gt=day).first()
    return terms.filter(since__lte=day).order_by("-since").first()


def terms_to_check(application: Application) -> "QuerySet[OfficeTerm]":
    """Terms that the application may be for: of this name or of this region, the newest first."""
    about = Q(name=application.name)
    if application.region_id is not None:
        about |= Q(region_id=application.region_id)
    if application.term_id is not None:
        about |= Q(pk=application.term_id)
    return OfficeTerm.objects.filter(about).select_related("region__parent").order_by("-since")


def same_person(application: Application) -> "QuerySet[Member]":
    """Members of the same name, who may be the applicant who comes back; not those with other hanja."""
    members = Member.objects.filter(name=application.name)
    if application.name_hanja:
        members = members.filter(name_hanja__in=["", application.name_hanja])
    return with_terms_and_mails(members).order_by("status", "-pk")


def members_for_office(application: Application, day: date) -> "QuerySet[Member]":
    """Members who belong to the club for the office that the application is for."""
    if application.region_id is None:
        return Member.objects.none()
    held = MemberTerm.objects.filter(
        member=OuterRef("pk"), term__region_id=application.region_id, term__since__lte=day, term__until__gt=day
    )
    if application.office:
        held = held.filter(term__office=application.office)
    return Member.objects.filter(Exists(held), status=MemberStatus.ACTIVE)


def open_besides(application: Application) -> "QuerySet[Application]":
    """Other open applications for the same office."""
    others = Application.objects.filter(status__in=OPEN_APPLICATIONS).exclude(pk=application.pk)
    if application.region_id is None:
        return others.filter(name=application.name) if application.name else others.none()
    return others.filter(region_id=application.region_id, office=application.office)


def checks_of(application: Application, day: date) -> list[membership.Check]:
    """The application held against article 2 and the register."""
    terms: Sequence[OfficeTerm] = [application.term] if application.term else []
    return membership.check_application(
        kind=membership.Kind(application.kind),
        services=services_of(terms),
        day=day,
        agrees=application.pledged,
        members_for_it=0 if application.kind == MemberKind.HONORARY else members_for_office(application, day).count(),
        open_besides=open_besides(application).count(),
    )


def applications_of(user: Any) -> "QuerySet[Application]":
    """What this account applied for and is not erased yet, the newest first."""
    return Application.objects.filter(user=user, erased_at__isnull=True)


def waiting_applications() -> "QuerySet[Application]":
    """Those that wait for the secretariat: to be checked, or checked and to be decided."""
    return Application.objects.filter(status__in=[ApplicationStatus.SUBMITTED, ApplicationStatus.CHECKED])


def mails_of(members: Iterable[int]) -> dict[int, list[str]]:
    """Mail addresses by member, in their order; one query."""
    found: dict[int, list[str]] = {}
    for mail in MemberMail.objects.filter(member_id__in=list(members)):
        found.setdefault(mail.member_id, []).append(mail.address)
    return found
