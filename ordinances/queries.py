"""Shared reads of rule sets."""

from datetime import date

from django.db.models import Q

from ordinances.models import RuleSet
from residents.models import Region


def rule_set_in_force(region: Region, day: date) -> RuleSet | None:
    """The municipality's rule set that holds on `day`: of those in force the one that began last."""
    return (
        RuleSet.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), region=region, valid_from__lte=day)
        .order_by("-valid_from", "-pk")
        .first()
    )
