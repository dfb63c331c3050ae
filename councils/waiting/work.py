"""What waits at the desk of the council at work: agreements that end, calls to decide, fees to give back."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Agreement, ConversionCall, Enrolment
from councils.permissions import KEEPERS_OF_WORK
from councils.states import AgreementStatus, CallStatus, ProgrammeStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Urgency, Waiting
from residents.models import User
from residents.permissions import role_paths
from residents.states import Role

ENDING_SOON = timedelta(days=60)


def ending_agreements(paths: list[str]) -> QuerySet[Agreement]:
    """Agreements in force whose last day is near or over."""
    until = timezone.localdate() + ENDING_SOON
    here = Agreement.objects.filter(in_regions(paths, "council__dong__path"))
    return here.filter(status=AgreementStatus.IN_FORCE, ends_on__lte=until)


def fees_to_give_back(paths: list[str]) -> QuerySet[Enrolment]:
    """Fees that were paid for programmes which were called off."""
    here = Enrolment.objects.filter(in_regions(paths, "programme__council__dong__path"))
    return here.filter(programme__status=ProgrammeStatus.CANCELLED, paid_on__isnull=False)


def calls_to_decide(paths: list[str]) -> QuerySet[ConversionCall]:
    """Calls whose last day is over and that are not decided."""
    here = ConversionCall.objects.filter(in_regions(paths, "region__path"))
    return here.filter(status__in=[CallStatus.OPEN, CallStatus.CLOSED], closes_on__lt=timezone.localdate())


def work_at_the_desk(user: User) -> list[Waiting]:
    """Each for whoever can take the step."""
    lines: list[Waiting] = []
    if paths := list(role_paths(user, Role.DISTRICT_OFFICIAL)):
        ending = ending_agreements(paths).aggregate(count=Count("pk"), only=Max("pk"), first=Min("ends_on"))
        calls = calls_to_decide(paths).aggregate(count=Count("pk"), only=Max("pk"))
        lines += [
            Waiting(
                _("Agreements with councils that end within 60 days"),
                ending["count"],
                _page("agreement", ending, "?status__exact=in_force"),
                why=_("Draft a new one in time, or end it. Entrusted affairs stand on it."),
                deadline=_end_of(ending["first"]) if ending["first"] else None,
            ),
            Waiting(
                _("Calls for conversion to close or decide"),
                calls["count"],
                _page("conversioncall", calls, ""),
                why=_("Their last day is over, and dongs wait for the decision."),
                urgency=Urgency.THIS_WEEK,
            ),
        ]
    if paths := list(role_paths(user, *KEEPERS_OF_WORK)):
        fees = fees_to_give_back(paths).aggregate(count=Count("pk"), only=Max("pk"))
        lines.append(
            Waiting(
                _("Fees of called-off programmes to give back"),
                fees["count"],
                _page("enrolment", fees, "?status__exact=enrolled"),
                why=_("Whoever paid for a programme that was called off gets the fee back."),
                urgency=Urgency.THIS_WEEK,
                of_people=True,
            )
        )
    return lines


def _page(name: str, found: dict[str, Any], query: str) -> str:
    if found["count"] == 1:
        return reverse(f"admin:councils_{name}_change", args=[found["only"]])
    return reverse(f"admin:councils_{name}_changelist") + query


def _end_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(days=1)
