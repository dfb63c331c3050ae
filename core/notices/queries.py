"""Shared reads of mailings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.jobs.models import Job
from core.notices.kinds import categories_to_choose
from core.notices.models import Delivery, Mailing, Refusal
from core.notices.ordering import JOB_KIND
from core.notices.states import UNDER_WAY, DeliveryStatus


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries of a mailing stand where."""

    total: int = 0
    waiting: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    left_out: int = 0

    @property
    def percent(self) -> int:
        """How far the sending is, 0–100."""
        return 100 if not self.total else 100 * (self.total - self.waiting - self.sending) // self.total


def with_counts(mailings: QuerySet[Mailing]) -> QuerySet[Mailing]:
    """The mailings with `total` and one number for each state, in the same query."""
    numbers = {
        f"{status.value}_count": Count("deliveries", filter=Q(deliveries__status=status)) for status in DeliveryStatus
    }
    counted: QuerySet[Mailing] = mailings.annotate(total_count=Count("deliveries"), **numbers)
    return counted


def counts_of(mailing: Mailing) -> Counts:
    """One query."""
    rows = mailing.deliveries.order_by().values_list("status").annotate(number=Count("pk"))
    by_status: dict[str, int] = dict(rows)
    return Counts(total=sum(by_status.values()), **by_status)


def latest_job(mailing: Mailing) -> Job | None:
    """The job that sends it, or sent it last."""
    return Job.objects.filter(kind=JOB_KIND, subject=str(mailing.pk)).order_by("-ordered_at").first()


def unfinished_mailings(at: Any) -> QuerySet[Mailing]:
    """Mailings with something that is due to be sent."""
    due = Delivery.objects.filter(status=DeliveryStatus.WAITING, due_at__lte=at)
    return Mailing.objects.filter(pk__in=due.order_by().values("mailing"))


def is_under_way(mailing: Mailing) -> bool:
    return mailing.deliveries.filter(status__in=UNDER_WAY).exists()


def refused_among(category: str, *, users: Iterable[int], keys: Iterable[str]) -> set[int | str]:
    """Which of these accounts and digests of addresses refused the category. One query."""
    rows = Refusal.objects.filter(category=category).filter(
        Q(user__in=list(users)) | Q(user__isnull=True, address_key__in=list(keys))
    )
    return {user or key for user, key in rows.values_list("user_id", "address_key")}


def refused_by(user_id: int, key: str) -> set[str]:
    """Categories that this account, or the address with this digest, refused, of those that can be chosen."""
    known = [category.key for category in categories_to_choose()]
    found = Refusal.objects.filter(Q(user_id=user_id) | Q(user=None, address_key=key), category__in=known)
    return set(found.values_list("category", flat=True))
