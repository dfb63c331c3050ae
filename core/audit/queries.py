"""Shared reads of the logs."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from core.audit.models import AccessEntry

LONGEST_MONTH = timedelta(days=31)


def access_entries_of(*, month: date, scope: str) -> QuerySet[AccessEntry]:
    """The access entries of one calendar month (local time) at or below the region path `scope`; "" is everywhere."""
    start = datetime(month.year, month.month, 1, tzinfo=timezone.get_current_timezone())
    end = (start + LONGEST_MONTH).replace(day=1)
    return AccessEntry.objects.filter(at__gte=start, at__lt=end, scope__startswith=scope)
