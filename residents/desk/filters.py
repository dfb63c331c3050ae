"""Filters of the desk's lists: by place, going down from province to dong, by period, by a choice of one's own.

All of them are links, and all answer 400 to values that they do not offer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count, DateTimeField, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text
from residents.models import Region
from residents.permissions import EVERYWHERE, role_paths

DECEMBER = 12


class ChoiceFilter(admin.SimpleListFilter):
    """A filter that answers 400 to values it does not offer, instead of showing everything."""

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        del request
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(key) for key, _label in self.lookup_choices}:
            raise IncorrectLookupParameters
        return self.chosen(queryset, value)


class StateFilter(admin.ChoicesFieldListFilter):
    """Django's filter by a field with choices, answering 400 to a value that is none of them."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        known = {str(value) for value, _label in self.field.flatchoices}
        if not set(self.lookup_val or ()) <= known:
            raise IncorrectLookupParameters
        return super().queryset(request, queryset)


# --- by place ---------------------------------------------------------------------------------------------------------

Codes = tuple[str, ...]


def _codes(path: str) -> Codes:
    return tuple(path.strip("/").split("/"))


def _path(codes: Codes) -> str:
    return f"/{'/'.join(codes)}/"


def _shared(one: Codes, other: Codes) -> Codes:
    """What two places have in common from the top on; of the first and the last in order: what all between share."""
    shared = []
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared.append(left)
    return tuple(shared)


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """One line of the filter by place; `depth` tells how far below the whole list it stands."""

    codes: Codes
    name: str
    depth: int


