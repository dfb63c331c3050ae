"""Rule sets on the desk."""

import json
from http import HTTPStatus
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from ordinances.forms import NewVersionForm, PresetForm, RuleForm, RulesFormSet, missing_rules
from ordinances.models import Article, Rule, RuleKind, RuleSet
from ordinances.permissions import VIEWERS
from ordinances.preset_files import presets
from ordinances.rulesets import Parameter
from ordinances.services import (
    Copy,
    RuleSetFacts,
    change_rule_set,
    copy_as_new_version,
    create_rule_set,
    load_preset,
)
from ordinances.wording import parameter_name, value_in_words
from residents.desk import Act, ScopedAdmin, ScopedStackedInline
from residents.desk.acts import current_user
from residents.models import Region
from residents.permissions import role_paths
from residents.states import RegionLevel, Role


def _articles_of(rule_set: RuleSet | None) -> QuerySet[Article]:
    """The articles that rules of this rule set may cite."""
    version = rule_set.ordinance_version_id if rule_set is not None else None
    return Article.objects.filter(version=version) if version else Article.objects.none()


def _is_in_use(rule_set: RuleSet | None) -> bool:
    return rule_set is not None and rule_set.locked_at is not None


def _facts(rule_set: RuleSet) -> RuleSetFacts:
    return RuleSetFacts(
        kind=RuleKind(rule_set.kind),
        title=rule_set.title,
        version=rule_set.version,
        source=rule_set.source,
        valid_from=rule_set.valid_from,
        valid_until=rule_set.valid_until,
        note=rule_set.note,
        ordinance_version=rule_set.ordinance_version,
    )


def _copy(request: HttpRequest, rule_set: RuleSet, data: dict[str, Any]) -> str:
    new = copy_as_new_version(
        rule_set_id=rule_set.pk,
        version=data["version"],
        valid_from=data["valid_from"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The version “%(version)s” has been made. Change here what is different in it.") % {"version": new.version}


def _copied(rule_set: RuleSet, data: dict[str, Any]) -> RuleSet:
    """The version that was just made."""
    return RuleSet.objects.get(region=rule_set.region, title=rule_set.title, version=data["version"].strip())


def _own_municipalities(request: HttpRequest) -> Q:
    """Condition on regions: municipalities whose rule sets this official keeps."""
    paths = role_paths(current_user(request), Role.DISTRICT_OFFICIAL)
    return Q(level=RegionLevel.MUNICIPALITY, path__in=paths)


class RuleInline(ScopedStackedInline):
    model = Rule
    form = RuleForm
    formset = RulesFormSet
    template = "admin/edit_inline/rules.html"
    extra = 0
    readonly_fields = ("parameter", "in_words")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One row for each rule that is not there yet."""
        del request, kwargs
        return len(missing_rules(obj))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Input where the rules can be changed; else what they say, in words."""
        if obj is None or (not _is_in_use(obj) and current_user(request).has_perm("ordinances.change_ruleset", obj)):
            cites = ("cites",) if _articles_of(obj).exists() else ()
            return ("name", "value", "article", *cites, "doubt")
        return ("parameter", "in_words", "article", "doubt")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        cites = formset.form.base_fields.get("cites")
        if cites is not None:
            cites.queryset = _articles_of(obj)  # type: ignore[attr-defined]
        return formset

    @admin.display(description=gettext_lazy("parameter"))
    def parameter(self, rule: Rule) -> str:
        try:
            return parameter_name(Parameter(rule.name))
        except ValueError:
            return rule.name

    @admin.display(description=gettext_lazy("value"))
    def in_words(self, rule: Rule) -> str:
        """As it was written down where no sentence fits it."""
        try:
            return value_in_words(rule.name, rule.value)
        except ValueError:
            return json.dumps(rule.value, ensure_ascii=False)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_in_use(obj) and super().has_add_permission(request, obj)


@admin.register(RuleSet)
class RuleSetAdmin(ScopedAdmin):
    scope_lookup = "region__path"
    scope_reaches_up = True
    viewing_roles = VIEWERS
    list_display = ("title", "version", "region", "kind", "valid_from", "valid_until", "locked_at")
    list_filter = ("kind",)
    list_select_related = ("region__parent",)
    search_fields = ("title", "version")
    change_list_template = "admin/ordinances/ruleset_change_list.html"
    fields = (
        *("region", "kind", "title", "version", "ordinance_version", "source", "valid_from", "valid_until", "note"),
        "locked_at",
    )
    readonly_fields = ("locked_at",)
    inlines = (RuleInline,)
    acts: ClassVar = (
        Act(
            name="copy",
            label=gettext_lazy("Make a new version"),
            permission="ordinances.copy_ruleset",
            run=_copy,
            question=gettext_lazy(
                "The new version gets all parameters of this one and can be changed until something is opened under "
                "it. This one stays as it is."
            ),
            form=NewVersionForm,
            then=_copied,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A rule set in use is shown and not offered for changing; the service refuses as well."""
        return not _is_in_use(obj) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A rule set stays with its region."""
        del request
        return (*self.readonly_fields, "region") if obj else self.readonly_fields

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_field_queryset(db, db_field, request)
        return queryset.filter(_own_municipalities(request)) if db_field.name == "region" else queryset

    def get_urls(self) -> list[URLPattern]:
        """Presets are taken over on a page of their own."""
        view = self.admin_site.admin_view(self.preset_view)
        return [path("preset/", view, name="ordinances_ruleset_preset"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = self.address("preset") if self.has_add_permission(request) else ""
        return super().changelist_view(request, {"preset_url": offered, **(extra_context or {})})

    def preset_view(self, request: HttpRequest) -> HttpResponse:
        """Take a preset over: an ordinary rule set that can be changed until something is opened under it."""
        self._require(self.has_add_permission(request))
        regions = Region.objects.filter(_own_municipalities(request)).select_related("parent")
        form = PresetForm(regions, request.POST or None)
        status = HTTPStatus.OK
        if request.method == "POST":
            status = HTTPStatus.BAD_REQUEST
            if form.is_valid():
                try:
                    made = self._take_over(request, form.cleaned_data)
                except RuleViolation as violation:
                    form.add_error(None, violation.text)
                    status = HTTPStatus(violation.status)
                else:
                    done = _("The preset has been taken over. Please adapt it to your ordinance.")
                    self.message_user(request, done, messages.SUCCESS)
                    return redirect(self.address("change", made))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take a preset over"),
            "form": form,
            "presets": presets().values(),
            "opts": self.opts,
            "back_url": self.address("changelist"),
        }
        return TemplateResponse(request, "admin/ordinances/preset.html", context, status=status)

    def _take_over(self, request: HttpRequest, data: dict[str, Any]) -> RuleSet:
        return load_preset(
            region=data["region"],
            key=data["preset"],
            copy=Copy(version=data["version"], valid_from=data["valid_from"]),
            actor=current_user(request),
            at=timezone.now(),
        )

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        actor, at = current_user(request), timezone.now()
        if not change:
            return create_rule_set(region=obj.region, facts=_facts(obj), rules=(), actor=actor, at=at)
        if not form.has_changed():
            return RuleSet.objects.get(pk=obj.pk)
        return change_rule_set(rule_set_id=obj.pk, facts=_facts(obj), actor=actor, at=at)

    def save_formset_through_service(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        del change
        left_out = set(formset.deleted_forms)
        rules = [row.as_input() for row in formset.forms if row not in left_out and row.cleaned_data]
        change_rule_set(rule_set_id=form.instance.pk, rules=rules, actor=current_user(request), at=timezone.now())
