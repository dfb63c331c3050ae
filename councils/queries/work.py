"""Shared reads of what councils work on, and of the programmes of their residents' centres."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from councils.models import Agreement, Council, Enrolment, Programme, WorkItem
from councils.states import AgreementStatus, EnrolmentStatus, ProgrammeStatus, WorkKind, WorkStatus
from residents.models import User

PUBLIC_PROGRAMMES = frozenset(ProgrammeStatus) - {ProgrammeStatus.PLANNED}
TAKES_PEOPLE = frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.RUNNING})
PAST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WorkOfKind:
    """The matters of one kind, what is under way first."""

    kind: str
    label: str
    items: list[WorkItem]


def work_of(council: Council) -> list[WorkOfKind]:
    """What a council works on, by kind; kinds without a matter are left out. One query."""
    order = (WorkStatus.UNDER_WAY, WorkStatus.PLANNED, WorkStatus.STOPPED, WorkStatus.DONE)
    place = Case(*(When(status=one, then=Value(n)) for n, one in enumerate(order)), output_field=IntegerField())
    items = list(
        council.work.select_related("subcommittee", "agreement", "resolution").order_by(place, "-starts_on", "pk")
    )
    grouped = [WorkOfKind(kind.value, str(kind.label), [i for i in items if i.kind == kind]) for kind in WorkKind]
    return [group for group in grouped if group.items]


def agreements_of(council: Council) -> QuerySet[Agreement]:
    """Agreements that were signed, those in force first."""
    return council.agreements.filter(signed_on__isnull=False).order_by(
        Case(When(status=AgreementStatus.IN_FORCE, then=Value(0)), default=Value(1)), "-starts_on", "pk"
    )


def counted(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes with how many have a place (`taken`) and how many wait (`waiting`), in persons."""
    return programmes.annotate(
        taken=Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.ENROLLED)),
        waiting=Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.WAITING)),
    )


def is_full(programme: Programme) -> bool:
    """Whether a programme as `counted` gives it has no place left."""
    return int(getattr(programme, "taken", 0)) >= programme.places


def programmes_now(council: Council) -> QuerySet[Programme]:
    """Programmes that take people, the next to begin first."""
    return counted(council.programmes.filter(status__in=TAKES_PEOPLE)).order_by("starts_on", "title", "pk")


def programmes_past(council: Council) -> QuerySet[Programme]:
    """Programmes that are over or called off, the last ones first."""
    over = council.programmes.filter(status__in=PUBLIC_PROGRAMMES - TAKES_PEOPLE)
    return counted(over).order_by("-ends_on", "title", "pk")[:PAST_SHOWN]


def own_enrolment(user: User, programme: Programme) -> Enrolment | None:
    """Somebody's own place, or place on the waiting list."""
    return programme.enrolments.filter(user=user).exclude(status=EnrolmentStatus.CANCELLED).first()


def place_in_line(enrolment: Enrolment) -> int:
    """The place on the waiting list, from 1; one query."""
    before = Q(enrolled_at__lt=enrolment.enrolled_at) | Q(enrolled_at=enrolment.enrolled_at, pk__lt=enrolment.pk)
    waiting = Enrolment.objects.filter(programme_id=enrolment.programme_id, status=EnrolmentStatus.WAITING)
    return waiting.filter(before).count() + 1
