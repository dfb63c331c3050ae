"""Published figures of education at the desk."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from councils.models import EducationFigure
from councils.permissions import VIEWERS
from councils.services.education import FIELDS, set_education_figure
from residents.desk import ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.scoped import in_regions
from residents.models import Region
from residents.permissions import role_paths
from residents.states import RegionLevel, Role


@admin.register(EducationFigure)
class EducationFigureAdmin(ScopedAdmin):
    """What sources print of workshops, schools and academies, each with its place."""

    scope_lookup = "region__path"
    viewing_roles = VIEWERS
    made_in_series = True
    list_display = ("title", "region", "lectures", "hours", "people", "from_year", "to_year", "source")
    list_select_related = ("region__parent",)
    search_fields = ("title",)
    ordering = ("region__path", "title")
    fields: ClassVar = (
        "region",
        "title",
        "lectures",
        "hours",
        "weeks",
        "times_a_year",
        "people",
        "from_year",
        "to_year",
        "source",
        "note",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("region",) if obj else ()

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "region":
            return super().get_field_queryset(db, db_field, request)
        reaches = role_paths(current_user(request), Role.DISTRICT_OFFICIAL)
        own = Region.objects.filter(in_regions(reaches, "path")).exclude(level=RegionLevel.PROVINCE)
        return own.select_related("parent").order_by("path")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> EducationFigure:
        return set_education_figure(
            region=obj.region,
            values={name: value for name, value in form.cleaned_data.items() if name in FIELDS},
            figure_id=obj.pk if change else None,
            actor=current_user(request),
            at=timezone.now(),
        )
