"""The voter roll at the desk: masked in the list, a person's data on the entry's page, each reading logged."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.admin.forms import RemovalForm
from assemblies.admin.roll_facts import PERSONAL_DATA
from assemblies.admin.scope import AssemblyFilter, WorkAdmin, desk_url
from assemblies.models import RollEntry
from assemblies.services import remove_from_roll
from assemblies.states import AssemblyStatus
from core.templatetags.madang import moment_text
from residents.desk import Act
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.masking import masked_birth_date, masked_name
from residents.models import User
from residents.permissions import OFFICIALS


def _remove(request: HttpRequest, entry: RollEntry, data: dict[str, Any]) -> str:
    remove_from_roll(entry_id=entry.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The person is off the voter roll and cannot vote. They can be added again from the assembly’s page.")


def _can_be_removed(entry: RollEntry) -> bool:
    return entry.removed_at is None and entry.assembly.status in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}


class StandingFilter(ChoiceFilter):
    title = gettext_lazy("standing on the roll")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [("on", _("stands on the roll")), ("off", _("was taken off"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(removed_at__isnull=value == "on")


@admin.register(RollEntry)
class RollEntryAdmin(WorkAdmin):
    """Who stands on the roll. Whether somebody has voted is shown nowhere."""

    scope_lookup = "assembly__dong__path"
    viewing_roles = OFFICIALS
    personal_data = PERSONAL_DATA
    change_form_template = "admin/assemblies/rollentry_form.html"
    list_display = ("person", "birth", "basis", "assembly", "standing")
    list_filter = (AssemblyFilter, StandingFilter, "basis")
    period = ("added_at", gettext_lazy("added at"))
    ordering = ("-assembly__held_at", "assembly", "id")
    fields = ("name", "birth_date", "basis", "added", "removed", "removed_because")
    readonly_fields = fields
    acts = (
        Act(
            name="remove",
            label=gettext_lazy("Take off the voter roll"),
            permission="assemblies.change_rollentry",
            run=_remove,
            question=gettext_lazy("Take this person off the voter roll?"),
            form=RemovalForm,
            available=_can_be_removed,
            danger=True,
        ),
    )
    possible_when = {
        "remove": gettext_lazy("while the person stands on the roll and until the assembly is concluded or called off")
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("assembly__dong__parent", "user__profile")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are added from their assembly's page, after a search."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def frozen_fields(self, obj: RollEntry) -> Sequence[str]:
        del obj
        return ()

    def named(self, obj: RollEntry) -> str:
        return " · ".join((self.person(obj), str(obj.assembly)))

    def person_of(self, obj: RollEntry) -> User | None:
        return obj.user

    @admin.display(description=gettext_lazy("name"))
    def person(self, entry: RollEntry) -> str:
        """A pupil's reference is no name and stands as it is."""
        return masked_name(entry.user.name) or "–" if entry.user else entry.reference

    @admin.display(description=gettext_lazy("date of birth"))
    def birth(self, entry: RollEntry) -> str:
        profile = getattr(entry.user, "profile", None)
        return masked_birth_date(profile.birth_date) if profile else "–"

    @admin.display(description=gettext_lazy("standing on the roll"), boolean=True, ordering="removed_at")
    def standing(self, entry: RollEntry) -> bool:
        return entry.removed_at is None

    @admin.display(description=gettext_lazy("name"))
    def name(self, entry: RollEntry) -> str:
        """In full only while it is needed: the person stands on the roll of an assembly that is not over."""
        return entry.user.name if entry.user and _can_be_removed(entry) else self.person(entry)

    @admin.display(description=gettext_lazy("date of birth"))
    def birth_date(self, entry: RollEntry) -> str:
        profile = getattr(entry.user, "profile", None)
        return date_format(profile.birth_date) if profile and _can_be_removed(entry) else self.birth(entry)

    @admin.display(description=gettext_lazy("added at"))
    def added(self, entry: RollEntry) -> str:
        return moment_text(entry.added_at)

    @admin.display(description=gettext_lazy("removed at"))
    def removed(self, entry: RollEntry) -> str:
        return moment_text(entry.removed_at)

    def page_facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        del request
        return {"assembly": obj.assembly, "assembly_url": desk_url("assembly_change", obj.assembly)}

    def act_facts(self, request: HttpRequest, obj: Any, act: Act) -> dict[str, Any]:
        del request, act
        who = {"name": self.person(obj), "birth": self.birth(obj)}
        return {
            "consequences": [
                _("This is about %(name)s, born %(birth)s.") % who,
                _("The person can no longer vote in the polls of this assembly."),
                _("If the person has voted already, the entry stays: the ballot is secret and cannot be found again."),
                _("The person can be added again from the assembly’s page."),
            ]
        }
