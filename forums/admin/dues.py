"""Dues, payments and shared costs at the secretariat's desk. Nothing is edited: what was wrong is taken back."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ledgers.splitting import RemainderRule
from core.templatetags.madang import won
from forums.admin.choices import SECRETARIAT, NamesMembers, active_members, adopted_resolutions, name_members
from forums.admin.scope import PersonsOfTheClubAdmin
from forums.forms_dues import MonthField, WonField
from forums.models import CostShare, DuesCharge, DuesRate, Forum, Member, Payment, Refund
from forums.queries.dues import standings
from forums.queries.members import with_terms_and_mails
from forums.services.dues import (
    charge_again,
    record_payment,
    record_refund,
    set_dues,
    split_cost,
    take_back,
    take_back_rate,
)
from forums.states import AttendeeRole
from residents.desk import Act
from residents.desk.acts import current_user
from residents.desk.choices import OwnChoicesField

RULES = {
    RemainderRule.REMAINDER_TO_CLUB: gettext_lazy("the club bears what does not divide"),
    RemainderRule.FIRST_IN_ORDER: gettext_lazy("one won more each for the first in order of names"),
    RemainderRule.TO_HOST: gettext_lazy("the host bears what does not divide"),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        help_text=gettext_lazy("Without names of persons, please: the ledger keeps it for ever."),
    )


def _take_back(request: HttpRequest, obj: Any, data: dict[str, Any]) -> str:
    take_back(entry=obj.transaction, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The booking is taken back by a counter-entry.")


def _stands(obj: Any) -> bool:
    return not hasattr(obj.transaction, "countered_by")


def _take_back_act(permission: str) -> Act:
    return Act(
        name="take-back",
        label=gettext_lazy("Take back"),
        permission=permission,
        run=_take_back,
        question=gettext_lazy("The booking stays in the ledger; a counter-entry with your reason takes it back."),
        bulk_question=gettext_lazy("The bookings stay in the ledger; counter-entries with your reason take them back."),
        form=ReasonForm,
        available=_stands,
        bulk=True,
        danger=True,
    )


def _take_back_rate(request: HttpRequest, rate: DuesRate, data: dict[str, Any]) -> str:
    take_back_rate(rate_id=rate.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("These dues are taken back. You can set the right ones now.")


def _charge_again(request: HttpRequest, charge: DuesCharge, data: dict[str, Any]) -> str:
    del data
    charge_again(charge_id=charge.pk, actor=current_user(request), at=timezone.now())
    return _("The month is charged anew.")


class NeverEdited(NamesMembers):
    """The fields by which rows are entered once, and as which they are shown ever after."""

    viewing_roles = SECRETARIAT
    entered: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[tuple[str, ...]]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return self.shown if obj else self.entered

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum(self, obj: Any) -> str:
        return won(obj.amount)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, obj: Any) -> str:
        return _("in force") if _stands(obj) else _("taken back")


class RateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Dues from a month on; 0 where the committee waives them."""

    amount = WonField(least=0)
    from_month = MonthField(
        label=gettext_lazy("from the month"),
        error_messages={"unique": gettext_lazy("Dues are set from this month on already.")},
    )


@admin.register(DuesRate)
class DuesRateAdmin(NeverEdited):
    list_display = ("month", "sum", "basis", "resolution")
    export_fields = {"month": "from_month", "sum": "amount"}
    export_won = frozenset({"sum"})
    form = RateForm
    entered = ("amount", "from_month", "resolution", "basis")
    shown = ("month", "sum", "resolution", "basis")

    acts: ClassVar = (
        Act(
            name="take-back",
            label=gettext_lazy("Take back"),
            permission="forums.change_duesrate",
            run=_take_back_rate,
            question=gettext_lazy("Dues set by mistake are taken back as long as nobody was charged by them."),
            form=ReasonForm,
            danger=True,
            then=lambda _rate, _data: None,
        ),
    )

    @admin.display(description=gettext_lazy("from the month"), ordering="from_month")
    def month(self, rate: DuesRate) -> str:
        return f"{rate.from_month:%Y-%m}"

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        del db, db_field, request
        return adopted_resolutions().filter(meeting__club_meeting__kind="committee")

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        return set_dues(
            amount=obj.amount,
            from_month=obj.from_month,
            resolution=obj.resolution,
            basis=obj.basis,
            actor=current_user(request),
            at=timezone.now(),
        )


@admin.register(DuesCharge)
class DuesChargeAdmin(PersonsOfTheClubAdmin, NeverEdited):
    """What was charged month by month; the month is charged on the page of the dues."""

    personal_data = "forums.dues"
    list_display = ("member", "of_month", "sum", "standing")
    list_select_related = ("member", "transaction__countered_by")
    search_fields = ("member__name",)
    period = ("month", gettext_lazy("month"))
    ordering = ("-month", "member__name", "pk")
    export_fields = {"of_month": "month", "sum": "amount"}
    export_won = frozenset({"sum"})
    shown = ("member", "of_month", "sum", "standing")
    acts: ClassVar = (
        _take_back_act("forums.change_duescharge"),
        Act(
            name="charge-again",
            label=gettext_lazy("Charge again"),
            permission="forums.change_duescharge",
            run=_charge_again,
            question=gettext_lazy("The month is charged once more, by the dues that are set for it now."),
            bulk_question=gettext_lazy("The months are charged once more, by the dues that are set for them now."),
            available=lambda charge: not _stands(charge),
            bulk=True,
        ),
    )

    @admin.display(description=gettext_lazy("month"), ordering="month")
    def of_month(self, charge: DuesCharge) -> str:
        return f"{charge.month:%Y-%m}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False


class OnceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A booking that is made once, however often its page is sent: the page brings a key of its own."""

    form_key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    def key(self) -> str:
        return str(self.cleaned_data.get("form_key") or "")


class PaymentForm(OnceForm):
    amount = WonField()


@admin.register(Payment)
class PaymentAdmin(PersonsOfTheClubAdmin, NeverEdited):
    personal_data = "forums.dues"
    form = PaymentForm
    made_in_series = True
    list_display = ("member", "sum", "received_on", "note", "standing")
    export_fields = {"sum": "amount"}
    list_select_related = ("member", "transaction__countered_by")
    search_fields = ("member__name", "note")
    period = ("received_on", gettext_lazy("received on"))
    export_won = frozenset({"sum"})
    entered = ("member", "amount", "received_on", "note", "form_key")
    shown = ("member", "sum", "received_on", "note", "standing")
    acts: ClassVar = (_take_back_act("forums.change_payment"),)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        del db, db_field, request
        return with_terms_and_mails(Member.objects.order_by("name", "pk"))

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del change
        return record_payment(
            member_id=obj.member_id,
            amount=obj.amount,
            received_on=obj.received_on,
            note=obj.note,
            key=form.key(),
            actor=current_user(request),
            at=timezone.now(),
        )


class RefundForm(OnceForm):
    amount = WonField()
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        help_text=gettext_lazy("For example: paid twice, or left the club. The member reads it in their account."),
    )


@admin.register(Refund)
class RefundAdmin(PersonsOfTheClubAdmin, NeverEdited):
    """Money that went back to members; who left is found here, too."""

    personal_data = "forums.dues"
    form = RefundForm
    list_display = ("member", "sum", "paid_on", "reason", "standing")
    export_fields = {"sum": "amount"}
    list_select_related = ("member", "transaction__countered_by")
    search_fields = ("member__name", "reason")
    period = ("paid_on", gettext_lazy("given back on"))
    export_won = frozenset({"sum"})
    entered = ("member", "amount", "paid_on", "reason", "form_key")
    shown = ("member", "sum", "paid_on", "reason", "standing")
    acts: ClassVar = (_take_back_act("forums.change_refund"),)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        del db, db_field, request
        return with_terms_and_mails(Member.objects.order_by("name", "pk"))

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del change
        refund = record_refund(
            member_id=obj.member_id,
            amount=obj.amount,
            paid_on=obj.paid_on,
            reason=obj.reason,
            key=form.key(),
            actor=current_user(request),
            at=timezone.now(),
        )
        (one,) = standings([refund.member])
        if one.standing.open:
            text = _("After this refund the member owes %(open)s.") % {"open": won(one.standing.open)}
            messages.warning(request, text)
        return refund


class CostShareForm(OnceForm):
    """Costs to be split; who took part at the event is chosen where nobody else is."""

    rule = forms.ChoiceField(
        label=gettext_lazy("rule for the remainder"), choices=[(rule.value, label) for rule, label in RULES.items()]
    )
    members = OwnChoicesField(
        label=gettext_lazy("members who share"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Left empty: the members whose heads or proxies were at the event."),
    )
    host = forms.ModelChoiceField(label=gettext_lazy("host"), queryset=Member.objects.none(), required=False)
    total = WonField(label=gettext_lazy("total in won"))

    class Meta:
        model = CostShare
        fields = ("title", "total", "forum", "split_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "host"):
            if name in self.fields:
                self.fields[name].queryset = active_members()  # type: ignore[attr-defined]
                name_members(self.fields[name])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("members"):
            data["members"] = members_at(data.get("forum"))
            if not data["members"]:
                self.add_error("members", _("Please choose the members that share the costs."))
        return data


def members_at(forum: Forum | None) -> list[Member]:
    """Members who were at the event, themselves or by proxy; also who left the club since, for they bear their part."""
    if forum is None:
        return []
    came = forum.registrations.filter(
        role=AttendeeRole.HEAD,
        member__isnull=False,
        participant__attendances__is_struck=False,
        participant__attendances__replaced_at__isnull=True,
    ).values("member")
    return list(Member.objects.filter(pk__in=came))


@admin.register(CostShare)
class CostShareAdmin(PersonsOfTheClubAdmin, NeverEdited):
    personal_data = "forums.dues"
    form = CostShareForm
    list_display = ("title", "forum", "total_sum", "shared_by", "rest", "split_on", "standing")
    export_fields = {"total_sum": "total", "rest": "remainder"}
    list_select_related = ("forum", "transaction__countered_by")
    period = ("split_on", gettext_lazy("split on"))
    export_won = frozenset({"total_sum", "rest"})
    entered = ("title", "total", "forum", "members", "rule", "host", "split_on", "form_key")
    shown = ("title", "forum", "total_sum", "rule_in_words", "rest", "shared_by", "split_on", "standing")
    acts: ClassVar = (_take_back_act("forums.change_costshare"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("lines__member")

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def total_sum(self, share: CostShare) -> str:
        return won(share.total)

    @admin.display(description=gettext_lazy("what does not divide"), ordering="remainder")
    def rest(self, share: CostShare) -> str:
        return won(share.remainder)

    @admin.display(description=gettext_lazy("rule for the remainder"))
    def rule_in_words(self, share: CostShare) -> str:
        return str(RULES[RemainderRule(share.rule)])

    @admin.display(description=gettext_lazy("shared by"))
    def shared_by(self, share: CostShare) -> str:
        return ", ".join(f"{line.member} {won(line.amount)}" for line in share.lines.all())

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del change
        data = form.cleaned_data
        return split_cost(
            title=obj.title,
            total=obj.total,
            members=list(data["members"]),
            rule=RemainderRule(data["rule"]),
            host=data["host"],
            forum=obj.forum,
            split_on=obj.split_on,
            key=form.key(),
            actor=current_user(request),
            at=timezone.now(),
        )
