"""What councils work on and their agreements, at the desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Agreement, Council, Subcommittee, WorkItem
from councils.permissions import KEEPERS_OF_WORK, VIEWERS
from councils.services.work import (
    AGREEMENT_FIELDS,
    WORK_FIELDS,
    add_work,
    change_agreement,
    change_work,
    draft_agreement,
    end_agreement,
    move_work,
    sign_agreement,
)
from councils.states import WORK_TRANSITIONS, AgreementStatus, CouncilStatus, WorkStatus
from meetings.models import Resolution
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput
from residents.desk.scoped import in_regions
from residents.permissions import role_paths
from residents.states import Role


def councils_kept_by(request: HttpRequest, *roles: Role) -> QuerySet[Council]:
    """The councils at work or being converted that this official keeps in one of `roles`."""
    paths = role_paths(current_user(request), *roles)
    councils = Council.objects.filter(in_regions(paths, "dong__path")).exclude(status=CouncilStatus.DISSOLVED)
    return councils.select_related("dong__parent").order_by("dong__path", "pk")


def facts_of(obj: Any, names: frozenset[str]) -> dict[str, Any]:
    """The fields `names` of a form's object, as services take them."""
    return {name: getattr(obj, name) for name in sorted(names)}


def _moves_to(status: WorkStatus) -> Any:
    def run(request: HttpRequest, item: WorkItem, data: dict[str, Any]) -> str:
        del data
        moved = move_work(work_id=item.pk, status=status, actor=current_user(request), at=timezone.now())
        return _("The matter is now: %(state)s.") % {"state": moved.get_status_display()}

    return run


def _may_move_to(status: WorkStatus) -> Any:
    def check(item: WorkItem) -> bool:
        return status in WORK_TRANSITIONS[item.status]

    return check


@admin.register(WorkItem)
class WorkItemAdmin(ScopedAdmin):
    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    made_in_series = True
    list_display = ("title", "council", "kind", "status", "subcommittee", "starts_on", "ends_on")
    list_filter = ("kind", "status")
    period = ("starts_on", gettext_lazy("first day"))
    list_select_related = ("council__dong__parent", "subcommittee")
    search_fields = ("title", "council__dong__name")
    ordering = ("council__dong__path", "kind", "-starts_on", "pk")
    fields = (
        "council",
        "kind",
        "title",
        "about",
        "status",
        "subcommittee",
        "agreement",
        "resolution",
        "starts_on",
        "ends_on",
        "opinion",
        "answer",
    )
    readonly_fields = ("status",)
    acts: ClassVar = (
        Act(
            name="begin",
            label=gettext_lazy("Begin"),
            permission="councils.change_workitem",
            run=_moves_to(WorkStatus.UNDER_WAY),
            question=gettext_lazy("Everybody sees on the council’s page that it is under way."),
            available=_may_move_to(WorkStatus.UNDER_WAY),
        ),
        Act(
            name="finish",
            label=gettext_lazy("Finish"),
            permission="councils.change_workitem",
            run=_moves_to(WorkStatus.DONE),
            question=gettext_lazy(
                "What is done stays as it is written down. A consultation needs the council’s opinion."
            ),
            available=_may_move_to(WorkStatus.DONE),
        ),
        Act(
            name="stop",
            label=gettext_lazy("Stop"),
            permission="councils.change_workitem",
            run=_moves_to(WorkStatus.STOPPED),
            question=gettext_lazy("A matter that was stopped can be resumed."),
            available=_may_move_to(WorkStatus.STOPPED),
            danger=True,
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("status", "council") if obj else ("status",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_over = obj is not None and obj.status == WorkStatus.DONE
        return not is_over and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        councils = councils_kept_by(request, *KEEPERS_OF_WORK)
        if db_field.name == "council":
            return councils
        if db_field.name == "subcommittee":
            return Subcommittee.objects.filter(council__in=councils, dissolved_on__isnull=True)
        if db_field.name == "agreement":
            return Agreement.objects.filter(council__in=councils)
        if db_field.name == "resolution":
            return Resolution.objects.filter(meeting__council_meeting__council__in=councils)
        return super().get_field_queryset(db, db_field, request)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at, facts = current_user(request), timezone.now(), facts_of(obj, WORK_FIELDS)
        if change:
            return change_work(work_id=obj.pk, facts=facts, actor=actor, at=at)
        return add_work(council_id=obj.council_id, facts=facts, actor=actor, at=at)


# --- agreements -------------------------------------------------------------------------------------------------------


class SignForm(forms.Form):
    signed_on = forms.DateField(label=gettext_lazy("signed on"), widget=DayInput())
    document_number = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)


class EndForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("why it ended early"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed before its last day."),
    )


def _sign(request: HttpRequest, agreement: Agreement, data: dict[str, Any]) -> str:
    sign_agreement(
        agreement_id=agreement.pk,
        signed_on=data["signed_on"],
        document_number=data["document_number"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The agreement is in force.")


def _end(request: HttpRequest, agreement: Agreement, data: dict[str, Any]) -> str:
    end_agreement(agreement_id=agreement.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The agreement has ended.")


@admin.register(Agreement)
class AgreementAdmin(ScopedAdmin):
    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    list_display = ("title", "council", "status", "starts_on", "ends_on", "amount", "document_number")
    list_filter = ("status",)
    period = ("starts_on", gettext_lazy("first day"))
    list_select_related = ("council__dong__parent",)
    search_fields = ("title", "document_number", "council__dong__name")
    ordering = ("council__dong__path", "-starts_on", "pk")
    fields = (
        "council",
        "title",
        "subject",
        "status",
        "starts_on",
        "ends_on",
        "amount",
        "signed_on",
        "document_number",
        "ended_because",
        "papers",
    )
    readonly_fields = ("status", "signed_on", "document_number", "ended_because", "papers")
    acts: ClassVar = (
        Act(
            name="sign",
            label=gettext_lazy("Record the signing"),
            permission="councils.change_agreement",
            run=_sign,
            question=gettext_lazy("When did district and council sign? The agreement cannot be changed afterwards."),
            form=SignForm,
            available=lambda agreement: agreement.status == AgreementStatus.DRAFT,
        ),
        Act(
            name="end",
            label=gettext_lazy("End the agreement"),
            permission="councils.change_agreement",
            run=_end,
            question=gettext_lazy("An agreement that has ended stays in the list."),
            form=EndForm,
            available=lambda agreement: agreement.status != AgreementStatus.ENDED,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("documents"))
    def papers(self, agreement: Agreement) -> str:
        if not agreement.pk:
            return "–"
        links = (("council-agreement", _("Agreement")), ("council-agreement-letter", _("Draft of the letter")))
        rows = ((reverse("reports:document", args=[name]), agreement.pk, text) for name, text in links)
        return format_html_join(" · ", '<a href="{}?agreement={}">{}</a>', rows)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return (*self.readonly_fields, "council") if obj else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_signed = obj is not None and obj.status != AgreementStatus.DRAFT
        return not is_signed and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "council":
            return super().get_field_queryset(db, db_field, request)
        return councils_kept_by(request, Role.DISTRICT_OFFICIAL)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at, facts = current_user(request), timezone.now(), facts_of(obj, AGREEMENT_FIELDS)
        if change:
            return change_agreement(agreement_id=obj.pk, facts=facts, actor=actor, at=at)
        return draft_agreement(council_id=obj.council_id, facts=facts, actor=actor, at=at)
