"""Assemblies, their agenda, polls and published results for machines: read-only, and what everybody may see.

Officials who are signed in also see what is being prepared where their roles reach. Times are ISO 8601 with the
offset of Seoul, money is a whole number of won, shares are permille. No field is about a person.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.forms import IntegerField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from assemblies.models import AgendaItem, Assembly, OptionResult, Poll, PollOption
from assemblies.permissions import is_public, visible_assemblies, visible_polls
from assemblies.queries import Turnout, turnouts_of
from assemblies.states import BEFORE_VOTING, RESULT_PUBLIC, AssemblyKind, AssemblyStatus, Channel
from assemblies.wording import DecidedItem, decided_items, decision_sentence
from ordinances.models import RuleSet
from residents.models import Region

ORDERINGS = ("held_at", "announced_at", "id")


def _permille(share: Fraction) -> int:
    """Rounded half up, as the pages do."""
    return (share.numerator * 2000 + share.denominator) // (2 * share.denominator)


# --- Shapes -----------------------------------------------------------------------------------------------------------


class PlaceSerializer(serializers.ModelSerializer[Region]):
    municipality_code = serializers.CharField(source="parent.code", read_only=True)
    municipality = serializers.CharField(source="parent.name", read_only=True)

    class Meta:
        model = Region
        fields = ("code", "name", "name_en", "municipality_code", "municipality")
        read_only_fields = fields


class RuleSetSerializer(serializers.ModelSerializer[RuleSet]):
    class Meta:
        model = RuleSet
        fields = ("id", "title", "version", "source")
        read_only_fields = fields


class OriginSerializer(serializers.ModelSerializer[AgendaItem]):
    assembly_title = serializers.CharField(source="assembly.title", read_only=True)

    class Meta:
        model = AgendaItem
        fields = ("assembly", "assembly_title", "number", "title")
        read_only_fields = fields


class AgendaItemSerializer(serializers.ModelSerializer[AgendaItem]):
    cost_won = serializers.IntegerField(source="cost", allow_null=True, read_only=True, help_text="null: not estimated")
    department_opinion = serializers.CharField(source="opinion", read_only=True)
    origin = serializers.SerializerMethodField(help_text="The item of an earlier assembly that this one takes up.")

    class Meta:
        model = AgendaItem
        fields = (
            "number",
            "title",
            "gain",
            "description",
            "category",
            "proposer",
            "place",
            "cost_won",
            "department_opinion",
            "origin",
        )
        read_only_fields = fields

    @extend_schema_field(OriginSerializer(allow_null=True))
    def get_origin(self, item: AgendaItem) -> Any:
        origin = item.origin
        if origin is None or not is_public.test(None, origin):
            return None
        return OriginSerializer(origin).data


class ByChannelSerializer(serializers.Serializer[dict[str, int]]):
    web = serializers.IntegerField()
    booth = serializers.IntegerField()
    paper = serializers.IntegerField()


class TurnoutSerializer(serializers.Serializer[Turnout]):
    """In persons."""

    eligible = serializers.IntegerField()
    participated = serializers.IntegerField()
    quorum_required = serializers.IntegerField(source="required")
    quorum_reached = serializers.BooleanField(source="is_quorate")
    share_permille = serializers.SerializerMethodField()
    by_channel = serializers.SerializerMethodField()

    def get_share_permille(self, turnout: Turnout) -> int:
        return _permille(turnout.share)

    @extend_schema_field(ByChannelSerializer)
    def get_by_channel(self, turnout: Turnout) -> dict[str, int]:
        return dict.fromkeys(Channel.values, 0) | dict(turnout.by_channel)


class DecidedItemSerializer(serializers.Serializer[DecidedItem]):
    number = serializers.IntegerField(source="item.number")
    title = serializers.CharField(source="item.title")
    rank = serializers.IntegerField()
    tied = serializers.BooleanField()
    votes = serializers.IntegerField(help_text="Choices of the item, or votes for it.")
    against = serializers.IntegerField()
    abstained = serializers.IntegerField()
    share_permille = serializers.SerializerMethodField()
    adopted = serializers.BooleanField(allow_null=True, help_text="null: only ranked, tied at the limit, or no quorum")

    def get_share_permille(self, line: DecidedItem) -> int:
        return _permille(line.share)


class ResultSerializer(serializers.Serializer[dict[str, Any]]):
    counted_at = serializers.DateTimeField()
    ballots = serializers.IntegerField()
    invalid_ballots = serializers.IntegerField()
    decision = serializers.CharField(help_text="The decision in one sentence.")
    items = DecidedItemSerializer(many=True)


class PollSerializer(serializers.ModelSerializer[Poll]):
    """A poll. Until a result is published `result` is null, and there is no turnout before voting opens."""

    page = serializers.SerializerMethodField(help_text="Path of the page for people.")
    items = serializers.SerializerMethodField(help_text="Numbers of the agenda items, in their order on the ballot.")
    turnout = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta:
        model = Poll
        fields = (
            "id",
            "assembly",
            "page",
            "title",
            "question",
            "status",
            "kind",
            "max_choices",
            "adopted_count",
            "tie_rule",
            "opens_at",
            "closes_at",
            "opened_at",
            "closed_at",
            "closed_early_because",
            "halted_because",
            "published_at",
            "items",
            "turnout",
            "result",
        )
        read_only_fields = fields

    def get_page(self, poll: Poll) -> str:
        return poll.get_absolute_url()

    def get_items(self, poll: Poll) -> list[int]:
        return [option.item.number for option in poll.options.all()]

    @extend_schema_field(TurnoutSerializer(allow_null=True))
    def get_turnout(self, poll: Poll) -> Any:
        if poll.status in BEFORE_VOTING:
            return None
        return TurnoutSerializer(self.context["turnouts"][poll.pk]).data

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, poll: Poll) -> Any:
        if poll.status not in RESULT_PUBLIC:
            return None
        lines = decided_items(poll, poll.result.options.all())
        result = {
            "counted_at": poll.result.counted_at,
            "ballots": poll.result.ballots,
            "invalid_ballots": poll.result.invalid,
            "decision": decision_sentence(poll, lines),
            "items": lines,
        }
        return ResultSerializer(result).data


class AssemblySerializer(serializers.ModelSerializer[Assembly]):
    page = serializers.SerializerMethodField(help_text="Path of the page for people.")
    dong = PlaceSerializer(read_only=True)

    class Meta:
        model = Assembly
        fields: Sequence[str] = (
            "id",
            "page",
            "title",
            "kind",
            "status",
            "dong",
            "host",
            "purpose",
            "held_at",
            "place",
            "announced_at",
            "cancelled_because",
        )
        read_only_fields = fields

    def get_page(self, assembly: Assembly) -> str:
        return assembly.get_absolute_url()


class AssemblyDetailSerializer(AssemblySerializer):
    rule_set = RuleSetSerializer(read_only=True)
    agenda = AgendaItemSerializer(many=True, read_only=True)
    polls = serializers.SerializerMethodField()

    class Meta(AssemblySerializer.Meta):
        fields = (
            *AssemblySerializer.Meta.fields,
            "description",
            "population",
            "population_on",
            "rule_set",
            "agenda",
            "polls",
        )
        read_only_fields = fields

    @extend_schema_field(PollSerializer(many=True))
    def get_polls(self, assembly: Assembly) -> Any:
        polls = list(assembly.polls.all())
        return PollSerializer(polls, many=True, context={"turnouts": turnouts_of(assembly, polls)}).data


# --- Addresses --------------------------------------------------------------------------------------------------------


@extend_schema_field(OpenApiTypes.INT)
class YearFilter(django_filters.NumberFilter):
    field_class = IntegerField


class StableOrdering(django_filters.OrderingFilter):
    """Equal rows always come in the same order, so that no row is missed between two pages."""

    def filter(self, qs: QuerySet[Assembly], value: list[str] | None) -> Any:
        return super().filter(qs, [*value, "-id"] if value else value)


class AssemblyFilter(django_filters.FilterSet):
    """Narrow the assemblies: by official codes, status, kind and the year in which they are held."""

    dong = django_filters.CharFilter(field_name="dong__code", max_length=20)
    municipality = django_filters.CharFilter(field_name="dong__parent__code", max_length=20)
    status = django_filters.ChoiceFilter(choices=AssemblyStatus.choices)
    kind = django_filters.ChoiceFilter(choices=AssemblyKind.choices)
    year = YearFilter(field_name="held_at", lookup_expr="year", min_value=1900, max_value=2999)
    ordering = StableOrdering(fields=[(name, name) for name in ORDERINGS])

    class Meta:
        model = Assembly
        fields = ("dong", "municipality", "status", "kind", "year")


def _polls_with_results(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """`polls` with what their shape needs: a fixed number of queries for any number of polls and items."""
    results = OptionResult.objects.select_related("option__item").order_by("rank", "option__position")
    return polls.select_related("result").prefetch_related(
        Prefetch("options", PollOption.objects.select_related("item").order_by("position")),
        Prefetch("result__options", results),
    )


class AssemblyViewSet(viewsets.ReadOnlyModelViewSet[Assembly]):
    """Assemblies, the latest first; a single one with its agenda and polls."""

    filterset_class = AssemblyFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Assembly]:
        assemblies = visible_assemblies(self.request.user).select_related("dong__parent")
        if self.action != "retrieve":
            return assemblies.order_by("-held_at", "-id")
        polls = _polls_with_results(visible_polls(self.request.user)).order_by("opens_at", "id")
        agenda = AgendaItem.objects.select_related("origin__assembly").order_by("number")
        return assemblies.select_related("rule_set").prefetch_related(
            Prefetch("agenda", agenda), Prefetch("polls", polls)
        )

    def get_serializer_class(self) -> type[AssemblySerializer]:
        return AssemblyDetailSerializer if self.action == "retrieve" else AssemblySerializer


class PollViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Poll]):
    """One poll: status, dates, how it is counted, turnout, and the result once it is published."""

    serializer_class = PollSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Poll]:
        return _polls_with_results(visible_polls(self.request.user)).select_related("assembly__rule_set")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args, kwargs
        poll = self.get_object()
        context = {**self.get_serializer_context(), "turnouts": turnouts_of(poll.assembly, [poll])}
        return Response(PollSerializer(poll, context=context).data)
