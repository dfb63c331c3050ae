"""What waits at the secretariat's desk about who comes: answers that are missing, books to be made."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs.models import Job
from core.jobs.states import JobStatus
from forums.documents.book import NAME as BOOK
from forums.permissions import keeps_the_club
from forums.queries.registrations import next_forum, unanswered
from forums.services.registrations import closes_at
from reports.orders import KIND
from residents.desk.waiting import Urgency, Waiting, urgency_of
from residents.models import User

READY_FOR = timedelta(days=7)  # how long a finished book is pointed to


def attendance_at_the_desk(user: User) -> list[Waiting]:
    """Members whose answer to the next forum is missing, and finished books of this account."""
    if not keeps_the_club(user):
        return []
    now = timezone.now()
    return [*_missing_answers(now), *_books(user, now)]


def _missing_answers(now: datetime) -> list[Waiting]:
    forum = next_forum(timezone.localdate(now))
    if forum is None:
        return []
    deadline = closes_at(forum)
    if now >= deadline:
        return []
    return [
        Waiting(
            _("Members who have not answered"),
            unanswered(forum).count(),
            f"{reverse('forums:attendees', args=[forum.pk])}#unanswered",
            why=_("For the next forum. You can remind all of them at once, once a week."),
            urgency=urgency_of(deadline, now),
            deadline=deadline,
            of_people=True,
        )
    ]


def _books(user: User, now: datetime) -> list[Waiting]:
    ready = list(
        Job.objects.filter(
            owner=user,
            kind=KIND,
            status=JobStatus.DONE,
            parameters__document=BOOK,
            ordered_at__gte=now - READY_FOR,
        ).order_by("-ordered_at")
    )
    if not ready:
        return []
    url = reverse("jobs:job", args=[ready[0].pk]) if len(ready) == 1 else reverse("reports:document", args=[BOOK])
    return [
        Waiting(
            _("Forum books that are ready"),
            len(ready),
            url,
            why=_("Download them, or put them among the publications."),
            urgency=Urgency.TO_LOOK_AT,
        )
    ]
