"""What waits at the secretariat's desk about events, and the next one."""

from datetime import datetime, time, timedelta

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.models import Forum
from forums.permissions import keeps_the_club
from forums.states import ForumStatus
from residents.desk.waiting import Coming, Urgency, Waiting, end_of_day, urgency_of
from residents.models import User

PUBLISHED_BEFORE = timedelta(days=60)  # how long before its first day a draft begins to wait


def events_at_the_desk(user: User) -> list[Waiting]:
    """Drafts whose day comes near, and published events that are over: one query."""
    if not keeps_the_club(user):
        return []
    now = timezone.now()
    today = timezone.localdate(now)
    near = Q(status=ForumStatus.DRAFT, starts_on__lte=today + PUBLISHED_BEFORE, ends_on__gte=today)
    over = Q(status=ForumStatus.PUBLISHED, ends_on__lt=today)
    found = Forum.objects.aggregate(
        near=Count("pk", filter=near),
        near_only=Max("pk", filter=near),
        first=Min("starts_on", filter=near),
        over=Count("pk", filter=over),
        over_only=Max("pk", filter=over),
    )
    deadline = end_of_day(timezone.make_aware(datetime.combine(found["first"], time.min))) if found["first"] else None
    return [
        Waiting(
            _("Programmes to be published"),
            found["near"],
            _page(found["near"], found["near_only"], ForumStatus.DRAFT),
            why=_("The day comes near. The page of each event says what is still missing."),
            urgency=urgency_of(deadline, now) if deadline else Urgency.TO_LOOK_AT,
            deadline=deadline,
        ),
        Waiting(
            _("Events that are over"),
            found["over"],
            _page(found["over"], found["over_only"], ForumStatus.PUBLISHED),
            why=_("Please mark them as held. Materials and attendance can still be completed."),
            urgency=Urgency.TO_LOOK_AT,
        ),
    ]


def _page(count: int, only: int | None, status: str) -> str:
    if count == 1 and only is not None:
        return reverse("admin:forums_forum_change", args=[only])
    return f"{reverse('admin:forums_forum_changelist')}?status__exact={status}"


def next_event(user: User) -> list[Coming]:
    """The next published event: one query."""
    if not keeps_the_club(user):
        return []
    today = timezone.localdate()
    forum = Forum.objects.filter(status=ForumStatus.PUBLISHED, starts_on__gte=today).order_by("starts_on", "pk").first()
    if forum is None:
        return []
    at = timezone.make_aware(datetime.combine(forum.starts_on, time.min))
    return [Coming(at, forum.title, reverse("admin:forums_forum_change", args=[forum.pk]))]
