"""Shared reads on subcommittees."""

from django.db.models import Prefetch, Q, QuerySet

from councils.models import Council, Subcommittee, SubcommitteeSeat
from residents.models import Residence, User
from residents.states import OPEN_RESIDENCES

SEATED = Q(left_on__isnull=True, joined_on__isnull=False)
ASKING = Q(left_on__isnull=True, joined_on__isnull=True)


def seats_taken() -> QuerySet[SubcommitteeSeat]:
    """Who sits in a subcommittee now, the head first."""
    return SubcommitteeSeat.objects.filter(SEATED).select_related("member__user", "user").order_by("-is_head", "pk")


def subcommittees_of(council: Council) -> QuerySet[Subcommittee]:
    """Those that exist, with who sits in them as `taken`; two queries."""
    return (
        council.subcommittees.filter(dissolved_on__isnull=True)
        .order_by("name")
        .prefetch_related(Prefetch("seats", queryset=seats_taken(), to_attr="taken"))
    )


def open_seat_of(user: User, subcommittee: Subcommittee) -> SubcommitteeSeat | None:
    """The seat or the open request that an account has there; one query."""
    return (
        SubcommitteeSeat.objects.filter(subcommittee=subcommittee, left_on__isnull=True)
        .filter(Q(user=user) | Q(member__user=user))
        .first()
    )


def belongs_here(user: User, council: Council) -> bool:
    """Whether somebody has declared or proved that they belong to the place of the council; one query."""
    return Residence.objects.filter(
        user=user, status__in=OPEN_RESIDENCES, dong__path__startswith=council.dong.path
    ).exists()


def requests_open() -> QuerySet[SubcommitteeSeat]:
    """Requests of residents that wait for an answer, the oldest first."""
    return SubcommitteeSeat.objects.filter(ASKING).order_by("asked_at", "pk")
