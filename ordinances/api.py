"""The library and the rule sets for machines: public, read-only."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from ordinances.models import Article, Ordinance, OrdinanceVersion, Rule, RuleKind, RuleSet
from ordinances.queries import with_rules
from ordinances.states import OrdinanceKind, Subject


class ArticleSerializer(serializers.ModelSerializer[Article]):
    class Meta:
        model = Article
        fields = ("number", "title", "text")


class OrdinanceVersionSerializer(serializers.ModelSerializer[OrdinanceVersion]):
    articles = ArticleSerializer(many=True, read_only=True)

    class Meta:
        model = OrdinanceVersion
        fields = ("id", "act", "day", "in_force_from", "number", "source", "url", "note", "articles")


class OrdinanceSerializer(serializers.ModelSerializer[Ordinance]):
    region_code = serializers.CharField(source="region.code", help_text="Official code of the municipality.")
    region = serializers.CharField(source="region.full_name", help_text="Name of the municipality.")
    versions = OrdinanceVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Ordinance
        fields = ("id", "region_code", "region", "kind", "subject", "title", "note", "versions")


class OrdinanceFilter(django_filters.FilterSet):
    """Narrow the library: by official code, kind, subject and a year in which something was done."""

    region = django_filters.CharFilter(field_name="region__code", max_length=20)
    kind = django_filters.ChoiceFilter(choices=OrdinanceKind.choices)
    subject = django_filters.ChoiceFilter(choices=Subject.choices)
    year = django_filters.NumberFilter(method="in_year", min_value=1, max_value=9999, decimal_places=0)

    class Meta:
        model = Ordinance
        fields: ClassVar[list[str]] = ["region", "kind", "subject", "year"]

    def in_year(self, queryset: QuerySet[Ordinance], name: str, value: Any) -> QuerySet[Ordinance]:
        """Ordinances that were enacted, amended or repealed in this year."""
        del name
        return queryset.filter(pk__in=OrdinanceVersion.objects.filter(day__year=int(value)).values("ordinance"))


class OrdinanceViewSet(viewsets.ReadOnlyModelViewSet[Ordinance]):
    """Ordinances with their versions and, where they are known, their articles."""

    serializer_class = OrdinanceSerializer
    filterset_class = OrdinanceFilter

    def get_queryset(self) -> QuerySet[Ordinance]:
        return Ordinance.objects.select_related("region__parent").prefetch_related("versions__articles").order_by("pk")


class RuleSerializer(serializers.ModelSerializer[Rule]):
    value = serializers.JSONField(help_text="As the parameter is written down: a number, a word, a list or an object.")

    class Meta:
        model = Rule
        fields = ("name", "value", "article", "doubt", "cites")


class RuleSetWithRulesSerializer(serializers.ModelSerializer[RuleSet]):
    region_code = serializers.CharField(source="region.code", help_text="Official code of the municipality.")
    region = serializers.CharField(source="region.full_name", help_text="Name of the municipality.")
    is_in_use = serializers.SerializerMethodField()
    rules = RuleSerializer(many=True, read_only=True)

    class Meta:
        model = RuleSet
        fields = (
            *("id", "region_code", "region", "kind", "title", "version", "ordinance_version", "source", "valid_from"),
            *("valid_until", "note", "is_in_use", "rules"),
        )

    def get_is_in_use(self, rule_set: RuleSet) -> bool:
        """Whether something was opened under it; it is never changed then."""
        return rule_set.locked_at is not None


class RuleSetFilter(django_filters.FilterSet):
    """Narrow the rule sets: by official code and kind."""

    region = django_filters.CharFilter(field_name="region__code", max_length=20)
    kind = django_filters.ChoiceFilter(choices=RuleKind.choices)

    class Meta:
        model = RuleSet
        fields: ClassVar[list[str]] = ["region", "kind"]


class RuleSetViewSet(viewsets.ReadOnlyModelViewSet[RuleSet]):
    """Dated parameters of municipalities, each with its source."""

    serializer_class = RuleSetWithRulesSerializer
    filterset_class = RuleSetFilter

    def get_queryset(self) -> QuerySet[RuleSet]:
        return with_rules(RuleSet.objects.select_related("region__parent")).order_by("pk")
