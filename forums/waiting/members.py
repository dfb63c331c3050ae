"""What waits at the secretariat's desk about members and applications."""

from datetime import date

from django.db.models import Count, Max, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.models import Application
from forums.permissions import keeps_the_club
from forums.queries.members import to_be_settled
from forums.states import ApplicationStatus
from residents.desk.waiting import Urgency, Waiting
from residents.models import User

SETTLE = "settle"  # how the list of members is narrowed down to those that are counted here
LONG_WAIT = 7  # days after which an application is urgent


def _page_or_list(name: str, count: int, only: int | None, query: str) -> str:
    if count == 1 and only is not None:
        return reverse(f"admin:forums_{name}_change", args=[only])
    return reverse(f"admin:forums_{name}_changelist") + query


def _applications(status: str, label: str, why: str, day: date) -> Waiting:
    rows: QuerySet[Application] = Application.objects.filter(status=status)
    found = rows.aggregate(count=Count("pk"), only=Max("pk"), oldest=Min("submitted_at"))
    waited = (day - timezone.localdate(found["oldest"])).days if found["oldest"] else 0
    return Waiting(
        label,
        found["count"],
        _page_or_list("application", found["count"], found["only"], f"?status__exact={status}"),
        why=why,
        urgency=Urgency.NOW if waited >= LONG_WAIT else Urgency.THIS_WEEK,
    )


def members_at_the_desk(user: User) -> list[Waiting]:
    """Applications to check and to decide, and members whose term of office is over or began anew."""
    if not keeps_the_club(user):
        return []
    day = timezone.localdate()
    settle = to_be_settled(day).aggregate(count=Count("pk"), only=Max("pk"))
    return [
        _applications(
            ApplicationStatus.SUBMITTED,
            _("Applications for membership to check"),
            _("Check whether the bylaws allow the membership, or ask for what is missing."),
            day,
        ),
        _applications(
            ApplicationStatus.CHECKED,
            _("Applications for membership to decide"),
            _("They are checked and wait for the approval."),
            day,
        ),
        Waiting(
            _("Members whose term of office changed"),
            settle["count"],
            _page_or_list("member", settle["count"], settle["only"], f"?care={SETTLE}"),
            why=_("Link the new term, keep them as honorary members if they wish so, or note that they left."),
            of_people=True,
        ),
    ]
