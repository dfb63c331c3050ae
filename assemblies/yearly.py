"""In how many years a dong held its assembly, for the rules of councils that ask for one every year."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from assemblies.models import Assembly
from assemblies.states import AssemblyKind, AssemblyStatus


def years_with_assembly(dong_id: int, years: Sequence[tuple[date, date]]) -> int:
    """In how many of `years` a residents' assembly was held and concluded. One query.

    years: the first day of each, and the first day after it.
    """
    concluded = Assembly.objects.filter(
        dong=dong_id, kind=AssemblyKind.RESIDENTS, status=AssemblyStatus.CONCLUDED
    ).order_by()
    days = [timezone.localdate(moment) for moment in concluded.values_list("held_at", flat=True)]
    return sum(any(first <= day < after for day in days) for first, after in years)
