"""Agenda items at the desk, each on its own page, always on the way from and to its assembly."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.admin.forms import AgendaItemForm, AssemblyField
from assemblies.admin.scope import (
    AssemblyFilter,
    WorkAdmin,
    desk_url,
    draftable_assemblies,
)
from assemblies.models import AgendaItem, Assembly, Poll
from assemblies.services import add_agenda_item, change_agenda_item, remove_agenda_item
from assemblies.services.agenda import ITEM_FIELDS
from assemblies.states import AssemblyStatus, PollStatus
from core.templatetags.madang import won_short
from residents.desk import Act
from residents.desk.acts import current_user

# Outside this span the amount was probably typed in thousands, or with zeros too many. It is said, not refused.
USUAL_COST = range(100_000, 500_000_001)


class PartOfAssembly(WorkAdmin):
    """What is made for an assembly: the address of the form for a new one names it."""

    def asked_assembly(self, request: HttpRequest) -> Assembly | None:
        """The assembly that the address names. Raises Http404 if it is not one that this official writes on."""
        key = request.GET.get("assembly")
        if key is None:
            return None
        if not key.isdecimal() or len(key) > 18:
            raise Http404
        found: Assembly | None = draftable_assemblies(current_user(request)).filter(pk=int(key)).first()
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "assembly":
            kwargs |= {"form_class": AssemblyField, "queryset": draftable_assemblies(current_user(request))}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        assembly = self.asked_assembly(request)
        context = {"assembly": assembly, "assembly_url": desk_url("assembly_change", assembly) if assembly else ""}
        return super().add_view(request, form_url, {**context, **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        assembly = self.asked_assembly(request)
        return {} if assembly is None else {"assembly": assembly.pk}


@admin.register(AgendaItem)
class AgendaItemAdmin(PartOfAssembly):
    scope_lookup = "assembly__dong__path"
    deletable = True
    made_in_series = True
    form = AgendaItemForm
    change_form_template = "admin/assemblies/agendaitem_form.html"
    list_display = ("title", "number", "assembly", "dong", "category", "short_cost", "proposer")
    list_filter = (AssemblyFilter, "category", "assembly__status")
    period = ("assembly__held_at", gettext_lazy("day of the assembly"))
    export_fields = {"short_cost": "cost"}
    export_won = frozenset({"short_cost"})
    search_fields = ("title",)
    ordering = ("-assembly__held_at", "-assembly", "number")
    fieldsets = (
        (None, {"fields": ("assembly", "number", "title", "gain", "description", "category")}),
        (gettext_lazy("From whom, where, for how much"), {"fields": ("proposer", "place", "cost", "origin")}),
        (gettext_lazy("Examined by"), {"fields": ("opinion",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("assembly__dong__parent", "origin__assembly")

    @admin.display(description=gettext_lazy("dong"))
    def dong(self, item: AgendaItem) -> str:
        return str(item.assembly.dong)

    @admin.display(description=gettext_lazy("cost"), ordering="cost")
    def short_cost(self, item: AgendaItem) -> str:
        return won_short(item.cost)

    # --- the form -----------------------------------------------------------------------------------------------------

    def frozen_fields(self, obj: AgendaItem) -> Sequence[str]:
        over = obj.assembly.status not in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}
        return ("assembly", *sorted(ITEM_FIELDS)) if over or self._is_voted_on(obj) else ("assembly",)

    def _is_voted_on(self, item: AgendaItem) -> bool:
        return Poll.objects.filter(options__item=item).exclude(status=PollStatus.PREPARING).exists()

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> AgendaItem:
        user, now = current_user(request), timezone.now()
        values = {name: value for name, value in form.cleaned_data.items() if name in ITEM_FIELDS}
        if change:
            return change_agenda_item(item_id=obj.pk, changes=values, actor=user, at=now)
        return add_agenda_item(assembly_id=obj.assembly_id, actor=user, at=now, **values)

    def delete_through_service(self, request: HttpRequest, obj: Any) -> None:
        remove_agenda_item(item_id=obj.pk, actor=current_user(request), at=timezone.now())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing goes with an item; whether it may go at all is said by the service."""
        del request
        return [str(obj) for obj in objs], {}, set(), []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Offered while the agenda is being prepared; afterwards items only come, and none go."""
        prepared = obj is None or obj.assembly.status == AssemblyStatus.PREPARING or request.method == "POST"
        return prepared and super().has_delete_permission(request, obj)

    # --- the way back to the assembly ---------------------------------------------------------------------------------

    def _say_saved(self, request: HttpRequest, item: AgendaItem) -> None:
        if item.cost is None:
            self.message_user(request, _("The item is saved, without a cost."), messages.SUCCESS)
            return
        words = {"cost": won_short(item.cost)}
        self.message_user(request, _("The item is saved. It costs %(cost)s.") % words, messages.SUCCESS)
        if item.cost and item.cost not in USUAL_COST:
            text = _("A cost of %(cost)s is unusual for an item of a dong. Please check that it is in won.")
            self.message_user(request, text % words, messages.WARNING)

    def _back(self, request: HttpRequest, item: AgendaItem) -> HttpResponse:
        if "_addanother" in request.POST:
            return redirect(f"{desk_url('agendaitem_add')}?assembly={item.assembly_id}")
        return redirect(f"{desk_url('assembly_change', item.assembly)}#agenda")

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        self._say_saved(request, obj)
        return self._back(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._say_saved(request, obj)
        return self._back(request, obj)

    def page_facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        del request
        ballots = Poll.objects.filter(options__item=obj).order_by("opens_at", "pk")
        return {
            "assembly": obj.assembly,
            "assembly_url": desk_url("assembly_change", obj.assembly),
            "ballots": ballots,
            "is_frozen": self._is_voted_on(obj),
        }

    def act_facts(self, request: HttpRequest, obj: Any, act: Act) -> dict[str, Any]:
        del request, obj, act
        return {}
