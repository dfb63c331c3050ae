"""Assemblies at the desk: the list, the form, and everything that belongs to one assembly at a glance."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.admin.assembly_acts import ACTS, POSSIBLE_WHEN, consequences, next_step
from assemblies.admin.forms import AssemblyForm
from assemblies.admin.roll_facts import note_refused_search, scan_facts
from assemblies.admin.scope import WorkAdmin, mends_of_assembly
from assemblies.models import Assembly, Poll
from assemblies.permissions import DRAFTERS
from assemblies.readiness import advised_before_announcing, missing_before_announcing
from assemblies.services import change_assembly, create_assembly
from assemblies.services.agenda import CHANGEABLE_WHEN_ANNOUNCED, FIELDS
from assemblies.states import AssemblyStatus
from assemblies.waiting import incomplete, ready_to_announce, unfinished_drafts
from core.templatetags.madang import moment_text
from ordinances.models import RuleSet
from ordinances.rulesets import ASSEMBLY_PARAMETERS
from ordinances.wording import parameter_name, value_in_words
from residents.desk import Act
from residents.desk.acts import OfferedAct, current_user
from residents.desk.filters import ChoiceFilter
from residents.desk.scoped import in_regions
from residents.models import Region
from residents.permissions import role_paths


class PartsFilter(ChoiceFilter):
    title = gettext_lazy("parts")
    parameter_name = "parts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [
            ("missing", _("agenda, poll or voter roll missing")),
            ("draft", _("in preparation, agenda or poll missing")),
            ("ready", _("ready to be announced")),
        ]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        choose = {"missing": incomplete, "draft": unfinished_drafts, "ready": ready_to_announce}
        return choose[value](queryset)


def rules_in_words(rule_set: RuleSet) -> list[tuple[str, str, str, str]]:
    """(parameter, value, article, doubt) of everything that an assembly needs; prefetched `rules` cost no query."""
    rules = {rule.name: rule for rule in rule_set.rules.all()}
    lines = []
    for parameter in ASSEMBLY_PARAMETERS:
        rule = rules.get(parameter)
        if rule is None:
            continue
        try:
            value = value_in_words(rule.name, rule.value)
        except ValueError:
            continue
        lines.append((parameter_name(parameter), value, rule.article, rule.doubt))
    return lines


def can_carry_assembly(rule_set: RuleSet) -> bool:
    """Whether the rule set says everything that an assembly needs."""
    try:
        rule_set.for_assemblies()
    except ValueError:
        return False
    return True


def rule_sets_for(paths: Sequence[str], day: date, present: RuleSet | None = None) -> QuerySet[RuleSet]:
    """Rule sets that can carry an assembly and are in force on `day` at or around these regions, or used already."""
    in_force = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    reachable = in_regions(paths, "region__path", and_above=True)
    condition = reachable & in_force & Q(valid_from__lte=day)
    if present is not None:
        condition |= Q(pk=present.pk)
    found = RuleSet.objects.filter(condition).prefetch_related("rules")
    complete = [rule_set.pk for rule_set in found if can_carry_assembly(rule_set)]
    return RuleSet.objects.filter(pk__in=complete).select_related("region__parent").prefetch_related("rules")


@admin.register(Assembly)
class AssemblyAdmin(WorkAdmin):
    """One page for each assembly: its facts, agenda, polls, voter roll, and the steps that are possible now."""

    scope_lookup = "dong__path"
    form = AssemblyForm
    acts = ACTS
    possible_when = POSSIBLE_WHEN
    change_form_template = "admin/assemblies/assembly_form.html"
    list_display = ("title", "dong", "held", "status", "polls_and_states")
    list_filter = ("status", "kind", PartsFilter)
    period = ("held_at", gettext_lazy("day of the assembly"))
    export_fields = {"held": "held_at"}
    list_select_related = ("dong__parent",)
    search_fields = ("title",)
    ordering = ("-held_at", "-id")
    fieldsets = (
        (None, {"fields": ("dong", "kind", "host", "title", "purpose", "description")}),
        (gettext_lazy("When and where"), {"fields": ("held_at", "place")}),
        (gettext_lazy("Rules"), {"fields": ("rule_set", "population", "population_on")}),
    )

    # --- the list -----------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        polls = Poll.objects.order_by("opens_at", "pk")
        return super().get_queryset(request).prefetch_related(Prefetch("polls", polls))

    @admin.display(description=gettext_lazy("day and time of the assembly"), ordering="held_at")
    def held(self, assembly: Assembly) -> str:
        return moment_text(assembly.held_at)

    @admin.display(description=gettext_lazy("polls"))
    def polls_and_states(self, assembly: Assembly) -> str:
        lines = ((poll.title, poll.get_status_display()) for poll in assembly.polls.all())
        return format_html_join("", "<div>{} · <strong>{}</strong></div>", lines) or "–"

    # --- the form -----------------------------------------------------------------------------------------------------

    def frozen_fields(self, obj: Assembly) -> Sequence[str]:
        if obj.status == AssemblyStatus.PREPARING:
            return ("dong",)
        if obj.status == AssemblyStatus.ANNOUNCED:
            return ("dong", *sorted(FIELDS - CHANGEABLE_WHEN_ANNOUNCED))
        return ("dong", *sorted(FIELDS))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        paths = role_paths(request.user, *DRAFTERS)
        today = timezone.localdate()
        dong = form.base_fields.get("dong")
        if dong is not None:
            dong.queryset = (
                Region.objects.dongs().valid_on(today).filter(in_regions(paths, "path")).select_related("parent")
            )
            self._choose_only_one(dong)
        rule_set = form.base_fields.get("rule_set")
        if rule_set is not None:
            rule_set.queryset = rule_sets_for(paths, today, obj.rule_set if obj else None)
            rule_set.help_text = self._rules_help(rule_set.queryset)
            self._choose_only_one(rule_set)
        return form

    def _choose_only_one(self, field: "forms.ModelChoiceField[Any]") -> None:
        """Where there is nothing to choose, it is chosen."""
        found = list(field.queryset[:2]) if field.queryset is not None else []
        if len(found) == 1:
            field.initial = found[0].pk
            field.empty_label = None

    def _rules_help(self, rule_sets: QuerySet[RuleSet]) -> str:
        """What each rule set that can be chosen says, with its articles."""
        lines = []
        for rule_set in rule_sets:
            words = " · ".join(
                f"{name}: {value} ({article})" for name, value, article, _doubt in rules_in_words(rule_set)
            )
            lines.append((str(rule_set), words))
        return format_html_join("", "<div><strong>{}</strong> {}</div>", lines) or _(
            "No rule set in force here says everything that an assembly needs. The district enters one first."
        )

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Assembly:
        user, now = current_user(request), timezone.now()
        values = {name: value for name, value in form.cleaned_data.items() if name in FIELDS}
        if change:
            return change_assembly(assembly_id=obj.pk, changes=values, actor=user, at=now)
        return create_assembly(dong=form.cleaned_data["dong"], actor=user, at=now, **values)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        text = _("The assembly is made. It is not public yet. Next comes its agenda.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect(self.address("change", obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("The assembly is saved."), messages.SUCCESS)
        return redirect(self.address("change", obj))

    # --- what stands around the form ----------------------------------------------------------------------------------

    def page_facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        user, now = current_user(request), timezone.now()
        preparing = obj.status == AssemblyStatus.PREPARING
        missing = missing_before_announcing(obj, now) if preparing else []
        advised = advised_before_announcing(obj) if preparing else []
        items = obj.agenda.annotate(on_ballots=Count("options")).order_by("number")
        polls = obj.polls.annotate(on_ballot=Count("options")).order_by("opens_at", "pk")
        entries = obj.roll.aggregate(
            on_roll=Count("pk", filter=Q(removed_at=None)), removed=Count("pk", filter=Q(removed_at__isnull=False))
        )
        return {
            "assembly": obj,
            "next_step": next_step(obj),
            "missing": mends_of_assembly(user, obj, missing),
            "advised": mends_of_assembly(user, obj, advised),
            "items": items,
            "polls": polls,
            "roll": entries,
            "rules": rules_in_words(obj.rule_set),
            "may_add_item": user.has_perm("assemblies.add_agendaitem", obj) and not self._is_over(obj),
            "may_add_poll": user.has_perm("assemblies.add_poll", obj) and not self._is_over(obj),
            "may_see_roll": user.has_perm("assemblies.view_rollentry", obj),
            "scan_url": self.address("scan", obj),
        }

    def _is_over(self, assembly: Assembly) -> bool:
        return assembly.status in {AssemblyStatus.CONCLUDED, AssemblyStatus.CANCELLED}

    def offered_acts(self, request: HttpRequest, obj: Any) -> list[OfferedAct]:
        """Without the announcement while something stands in its way; its page still says what that is."""
        offered = super().offered_acts(request, obj)
        if obj.status == AssemblyStatus.PREPARING and missing_before_announcing(obj, timezone.now()):
            return [step for step in offered if step.act.name != "announce"]
        return offered

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        response = super().act_view(request, object_id, act)
        if act.name == "add-person" and request.method == "POST" and isinstance(response, TemplateResponse):
            context = response.context_data or {}
            sent = context["form"].cleaned_data
            if {"name", "birth_date"} <= set(sent):
                note_refused_search(request, context["object"], sent)
        return response

    def act_facts(self, request: HttpRequest, obj: Any, act: Act) -> dict[str, Any]:
        now = timezone.now()
        facts: dict[str, Any] = {"consequences": consequences(obj, act.name, now)}
        if act.name == "announce" and obj.status == AssemblyStatus.PREPARING:
            user = current_user(request)
            facts["missing"] = mends_of_assembly(user, obj, missing_before_announcing(obj, now))
            facts["advised"] = mends_of_assembly(user, obj, advised_before_announcing(obj))
        return facts

    # --- who is missing on the roll -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_scan"
        return [
            path("<path:object_id>/roll-scan/", self.admin_site.admin_view(self.scan_view), name=name),
            *super().get_urls(),
        ]

    def scan_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Verified residents of the dong against the roll; masked, and noted in the access log."""
        assembly = self.get_object(request, unquote(object_id))
        if not current_user(request).has_perm("assemblies.view_rollentry", assembly):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            **scan_facts(request, assembly),
            "title": _("Who is missing on the voter roll"),
            "subtitle": str(assembly),
            "object": assembly,
            "opts": self.opts,
            "back_url": self.address("change", assembly),
        }
        return TemplateResponse(request, "admin/assemblies/roll_scan.html", context)
