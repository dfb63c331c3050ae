"""What waits at the desk about members: seats to fill, terms that end, requests to join a subcommittee."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import CouncilTerm, Member, Recruitment
from councils.permissions import KEEPERS_OF_WORK
from councils.queries.members import ENDING_SOON, vacancies
from councils.queries.subcommittees import requests_open
from councils.states import MemberStatus, RecruitmentStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Urgency, Waiting
from residents.models import User
from residents.permissions import OFFICIALS, role_paths
from residents.states import Role

RECRUITMENT_OVER = (RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED)
# How the lists are narrowed down to those that are counted here.
SEAT, VACANT = "seat", "vacant"
ENDING, SOON, OVER = "ending", "soon", "over"
ASKED, WAITS = "request", "waits"


def vacant_now() -> QuerySet[Member]:
    """Seats that are vacant in a term that still runs."""
    return vacancies().filter(term__ends_on__gte=timezone.localdate())


def ending_terms(terms: QuerySet[CouncilTerm]) -> QuerySet[CouncilTerm]:
    """Terms that run and end within ENDING_SOON, while nobody has prepared a recruitment or written down the next."""
    day = timezone.localdate()
    prepared = Recruitment.objects.exclude(status__in=RECRUITMENT_OVER).values("council")
    later = CouncilTerm.objects.filter(council=OuterRef("council"), starts_on__gt=OuterRef("ends_on"))
    ending = terms.filter(starts_on__lte=day, ends_on__gte=day, ends_on__lt=day + ENDING_SOON)
    return ending.exclude(council__in=prepared).exclude(Exists(later))


def terms_over(terms: QuerySet[CouncilTerm]) -> QuerySet[CouncilTerm]:
    """Terms whose last day is over and in which somebody still serves."""
    return terms.filter(ends_on__lt=timezone.localdate(), members__status=MemberStatus.SERVING).distinct()


def _page(name: str, count: int, only: int | None, query: str) -> str:
    if count == 1 and only is not None:
        return reverse(f"admin:councils_{name}_change", args=[only])
    return reverse(f"admin:councils_{name}_changelist") + query


def members_at_the_desk(user: User) -> list[Waiting]:
    """Each for whoever can take the step."""
    lines: list[Waiting] = []
    if paths := role_paths(user, Role.DISTRICT_OFFICIAL):
        found = vacant_now().filter(in_regions(paths, "term__council__dong__path"))
        vacant = found.aggregate(count=Count("pk"), only=Max("pk"))
        lines.append(
            Waiting(
                _("Vacant seats to fill"),
                vacant["count"],
                _page("member", vacant["count"], vacant["only"], f"?{SEAT}={VACANT}"),
                why=_("Somebody left before the term ended. The next alternate within the quotas moves up."),
                urgency=Urgency.THIS_WEEK,
            )
        )
    if paths := role_paths(user, *OFFICIALS):
        here = CouncilTerm.objects.filter(in_regions(paths, "council__dong__path"))
        soon = ending_terms(here).aggregate(count=Count("pk"), only=Max("pk"), first=Min("ends_on"))
        over = terms_over(here).aggregate(count=Count("pk", distinct=True), only=Max("pk"))
        lines += [
            Waiting(
                _("Terms of councils that end within 90 days"),
                soon["count"],
                _page("councilterm", soon["count"], soon["only"], f"?{ENDING}={SOON}"),
                why=_("A recruitment takes months: notice, applications, courses, draw. Please begin in time."),
                deadline=_end_of(soon["first"]) if soon["first"] else None,
            ),
            Waiting(
                _("Terms of councils that are over"),
                over["count"],
                _page("councilterm", over["count"], over["only"], f"?{ENDING}={OVER}"),
                why=_("Close the term, so that its members have served and its alternates wait no more."),
                urgency=Urgency.THIS_WEEK,
            ),
        ]
    if paths := role_paths(user, *KEEPERS_OF_WORK):
        asked = requests_open().filter(in_regions(paths, "subcommittee__council__dong__path"), ~Q(user=user))
        waits = asked.aggregate(count=Count("pk"), only=Max("pk"))
        lines.append(
            Waiting(
                _("Requests to join a subcommittee"),
                waits["count"],
                _page("subcommitteeseat", waits["count"], waits["only"], f"?{ASKED}={WAITS}"),
                why=_("Residents who want to work with the council wait for an answer."),
                of_people=True,
            )
        )
    return lines


def _end_of(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(days=1)  # type: ignore[arg-type] # a date
