"""The monthly review of the access log: which months, whose part, what waits."""

from datetime import date, timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import AccessReview
from core.audit.sealing import newest_links_hold, pending_entries
from residents.audit_permissions import ACCESS_READERS
from residents.desk.waiting import Urgency, Waiting, end_of_day, urgency_of
from residents.models import User
from residents.permissions import EVERYWHERE, role_paths
from residents.states import Role

MONTHS_TO_REVIEW = 24
SEALED_WITHIN = timedelta(hours=1)  # the sealer comes every ten seconds; an hour without it is a fault


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
    now = timezone.now()
    last_day = (timezone.localdate().replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    deadline = end_of_day(now + (last_day - timezone.localdate()))
    return [
        Waiting(
            _("Access log of last month to review"),
            len(scopes - set(done)),
            reverse("admin:audit_accessreview_add"),
            why=_("Once a month somebody looks at who opened whose data, and writes down what was found."),
            urgency=urgency_of(deadline, now),
            deadline=deadline,
        )
    ]


def state_of_the_chain(user: User) -> list[Waiting]:
    """Faults of the audit log: a broken newest part of the chain, and entries that nobody seals.

    Two queries for the newest links, one for what waits; the whole chain is walked on the page that verifies it.
    """
    if not role_paths(user, Role.OPERATOR, Role.AUDITOR):
        return []
    pending = pending_entries().filter(at__lt=timezone.now() - SEALED_WITHIN).order_by()
    stuck = pending.aggregate(oldest=Min("at"))["oldest"] is not None
    verify = reverse("admin:audit_auditentry_verify")
    return [
        Waiting(
            _("Broken audit log"),
            0 if newest_links_hold() else 1,
            verify,
            why=_("An entry was changed after it had been sealed. Verify the log, and keep a copy of it as it is."),
            urgency=Urgency.NOW,
            is_state=True,
        ),
        Waiting(
            _("Audit log that is no longer sealed"),
            1 if stuck else 0,
            verify,
            why=_("Entries older than an hour wait for their seal. The worker of this site has probably stopped."),
            urgency=Urgency.NOW,
            is_state=True,
        ),
    ]
