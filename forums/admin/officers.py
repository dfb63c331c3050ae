"""Officers, people from outside and partners at the secretariat's desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.admin.choices import SECRETARIAT, NamesMembers, active_members, adopted_resolutions
from forums.models import Appointment, Outsider, Partner
from forums.services.officers import Wanted, add_partner, appoint, end_partnership, step_down
from forums.services.outsiders import save_outsider
from forums.states import Position
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput


class StepDownForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("from which day on"), widget=DayInput())
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)


def _step_down(request: HttpRequest, appointment: Appointment, data: dict[str, Any]) -> str:
    step_down(
        appointment_id=appointment.pk,
        on=data["on"],
        reason=data["reason"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The position has ended.")


@admin.register(Appointment)
class AppointmentAdmin(NamesMembers):
    """Positions are filled and ended, never edited: who held what when stays as it was."""

    viewing_roles = SECRETARIAT
    made_in_series = True
    list_display = ("position", "person", "since", "until", "ended_on", "basis")
    list_filter = ("position",)
    period = ("since", gettext_lazy("since"))
    list_select_related = ("member", "outsider")
    search_fields = ("member__name", "outsider__name")
    fields = ("position", "member", "outsider", "since", "until", "election_count", "basis", "resolution")
    acts: ClassVar = (
        Act(
            name="step-down",
            label=gettext_lazy("End the position"),
            permission="forums.change_appointment",
            run=_step_down,
            question=gettext_lazy("The position stays in the register with its last day."),
            form=StepDownForm,
            available=lambda appointment: appointment.ended_on is None,
        ),
    )

    @admin.display(description=gettext_lazy("person"), ordering="member__name")
    def person(self, appointment: Appointment) -> str:
        return str(appointment.member or appointment.outsider)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name == "member":
            return active_members()
        if db_field.name == "resolution":
            return adopted_resolutions()
        queryset: QuerySet[Any] = super().get_field_queryset(db, db_field, request)
        return queryset

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        wanted = Wanted(
            position=Position(obj.position),
            since=obj.since,
            member=obj.member,
            outsider=obj.outsider,
            until=obj.until,
            election_count=obj.election_count,
            basis=obj.basis,
            resolution=obj.resolution,
        )
        return appoint(wanted=wanted, actor=current_user(request), at=timezone.now())


@admin.register(Outsider)
class OutsiderAdmin(ScopedAdmin):
    viewing_roles = SECRETARIAT
    made_in_series = True
    list_display = ("name", "name_hanja", "affiliation", "title")
    search_fields = ("name", "name_hanja", "affiliation")
    fields = ("name", "name_hanja", "affiliation", "title")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        return save_outsider(outsider=obj, actor=current_user(request), at=timezone.now())


class EndForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("from which day on"), widget=DayInput())


def _end_partnership(request: HttpRequest, partner: Partner, data: dict[str, Any]) -> str:
    end_partnership(partner_id=partner.pk, on=data["on"], actor=current_user(request), at=timezone.now())
    return _("The partnership has ended.")


@admin.register(Partner)
class PartnerAdmin(ScopedAdmin):
    viewing_roles = SECRETARIAT
    list_display = ("name", "about", "since", "until")
    search_fields = ("name",)
    fields = ("name", "about", "since", "resolution", "basis")
    acts: ClassVar = (
        Act(
            name="end",
            label=gettext_lazy("End the partnership"),
            permission="forums.change_partner",
            run=_end_partnership,
            question=gettext_lazy("The organisation stays in the register with its last day."),
            form=EndForm,
            available=lambda partner: partner.until is None,
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name == "resolution":
            return adopted_resolutions()
        queryset: QuerySet[Any] = super().get_field_queryset(db, db_field, request)
        return queryset

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        return add_partner(
            name=obj.name,
            about=obj.about,
            since=obj.since,
            resolution=obj.resolution,
            basis=obj.basis,
            actor=current_user(request),
            at=timezone.now(),
        )
