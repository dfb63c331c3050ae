"""Shared reads on terms and members of councils."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from councils.membership import Identity
from councils.models import Council, CouncilTerm, Member
from councils.states import BodyKind, CouncilStatus, MemberOffice, MemberStatus
from ordinances.models import RuleSet
from ordinances.queries import rule_set_in_force
from residents.masking import STAR, masked_name
from residents.models import Region
from residents.states import RegionLevel

CIRCLE = "○"
ENDING_SOON = timedelta(days=90)
# The order of a roster: the offices first, then everybody by name.
ORDER = [
    MemberOffice.CHAIR,
    MemberOffice.VICE_CHAIR,
    MemberOffice.SECRETARY,
    MemberOffice.AUDITOR,
    MemberOffice.MEMBER,
    MemberOffice.ADVISER,
]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many serve in a term, in persons."""

    members: int
    advisers: int


def term_on(council: Council, day: date) -> CouncilTerm | None:
    """The term that runs on `day`; one query."""
    return council.terms.filter(starts_on__lte=day, ends_on__gte=day).first()


def is_in_the_register(council: Council) -> bool:
    """Whether members of a term that runs today are known by name, so that the figures follow from them; one query."""
    day = timezone.localdate()
    return (
        Member.objects.filter(term__council=council, term__starts_on__lte=day, term__ends_on__gte=day)
        .exclude(office=MemberOffice.ADVISER)
        .exists()
    )


def counts_of_term(term: CouncilTerm) -> Counts:
    """Who serves now; one query."""
    serving = Q(status=MemberStatus.SERVING)
    found = term.members.aggregate(
        members=Count("pk", filter=serving & ~Q(office=MemberOffice.ADVISER)),
        advisers=Count("pk", filter=serving & Q(office=MemberOffice.ADVISER)),
    )
    return Counts(found["members"], found["advisers"])


def in_order(members: Sequence[Member]) -> list[Member]:
    """As a roster has them: by office, then by name."""
    return sorted(members, key=lambda one: (ORDER.index(MemberOffice(one.office)), one.name, one.pk))


def members_of(term: CouncilTerm) -> list[Member]:
    """Everybody who belongs or belonged to a term, in the order of a roster, with whom they replace; one query."""
    return in_order(list(term.members.select_related("replaces", "replaced_by", "letter", "user")))


def serving_members(council: Council, day: date) -> QuerySet[Member]:
    """Who serves in the council in the term of `day`, advisers included."""
    return Member.objects.filter(
        term__council=council, term__starts_on__lte=day, term__ends_on__gte=day, status=MemberStatus.SERVING
    ).select_related("user")


def identity_of(member: Member) -> Identity:
    return Identity(member.user_id or 0, member.name, member.birth_date)


def vacancies() -> QuerySet[Member]:
    """Members who left before their term ended and whose seat nobody took yet; advisers have no seat."""
    return Member.objects.filter(
        status__in=[MemberStatus.RESIGNED, MemberStatus.DISMISSED, MemberStatus.ENDED],
        left_on__lt=F("term__ends_on"),
        replaced_by__isnull=True,
    ).exclude(office=MemberOffice.ADVISER)


def municipality_of(region: Region) -> Region:
    """The municipality of a dong; of a municipality itself."""
    return region.parent if region.level == RegionLevel.DONG and region.parent else region


def rules_of_term(term: CouncilTerm) -> RuleSet | None:
    """The rule set of the term's recruitment, or the one that the municipality had on its first day."""
    if term.recruitment is not None:
        return term.recruitment.rule_set
    return rule_set_in_force(municipality_of(term.council.dong), term.starts_on)


def are_names_public(rule_set: RuleSet | None) -> bool:
    """Whether the rules let everybody read the names; where they are silent they do not."""
    rule = rule_set.for_councils().names_published if rule_set else None
    return rule is not None and rule.value


def shown_name(name: str, *, is_public: bool) -> str:
    """The name as everybody may read it."""
    return name if is_public else masked_name(name).replace(STAR, CIRCLE)


def other_bodies() -> QuerySet[Council]:
    """Bodies that are formed by the same means as councils and are no councils; those that are dissolved last."""
    return (
        Council.objects.exclude(kind=BodyKind.COUNCIL)
        .exclude(status=CouncilStatus.DISSOLVED)
        .select_related("dong__parent")
        .order_by("dong__path", "kind", "name", "pk")
    )
