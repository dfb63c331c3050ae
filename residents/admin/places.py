"""Regions and the terms of elected heads at the desk."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from residents.desk import ScopedAdmin
from residents.desk.acts import current_user
from residents.models import LocalElection, OfficeTerm, Region
from residents.permissions import REGION_VIEWERS
from residents.services.elections import remove_election, save_election
from residents.services.places import save_office_term, save_region
from residents.states import RegionLevel, Role

LEGAL_DONG = re.compile(r"[가-힣]{1,10}[0-9]{0,2}[가-힣]")  # korean: how names of legal dongs look


class RegionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A region, with sentences for what the database's constraints would only refuse."""

    def clean_legal_dongs(self) -> str:
        """Each name once, a comma and a space between them."""
        names = dict.fromkeys(name for part in self.cleaned_data["legal_dongs"].split(",") if (name := part.strip()))
        for name in names:
            if not LEGAL_DONG.fullmatch(name):
                raise forms.ValidationError(
                    _("“%(name)s” does not look like the name of a dong. Please put a comma between the names."),
                    params={"name": name},
                )
        return ", ".join(names)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        level = data.get("level") or self.instance.level
        if data.get("legal_dongs") and level != RegionLevel.DONG:
            self.add_error("legal_dongs", _("Only a dong has legal dongs."))
        if (data.get("population") is None) != (not data.get("population_source")):
            self.add_error("population_source", _("A population has a source, and a source a population."))
        since, until = data.get("valid_from"), data.get("valid_until")
        if since and until and until <= since:
            self.add_error("valid_until", _("The last day must come after the first."))
        return data


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    """The operator edits; everybody else reads their part."""

    scope_lookup = "path"
    viewing_roles = REGION_VIEWERS
    form = RegionForm
    list_display = ("place", "code", "level", "kind", "population", "population_on", "population_source")
    list_filter = ("level", "population_source")
    list_select_related = ("parent",)
    search_fields = ("name", "name_en", "code", "legal_dongs")
    fieldsets = (
        (None, {"fields": ("code", "level", "parent", "kind", "name", "name_en", "legal_dongs")}),
        (gettext_lazy("Population"), {"fields": ("population", "population_on", "population_source", "dong_count")}),
        (gettext_lazy("Validity"), {"fields": ("valid_from", "valid_until", "successors")}),
    )

    @admin.display(description=gettext_lazy("region"))
    def place(self, region: Region) -> str:
        return region.full_name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a region is stays; a region that becomes another one is a new region with a predecessor."""
        del request
        return () if obj is None else ("code", "level", "parent")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_field_queryset(db, db_field, request).select_related("parent")
        return queryset.exclude(level=RegionLevel.DONG) if db_field.name == "parent" else queryset

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Region:
        del change
        successors = list(form.cleaned_data.get("successors") or [])
        return save_region(region=obj, successors=successors, actor=current_user(request), at=timezone.now())


class OfficeTermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A term, with a sentence for days in the wrong order."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The last day must come after the first."))
        return data


@admin.register(OfficeTerm)
class OfficeTermAdmin(ScopedAdmin):
    """Kept by the club's secretariat and the operator."""

    made_in_series = True
    importer = "residents.office-terms"
    viewing_roles = (Role.OPERATOR, Role.CLUB_SECRETARIAT)
    form = OfficeTermForm
    list_display = ("name", "name_hanja", "office", "region", "term", "since", "until")
    list_filter = ("term", "office")
    region_lookup = "region__path"
    period = ("since", gettext_lazy("since"))
    list_select_related = ("region__parent",)
    search_fields = ("name", "name_hanja", "region__name")
    fields = ("region", "office", "name", "name_hanja", "term", "since", "until", "note")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_field_queryset(db, db_field, request).select_related("parent")
        return queryset.exclude(level=RegionLevel.DONG)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> OfficeTerm:
        del form, change
        return save_office_term(term=obj, actor=current_user(request), at=timezone.now())


@admin.register(LocalElection)
class LocalElectionAdmin(ScopedAdmin):
    """Kept by the operator: everybody's publishing depends on it. The secretariat sees it."""

    viewing_roles = (Role.OPERATOR, Role.CLUB_SECRETARIAT)
    deletable = True
    list_display = ("title", "held_on", "source")
    period = ("held_on", gettext_lazy("day of the election"))
    ordering = ("-held_on",)
    fields = ("title", "held_on", "source")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> LocalElection:
        del form, change
        return save_election(election=obj, actor=current_user(request), at=timezone.now())

    def delete_through_service(self, request: HttpRequest, obj: Any) -> None:
        remove_election(election_id=obj.pk, actor=current_user(request), at=timezone.now())
