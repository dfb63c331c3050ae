"""Input of rule sets at the desk: each rule is asked for in its own words."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ordinances.models import Rule
from ordinances.rulesets import HIGHEST_VOTING_AGE, AgeReference, Parameter, QuorumKind, read_parameter
from ordinances.services import RuleInput
from ordinances.wording import PARAMETER_NAMES, WORDS, expected_value, parameter_name
from residents.desk.inputs import TO_CHOOSE, DayInput
from residents.states import Basis

if TYPE_CHECKING:
    _RuleModelForm = forms.ModelForm[Rule]
    _RuleFormSet = forms.BaseInlineFormSet[Rule, Any, Any]
else:
    _RuleModelForm = forms.ModelForm
    _RuleFormSet = forms.BaseInlineFormSet

MOST_DAYS = 365
HIGHEST_AMOUNT = 10_000_000
PERMILLE_IN_PERCENT = 10
SHARES = {QuorumKind.SHARE_OF_POPULATION, QuorumKind.SHARE_OF_ROLL}
QUORUM_KINDS = (
    (QuorumKind.SHARE_OF_POPULATION.value, gettext_lazy("share of the residents, in percent")),
    (QuorumKind.SHARE_OF_ROLL.value, gettext_lazy("share of the voter roll, in percent")),
    (QuorumKind.NUMBER.value, gettext_lazy("number of people")),
    (QuorumKind.NONE.value, gettext_lazy("no quorum")),
)


class QuorumInput(forms.MultiWidget):
    """How the quorum is reckoned, and how much it is: percent for shares, else people."""

    def __init__(self) -> None:
        kind = forms.Select(attrs={"aria-label": gettext_lazy("how it is reckoned")})
        amount = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "vIntegerField", "aria-label": gettext_lazy("percent or people")}
        )
        super().__init__([kind, amount])

    def decompress(self, value: Any) -> list[str | None]:
        """The stored value as it is typed: 10 permille as 1, 15 permille as 1.5."""
        if not isinstance(value, Mapping) or not {"kind", "amount"} <= value.keys():
            return [None, None]
        kind, amount = value["kind"], value["amount"]
        if kind == QuorumKind.NONE or not isinstance(amount, int):
            return [kind, None]
        if kind in SHARES:
            whole, rest = divmod(amount, PERMILLE_IN_PERCENT)
            return [kind, f"{whole}.{rest}" if rest else str(whole)]
        return [kind, str(amount)]


class QuorumField(forms.MultiValueField):
    """A quorum as it is stored: permille for shares, else persons."""

    widget = QuorumInput

    def __init__(self, **kwargs: Any) -> None:
        kind = forms.ChoiceField(choices=[("", TO_CHOOSE), *QUORUM_KINDS])
        amount = forms.DecimalField(min_value=0, max_value=HIGHEST_AMOUNT, decimal_places=1, required=False)
        super().__init__(fields=(kind, amount), require_all_fields=False, widget=QuorumInput(), **kwargs)
        self.widget.widgets[0].choices = kind.choices  # type: ignore[attr-defined]

    def compress(self, data_list: Any) -> dict[str, Any] | None:
        if not data_list or not data_list[0]:
            return None
        kind, amount = QuorumKind(data_list[0]), data_list[1] if len(data_list) > 1 else None
        if kind is QuorumKind.NONE:
            return {"kind": kind.value, "amount": 0}
        if amount is None:
            raise forms.ValidationError(_("Please say how much the quorum is."), code="incomplete")
        stored = Decimal(amount) * (PERMILLE_IN_PERCENT if kind in SHARES else 1)
        if stored != int(stored):
            raise forms.ValidationError(_("A number of people is a whole number."), code="invalid")
        return {"kind": kind.value, "amount": int(stored)}


def _words(parameter: Parameter, values: Any) -> list[tuple[str, Any]]:
    return [("", TO_CHOOSE), *((str(value), WORDS[parameter](value)) for value in values)]


def _number(highest: int, help_text: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "vIntegerField"})
    return forms.IntegerField(min_value=0, max_value=highest, widget=widget, help_text=help_text)


def _age_reference() -> forms.ChoiceField:
    return forms.ChoiceField(choices=lambda: _words(Parameter.AGE_REFERENCE, AgeReference))


def _tie_rule() -> forms.ChoiceField:
    return forms.ChoiceField(choices=lambda: _words(Parameter.TIE_RULE, ("shared_rank", "agenda_order")))


FIELDS: Mapping[Parameter, Callable[[], forms.Field]] = {
    Parameter.VOTING_AGE: lambda: _number(
        HIGHEST_VOTING_AGE, gettext_lazy("The lowest age, in full years. For example 16.")
    ),
    Parameter.AGE_REFERENCE: _age_reference,
    Parameter.RESIDENT_BASES: lambda: forms.MultipleChoiceField(
        choices=Basis.choices, widget=forms.CheckboxSelectMultiple
    ),
    Parameter.QUORUM: lambda: QuorumField(
        help_text=gettext_lazy("Percent with at most one decimal place, or people. Leave the amount empty for none.")
    ),
    Parameter.NOTICE_DAYS: lambda: _number(
        MOST_DAYS, gettext_lazy("So many days before the day of the assembly, at least. For example 14.")
    ),
    Parameter.TIE_RULE: _tie_rule,
}


class RuleForm(_RuleModelForm):
    """One rule. Which one it is stands fast, and its value is asked for as what it is: years, days, a choice.

    A rule that this version of the site does not know shows its value as it was written down.
    """

    name = forms.ChoiceField(
        label=gettext_lazy("parameter"), choices=[(name.value, label) for name, label in PARAMETER_NAMES.items()]
    )
    value = forms.CharField(label=gettext_lazy("value"), widget=forms.Textarea(attrs={"rows": 2, "cols": 40}))

    class Meta:
        model = Rule
        fields = ("name", "value", "article", "doubt")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = (
            self.data.get(self.add_prefix("name"))
            if self.is_bound
            else self.get_initial_for_field(self.fields["name"], "name")
        )
        self.parameter = Parameter(name) if name in set(Parameter) else None
        if self.parameter is not None:
            field = FIELDS[self.parameter]()
            field.label = gettext_lazy("value")
            self.fields["value"] = field
            self.fields["name"].widget = forms.HiddenInput()
        elif self.instance.pk:
            self.initial["value"] = json.dumps(self.instance.value, ensure_ascii=False)

    @property
    def heading(self) -> str:
        """What the rule is called."""
        return parameter_name(self.parameter) if self.parameter else self.instance.name

    def clean(self) -> dict[str, Any] | None:
        """Holds the value against the parameter; what it may be is said where it is wrong."""
        data = super().clean()
        if data and "name" in data and "value" in data:
            parameter = Parameter(data["name"])
            try:
                read_parameter(parameter, data["value"])
            except ValueError:
                text = _("The value of “%(name)s” is not right. %(expected)s")
                self.add_error(
                    "value", text % {"name": parameter_name(parameter), "expected": expected_value(parameter)}
                )
        return data

    def as_input(self) -> RuleInput:
        """The row as the service takes it; only of a valid form."""
        data = self.cleaned_data
        return RuleInput(data["name"], data["value"], data["article"], data["doubt"])


class RulesFormSet(_RuleFormSet):
    """The rules that are there, and below them one empty row for each that is not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial_extra = [{"name": name.value} for name in missing_rules(self.instance)]


def missing_rules(rule_set: Any) -> list[Parameter]:
    """The parameters that `rule_set`, or a new one, does not say yet."""
    said = set(rule_set.rules.values_list("name", flat=True)) if rule_set is not None and rule_set.pk else set()
    return [name for name in Parameter if name not in said]


class NewVersionForm(forms.Form):
    version = forms.CharField(label=gettext_lazy("version"), max_length=40)
    valid_from = forms.DateField(label=gettext_lazy("in force from"), widget=DayInput())
