"""Village funds at the desk: entries are acts of a council, settlements a list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ledgers.models import Transaction
from core.templatetags.madang import day_text, won
from councils.fund import Income, Spending
from councils.fund_wording import INCOME_CHOICES, SPENDING_CHOICES
from councils.models import Council, FundSettlement
from councils.permissions import VIEWERS
from councils.queries.fund import entries
from councils.services.fund import FEE, carry_in, record_income, record_spending, settle_fund, take_back_entry
from councils.states import CouncilStatus
from meetings.models import Resolution
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.inputs import DayInput, name_empty_choice

MOST_WON = 10**12


class _EntryForm(forms.Form):
    amount = forms.IntegerField(label=gettext_lazy("amount in won"), min_value=1, max_value=MOST_WON)
    occurred_on = forms.DateField(label=gettext_lazy("on which day"), widget=DayInput())
    text = forms.CharField(
        label=gettext_lazy("what it is for"),
        max_length=200,
        help_text=gettext_lazy("Without names of persons: entries can never be deleted."),
    )
    reference = forms.CharField(label=gettext_lazy("number of the receipt"), max_length=60, required=False)


class IncomeForm(_EntryForm):
    source = forms.ChoiceField(label=gettext_lazy("kind of income"), choices=INCOME_CHOICES)
    field_order = ("source", "amount", "occurred_on", "text", "reference")


class SpendingForm(_EntryForm):
    purpose = forms.ChoiceField(label=gettext_lazy("purpose"), choices=SPENDING_CHOICES)
    field_order = ("purpose", "amount", "occurred_on", "text", "reference")


class OpeningForm(forms.Form):
    amount = forms.IntegerField(label=gettext_lazy("amount in won"), min_value=1, max_value=MOST_WON)
    occurred_on = forms.DateField(label=gettext_lazy("on which day"), widget=DayInput())


class SettleForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("year"), min_value=2000, max_value=2100)
    settled_on = forms.DateField(label=gettext_lazy("settled on"), widget=DayInput())
    note = forms.CharField(
        label=gettext_lazy("report"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    resolution = forms.ModelChoiceField(
        label=gettext_lazy("resolution"), queryset=Resolution.objects.none(), required=False
    )


def _settle_form(_request: HttpRequest, council: Council, data: Mapping[str, Any] | None) -> forms.Form:
    form = SettleForm(data)
    own = Resolution.objects.filter(meeting__council_meeting__council=council).order_by("-pk")
    form.fields["resolution"].queryset = own  # type: ignore[attr-defined]
    name_empty_choice(form.fields["resolution"])
    return form


class EntryChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # cannot be subscripted when it runs
    """Entries by day, words and amount."""

    def label_from_instance(self, obj: Any) -> str:
        moved = sum(posting.amount for posting in obj.postings.all() if posting.amount > 0)
        return f"{day_text(obj.occurred_on)} · {obj.text} · {won(moved)}"


class TakeBackForm(forms.Form):
    entry = EntryChoice(label=gettext_lazy("entry"), queryset=Transaction.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("why it is taken back"),
        max_length=200,
        help_text=gettext_lazy("Without names of persons: entries can never be deleted."),
    )


def _take_back_form(_request: HttpRequest, council: Council, data: Mapping[str, Any] | None) -> forms.Form:
    form = TakeBackForm(data)
    offered = entries(council).filter(counters__isnull=True, countered_by__isnull=True).exclude(key__startswith=FEE)
    form.fields["entry"].queryset = offered  # type: ignore[attr-defined]
    name_empty_choice(form.fields["entry"])
    return form


def _income(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    facts = {**data, "source": Income(data["source"])}
    record_income(council_id=council.pk, **facts, actor=current_user(request), at=timezone.now())
    return _("The income is recorded.")


def _spending(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    facts = {**data, "purpose": Spending(data["purpose"])}
    record_spending(council_id=council.pk, **facts, actor=current_user(request), at=timezone.now())
    return _("The spending is recorded.")


def _opening(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    carry_in(council_id=council.pk, **data, actor=current_user(request), at=timezone.now())
    return _("The books of the fund have begun.")


def _take_back(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    take_back_entry(
        council_id=council.pk,
        transaction_id=data["entry"].pk,
        reason=data["reason"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The entry is taken back by its opposite of today.")


def _settle(request: HttpRequest, council: Council, data: dict[str, Any]) -> str:
    settle_fund(council_id=council.pk, **data, actor=current_user(request), at=timezone.now())
    return _("The year is settled and takes no more entries.")


def _is_there(council: Council) -> bool:
    return council.status != CouncilStatus.DISSOLVED


FUND_ACTS = (
    Act(
        name="fund-income",
        label=gettext_lazy("Record income of the fund"),
        permission="councils.keep_fund",
        run=_income,
        question=gettext_lazy("What came into the village fund?"),
        form=IncomeForm,
        available=_is_there,
    ),
    Act(
        name="fund-spending",
        label=gettext_lazy("Record spending of the fund"),
        permission="councils.keep_fund",
        run=_spending,
        question=gettext_lazy("What was spent? No more than the fund holds."),
        form=SpendingForm,
        available=_is_there,
    ),
    Act(
        name="fund-opening",
        label=gettext_lazy("Begin the books of the fund"),
        permission="councils.keep_fund",
        run=_opening,
        question=gettext_lazy("What did the fund hold before its books began? Possible once, before any entry."),
        form=OpeningForm,
        available=_is_there,
    ),
    Act(
        name="fund-take-back",
        label=gettext_lazy("Take an entry of the fund back"),
        permission="councils.keep_fund",
        run=_take_back,
        question=gettext_lazy(
            "Entries are never changed. The opposite is recorded today; fees of programmes are "
            "given back in the list of enrolments."
        ),
        make_form=_take_back_form,
        available=_is_there,
        danger=True,
    ),
    Act(
        name="fund-settle",
        label=gettext_lazy("Settle a year of the fund"),
        permission="councils.settle_fund",
        run=_settle,
        question=gettext_lazy("A settled year takes no more entries. Everybody sees its sums."),
        make_form=_settle_form,
        available=_is_there,
        danger=True,
    ),
)


@admin.register(FundSettlement)
class FundSettlementAdmin(ScopedAdmin):
    """Settlements come from the act of a council and are never changed."""

    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    list_display = ("council", "year", "carried_in", "income", "spending", "left", "settled_on")
    list_filter = ("year",)
    period = ("settled_on", gettext_lazy("settled on"))
    list_select_related = ("council__dong__parent",)
    search_fields = ("council__dong__name",)
    ordering = ("council__dong__path", "-year")
    fields = ("council", "year", "carried_in", "income", "spending", "left", "note", "settled_on", "papers")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("carried out"))
    def left(self, settlement: FundSettlement) -> int:
        return settlement.carried_out

    @admin.display(description=gettext_lazy("documents"))
    def papers(self, settlement: FundSettlement) -> str:
        address = reverse("reports:document", args=["council-fund"])
        council, year, text = settlement.council_id, settlement.year, _("Settlement to print")
        return format_html('<a href="{}?council={}&year={}">{}</a>', address, council, year, text)

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False
