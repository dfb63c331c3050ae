"""Shared reads of councils."""

from django.db.models import QuerySet

from councils.models import Council
from councils.states import BodyKind, CouncilStatus
from residents.models import Region
from residents.states import RegionLevel


def roster(municipality: Region | None = None, council_type: str = "") -> QuerySet[Council]:
    """The councils that are at work or being converted, in order of their dongs, with dong and municipality.

    `council_type` "" means all types.
    """
    councils = (
        Council.objects.filter(kind=BodyKind.COUNCIL)
        .exclude(status=CouncilStatus.DISSOLVED)
        .select_related("dong__parent")
        .order_by("dong__path", "pk")
    )
    if council_type:
        councils = councils.filter(type=council_type)
    return councils.filter(dong__path__startswith=municipality.path) if municipality else councils


def municipalities_with_councils() -> QuerySet[Region]:
    """The municipalities that the roster can be narrowed to, with their provinces."""
    return (
        Region.objects.filter(
            level=RegionLevel.MUNICIPALITY,
            pk__in=Council.objects.filter(kind=BodyKind.COUNCIL)
            .exclude(status=CouncilStatus.DISSOLVED)
            .values("dong__parent"),
        )
        .select_related("parent")
        .order_by("path")
    )
