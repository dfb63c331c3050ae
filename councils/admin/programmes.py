"""Programmes of residents' centres and who takes part, at the desk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text
from councils.admin.work import councils_kept_by, facts_of
from councils.models import Enrolment, Programme
from councils.permissions import KEEPERS_OF_WORK, VIEWERS
from councils.services.programmes import (
    FIELDS,
    cancel_enrolment,
    change_programme,
    enrol,
    move_programme,
    plan_programme,
    record_fee,
    return_fee,
)
from councils.states import PROGRAMME_TRANSITIONS, EnrolmentStatus, ProgrammeStatus
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput

TAKES_PEOPLE = frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.RUNNING})


class EnrolForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("name"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("phone"), max_length=20)


def _enrol_form(_request: HttpRequest, programme: Programme | None, data: Mapping[str, Any] | None) -> forms.Form:
    """Says beside the number until when it is kept, so that it can be told across the counter."""
    form = EnrolForm(data)
    if programme is not None:
        form.fields["phone"].help_text = _deleted_on(programme)
    return form


def _deleted_on(programme: Programme) -> str:
    return _("Name and number are deleted on: %(day)s") % {"day": day_text(programme.erase_on)}


class PaidForm(forms.Form):
    paid_on = forms.DateField(label=gettext_lazy("fee paid on"), widget=DayInput())


def _enrol(request: HttpRequest, programme: Programme, data: dict[str, Any]) -> str:
    enrolment = enrol(
        programme_id=programme.pk,
        user=None,
        name=data["name"],
        phone=data["phone"],
        actor=current_user(request),
        at=timezone.now(),
    )
    if enrolment.status == EnrolmentStatus.WAITING:
        done = _("All places are taken; the person is on the waiting list.")
    else:
        done = _("The person has a place.")
    return f"{done} {_deleted_on(programme)}"


def _moves_to(status: ProgrammeStatus) -> Any:
    def run(request: HttpRequest, programme: Programme, data: dict[str, Any]) -> str:
        del data
        moved = move_programme(programme_id=programme.pk, status=status, actor=current_user(request), at=timezone.now())
        return _("The programme is now: %(state)s.") % {"state": moved.get_status_display()}

    return run


def _may_move_to(status: ProgrammeStatus) -> Any:
    def check(programme: Programme) -> bool:
        return status in PROGRAMME_TRANSITIONS[programme.status]

    return check


def _step(name: str, label: Any, status: ProgrammeStatus, question: Any, *, danger: bool = False) -> Act:
    return Act(
        name=name,
        label=label,
        permission="councils.change_programme",
        run=_moves_to(status),
        question=question,
        available=_may_move_to(status),
        danger=danger,
    )


@admin.register(Programme)
class ProgrammeAdmin(ScopedAdmin):
    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    made_in_series = True
    list_display = ("title", "council", "status", "times", "starts_on", "ends_on", "fee", "places", "taken")
    list_filter = ("status",)
    period = ("starts_on", gettext_lazy("first day"))
    list_select_related = ("council__dong__parent",)
    search_fields = ("title", "council__dong__name")
    ordering = ("council__dong__path", "-starts_on", "pk")
    fields = (
        "council",
        "title",
        "about",
        "status",
        "teacher",
        "place",
        "times",
        "starts_on",
        "ends_on",
        "fee",
        "places",
        "papers",
    )
    readonly_fields = ("status", "papers")
    acts: ClassVar = (
        _step(
            "open",
            gettext_lazy("Open for enrolment"),
            ProgrammeStatus.OPEN,
            gettext_lazy("Residents can enrol on the site from now on."),
        ),
        Act(
            name="enrol",
            label=gettext_lazy("Enrol somebody at the counter"),
            permission="councils.change_programme",
            run=_enrol,
            question=gettext_lazy("For people without an account. Who comes when all places are taken waits in order."),
            make_form=_enrol_form,
            available=lambda programme: programme.status in TAKES_PEOPLE,
        ),
        _step("begin", gettext_lazy("Begin"), ProgrammeStatus.RUNNING, gettext_lazy("The programme is under way.")),
        _step(
            "end",
            gettext_lazy("End"),
            ProgrammeStatus.DONE,
            gettext_lazy("A programme that is over takes nobody and stays as it was."),
        ),
        _step(
            "call-off",
            gettext_lazy("Call the programme off"),
            ProgrammeStatus.CANCELLED,
            gettext_lazy("Those who enrolled are told. Fees that were paid are given back by the council."),
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("places taken"))
    def taken(self, programme: Programme) -> int:
        return int(getattr(programme, "count_taken", 0))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        enrolled = Q(enrolments__status=EnrolmentStatus.ENROLLED)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(count_taken=Count("enrolments", filter=enrolled))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return (*self.readonly_fields, "council") if obj else self.readonly_fields

    @admin.display(description=gettext_lazy("documents"))
    def papers(self, programme: Programme) -> str:
        if not programme.pk:
            return "–"
        address = reverse("reports:document", args=["programme-attendance"])
        return format_html('<a href="{}?programme={}">{}</a>', address, programme.pk, _("Attendance sheet"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_over = obj is not None and obj.status in {ProgrammeStatus.DONE, ProgrammeStatus.CANCELLED}
        return not is_over and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "council":
            return super().get_field_queryset(db, db_field, request)
        return councils_kept_by(request, *KEEPERS_OF_WORK)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at, facts = current_user(request), timezone.now(), facts_of(obj, FIELDS)
        if change:
            return change_programme(programme_id=obj.pk, facts=facts, actor=actor, at=at)
        return plan_programme(council_id=obj.council_id, facts=facts, actor=actor, at=at)


# --- enrolments -------------------------------------------------------------------------------------------------------


def _cancel(request: HttpRequest, enrolment: Enrolment, data: dict[str, Any]) -> str:
    del data
    cancel_enrolment(enrolment_id=enrolment.pk, actor=current_user(request), at=timezone.now())
    return _("The enrolment is cancelled; whoever waited first has the place.")


def _paid(request: HttpRequest, enrolment: Enrolment, data: dict[str, Any]) -> str:
    record_fee(enrolment_id=enrolment.pk, paid_on=data["paid_on"], actor=current_user(request), at=timezone.now())
    return _("The fee is recorded in the fund of the council.")


def _returned(request: HttpRequest, enrolment: Enrolment, data: dict[str, Any]) -> str:
    del data
    return_fee(enrolment_id=enrolment.pk, actor=current_user(request), at=timezone.now())
    return _("It is recorded that the fee was given back; the fund has it no more.")


@admin.register(Enrolment)
class EnrolmentAdmin(ScopedAdmin):
    """Enrolments come from the site and from the act of a programme; here fees are recorded and places given up."""

    scope_lookup = "programme__council__dong__path"
    viewing_roles = KEEPERS_OF_WORK
    personal_data = "councils.enrolment"
    list_display = ("name", "phone", "programme", "status", "enrolled_at", "paid_on")
    list_filter = ("status", ("programme", admin.RelatedOnlyFieldListFilter))
    period = ("enrolled_at", gettext_lazy("enrolled at"))
    list_select_related = ("programme__council__dong__parent",)
    search_fields = ("name", "phone", "programme__title")
    ordering = ("programme", "enrolled_at", "pk")
    fields = ("name", "phone", "programme", "status", "enrolled_at", "paid_on", "deleted_on")
    readonly_fields = fields
    acts: ClassVar = (
        Act(
            name="paid",
            label=gettext_lazy("Record the fee"),
            permission="councils.change_enrolment",
            run=_paid,
            question=gettext_lazy("When was the fee paid? It goes into the fund of the council as course fees."),
            form=PaidForm,
            available=lambda one: (
                one.status == EnrolmentStatus.ENROLLED and one.paid_on is None and one.programme.fee > 0
            ),
        ),
        Act(
            name="give-back",
            label=gettext_lazy("Give the fee back"),
            permission="councils.change_enrolment",
            run=_returned,
            question=gettext_lazy("The fee leaves the fund of the council today."),
            available=lambda one: one.paid_on is not None,
            danger=True,
        ),
        Act(
            name="cancel",
            label=gettext_lazy("Cancel the enrolment"),
            permission="councils.change_enrolment",
            run=_cancel,
            question=gettext_lazy("The place goes to whoever waits longest."),
            available=lambda one: one.status != EnrolmentStatus.CANCELLED and one.paid_on is None,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("personal data deleted on"))
    def deleted_on(self, enrolment: Enrolment) -> str:
        return day_text(enrolment.programme.erase_on)

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False
