"""The library of ordinances on the desk."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ordinances.forms import VersionForm
from ordinances.models import Ordinance, OrdinanceLink, OrdinanceVersion
from ordinances.permissions import KEEPERS, VIEWERS
from ordinances.services import (
    LinkInput,
    OrdinanceFacts,
    VersionFacts,
    add_ordinance,
    add_version,
    change_ordinance,
    change_version,
    is_in_use,
    remove_version,
)
from ordinances.states import OrdinanceKind, Subject, VersionAct
from residents.desk import Act, ScopedAdmin, ScopedStackedInline
from residents.desk.acts import current_user
from residents.desk.scoped import in_regions
from residents.permissions import EVERYWHERE, role_paths
from residents.states import RegionLevel


def _kept_by(request: HttpRequest, queryset: QuerySet[Any], lookup: str) -> QuerySet[Any]:
    """The rows of the regions whose ordinances this official keeps."""
    paths = role_paths(request.user, *KEEPERS)
    return queryset if EVERYWHERE in paths else queryset.filter(in_regions(paths, lookup))


class LinkInline(ScopedStackedInline):
    model = OrdinanceLink
    fields = ("url", "label")
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}


@admin.register(Ordinance)
class OrdinanceAdmin(ScopedAdmin):
    scope_lookup = "region__path"
    scope_reaches_up = True
    viewing_roles = VIEWERS
    list_display = ("title", "region", "kind", "subject", "latest")
    list_filter = ("kind", "subject")
    list_select_related = ("region__parent",)
    search_fields = ("title",)
    fields = ("region", "kind", "subject", "title", "note")
    inlines = (LinkInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("versions")

    @admin.display(description=gettext_lazy("latest version"))
    def latest(self, ordinance: Ordinance) -> str:
        versions = list(ordinance.versions.all())
        return f"{versions[0].day:%Y-%m-%d} {versions[0].get_act_display()}" if versions else "–"

    @admin.display(description=gettext_lazy("on the site"))
    def to_the_page(self, ordinance: Ordinance) -> str:
        return format_html('<a href="{}">{}</a>', ordinance.get_absolute_url(), _("Page of the ordinance"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return (*self.fields, "to_the_page") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An ordinance stays with its region."""
        del request
        return ("region", "to_the_page") if obj else ()

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_field_queryset(db, db_field, request)
        if db_field.name == "region":
            return _kept_by(request, queryset.exclude(level=RegionLevel.DONG), "path")
        return queryset

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        actor, at = current_user(request), timezone.now()
        facts = OrdinanceFacts(OrdinanceKind(obj.kind), Subject(obj.subject), obj.title, obj.note)
        if not change:
            return add_ordinance(region=obj.region, facts=facts, actor=actor, at=at)
        if not form.has_changed():
            return Ordinance.objects.get(pk=obj.pk)
        return change_ordinance(ordinance_id=obj.pk, facts=facts, actor=actor, at=at)

    def save_formset_through_service(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        del change
        left_out = set(formset.deleted_forms)
        rows = [row.cleaned_data for row in formset.forms if row not in left_out and row.cleaned_data]
        links = [LinkInput(row["url"], row["label"]) for row in rows]
        change_ordinance(ordinance_id=form.instance.pk, links=links, actor=current_user(request), at=timezone.now())


def _remove(request: HttpRequest, version: OrdinanceVersion, data: dict[str, Any]) -> str:
    del data
    remove_version(version_id=version.pk, actor=current_user(request), at=timezone.now())
    return _("The version has been removed.")


@admin.register(OrdinanceVersion)
class OrdinanceVersionAdmin(ScopedAdmin):
    """A version on which a rule set in use rests is only read."""

    scope_lookup = "ordinance__region__path"
    scope_reaches_up = True
    viewing_roles = VIEWERS
    made_in_series = True
    form = VersionForm
    list_display = ("ordinance", "act", "day", "number", "region")
    list_filter = ("act",)
    search_fields = ("ordinance__title", "number")
    fields = ("ordinance", "act", "day", "in_force_from", "number", "source", "url", "note", "articles_text")
    acts: ClassVar = (
        Act(
            name="remove",
            label=gettext_lazy("Remove the version"),
            permission="ordinances.remove_ordinanceversion",
            run=_remove,
            question=gettext_lazy("Only for what was entered by mistake. The version and its articles are gone then."),
            then=lambda _version, _data: None,
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("ordinance__region__parent")

    @admin.display(description=gettext_lazy("region"), ordering="ordinance__region__path")
    def region(self, version: OrdinanceVersion) -> str:
        return str(version.ordinance.region)

    @admin.display(description=gettext_lazy("articles"))
    def to_the_articles(self, version: OrdinanceVersion) -> str:
        return format_html('<a href="{}">{}</a>', version.get_absolute_url(), _("Read the articles"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version on which something in use rests is shown and not offered for changing; the service refuses, too."""
        return (obj is None or not is_in_use(obj)) and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return (*self.fields[:-1], "to_the_articles")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A version stays with its ordinance."""
        if obj is None:
            return ()
        return ("ordinance",) if self.has_change_permission(request, obj) else self.get_fields(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_field_queryset(db, db_field, request)
        return _kept_by(request, queryset, "region__path") if db_field.name == "ordinance" else queryset

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        actor, at = current_user(request), timezone.now()
        articles = form.cleaned_data["articles_text"]
        facts = VersionFacts(
            act=VersionAct(obj.act),
            day=obj.day,
            source=obj.source,
            number=obj.number,
            in_force_from=obj.in_force_from,
            url=obj.url,
            note=obj.note,
        )
        if change:
            return change_version(version_id=obj.pk, facts=facts, articles=articles, actor=actor, at=at)
        return add_version(ordinance_id=obj.ordinance_id, facts=facts, articles=articles, actor=actor, at=at)
