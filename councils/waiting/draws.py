"""What waits at the desk about draws: to be computed, to be frozen, an event to be read, a draw to be held today."""

from datetime import timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Draw, Recruitment
from councils.states import DrawStatus, Method, RecruitmentStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Coming, Urgency, Waiting
from residents.models import User
from residents.permissions import OFFICIALS, role_paths

SOON = timedelta(days=60)


def draws_at_the_desk(user: User) -> list[Waiting]:
    """Steps of draws that are due, where `user` runs them."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    draws = Draw.objects.filter(in_regions(paths, "recruitment__council__dong__path"))
    return [_to_begin(paths), _to_freeze(draws), _to_read(draws)]


def _url(name: str, found: dict[str, int | None], query: str = "") -> str:
    if found["count"] == 1 and found["only"] is not None:
        return reverse("councils:draw_desk", args=[found["only"]])
    return reverse(f"admin:councils_{name}_changelist") + query


def _to_begin(paths: list[str]) -> Waiting:
    """Settled pools without a lottery."""
    pooled = Recruitment.objects.filter(
        in_regions(paths, "council__dong__path"), status=RecruitmentStatus.POOLED, method=Method.LEXIMIN
    ).exclude(draws__status=DrawStatus.COMPUTED)
    found = pooled.aggregate(count=Count("pk", distinct=True), only=Max("pk"))
    return Waiting(
        _("Lotteries to compute"),
        found["count"],
        _url("recruitment", found, f"?status__exact={RecruitmentStatus.POOLED}"),
        why=_("The pool is settled. The lottery is computed, looked at, and frozen."),
        urgency=Urgency.THIS_WEEK,
    )


def _to_freeze(draws: QuerySet[Draw]) -> Waiting:
    found = draws.filter(status=DrawStatus.COMPUTED).aggregate(count=Count("pk"), only=Max("recruitment"))
    return Waiting(
        _("Lotteries to freeze"),
        found["count"],
        _url("draw", found, f"?status__exact={DrawStatus.COMPUTED}"),
        why=_("The lottery is computed. Please freeze it early enough before the draw."),
        urgency=Urgency.THIS_WEEK,
    )


def _to_read(draws: QuerySet[Draw]) -> Waiting:
    due = Q(status=DrawStatus.FROZEN, beacon_at__lte=timezone.now())
    found = draws.filter(due).aggregate(
        count=Count("pk"), only=Max("recruitment"), deadline=Min("recruitment__draw_at")
    )
    return Waiting(
        _("Draws to be held"),
        found["count"],
        _url("draw", found, f"?status__exact={DrawStatus.FROZEN}"),
        why=_("The public event has taken place. Two officials enter what came out; then the panel is drawn."),
        urgency=Urgency.NOW,
        deadline=found["deadline"],
    )


def next_draws(user: User) -> list[Coming]:
    """The next planned draw where `user` runs recruitments."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    now = timezone.now()
    planned = (
        Recruitment.objects.filter(
            in_regions(paths, "council__dong__path"),
            status__in=[RecruitmentStatus.POOLED, RecruitmentStatus.FROZEN],
            draw_at__gte=now,
            draw_at__lt=now + SOON,
        )
        .order_by("draw_at")
        .first()
    )
    if planned is None or planned.draw_at is None:
        return []
    title = _("Public draw: %(title)s") % {"title": planned.title}
    return [Coming(planned.draw_at, title, reverse("councils:draw_desk", args=[planned.pk]))]
