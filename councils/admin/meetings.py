"""Meetings of councils at the desk: planned here with who belongs there, then called and held on their own pages."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import moment_text
from councils.models import Council, CouncilMeeting, Subcommittee
from councils.permissions import KEEPERS_OF_WORK, VIEWERS
from councils.services.meetings import (
    Plan,
    bring_council_list_up_to_date,
    change_notice,
    list_changes,
    plan_council_meeting,
)
from councils.states import CouncilMeetingKind, CouncilStatus
from meetings.states import BEFORE_OPENING
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import MomentInput
from residents.desk.scoped import in_regions
from residents.permissions import role_paths

MOST_NOTICE_DAYS = 60


class NoticeForm(forms.Form):
    convened_by = forms.CharField(label=gettext_lazy("called by"), max_length=200, required=False)
    notice_days = forms.IntegerField(
        label=gettext_lazy("days of notice"), min_value=0, max_value=MOST_NOTICE_DAYS, initial=0
    )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A meeting to be planned; participants are put on the list by themselves."""

    title = forms.CharField(label=gettext_lazy("title"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("about the meeting"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    place = forms.CharField(label=gettext_lazy("place"), max_length=120)
    address = forms.CharField(label=gettext_lazy("address"), max_length=200, required=False)
    starts_at = forms.DateTimeField(label=gettext_lazy("begins at"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("ends at"), widget=MomentInput())
    convened_by = forms.CharField(label=gettext_lazy("called by"), max_length=200, required=False)
    notice_days = forms.IntegerField(
        label=gettext_lazy("days of notice"),
        min_value=0,
        max_value=MOST_NOTICE_DAYS,
        initial=0,
        help_text=gettext_lazy("How many days before the meeting it has to be called, as the council’s own rules ask."),
    )

    class Meta:
        model = CouncilMeeting
        fields = ("council", "kind", "subcommittee")


def _update_list(request: HttpRequest, own: CouncilMeeting, data: dict[str, Any]) -> str:
    del data
    changes = bring_council_list_up_to_date(council_meeting_id=own.pk, actor=current_user(request), at=timezone.now())
    return _("The list is up to date. Put on it: %(missing)s. Taken off: %(gone)s.") % {
        "missing": changes.names_missing or "–",
        "gone": changes.names_gone or "–",
    }


def _change_notice(request: HttpRequest, own: CouncilMeeting, data: dict[str, Any]) -> str:
    change_notice(
        council_meeting_id=own.pk,
        notice_days=data["notice_days"],
        convened_by=data["convened_by"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("It is noted who calls the meeting.")


@admin.register(CouncilMeeting)
class CouncilMeetingAdmin(ScopedAdmin):
    """Planned here with the members who belong to it; called, held and minuted on the meeting's own pages."""

    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    form = PlanForm
    list_display = ("title", "council", "kind", "subcommittee", "held", "state", "keeping")
    list_filter = ("kind",)
    list_select_related = ("meeting", "council__dong__parent", "subcommittee")
    export_fields: ClassVar = {"held": "meeting.starts_at"}
    period = ("meeting__starts_at", gettext_lazy("day"))
    search_fields = ("meeting__title", "council__dong__name")
    fields = (
        "council",
        "kind",
        "subcommittee",
        "title",
        "about",
        "place",
        "address",
        "starts_at",
        "ends_at",
        "convened_by",
        "notice_days",
    )
    acts: ClassVar = (
        Act(
            name="notice",
            label=gettext_lazy("Name who calls it, and when"),
            permission="councils.change_councilmeeting",
            run=_change_notice,
            question=gettext_lazy("Whoever calls the meeting is named in the call."),
            form=NoticeForm,
            available=lambda own: own.meeting.status in BEFORE_OPENING,
        ),
        Act(
            name="update-list",
            label=gettext_lazy("Bring the list up to date"),
            permission="councils.change_councilmeeting",
            run=_update_list,
            question=gettext_lazy(
                "Whoever belongs to this meeting by now is put on its list, whoever does not is taken off. Those who "
                "are put on the list of a meeting that was called get the call."
            ),
            available=lambda own: own.meeting.status in BEFORE_OPENING and bool(list_changes(own)),
        ),
    )

    @admin.display(description=gettext_lazy("title"), ordering="meeting__title")
    def title(self, own: CouncilMeeting) -> str:
        return own.meeting.title

    @admin.display(description=gettext_lazy("day"), ordering="meeting__starts_at")
    def held(self, own: CouncilMeeting) -> str:
        return moment_text(own.meeting.starts_at)

    @admin.display(description=gettext_lazy("state"), ordering="meeting__status")
    def state(self, own: CouncilMeeting) -> str:
        return own.meeting.get_status_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each with `is_kept_here`: whether this official keeps it, and not only reads it."""
        paths = role_paths(current_user(request), *KEEPERS_OF_WORK)
        keeps = When(in_regions(paths, self.scope_lookup), then=Value(True))
        found: QuerySet[Any] = super().get_queryset(request).annotate(is_kept_here=Case(keeps, default=Value(False)))
        return found

    @admin.display(description=gettext_lazy("keeping"))
    def keeping(self, own: CouncilMeeting) -> str:
        if not getattr(own, "is_kept_here", False):
            return "–"
        address = reverse("meetings:keep", args=[own.meeting_id])
        return format_html('<a href="{}">{}</a>', address, _("Call, hold, minute"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("title", "council", "kind", "subcommittee", "held", "state", "keeping") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        paths = role_paths(current_user(request), *KEEPERS_OF_WORK)
        if db_field.name == "council":
            councils = Council.objects.filter(in_regions(paths, "dong__path"))
            return councils.exclude(status=CouncilStatus.DISSOLVED).select_related("dong__parent")
        if db_field.name == "subcommittee":
            parts = Subcommittee.objects.filter(in_regions(paths, "council__dong__path"), dissolved_on__isnull=True)
            return parts.select_related("council__dong__parent")
        queryset: QuerySet[Any] = super().get_field_queryset(db, db_field, request)
        return queryset

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        self.message_user(request, _("The meeting is planned. Please write its agenda, then call it."))
        return redirect("meetings:keep", obj.meeting_id)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del change
        data = form.cleaned_data
        plan = Plan(
            kind=CouncilMeetingKind(obj.kind),
            subcommittee=obj.subcommittee,
            title=data["title"],
            about=data["about"],
            place=data["place"],
            address=data["address"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            convened_by=data["convened_by"],
            notice_days=data["notice_days"],
        )
        return plan_council_meeting(
            council_id=obj.council_id, plan=plan, actor=current_user(request), at=timezone.now()
        )
