"""Polls at the desk: the form, what is still missing, turnout, the count before it is published."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.admin.agenda import PartOfAssembly
from assemblies.admin.forms import PollForm
from assemblies.admin.poll_acts import ACTS, POSSIBLE_WHEN, consequences, next_step
from assemblies.admin.scope import AssemblyFilter, Mend, desk_url, mends_of_poll
from assemblies.models import Poll
from assemblies.queries import options_of, results_of, turnout_of
from assemblies.readiness import missing_before_opening, missing_before_scheduling
from assemblies.services import change_poll, create_poll
from assemblies.services.polls import FIELDS
from assemblies.states import BEFORE_VOTING, RESULT_PUBLIC, Channel, PollStatus
from assemblies.waiting import TO_CLOSE, TO_COUNT, TO_OPEN, TO_PUBLISH, due_conditions
from assemblies.wording import decided_items, decision_sentence
from core.templatetags.madang import moment_text
from residents.desk import Act
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.models import User

WAY = (
    PollStatus.PREPARING,
    PollStatus.SCHEDULED,
    PollStatus.OPEN,
    PollStatus.CLOSED,
    PollStatus.COUNTED,
    PollStatus.PUBLISHED,
)


class DueFilter(ChoiceFilter):
    """What waits for an official: the same conditions as on the desk's first page."""

    title = gettext_lazy("what waits")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [
            (TO_OPEN, _("to be opened")),
            (TO_CLOSE, _("to be closed")),
            (TO_COUNT, _("to be counted")),
            (TO_PUBLISH, _("to be published")),
        ]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(due_conditions(timezone.now())[value])


def mends(user: User, poll: Poll) -> list[Mend]:
    """What is still missing before the poll can open, each with the page where it is mended."""
    now = timezone.now()
    if poll.status == PollStatus.PREPARING:
        return mends_of_poll(user, poll, missing_before_scheduling(poll, now))
    if poll.status == PollStatus.SCHEDULED:
        return mends_of_poll(user, poll, missing_before_opening(poll, now))
    return []


@admin.register(Poll)
class PollAdmin(PartOfAssembly):
    """One page for each poll: where it stands, what is missing, its ballot, turnout, and the count."""

    scope_lookup = "assembly__dong__path"
    form = PollForm
    acts = ACTS
    possible_when = POSSIBLE_WHEN
    change_form_template = "admin/assemblies/poll_form.html"
    list_display = ("title", "assembly", "dong", "status", "opens", "closes")
    list_filter = (DueFilter, "status", AssemblyFilter)
    period = ("opens_at", gettext_lazy("voting opens"))
    export_fields = {"opens": "opens_at", "closes": "closes_at"}
    search_fields = ("title", "assembly__title")
    ordering = ("-opens_at", "-id")
    fieldsets = (
        (None, {"fields": ("assembly", "title", "question")}),
        (gettext_lazy("How it is voted and counted"), {"fields": ("kind", "max_choices", "adopted_count", "tie_rule")}),
        (gettext_lazy("When"), {"fields": ("opens_at", "closes_at")}),
    )

    # --- the list -----------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("assembly__dong__parent", "assembly__rule_set", "result")

    def named_among_others(self, obj: Poll) -> str:
        return f"{obj.title} · {obj.assembly.title}"

    @admin.display(description=gettext_lazy("dong"))
    def dong(self, poll: Poll) -> str:
        return str(poll.assembly.dong)

    @admin.display(description=gettext_lazy("voting opens"), ordering="opens_at")
    def opens(self, poll: Poll) -> str:
        return moment_text(poll.opens_at)

    @admin.display(description=gettext_lazy("voting closes"), ordering="closes_at")
    def closes(self, poll: Poll) -> str:
        return moment_text(poll.closes_at)

    # --- the form -----------------------------------------------------------------------------------------------------

    def frozen_fields(self, obj: Poll) -> Sequence[str]:
        return ("assembly",) if obj.status == PollStatus.PREPARING else ("assembly", *sorted(FIELDS))

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Poll:
        user, now = current_user(request), timezone.now()
        values = {name: value for name, value in form.cleaned_data.items() if name in FIELDS}
        if change:
            return change_poll(poll_id=obj.pk, changes=values, actor=user, at=now)
        return create_poll(assembly_id=obj.assembly_id, actor=user, at=now, **values)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        count = obj.options.count()
        text = ngettext(
            "The poll is made, with the %(count)s item of the agenda on its ballot. See below what is still missing.",
            "The poll is made, with all %(count)s items of the agenda on its ballot. See below what is still missing.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return redirect(self.address("change", obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self.message_user(request, _("The poll is saved."), messages.SUCCESS)
        return redirect(self.address("change", obj))

    # --- what stands around the form ----------------------------------------------------------------------------------

    def page_facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "poll": obj,
            "assembly": obj.assembly,
            "assembly_url": desk_url("assembly_change", obj.assembly),
            "next_step": next_step(obj, timezone.now()),
            "way": self._way(obj),
            "before_voting": obj.status in BEFORE_VOTING,
            "missing": mends(current_user(request), obj),
            "missing_url": self.address("missing", obj),
            "options": options_of(obj),
            "result_is_public": obj.status in RESULT_PUBLIC,
        }
        if obj.status not in BEFORE_VOTING:
            facts |= self._turnout(obj)
        if obj.status == PollStatus.COUNTED and current_user(request).has_perm("assemblies.publish_poll", obj):
            facts |= self._preview(obj)
        return facts

    def _way(self, poll: Poll) -> list[tuple[str, bool]]:
        """The steps of an ordinary poll, and which one it stands on; nothing for a poll that left the way."""
        if poll.status not in WAY:
            return []
        return [(str(status.label), status == poll.status) for status in WAY]

    def _turnout(self, poll: Poll) -> dict[str, Any]:
        turnout = turnout_of(poll)
        counted = dict(turnout.by_channel)
        return {
            "turnout": turnout,
            "channels": [(channel.label, counted.get(channel.value, 0)) for channel in Channel],
        }

    def _preview(self, poll: Poll) -> dict[str, Any]:
        decided = decided_items(poll, results_of(poll))
        return {"decided": decided, "decision": decision_sentence(poll, decided)}

    def act_facts(self, request: HttpRequest, obj: Any, act: Act) -> dict[str, Any]:
        facts: dict[str, Any] = {"consequences": consequences(obj, act.name, timezone.now())}
        if act.name in {"schedule", "open"}:
            facts["missing"] = mends(current_user(request), obj)
        if act.name == "publish" and obj.status == PollStatus.COUNTED:
            facts |= {"poll": obj, **self._preview(obj)}
        return facts

    # --- what is still missing ----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_missing"
        return [
            path("<path:object_id>/missing/", self.admin_site.admin_view(self.missing_view), name=name),
            *super().get_urls(),
        ]

    def missing_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything that is still missing before voting can open, as links to where it is mended."""
        poll = self.get_object(request, unquote(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": _("What is still missing before voting can open"),
            "subtitle": str(poll),
            "object": poll,
            "opts": self.opts,
            "back_url": self.address("change", poll),
            "missing": mends(current_user(request), poll),
            "next_step": next_step(poll, timezone.now()),
            "before_voting": poll.status in BEFORE_VOTING,
        }
        return TemplateResponse(request, "admin/assemblies/missing.html", context)
