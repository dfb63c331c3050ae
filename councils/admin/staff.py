"""Support staff at the desk: whom they support, what they did and learned, what is certified."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council, StaffAssignment, SupportStaff
from councils.services.staff import (
    add_support_staff,
    assign_staff,
    certify_staff,
    end_assignment,
    record_career,
    release_support_staff,
)
from councils.states import CareerKind, CouncilStatus
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput, name_empty_choice
from residents.desk.scoped import in_regions
from residents.models import Region
from residents.permissions import role_paths
from residents.states import RegionLevel, Role

VIEWERS_OF_STAFF = (Role.DISTRICT_OFFICIAL, Role.AUDITOR)


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), required=required)


class AssignForm(forms.Form):
    council = forms.ModelChoiceField(label=gettext_lazy("residents’ council"), queryset=Council.objects.none())
    since = _day(gettext_lazy("since"))
    duties = forms.CharField(label=gettext_lazy("duties"), max_length=200, required=False)


class EndForm(forms.Form):
    assignment = forms.ModelChoiceField(
        label=gettext_lazy("assignment of support staff"), queryset=StaffAssignment.objects.none()
    )
    until = _day(gettext_lazy("until"))


class CareerForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=CareerKind.choices)
    title = forms.CharField(label=gettext_lazy("title"), max_length=120)
    since = _day(gettext_lazy("since"))
    until = _day(gettext_lazy("until"), required=False)
    hours = forms.IntegerField(label=gettext_lazy("hours"), min_value=1, max_value=5000, required=False)


class ReleaseForm(forms.Form):
    until = _day(gettext_lazy("last day"))


def _assign_form(_request: HttpRequest, staff: SupportStaff, data: Mapping[str, Any] | None) -> forms.Form:
    form = AssignForm(data)
    here = Council.objects.filter(dong__path__startswith=staff.region.path).exclude(status=CouncilStatus.DISSOLVED)
    form.fields["council"].queryset = here.select_related("dong__parent")  # type: ignore[attr-defined]
    name_empty_choice(form.fields["council"])
    return form


def _end_form(_request: HttpRequest, staff: SupportStaff, data: Mapping[str, Any] | None) -> forms.Form:
    form = EndForm(data)
    standing = staff.assignments.filter(until__isnull=True).select_related("council__dong__parent")
    form.fields["assignment"].queryset = standing  # type: ignore[attr-defined]
    name_empty_choice(form.fields["assignment"])
    return form


def _assign(request: HttpRequest, staff: SupportStaff, data: dict[str, Any]) -> str:
    assign_staff(staff_id=staff.pk, **data, actor=current_user(request), at=timezone.now())
    return _("The assignment is recorded.")


def _end(request: HttpRequest, staff: SupportStaff, data: dict[str, Any]) -> str:
    del staff
    end_assignment(
        assignment_id=data["assignment"].pk, until=data["until"], actor=current_user(request), at=timezone.now()
    )
    return _("The assignment has ended.")


def _career(request: HttpRequest, staff: SupportStaff, data: dict[str, Any]) -> str:
    facts = {**data, "kind": CareerKind(data["kind"])}
    record_career(staff_id=staff.pk, **facts, actor=current_user(request), at=timezone.now())
    return _("It is recorded.")


def _certify(request: HttpRequest, staff: SupportStaff, data: dict[str, Any]) -> str:
    del data
    certificate = certify_staff(staff_id=staff.pk, actor=current_user(request), at=timezone.now())
    return _("The certificate is issued: %(serial)s.") % {"serial": certificate.serial}


def _release(request: HttpRequest, staff: SupportStaff, data: dict[str, Any]) -> str:
    release_support_staff(staff_id=staff.pk, until=data["until"], actor=current_user(request), at=timezone.now())
    return _("The last day is recorded; all assignments end with it.")


def _is_there(staff: SupportStaff) -> bool:
    return staff.until is None


def _act(name: str, label: Any, run: Any, question: Any, **more: Any) -> Act:
    return Act(name=name, label=label, permission="councils.change_supportstaff", run=run, question=question, **more)


@admin.register(SupportStaff)
class SupportStaffAdmin(ScopedAdmin):
    scope_lookup = "region__path"
    viewing_roles = VIEWERS_OF_STAFF
    personal_data = "councils.supportstaff"
    list_display = ("name", "region", "since", "until")
    period = ("since", gettext_lazy("since"))
    list_select_related = ("region__parent",)
    search_fields = ("name",)
    ordering = ("region__path", "name", "pk")
    fields = ("region", "name", "since", "until", "supports", "learned")
    readonly_fields = ("until", "supports", "learned")
    acts: ClassVar = (
        _act(
            "assign",
            gettext_lazy("Assign to a council"),
            _assign,
            gettext_lazy("Which council does the person support, since when?"),
            make_form=_assign_form,
            available=_is_there,
        ),
        _act(
            "end-assignment",
            gettext_lazy("End an assignment"),
            _end,
            gettext_lazy("Which assignment ended, and when?"),
            make_form=_end_form,
            available=_is_there,
        ),
        _act(
            "career",
            gettext_lazy("Record career or training"),
            _career,
            gettext_lazy("Training is recorded with its hours."),
            form=CareerForm,
        ),
        _act(
            "certify",
            gettext_lazy("Issue a certificate"),
            _certify,
            gettext_lazy("It lists the councils that were supported, career, training and hours, as recorded."),
        ),
        _act(
            "release",
            gettext_lazy("Record the last day"),
            _release,
            gettext_lazy("All assignments end with it."),
            form=ReleaseForm,
            available=_is_there,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("councils supported"))
    def supports(self, staff: SupportStaff) -> str:
        lines = staff.assignments.select_related("council__dong__parent").order_by("since") if staff.pk else []
        return "; ".join(f"{one.council} ({one.since} – {one.until or ''})" for one in lines) or "–"

    @admin.display(description=gettext_lazy("career and training"))
    def learned(self, staff: SupportStaff) -> str:
        lines = staff.careers.order_by("since") if staff.pk else []
        return "; ".join(f"{one.title} ({one.since} – {one.until or ''})" for one in lines) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return (*self.readonly_fields, "region", "name", "since") if obj else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is recorded moves on by acts."""
        return obj is None and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "region":
            return super().get_field_queryset(db, db_field, request)
        paths = role_paths(current_user(request), Role.DISTRICT_OFFICIAL)
        regions = Region.objects.filter(in_regions(paths, "path"), level=RegionLevel.MUNICIPALITY)
        return regions.select_related("parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        return add_support_staff(
            region=obj.region, name=obj.name, since=obj.since, actor=current_user(request), at=timezone.now()
        )
