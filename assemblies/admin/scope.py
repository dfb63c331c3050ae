"""What the desk's pages on assemblies share: filters, date inputs, explained steps, ways to mend what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assemblies.admin.forms import DayField, MomentField
from assemblies.models import Assembly, Poll
from assemblies.permissions import VIEWERS
from assemblies.readiness import Missing
from assemblies.states import AssemblyKind, AssemblyStatus
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import OfferedAct, current_user
from residents.desk.filters import ChoiceFilter
from residents.desk.inputs import DayInput, MomentInput
from residents.desk.scoped import in_regions
from residents.models import User
from residents.permissions import OFFICIALS, role_paths
from residents.states import Role


@dataclass(frozen=True, slots=True)
class LaterStep:
    """A step that is not possible now, and when it is."""

    label: str | Promise
    when: str | Promise


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that is missing, with the page on which it is mended, if this official may mend it."""

    text: str
    url: str


class WorkAdmin(ScopedAdmin):
    """Lists and forms on assemblies: native date inputs, acts with facts, and steps that are explained."""

    viewing_roles: ClassVar[Sequence[Role]] = VIEWERS
    act_template = "admin/assemblies/act.html"
    formfield_overrides: ClassVar = {
        models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
        models.DateField: {"form_class": DayField, "widget": DayInput},
    }
    # When an act is possible, by its name; shown for acts that are not possible now.
    possible_when: ClassVar[Mapping[str, str | Promise]] = {}

    def frozen_fields(self, obj: Any) -> Sequence[str]:
        """Fields that the state of `obj` no longer lets anybody change."""
        raise NotImplementedError

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Frozen fields are shown, not asked for; but one that an older page still sends goes to the service.

        So somebody whose page is out of date is told that nothing was changed, instead of losing it silently.
        """
        fixed = tuple(super().get_readonly_fields(request, obj))
        if obj is None:
            return fixed
        sent = set(request.POST) if request.method == "POST" else set()
        return fixed + tuple(name for name in self.frozen_fields(obj) if name not in sent)

    def later_steps(self, request: HttpRequest, obj: Any, offered: Iterable[OfferedAct]) -> list[LaterStep]:
        """The acts that this official may take, but not in this state, with when they can."""
        now = {step.act.name for step in offered}
        user = current_user(request)
        return [
            LaterStep(act.label, self.possible_when[act.name])
            for act in self.acts
            if act.name not in now and act.name in self.possible_when and user.has_perm(act.permission, obj)
        ]

    def page_facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the page of a thing shows besides its form."""
        raise NotImplementedError

    def act_facts(self, request: HttpRequest, obj: Any, act: Act) -> dict[str, Any]:
        """What the page of an act shows before its button."""
        raise NotImplementedError

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        response = super().act_view(request, object_id, act)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data |= self.act_facts(request, response.context_data["object"], act)
        return response

    def render_change_form(  # noqa: PLR0913, PLR0917 - Django's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            # The form writes what was typed into `obj`; the facts around it tell what is so.
            stored = self.get_object(request, str(obj.pk))
            offered = self.offered_acts(request, stored)
            context |= {"later_steps": self.later_steps(request, stored, offered), **self.page_facts(request, stored)}
            nothing_to_save = set(flatten_fieldsets(self.get_fieldsets(request, obj))) <= {
                *self.readonly_fields,
                *self.frozen_fields(stored),
            }
            if nothing_to_save:
                context |= {"show_save": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, add, change, form_url, obj)


class AssemblyFilter(ChoiceFilter):
    """The assemblies of this official, the latest first."""

    title = gettext_lazy("assembly")
    parameter_name = "assembly"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        here = in_regions(role_paths(request.user, *model_admin.viewing_roles), "dong__path")
        found = Assembly.objects.filter(here).order_by("-held_at", "-pk").values_list("pk", "title", "held_at")
        return [(str(key), f"{title} ({held_at.year})") for key, title, held_at in found]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(assembly=value)


def draftable_assemblies(user: User) -> QuerySet[Assembly]:
    """Assemblies whose agenda and polls `user` may write now, with their dongs."""
    ahead = [AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED]
    run = in_regions(role_paths(user, *OFFICIALS), "dong__path") & Q(status__in=ahead)
    draft = in_regions(role_paths(user, Role.COUNCIL_OFFICER), "dong__path") & Q(status=AssemblyStatus.PREPARING)
    return Assembly.objects.filter(run | draft).select_related("dong__parent").order_by("-held_at", "-pk")


def desk_url(name: str, obj: Assembly | Poll | None = None) -> str:
    """Address of a desk page of this app, for example "assembly_change"."""
    return reverse(f"admin:assemblies_{name}", args=[] if obj is None else [obj.pk])


def _mends(user: User, missing: Iterable[Missing], ways: Mapping[str, tuple[str, Any, str]]) -> list[Mend]:
    """Each missing thing with the page where it is mended; without an address for those who may not mend it."""
    mends = []
    for problem in missing:
        permission, thing, url = ways.get(problem.code, ("", None, ""))
        mends.append(Mend(problem.text, url if permission and user.has_perm(permission, thing) else ""))
    return mends


def _roll_page(assembly: Assembly) -> str:
    """Where the first voters come onto the roll: pupils by a list, residents by what is verified."""
    is_school = assembly.kind == AssemblyKind.SCHOOL
    return desk_url("assembly_add-pupils" if is_school else "assembly_build-roll", assembly)


def mends_of_assembly(user: User, assembly: Assembly, missing: Iterable[Missing]) -> list[Mend]:
    """What an assembly lacks before its announcement, or should have by then, as `user` can mend it."""
    page = desk_url("assembly_change", assembly)
    new_item = f"{desk_url('agendaitem_add')}?assembly={assembly.pk}"
    ways = {
        "agenda_empty": ("assemblies.add_agendaitem", assembly, new_item),
        "notice_too_short": ("assemblies.change_assembly", assembly, f"{page}#id_held_at"),
        "rule_set_incomplete": ("assemblies.change_assembly", assembly, f"{page}#id_rule_set"),
        "no_poll": ("assemblies.add_poll", assembly, f"{desk_url('poll_add')}?assembly={assembly.pk}"),
        "roll_empty": ("assemblies.build_roll", assembly, _roll_page(assembly)),
    }
    return _mends(user, missing, ways)


def mends_of_poll(user: User, poll: Poll, missing: Iterable[Missing]) -> list[Mend]:
    """What a poll lacks before it opens, as `user` can mend it."""
    assembly = poll.assembly
    page = desk_url("poll_change", poll)
    page_of_assembly = desk_url("assembly_change", assembly)
    ballot: tuple[str, Any, str]
    if assembly.agenda.exists():
        ballot = ("assemblies.change_poll", poll, desk_url("poll_ballot", poll))
    else:
        # Without an agenda there is nothing to put on the ballot: the first step is an item.
        new_item = f"{desk_url('agendaitem_add')}?assembly={assembly.pk}"
        ballot = ("assemblies.add_agendaitem", assembly, new_item)
    ways = {
        "not_announced": ("assemblies.announce_assembly", assembly, desk_url("assembly_announce", assembly)),
        "population_missing": ("assemblies.change_assembly", assembly, f"{page_of_assembly}#id_population"),
        "roll_empty": ("assemblies.build_roll", assembly, _roll_page(assembly)),
        "ballot_empty": ballot,
        "nothing_to_choose": ballot,
        "adopts_too_many": ("assemblies.change_poll", poll, f"{page}#id_adopted_count"),
        "opens_in_the_past": ("assemblies.change_poll", poll, f"{page}#id_opens_at"),
        "not_scheduled": ("assemblies.schedule_poll", poll, desk_url("poll_schedule", poll)),
        "too_early": ("assemblies.unschedule_poll", poll, desk_url("poll_unschedule", poll)),
        "too_late": ("assemblies.unschedule_poll", poll, desk_url("poll_unschedule", poll)),
    }
    return _mends(user, missing, ways)
