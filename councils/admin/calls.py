"""Calls for conversion and the dongs that answer them, at the desk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.models import ConversionBid, ConversionCall
from councils.permissions import VIEWERS
from councils.services.calls import (
    close_call,
    decide_call,
    open_call,
    plan_call,
    record_briefing,
    score_bid,
    submit_bid,
    withdraw_bid,
)
from councils.states import BidStatus, CallStatus, CouncilType
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput, name_empty_choice
from residents.desk.scoped import in_regions
from residents.models import Region
from residents.permissions import role_paths
from residents.states import RegionLevel, Role


class DongForm(forms.Form):
    dong = forms.ModelChoiceField(label=gettext_lazy("dong"), queryset=Region.objects.none())


class BriefingForm(DongForm):
    held_on = forms.DateField(label=gettext_lazy("held on"), widget=DayInput())
    people = forms.IntegerField(label=gettext_lazy("people"), min_value=0, max_value=10_000, required=False)


class BidForm(DongForm):
    plan = forms.CharField(
        label=gettext_lazy("plan of operation"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )


class DecisionForm(forms.Form):
    chosen = forms.ModelMultipleChoiceField(
        label=gettext_lazy("chosen dongs"),
        queryset=ConversionBid.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    decided_on = forms.DateField(label=gettext_lazy("decided on"), widget=DayInput())
    reason = forms.CharField(
        label=gettext_lazy("reason of the decision"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed where fewer dongs are chosen than the call says. Every dong reads it."),
    )


class ScoreForm(forms.Form):
    score = forms.IntegerField(label=gettext_lazy("score"), min_value=0, max_value=1000)


def _with_dongs(form: forms.Form, call: ConversionCall) -> forms.Form:
    dongs = Region.objects.dongs().within(call.region).valid_on(timezone.localdate()).select_related("parent")
    form.fields["dong"].queryset = dongs  # type: ignore[attr-defined]
    name_empty_choice(form.fields["dong"])
    return form


def _briefing_form(_request: HttpRequest, call: ConversionCall, data: Mapping[str, Any] | None) -> forms.Form:
    return _with_dongs(BriefingForm(data), call)


def _bid_form(_request: HttpRequest, call: ConversionCall, data: Mapping[str, Any] | None) -> forms.Form:
    return _with_dongs(BidForm(data), call)


def _decision_form(_request: HttpRequest, call: ConversionCall, data: Mapping[str, Any] | None) -> forms.Form:
    form = DecisionForm(data, initial={"decided_on": timezone.localdate()})
    bids = call.bids.filter(status=BidStatus.SUBMITTED).select_related("dong__parent")
    form.fields["chosen"].queryset = bids  # type: ignore[attr-defined]
    return form


def _brief(request: HttpRequest, call: ConversionCall, data: dict[str, Any]) -> str:
    record_briefing(call_id=call.pk, **data, actor=current_user(request), at=timezone.now())
    return _("The briefing is recorded.")


def _open(request: HttpRequest, call: ConversionCall, data: dict[str, Any]) -> str:
    del data
    open_call(call_id=call.pk, actor=current_user(request), at=timezone.now())
    return _("The call is open.")


def _bid(request: HttpRequest, call: ConversionCall, data: dict[str, Any]) -> str:
    submit_bid(call_id=call.pk, **data, actor=current_user(request), at=timezone.now())
    return _("The bid is received.")


def _close(request: HttpRequest, call: ConversionCall, data: dict[str, Any]) -> str:
    del data
    close_call(call_id=call.pk, actor=current_user(request), at=timezone.now())
    return _("The call is closed.")


def _decide(request: HttpRequest, call: ConversionCall, data: dict[str, Any]) -> str:
    decide_call(
        call_id=call.pk,
        chosen=[bid.pk for bid in data["chosen"]],
        reason=data["reason"],
        decided_on=data["decided_on"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The call is decided, and the conversion of the chosen councils has begun.")


def _has_status(status: CallStatus) -> Any:
    def check(call: ConversionCall) -> bool:
        return call.status == status

    return check


@admin.register(ConversionCall)
class ConversionCallAdmin(ScopedAdmin):
    scope_lookup = "region__path"
    viewing_roles = VIEWERS
    scope_reaches_up = True
    list_display = ("title", "region", "type", "status", "opens_on", "closes_on", "to_choose", "answers")
    list_filter = ("status", "type")
    period = ("opens_on", gettext_lazy("first day"))
    list_select_related = ("region__parent",)
    search_fields = ("title",)
    ordering = ("region__path", "-opens_on", "pk")
    fields = (
        "region",
        "title",
        "type",
        "status",
        "briefings_from",
        "briefings_to",
        "briefed",
        "opens_on",
        "closes_on",
        "to_choose",
        "decided_on",
        "source",
        "note",
    )
    readonly_fields = ("status", "decided_on")
    acts: ClassVar = (
        Act(
            name="brief",
            label=gettext_lazy("Record a briefing"),
            permission="councils.change_conversioncall",
            run=_brief,
            question=gettext_lazy("Which dong was briefed, and when?"),
            make_form=_briefing_form,
            available=lambda call: call.status != CallStatus.DECIDED,
        ),
        Act(
            name="open",
            label=gettext_lazy("Open the call"),
            permission="councils.change_conversioncall",
            run=_open,
            question=gettext_lazy("From now on dongs can answer until the last day."),
            available=_has_status(CallStatus.PLANNED),
        ),
        Act(
            name="bid",
            label=gettext_lazy("Take in a bid"),
            permission="councils.change_conversioncall",
            run=_bid,
            question=gettext_lazy("Which dong answers, and with which plan?"),
            make_form=_bid_form,
            available=_has_status(CallStatus.OPEN),
        ),
        Act(
            name="close",
            label=gettext_lazy("Close the call"),
            permission="councils.change_conversioncall",
            run=_close,
            question=gettext_lazy("Possible after the last day. No more bids are taken then."),
            available=_has_status(CallStatus.OPEN),
        ),
        Act(
            name="decide",
            label=gettext_lazy("Decide"),
            permission="councils.change_conversioncall",
            run=_decide,
            question=gettext_lazy("Which dongs are converted? Their conversion begins at once, for good."),
            make_form=_decision_form,
            available=_has_status(CallStatus.CLOSED),
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("dongs that answered"))
    def answers(self, call: ConversionCall) -> int:
        return int(getattr(call, "count_bids", 0))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        standing = ~Q(bids__status=BidStatus.WITHDRAWN)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(count_bids=Count("bids", filter=standing))
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a call says stands once it is planned; it moves on by its acts."""
        return obj is None and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "region":
            return super().get_field_queryset(db, db_field, request)
        paths = role_paths(current_user(request), Role.DISTRICT_OFFICIAL)
        regions = Region.objects.filter(in_regions(paths, "path"), level=RegionLevel.MUNICIPALITY)
        return regions.select_related("parent")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        return plan_call(
            region=obj.region,
            title=obj.title,
            type=CouncilType(obj.type),
            opens_on=obj.opens_on,
            closes_on=obj.closes_on,
            to_choose=obj.to_choose,
            briefings_from=obj.briefings_from,
            briefings_to=obj.briefings_to,
            briefed=obj.briefed,
            source=obj.source,
            note=obj.note,
            actor=current_user(request),
            at=timezone.now(),
        )


