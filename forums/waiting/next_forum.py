"""The next forum on the first page of the secretariat's desk: what it is, when, and who has registered."""

from datetime import datetime, time

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.permissions import keeps_the_club
from forums.programme_wording import days_in_words
from forums.queries.registrations import next_forum
from forums.states import RegistrationStatus
from residents.desk.waiting import Waiting, urgency_of
from residents.models import User


def next_forum_at_the_desk(user: User) -> list[Waiting]:
    """The next published forum, one that goes on included: two queries."""
    if not keeps_the_club(user):
        return []
    now = timezone.now()
    forum = next_forum(timezone.localdate(now))
    if forum is None:
        return []
    counts = dict(forum.registrations.order_by().values_list("status").annotate(Count("pk")))
    begins = timezone.make_aware(datetime.combine(forum.starts_on, time.min))
    facts = _("%(days)s · registered: %(registered)s · on the waiting list: %(waiting)s") % {
        "days": days_in_words(forum.starts_on, forum.ends_on),
        "registered": counts.get(RegistrationStatus.REGISTERED, 0),
        "waiting": counts.get(RegistrationStatus.WAITING, 0),
    }
    return [
        Waiting(
            _("Next forum: %(title)s") % {"title": forum.title},
            1,
            reverse("admin:forums_forum_change", args=[forum.pk]),
            why=facts,
            urgency=urgency_of(begins, now),
            is_state=True,
        )
    ]
