"""The roster for machines: public, read-only."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from councils.models import Council
from councils.queries import roster
from councils.states import CouncilStatus, CouncilType


class CouncilSerializer(serializers.ModelSerializer[Council]):
    dong_code = serializers.CharField(source="dong.code", help_text="Official code of the dong.")
    dong = serializers.CharField(source="dong.name", help_text="Name of the dong.")
    municipality_code = serializers.CharField(source="dong.parent.code", help_text="Official code of the municipality.")
    municipality = serializers.CharField(source="dong.parent.name", help_text="Name of the municipality.")
    main_work = serializers.ListField(child=serializers.CharField(), source="main_work_items")

    class Meta:
        model = Council
        fields = (
            "id",
            "dong_code",
            "dong",
            "municipality_code",
            "municipality",
            "type",
            "status",
            "established_on",
            "capacity",
            "members",
            "advisers",
            "counted_on",
            "main_work",
            "inferred",
            "note",
        )


class CouncilFilter(django_filters.FilterSet):
    """Narrow the roster: by official codes, type and status."""

    municipality = django_filters.CharFilter(field_name="dong__parent__code", max_length=20)
    dong = django_filters.CharFilter(field_name="dong__code", max_length=20)
    type = django_filters.ChoiceFilter(choices=CouncilType.choices)
    status = django_filters.ChoiceFilter(choices=CouncilStatus.choices)

    class Meta:
        model = Council
        fields: ClassVar[list[str]] = ["municipality", "dong", "type", "status"]


class CouncilViewSet(viewsets.ReadOnlyModelViewSet[Council]):
    """Councils at work or being converted."""

    serializer_class = CouncilSerializer
    filterset_class = CouncilFilter

    def get_queryset(self) -> QuerySet[Council]:
        return roster()
