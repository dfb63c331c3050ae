"""Regions for machines: public, read-only."""

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from residents.models import Region
from residents.states import RegionLevel

if TYPE_CHECKING:
    _RegionModelSerializer = serializers.ModelSerializer[Region]
    _RegionModelViewSet = viewsets.ReadOnlyModelViewSet[Region]
else:
    _RegionModelSerializer = serializers.ModelSerializer
    _RegionModelViewSet = viewsets.ReadOnlyModelViewSet


class RegionSerializer(_RegionModelSerializer):
    parent = serializers.SlugRelatedField[Region](  # type: ignore[assignment]
        slug_field="code", read_only=True, help_text="Official code of the region it is part of."
    )
    successors = serializers.SlugRelatedField[Region](
        slug_field="code", many=True, read_only=True, help_text="Official codes of the regions that took its place."
    )

    legal_dongs = serializers.ListField(
        source="legal_dong_names",
        child=serializers.CharField(),
        read_only=True,
        help_text="Dongs as addresses name them that lie wholly or partly in this administrative dong.",
    )

    class Meta:
        model = Region
        fields = (
            "code",
            "level",
            "kind",
            "name",
            "name_en",
            "parent",
            "valid_from",
            "valid_until",
            "successors",
            "legal_dongs",
            "population",
            "population_on",
            "population_source",
            "dong_count",
        )


class RegionFilter(django_filters.FilterSet):
    """Narrow the regions: by level, by the code of the region they are part of, by part of their name."""

    level = django_filters.ChoiceFilter(choices=RegionLevel.choices)
    parent = django_filters.CharFilter(field_name="parent__code", max_length=20)
    name = django_filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=40)
    valid_on = django_filters.DateFilter(method="on_day", help_text="Only regions that exist on this day.")

    class Meta:
        model = Region
        fields: ClassVar[list[str]] = ["level", "parent", "name", "valid_on"]

    def on_day(self, queryset: QuerySet[Region], _name: str, value: Any) -> QuerySet[Region]:
        """Keep the regions that exist on this day (from ≤ day < until)."""
        return queryset.filter(pk__in=Region.objects.valid_on(value))


class RegionViewSet(_RegionModelViewSet):
    """Provinces, municipalities and dongs, with those that ceased to be and what took their place."""

    serializer_class = RegionSerializer
    filterset_class = RegionFilter
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Za-z-]{1,20}"

    def get_queryset(self) -> QuerySet[Region]:
        return Region.objects.select_related("parent").prefetch_related("successors")
