"""What waits for officials who run recruitments: checks, supplements that came back, a pool, quotas at risk."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Application, ApplicationStep, Recruitment
from councils.queries.recruitment import board_of
from councils.states import ApplicationStatus, RecruitmentStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Urgency, Waiting
from residents.models import User
from residents.permissions import OFFICIALS, role_paths

SOON = timedelta(days=7)
MOST_LOOKED_AT = 20  # recruitments whose quotas are reckoned for the first page; more than a district runs at once


def _recruitments(user: User) -> QuerySet[Recruitment] | None:
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return None
    return Recruitment.objects.filter(in_regions(paths, "council__dong__path"))


def _page(recruitment_id: int) -> str:
    return reverse("admin:councils_recruitment_change", args=[recruitment_id])


def _applications_page(query: str) -> str:
    return f"{reverse('admin:councils_application_changelist')}?{query}"


def received_applications(user: User) -> list[Waiting]:
    """Applications that wait for their check; apart from them, those whose supplement came back."""
    own = _recruitments(user)
    if own is None:
        return []
    before = (
        ApplicationStep.objects.filter(application=OuterRef("pk"), status=ApplicationStatus.SUPPLEMENT)
        .order_by()
        .values("application")
        .annotate(number=Count("pk"))
        .values("number")
    )
    waiting = Application.objects.filter(
        status=ApplicationStatus.RECEIVED,
        recruitment__status=RecruitmentStatus.ANNOUNCED,
        recruitment__in=own.values("pk"),
    )
    found = waiting.annotate(asked=Subquery(before)).aggregate(
        new=Count("pk", filter=Q(asked=None)),
        back=Count("pk", filter=Q(asked__gte=1)),
        only=Max("pk"),
        nearest=Min("recruitment__learning_until"),
    )
    list_url = _applications_page("status__exact=received")
    url = list_url
    if found["new"] + found["back"] == 1:
        url = reverse("admin:councils_application_change", args=[found["only"]])
    return [
        _waiting(_("Applications to check"), found["new"], url, found["nearest"], _("Age and basis are checked.")),
        _waiting(_("Supplements that came back"), found["back"], url, found["nearest"], _("What was asked for is in.")),
    ]


def _waiting(label: str, count: int, url: str, nearest: datetime | None, why: str) -> Waiting:
    is_soon = nearest is not None and nearest - timezone.now() < SOON
    return Waiting(
        label,
        count,
        url,
        why=why,
        urgency=Urgency.THIS_WEEK if is_soon else Urgency.TO_LOOK_AT,
        deadline=nearest if count else None,
        of_people=True,
    )


def pools_to_settle(user: User) -> list[Waiting]:
    """Recruitments whose education is over: whoever has the hours waits for a number."""
    own = _recruitments(user)
    if own is None:
        return []
    found = own.filter(status=RecruitmentStatus.ANNOUNCED, learning_until__lte=timezone.now()).aggregate(
        count=Count("pk"), only=Max("pk"), nearest=Min("draw_at")
    )
    url = reverse("admin:councils_recruitment_changelist") + "?status__exact=announced"
    return [
        Waiting(
            _("Pools that can be settled"),
            found["count"],
            _page(found["only"]) if found["count"] == 1 else url,
            why=_("The education is over. Those who have the hours get their numbers."),
            urgency=Urgency.NOW,
            deadline=found["nearest"],
        )
    ]


def quotas_at_risk(user: User) -> list[Waiting]:
    """Open recruitments in which some value has fewer applicants than the council needs, in the last week."""
    own = _recruitments(user)
    if own is None:
        return []
    now = timezone.now()
    ending = own.filter(
        status=RecruitmentStatus.ANNOUNCED, opens_at__lte=now, closes_at__gt=now, closes_at__lte=now + SOON
    ).select_related("council__dong", "rule_set")
    short: list[Any] = [
        one
        for one in ending.order_by(F("closes_at"))[:MOST_LOOKED_AT]
        if any(line.is_short for line in board_of(one, at=now).groups)
    ]
    if not short:
        return []
    url = reverse("admin:councils_recruitment_changelist") + "?status__exact=announced"
    if len(short) == 1:
        url = reverse("admin:councils_recruitment_doctor", args=[short[0].pk])
    return [
        Waiting(
            _("Recruitments with a quota at risk"),
            len(short),
            url,
            why=_("Applications close within a week and somebody is still missing. The quota doctor says who."),
            urgency=Urgency.THIS_WEEK,
            deadline=short[0].closes_at,
        )
    ]
