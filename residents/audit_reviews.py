"""The monthly review of the access log: which months, whose part, what waits."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import AccessReview
from residents.audit_permissions import ACCESS_READERS
from residents.desk.waiting import Waiting
from residents.models import User
from residents.permissions import EVERYWHERE, role_paths
from residents.states import Role

MONTHS_TO_REVIEW = 24


def months_to_review(today: date) -> list[date]:
    """The first days of the months that are over, the newest first, as far back as the log is kept."""
    months = []
    month = today.replace(day=1)
    for _number in range(MONTHS_TO_REVIEW):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return months


def scopes_of(user: User) -> list[str]:
    """The regions whose access log this account reviews; "" is the whole site."""
    return sorted({"" if reach == EVERYWHERE else reach for reach in role_paths(user, *ACCESS_READERS)})


def waiting_reviews(user: User) -> list[Waiting]:
    """Last month's access log, in each of the regions where this auditor has not reviewed it yet."""
    month = months_to_review(timezone.localdate())[0]
    scopes = set(role_paths(user, Role.AUDITOR))
    if not scopes:
        return []
    done = AccessReview.objects.filter(month=month, scope__in=scopes).values_list("scope", flat=True)
    label = _("Access log of last month to review")
    return [Waiting(label, len(scopes - set(done)), reverse("admin:audit_accessreview_add"))]