class PlaceFilter(admin.SimpleListFilter):
    """Goes down the tree of regions: never more than the parts of one place, and only those that occur in the list.

    What the regions of one list have in common is left out: a district official begins with the dongs, the operator
    with provinces or whatever is the first choice to be made.
    """

    title = gettext_lazy("region")
    parameter_name = "place"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Any], model_admin: Any) -> None:
        self.path = ""
        self.lines: list[PlaceChoice] = []
        super().__init__(request, params, model, model_admin)

    def has_output(self) -> bool:
        """A filter without lines still filters where it was asked to."""
        return bool(self.lines) or bool(self.value())

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.lookup: str = model_admin.place_lookup
        rows = model_admin.get_queryset(request).order_by()
        paths = rows.values_list(self.lookup, flat=True).distinct()
        occurring = sorted({_codes(path) for path in paths if path and path != EVERYWHERE})
        start = _shared(occurring[0], occurring[-1]) if occurring else ()
        code = self.value()
        if code is None:
            self.lines = self._named([(codes, 0) for codes in _below(start, occurring)])
        else:
            chosen = self._reachable(request, model_admin, code, occurring)
            self.path = _path(chosen)
            self.lines = self._named(_way_to(chosen, start, occurring))
        return [(line.codes[-1], line.name) for line in self.lines]

    def _reachable(self, request: HttpRequest, model_admin: Any, code: str, occurring: Sequence[Codes]) -> Codes:
        """The place with this code, around or below what this official sees. Raises IncorrectLookupParameters."""
        for codes in occurring:
            if code in codes:
                return codes[: codes.index(code) + 1]
        path = Region.objects.filter(code=code).values_list("path", flat=True).first()
        if path is None or not any(
            path.startswith(reach) for reach in role_paths(request.user, *model_admin.viewing_roles)
        ):
            raise IncorrectLookupParameters
        return _codes(path)

    def _named(self, shown: Sequence[tuple[Codes, int]]) -> list[PlaceChoice]:
        regions = Region.objects.filter(code__in=[codes[-1] for codes, _depth in shown]) if shown else []
        names = {region.code: region.local_name for region in regions}
        return [PlaceChoice(codes, names[codes[-1]], depth) for codes, depth in shown if codes[-1] in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        del request
        return queryset.filter(**{f"{self.lookup}__startswith": self.path}) if self.path else queryset

    def get_facet_counts(self, pk_attname: str, filtered_qs: QuerySet[Any]) -> dict[str, Any]:
        del filtered_qs
        return {
            f"{number}__c": Count(pk_attname, filter=Q(**{f"{self.lookup}__startswith": _path(line.codes)}))
            for number, line in enumerate(self.lines)
        }

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django's keys, and `depth`: how far below the whole list a place stands."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets and self.lines else {}
        yield {
            "selected": not self.path,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("All"),
            "depth": 0,
        }
        for number, line in enumerate(self.lines):
            count = counts.get(f"{number}__c")
            yield {
                "selected": _path(line.codes) == self.path,
                "query_string": changelist.get_query_string({self.parameter_name: line.codes[-1]}),
                "display": line.name if count is None else f"{line.name} ({count})",
                "depth": line.depth,
            }


def _below(place: Codes, occurring: Sequence[Codes]) -> list[Codes]:
    """The parts of `place` that occur, in the order of their codes."""
    depth = len(place)
    return sorted({codes[: depth + 1] for codes in occurring if codes[:depth] == place and len(codes) > depth})


def _way_to(chosen: Codes, start: Codes, occurring: Sequence[Codes]) -> list[tuple[Codes, int]]:
    """The places around the chosen one, itself, and its parts; where it has none, what lies beside it."""
    parts = _below(chosen, occurring)
    if not parts and len(chosen) > len(start):
        around, parts = chosen[:-1], _below(chosen[:-1], occurring)
    else:
        around = chosen
    above = [(around[:depth], depth - len(start) - 1) for depth in range(len(start) + 1, len(around) + 1)]
    inner = max(len(around) - len(start), 0)
    lines = above + [(part, inner) for part in parts]
    return lines if any(codes == chosen for codes, _depth in lines) else [*lines, (chosen, inner)]


# --- by period --------------------------------------------------------------------------------------------------------


def _this_week(today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def _this_month(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    following = date(today.year + today.month // DECEMBER, today.month % DECEMBER + 1, 1)
    return first, following - timedelta(days=1)


def _this_year(today: date) -> tuple[date, date]:
    return date(today.year, 1, 1), date(today.year, DECEMBER, 31)


PERIODS = (
    (gettext_lazy("This week"), _this_week),
    (gettext_lazy("This month"), _this_month),
    (gettext_lazy("This year"), _this_year),
)


class PeriodFilter(admin.ListFilter):
    """From a day to a day, both included, in Korean time; either may be left open."""

    template = "admin/period_filter.html"
    parameter_names: ClassVar[tuple[str, str]] = ("from", "until")
    field: ClassVar[str]

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Any], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        sent = [(params.pop(name, None) or [""])[-1] for name in self.parameter_names]
        try:
            self.since, self.until = (date.fromisoformat(text) if text else None for text in sent)
        except ValueError as error:
            raise IncorrectLookupParameters from error
        # The first and the last day that Python knows have no moment before, or day after, to reckon with.
        if (self.since and self.until and self.until < self.since) or self.since == date.min or self.until == date.max:
            raise IncorrectLookupParameters
        parts = self.field.split("__")
        owner = model
        for part in parts[:-1]:
            owner = owner._meta.get_field(part).related_model
        self.counts_moments = isinstance(owner._meta.get_field(parts[-1]), DateTimeField)
        # What else stands in the address: sent along by the form, so that the other filters stay.
        self.kept: list[tuple[str, str]] = []

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.parameter_names)

    def _start(self, day: date) -> date | datetime:
        return timezone.make_aware(datetime.combine(day, time.min)) if self.counts_moments else day

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        del request
        wanted: dict[str, Any] = {}
        if self.since:
            wanted[f"{self.field}__gte"] = self._start(self.since)
        if self.until:
            wanted[f"{self.field}__lt"] = self._start(self.until + timedelta(days=1))
        return queryset.filter(**wanted)

    def words(self) -> str:
        """The period for a reader; "" while there is none."""
        if not self.since and not self.until:
            return ""
        return f"{day_text(self.since) if self.since else ''} ~ {day_text(self.until) if self.until else ''}".strip()

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        self.kept = [
            (name, value)
            for name, values in changelist.filter_params.items()
            if name not in self.parameter_names
            for value in (values if isinstance(values, list) else [values])
        ]
        yield {
            "selected": not self.since and not self.until,
            "query_string": changelist.get_query_string(dict.fromkeys(self.parameter_names)),
            "display": _("All"),
        }
        today = timezone.localdate()
        for label, period in PERIODS:
            since, until = period(today)
            yield {
                "selected": (self.since, self.until) == (since, until),
                "query_string": changelist.get_query_string({"from": since.isoformat(), "until": until.isoformat()}),
                "display": label,
            }


@cache
def period_filter(field: str, title: str | Promise) -> type[PeriodFilter]:
    """The filter by the time in `field`."""
    return type("PeriodFilterOf", (PeriodFilter,), {"field": field, "title": title})