# --- bids -------------------------------------------------------------------------------------------------------------


def _score(request: HttpRequest, bid: ConversionBid, data: dict[str, Any]) -> str:
    score_bid(bid_id=bid.pk, score=data["score"], actor=current_user(request), at=timezone.now())
    return _("The score is recorded.")


def _withdraw(request: HttpRequest, bid: ConversionBid, data: dict[str, Any]) -> str:
    del data
    withdraw_bid(bid_id=bid.pk, actor=current_user(request), at=timezone.now())
    return _("The bid is taken back.")


@admin.register(ConversionBid)
class ConversionBidAdmin(ScopedAdmin):
    """Bids come from the act of a call; here they are judged."""

    scope_lookup = "call__region__path"
    scope_reaches_up = True
    viewing_roles = VIEWERS
    list_display = ("dong", "call", "status", "submitted_on", "score")
    list_filter = ("status", ("call", admin.RelatedOnlyFieldListFilter))
    period = ("submitted_on", gettext_lazy("received on"))
    list_select_related = ("call__region", "dong__parent", "council")
    search_fields = ("dong__name", "call__title")
    ordering = ("call", "dong__path")
    fields = ("call", "dong", "status", "submitted_on", "plan", "score", "reason", "council")
    readonly_fields = fields
    acts: ClassVar = (
        Act(
            name="score",
            label=gettext_lazy("Write down the score"),
            permission="councils.change_conversionbid",
            run=_score,
            question=gettext_lazy("How was the bid judged, in points?"),
            form=ScoreForm,
            available=lambda bid: bid.status == BidStatus.SUBMITTED and bid.call.status == CallStatus.CLOSED,
        ),
        Act(
            name="withdraw",
            label=gettext_lazy("Take the bid back"),
            permission="councils.change_conversionbid",
            run=_withdraw,
            question=gettext_lazy("The dong takes its bid back. It can hand in another one while the call is open."),
            available=lambda bid: bid.status == BidStatus.SUBMITTED,
            danger=True,
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False
