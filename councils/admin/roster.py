"""Councils on the desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from councils.admin.fund import FUND_ACTS
from councils.models import Council
from councils.permissions import VIEWERS
from councils.queries.members import is_in_the_register
from councils.services import (
    Figures,
    dissolve_council,
    establish_council,
    finish_conversion,
    start_conversion,
    start_first_conversion,
    update_figures,
)
from councils.services.bodies import found_body
from councils.states import BodyKind, CouncilStatus, CouncilType
from councils.waiting.figures import FIGURES, MISSING, without_figures
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.desk.inputs import DayInput
from residents.desk.scoped import in_regions
from residents.models import Region
from residents.permissions import role_paths
from residents.states import RegionLevel, Role


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput())


class ConversionForm(forms.Form):
    type = forms.ChoiceField(label=gettext_lazy("type"), choices=CouncilType.choices)


class FinishForm(forms.Form):
    established_on = _day_field(gettext_lazy("established on"))


class DissolveForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _start(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    start_conversion(
        council_id=council.pk, type=CouncilType(data["type"]), actor=current_user(request), at=timezone.now()
    )
    return _("The conversion has begun.")


def _finish(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    finish_conversion(
        council_id=council.pk, established_on=data["established_on"], actor=current_user(request), at=timezone.now()
    )
    return _("The conversion is finished. Please bring the figures up to date.")


def _dissolve(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    dissolve_council(council_id=council.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The council has been dissolved.")


def _has_status(*statuses: CouncilStatus) -> Any:
    def check(council: Council) -> bool:
        return council.status in statuses

    return check


def _figures(council: Council) -> Figures:
    return Figures(
        capacity=council.capacity,
        members=council.members,
        advisers=council.advisers,
        counted_on=council.counted_on,
        main_work=council.main_work,
        inferred=council.inferred,
        note=council.note,
    )


class FiguresFilter(ChoiceFilter):
    """Councils whose figures nobody has written down, as the first page counts them."""

    title = gettext_lazy("figures")
    parameter_name = FIGURES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(MISSING, _("seats or members missing"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        del value
        return without_figures(queryset)


class CouncilForm(forms.ModelForm):  # type: ignore[type-arg]
    """Left out, the kind is a residents' council. What fits together the services say, with their sentences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].required = False

    def clean_kind(self) -> str:
        """The kind that was chosen, else the usual one."""
        return self.cleaned_data["kind"] or BodyKind.COUNCIL.value

    def validate_constraints(self) -> None:
        """The table's constraints hold in any case."""


@admin.register(Council)
class CouncilAdmin(ScopedAdmin):
    """Making a council without a day of establishment begins its first conversion."""

    scope_lookup = "dong__path"
    viewing_roles = VIEWERS
    form = CouncilForm
    list_display = (
        "body",
        "kind",
        "type",
        "status",
        "established_on",
        "capacity",
        "members",
        "advisers",
        "inferred",
    )
    list_filter = ("kind", "type", "status", FiguresFilter, "inferred")
    period = ("established_on", gettext_lazy("established on"))
    list_select_related = ("dong__parent",)
    search_fields = ("dong__name", "name")
    fields = (
        "dong",
        "kind",
        "name",
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
    readonly_fields = ("status",)
    acts: ClassVar = (
        Act(
            name="start-conversion",
            label=gettext_lazy("Begin a conversion"),
            permission="councils.start_conversion_council",
            run=_start,
            question=gettext_lazy("To which type is the council converted? Its figures stay until it is finished."),
            bulk_question=gettext_lazy(
                "To which type are the chosen councils converted? Their figures stay until it is finished."
            ),
            bulk=True,
            form=ConversionForm,
            available=_has_status(CouncilStatus.WORKING),
        ),
        Act(
            name="finish-conversion",
            label=gettext_lazy("Finish the conversion"),
            permission="councils.finish_conversion_council",
            run=_finish,
            question=gettext_lazy("Since when does the converted council work?"),
            bulk_question=gettext_lazy(
                "Since when do the converted councils work? The same day is entered for all that are chosen."
            ),
            bulk=True,
            form=FinishForm,
            available=_has_status(CouncilStatus.CONVERTING),
        ),
        Act(
            name="dissolve",
            label=gettext_lazy("Dissolve the council"),
            permission="councils.dissolve_council",
            run=_dissolve,
            question=gettext_lazy(
                "A dissolved council leaves the roster for good. The dong can get a new one afterwards."
            ),
            form=DissolveForm,
            available=_has_status(CouncilStatus.WORKING, CouncilStatus.CONVERTING),
            danger=True,
        ),
        *FUND_ACTS,
    )

    @admin.display(description=gettext_lazy("name"), ordering="dong__path")
    def body(self, council: Council) -> str:
        return f"{council.name} ({council.dong})" if council.name else str(council.dong)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A dissolved council is shown and not offered for changing; the service refuses as well."""
        is_over = obj is not None and obj.status == CouncilStatus.DISSOLVED
        return not is_over and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Type and day of establishment change with a conversion only; numbers follow the register where it has any."""
        del request
        if obj is None:
            return self.readonly_fields
        counted = ("capacity", "members", "advisers", "counted_on") if is_in_the_register(obj) else ()
        return ("dong", "kind", "name", "type", "status", "established_on", *counted)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Dongs of today in the official's district, and the district itself for other bodies."""
        if db_field.name != "dong":
            return super().get_field_queryset(db, db_field, request)
        reaches = role_paths(current_user(request), Role.DISTRICT_OFFICIAL)
        levels = (RegionLevel.DONG, RegionLevel.MUNICIPALITY)
        places = Region.objects.filter(in_regions(reaches, "path"), level__in=levels)
        return places.valid_on(timezone.localdate()).select_related("parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at, figures = current_user(request), timezone.now(), _figures(obj)
        if change:
            return update_figures(council_id=obj.pk, figures=figures, actor=actor, at=at)
        if obj.kind != BodyKind.COUNCIL:
            return found_body(
                kind=BodyKind(obj.kind),
                name=obj.name,
                region=obj.dong,
                established_on=obj.established_on,
                figures=figures,
                actor=actor,
                at=at,
            )
        if obj.name or not obj.type:
            raise RuleViolation(
                _("A residents’ council has a type and is called by its dong; other bodies have a name."),
                code="name_or_type",
            )
        kind = CouncilType(obj.type)
        if obj.established_on:
            return establish_council(
                dong=obj.dong, type=kind, established_on=obj.established_on, figures=figures, actor=actor, at=at
            )
        council = start_first_conversion(dong=obj.dong, type=kind, note=obj.note, actor=actor, at=at)
        return update_figures(council_id=council.pk, figures=figures, actor=actor, at=at)
