"""Plans of establishment at the desk, with their years."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import RolloutPlan
from councils.permissions import VIEWERS
from councils.rollout import PlannedYear
from councils.services.rollout import add_rollout_plan, note_on_plan, write_year
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.scoped import in_regions
from residents.models import Region
from residents.permissions import role_paths
from residents.states import RegionLevel, Role


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("year"), min_value=1990, max_value=2100)
    planned = forms.IntegerField(label=gettext_lazy("planned"), min_value=0, max_value=10_000)
    printed = forms.IntegerField(
        label=gettext_lazy("in all, as printed"), min_value=0, max_value=10_000, required=False
    )
    actual = forms.IntegerField(label=gettext_lazy("really established"), min_value=0, max_value=10_000, required=False)
    label = forms.CharField(label=gettext_lazy("as the source words it"), max_length=60, required=False)


def _write_year(request: HttpRequest, plan: RolloutPlan, data: dict[str, Any]) -> str:
    write_year(plan_id=plan.pk, year=PlannedYear(**data), actor=current_user(request), at=timezone.now())
    return _("The year is written down.")


@admin.register(RolloutPlan)
class RolloutPlanAdmin(ScopedAdmin):
    """What a document prints is written down as it stands; two plans that differ are two plans."""

    scope_lookup = "region__path"
    scope_reaches_up = True
    viewing_roles = VIEWERS
    list_display = ("title", "region", "place", "source")
    list_select_related = ("region__parent",)
    search_fields = ("title", "source")
    ordering = ("region__path", "position", "pk")
    fields = ("region", "title", "place", "source", "note", "in_years")
    readonly_fields = ("in_years",)
    acts: ClassVar = (
        Act(
            name="year",
            label=gettext_lazy("Write down a year"),
            permission="councils.change_rolloutplan",
            run=_write_year,
            question=gettext_lazy("What does the plan print for a year, and what became of it?"),
            form=YearForm,
        ),
    )

    @admin.display(description=gettext_lazy("years"))
    def in_years(self, plan: RolloutPlan) -> str:
        rows = plan.years.order_by("year") if plan.pk else []
        return ", ".join(f"{row.year}: {row.planned}" for row in rows) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("region", "title", "place", "source", "in_years") if obj else self.readonly_fields

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "region":
            return super().get_field_queryset(db, db_field, request)
        paths = role_paths(current_user(request), Role.DISTRICT_OFFICIAL, Role.OPERATOR)
        regions = Region.objects.filter(in_regions(paths, "path")).exclude(level=RegionLevel.DONG)
        return regions.select_related("parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at = current_user(request), timezone.now()
        if change:
            return note_on_plan(plan_id=obj.pk, note=obj.note, actor=actor, at=at)
        return add_rollout_plan(
            region=obj.region,
            title=obj.title,
            place=obj.place,
            source=obj.source,
            note=obj.note,
            actor=actor,
            at=at,
        )
