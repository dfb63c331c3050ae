"""Subcommittees and who sits in them, at the desk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import Council, Member, Subcommittee, SubcommitteeSeat
from councils.permissions import KEEPERS_OF_WORK, VIEWERS, WATCHERS
from councils.queries.subcommittees import ASKING
from councils.services.subcommittees import (
    accept_seat,
    change_subcommittee,
    dissolve_subcommittee,
    found_subcommittee,
    leave_seat,
    name_head,
    refuse_seat,
    seat_member,
    seat_resident,
)
from councils.states import CouncilStatus, MemberOffice, MemberStatus
from councils.waiting.members import ASKED, WAITS
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.desk.inputs import DayInput, name_empty_choice
from residents.desk.scoped import in_regions
from residents.masking import masked_name
from residents.permissions import role_paths


class DayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("on which day"), widget=DayInput())


def _dissolve(request: HttpRequest, subcommittee: Subcommittee, data: dict[str, Any]) -> str:
    dissolve_subcommittee(
        subcommittee_id=subcommittee.pk, on=data["on"], actor=current_user(request), at=timezone.now()
    )
    return _("The subcommittee is dissolved.")


def _works(subcommittee: Subcommittee) -> bool:
    return subcommittee.dissolved_on is None


class MemberForm(DayForm):
    member = forms.ModelChoiceField(label=gettext_lazy("member"), queryset=Member.objects.none())


def _member_form(_request: HttpRequest, subcommittee: Subcommittee, data: Mapping[str, Any] | None) -> forms.Form:
    """Who serves in this council and does not sit in the subcommittee."""
    form = MemberForm(data, initial={"on": timezone.localdate()})
    seated = subcommittee.seats.filter(left_on__isnull=True, member__isnull=False).values("member")
    form.fields["member"].queryset = (  # type: ignore[attr-defined]
        Member.objects.filter(term__council=subcommittee.council_id, status=MemberStatus.SERVING)
        .exclude(office=MemberOffice.ADVISER)
        .exclude(pk__in=seated)
        .order_by("name", "pk")
    )
    name_empty_choice(form.fields["member"])
    return form


def _seat_member(request: HttpRequest, subcommittee: Subcommittee, data: dict[str, Any]) -> str:
    seat_member(
        subcommittee_id=subcommittee.pk,
        member_id=data["member"].pk,
        on=data["on"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The member sits in the subcommittee.")


class ResidentForm(DayForm):
    name = forms.CharField(label=gettext_lazy("name"), max_length=60)


def _seat_resident(request: HttpRequest, subcommittee: Subcommittee, data: dict[str, Any]) -> str:
    seat_resident(
        subcommittee_id=subcommittee.pk,
        name=data["name"],
        on=data["on"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The resident sits in the subcommittee.")


@admin.register(Subcommittee)
class SubcommitteeAdmin(ScopedAdmin):
    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    made_in_series = True
    list_display = ("name", "council", "founded_on", "dissolved_on", "takes_residents", "seated")
    list_filter = ("takes_residents",)
    period = ("founded_on", gettext_lazy("founded on"))
    list_select_related = ("council__dong__parent",)
    search_fields = ("name", "council__dong__name")
    ordering = ("council__dong__path", "name", "pk")
    fields = ("council", "name", "about", "founded_on", "takes_residents")
    acts: ClassVar = (
        Act(
            name="seat-member",
            label=gettext_lazy("Enter a member"),
            permission="councils.change_subcommittee",
            run=_seat_member,
            question=gettext_lazy("Who of the council sits in it?"),
            make_form=_member_form,
            available=_works,
        ),
        Act(
            name="seat-resident",
            label=gettext_lazy("Enter a resident without an account"),
            permission="councils.change_subcommittee",
            run=_seat_resident,
            question=gettext_lazy("For residents who asked on paper or in person. Others ask on the site."),
            form=ResidentForm,
            available=lambda subcommittee: _works(subcommittee) and subcommittee.takes_residents,
        ),
        Act(
            name="dissolve",
            label=gettext_lazy("Dissolve the subcommittee"),
            permission="councils.change_subcommittee",
            run=_dissolve,
            question=gettext_lazy("Everybody leaves it, and open requests lapse."),
            form=DayForm,
            available=_works,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("seats taken"))
    def seated(self, subcommittee: Subcommittee) -> int:
        return int(getattr(subcommittee, "count_seated", 0))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seated = Q(seats__left_on__isnull=True, seats__joined_on__isnull=False)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(count_seated=Count("seats", filter=seated))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("council", "founded_on") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_over = obj is not None and obj.dissolved_on is not None
        return not is_over and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "council":
            return super().get_field_queryset(db, db_field, request)
        paths = role_paths(current_user(request), *KEEPERS_OF_WORK)
        councils = Council.objects.filter(in_regions(paths, "dong__path")).exclude(status=CouncilStatus.DISSOLVED)
        return councils.select_related("dong__parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form
        actor, at = current_user(request), timezone.now()
        if change:
            return change_subcommittee(
                subcommittee_id=obj.pk,
                name=obj.name,
                about=obj.about,
                takes_residents=obj.takes_residents,
                actor=actor,
                at=at,
            )
        return found_subcommittee(
            council_id=obj.council_id,
            name=obj.name,
            about=obj.about,
            founded_on=obj.founded_on,
            takes_residents=obj.takes_residents,
            actor=actor,
            at=at,
        )


# --- seats ------------------------------------------------------------------------------------------------------------


class RequestFilter(ChoiceFilter):
    """Requests that wait, as the first page counts them."""

    title = gettext_lazy("request")
    parameter_name = ASKED

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(WAITS, _("waits for an answer"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        del value
        return queryset.filter(ASKING)


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=300, help_text=gettext_lazy("Whoever asked reads it.")
    )


def _accept(request: HttpRequest, seat: SubcommitteeSeat, data: dict[str, Any]) -> str:
    del data
    accept_seat(seat_id=seat.pk, actor=current_user(request), at=timezone.now())
    return _("The request is accepted, and the resident is told.")


def _refuse(request: HttpRequest, seat: SubcommitteeSeat, data: dict[str, Any]) -> str:
    refuse_seat(seat_id=seat.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The request is declined, and the resident is told why.")


def _leave(request: HttpRequest, seat: SubcommitteeSeat, data: dict[str, Any]) -> str:
    leave_seat(seat_id=seat.pk, on=data["on"], actor=current_user(request), at=timezone.now())
    return _("The seat is given up.")


def _head(request: HttpRequest, seat: SubcommitteeSeat, data: dict[str, Any]) -> str:
    del data
    name_head(seat_id=seat.pk, actor=current_user(request), at=timezone.now())
    return _("The subcommittee has a new head.")


def _asks(seat: SubcommitteeSeat) -> bool:
    return seat.left_on is None and seat.joined_on is None


def _sits(seat: SubcommitteeSeat) -> bool:
    return seat.left_on is None and seat.joined_on is not None


@admin.register(SubcommitteeSeat)
class SubcommitteeSeatAdmin(ScopedAdmin):
    """Seats come from requests on the site and from the acts of a subcommittee; here they are answered and ended."""

    scope_lookup = "subcommittee__council__dong__path"
    viewing_roles = WATCHERS
    personal_data = "councils.subcommitteeseat"
    list_display = ("person", "subcommittee", "council", "is_head", "asked_at", "joined_on", "left_on")
    list_filter = (RequestFilter, "is_head")
    period = ("joined_on", gettext_lazy("joined on"))
    list_select_related = ("subcommittee__council__dong__parent", "member", "user")
    search_fields = ("name", "member__name", "subcommittee__name")
    fields = ("person", "subcommittee", "council", "is_head", "asked_at", "joined_on", "left_on")
    readonly_fields = fields
    acts: ClassVar = (
        Act(
            name="accept",
            label=gettext_lazy("Accept the request"),
            permission="councils.change_subcommitteeseat",
            run=_accept,
            question=gettext_lazy("The resident sits in the subcommittee from today on and is told."),
            bulk_question=gettext_lazy("The residents sit in the subcommittees from today on and are told."),
            bulk=True,
            available=_asks,
        ),
        Act(
            name="refuse",
            label=gettext_lazy("Decline the request"),
            permission="councils.change_subcommitteeseat",
            run=_refuse,
            question=gettext_lazy("The resident is told why."),
            form=RefuseForm,
            available=_asks,
            danger=True,
        ),
        Act(
            name="head",
            label=gettext_lazy("Let them head the subcommittee"),
            permission="councils.change_subcommitteeseat",
            run=_head,
            question=gettext_lazy("Whoever headed it before stays in it."),
            available=lambda seat: _sits(seat) and seat.member_id is not None and not seat.is_head,
        ),
        Act(
            name="leave",
            label=gettext_lazy("End the seat"),
            permission="councils.change_subcommitteeseat",
            run=_leave,
            question=gettext_lazy("The seat stays in the register with its last day."),
            form=DayForm,
            available=_sits,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("person"), ordering="name")
    def person(self, seat: SubcommitteeSeat) -> str:
        return str(seat)

    @admin.display(description=gettext_lazy("residents’ council"), ordering="subcommittee__council__dong__path")
    def council(self, seat: SubcommitteeSeat) -> str:
        return str(seat.subcommittee.council)

    def named(self, obj: SubcommitteeSeat) -> str:
        """Residents who work along are no public persons."""
        return str(obj.member) if obj.member else masked_name(obj.name)

    def named_among_others(self, obj: SubcommitteeSeat) -> str:
        return f"{self.named(obj)} · {obj.subcommittee}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the acts change a seat."""
        return obj is None and super().has_change_permission(request, obj)
