"""Bylaws and meetings of the club at the secretariat's desk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text, moment_text
from forums.admin.bylaws_form import BylawsForm
from forums.admin.choices import SECRETARIAT, active_members, elections_held, name_members, resolutions_of_assemblies
from forums.models import Bylaws, ClubMeeting, Member
from forums.services.bylaws import adopt_bylaws, change_bylaws, draft_bylaws
from forums.services.meetings import Plan, bring_list_up_to_date, change_callers, list_changes, plan_meeting
from forums.services.officers import install_elected
from forums.states import BylawsStatus, ClubMeetingKind, Position
from meetings.models import Resolution
from meetings.states import BEFORE_OPENING
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.choices import OwnChoicesField
from residents.desk.inputs import DayInput, MomentInput, name_empty_choice


class ElectedForm(forms.Form):
    resolution = forms.ModelChoiceField(
        label=gettext_lazy("election"),
        queryset=Resolution.objects.none(),
        help_text=gettext_lazy("Elections that this assembly recorded and whose winners are not in office yet."),
    )
    position = forms.ChoiceField(
        label=gettext_lazy("post in the club"),
        choices=[(one.value, one.label) for one in (Position.CO_CHAIR, Position.AUDITOR)],
    )
    since = forms.DateField(
        label=gettext_lazy("in office from"),
        widget=DayInput(),
        required=False,
        help_text=gettext_lazy(
            "Left empty: the day of the assembly, or the end of the present terms where all seats are taken until then."
        ),
    )


def elected_form(_request: HttpRequest, club_meeting: ClubMeeting, data: Mapping[str, Any] | None) -> forms.Form:
    """The elections of this assembly that wait."""
    form = ElectedForm(data)
    field = form.fields["resolution"]
    field.queryset = elections_held(club_meeting)  # type: ignore[attr-defined]
    name_empty_choice(field)
    return form


class AdoptForm(forms.Form):
    adopted_on = forms.DateField(label=gettext_lazy("adopted on"), widget=DayInput())
    in_force_from = forms.DateField(label=gettext_lazy("in force from"), widget=DayInput())
    resolution = forms.ModelChoiceField(
        label=gettext_lazy("resolution of the general assembly"), queryset=Resolution.objects.none()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resolution"].queryset = resolutions_of_assemblies()  # type: ignore[attr-defined]
        name_empty_choice(self.fields["resolution"])


def _adopt(request: HttpRequest, bylaws: Bylaws, data: dict[str, Any]) -> str:
    adopt_bylaws(bylaws_id=bylaws.pk, actor=current_user(request), at=timezone.now(), **data)
    return _("The bylaws are adopted. From their first day on everything is held against them.")


@admin.register(Bylaws)
class BylawsAdmin(ScopedAdmin):
    """A new version begins as a copy of the latest; adopted ones are only read."""

    viewing_roles = SECRETARIAT
    form = BylawsForm
    list_display = ("version", "status", "adopted_on", "in_force_from")
    list_filter = ("status",)
    fields = (*BylawsForm.RULES, "articles_text", "note")
    acts: ClassVar = (
        Act(
            name="adopt",
            label=gettext_lazy("Put into force"),
            permission="forums.change_bylaws",
            run=_adopt,
            question=gettext_lazy(
                "Once adopted, this version is never changed again. Please compare it with the one before first."
            ),
            form=AdoptForm,
            available=lambda bylaws: bylaws.status == BylawsStatus.DRAFT,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("version"), ordering="number")
    def version(self, bylaws: Bylaws) -> str:
        return _("Version %(number)s") % {"number": bylaws.number}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_adopted = obj is not None and obj.status == BylawsStatus.ADOPTED
        return not is_adopted and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("its articles"))
    def to_the_text(self, bylaws: Bylaws) -> str:
        address = reverse("forums:bylaws-version", args=[bylaws.number])
        return format_html('<a href="{}">{}</a>', address, _("Read version %(number)s") % {"number": bylaws.number})

    @admin.display(description=gettext_lazy("compared with the version before"))
    def to_the_comparison(self, bylaws: Bylaws) -> str:
        address = reverse("forums:bylaws-compare")
        if bylaws.number == 1:
            return "–"
        return format_html(
            '<a href="{}?before={}&amp;after={}">{}</a>', address, bylaws.number - 1, bylaws.number, _("What changed")
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An adopted version is read on its own page; here stands when it was adopted, and by what."""
        del request
        if obj is None or obj.status == BylawsStatus.DRAFT:
            return self.fields
        facts = ("version", "status", "adopted_on", "in_force_from", "resolution")
        return (*facts, "to_the_text", "to_the_comparison", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = self.get_fields(request, obj)
        return () if fields == self.fields else fields

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        actor, at = current_user(request), timezone.now()
        articles, rules = form.cleaned_data["articles_text"], form.rules()
        if change:
            return change_bylaws(bylaws_id=obj.pk, articles=articles, rules=rules, note=obj.note, actor=actor, at=at)
        return draft_bylaws(articles=articles, rules=rules, note=obj.note, actor=actor, at=at)


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

    class Meta:
        model = ClubMeeting
        fields = ("kind", "called_by")
        widgets: ClassVar = {"called_by": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "called_by" in self.fields:
            name_members(self.fields["called_by"])


class CallersForm(forms.Form):
    called_by = OwnChoicesField(
        label=gettext_lazy("called by"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["called_by"].queryset = active_members()  # type: ignore[attr-defined]
        name_members(self.fields["called_by"])


def _name_callers(request: HttpRequest, club_meeting: ClubMeeting, data: dict[str, Any]) -> str:
    change_callers(
        club_meeting_id=club_meeting.pk,
        callers=list(data["called_by"]),
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("It is noted who calls the meeting.")


def _update_list(request: HttpRequest, club_meeting: ClubMeeting, data: dict[str, Any]) -> str:
    del data
    changes = bring_list_up_to_date(club_meeting_id=club_meeting.pk, actor=current_user(request), at=timezone.now())
    return _("The list is up to date. Put on it: %(missing)s. Taken off: %(gone)s.") % {
        "missing": changes.names_missing or "–",
        "gone": changes.names_gone or "–",
    }


def _install(request: HttpRequest, club_meeting: ClubMeeting, data: dict[str, Any]) -> str:
    del club_meeting
    installed = install_elected(
        resolution_id=data["resolution"].pk,
        position=Position(data["position"]),
        since=data["since"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("In office from %(day)s on: %(names)s") % {
        "day": day_text(installed[0].since),
        "names": ", ".join(str(one.member) for one in installed),
    }


@admin.register(ClubMeeting)
class ClubMeetingAdmin(ScopedAdmin):
    """Planned here with the members who belong to it; called, held and minuted on the meeting's own pages."""

    viewing_roles = SECRETARIAT
    form = PlanForm
    list_display = ("title", "kind", "held", "state", "keeping")
    list_filter = ("kind",)
    list_select_related = ("meeting", "bylaws")
    export_fields = {"held": "meeting.starts_at"}
    period = ("meeting__starts_at", gettext_lazy("day"))
    search_fields = ("meeting__title",)
    fields = ("kind", "title", "about", "place", "address", "starts_at", "ends_at", "called_by")
    readonly_fields = ()
    acts: ClassVar = (
        Act(
            name="callers",
            label=gettext_lazy("Name who calls it"),
            permission="forums.change_clubmeeting",
            run=_name_callers,
            question=gettext_lazy("The bylaws say who may call which meeting; whoever calls it is named in the call."),
            form=CallersForm,
            available=lambda club_meeting: club_meeting.meeting.status == "draft",
        ),
        Act(
            name="update-list",
            label=gettext_lazy("Bring the list up to date"),
            permission="forums.change_clubmeeting",
            run=_update_list,
            question=gettext_lazy(
                "Whoever belongs to this meeting by now is put on its list, whoever does not is taken off, and the "
                "members are counted anew. Those who are put on the list of a meeting that was called get the call."
            ),
            available=lambda club_meeting: (
                club_meeting.meeting.status in BEFORE_OPENING and bool(list_changes(club_meeting))
            ),
        ),
        Act(
            name="install",
            label=gettext_lazy("Bring those elected into office"),
            permission="forums.add_appointment",
            run=_install,
            question=gettext_lazy("Whoever is in this position and whose term is over makes room for them."),
            make_form=elected_form,
            available=lambda club_meeting: (
                club_meeting.kind != ClubMeetingKind.COMMITTEE and club_meeting.meeting.status in {"closed", "minuted"}
            ),
        ),
    )

    @admin.display(description=gettext_lazy("title"), ordering="meeting__title")
    def title(self, club_meeting: ClubMeeting) -> str:
        return club_meeting.meeting.title

    @admin.display(description=gettext_lazy("day"), ordering="meeting__starts_at")
    def held(self, club_meeting: ClubMeeting) -> str:
        return moment_text(club_meeting.meeting.starts_at)

    @admin.display(description=gettext_lazy("state"), ordering="meeting__status")
    def state(self, club_meeting: ClubMeeting) -> str:
        return club_meeting.meeting.get_status_display()

    @admin.display(description=gettext_lazy("keeping"))
    def keeping(self, club_meeting: ClubMeeting) -> str:
        address = reverse("meetings:keep", args=[club_meeting.meeting_id])
        return format_html('<a href="{}">{}</a>', address, _("Call, hold, minute"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("title", "kind", "held", "state", "keeping") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("title", "kind", "held", "state", "keeping") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name == "called_by":
            return active_members()
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
            kind=ClubMeetingKind(obj.kind),
            title=data["title"],
            about=data["about"],
            place=data["place"],
            address=data["address"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            callers=list(data["called_by"]),
        )
        return plan_meeting(plan=plan, actor=current_user(request), at=timezone.now())
