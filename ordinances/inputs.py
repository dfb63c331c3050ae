"""How each parameter of a rule set is asked for at the desk: years, percent, a choice, a quorum."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ordinances.council_rules import (
    HIGHEST_COUNCIL_AGE,
    HIGHEST_YOUNG_AGE,
    LARGEST_GROUP,
    MOST_HOURS,
    MOST_MONTHS,
    MOST_NOTICE_HOURS,
    MOST_REAPPOINTMENTS,
    MOST_RECRUITMENT_DAYS,
    MOST_SEATS,
    CouncilAgeReference,
    SelectionBody,
    SelectionMethod,
)
from ordinances.rulesets import HIGHEST_VOTING_AGE, AgeReference, Parameter, QuorumKind
from ordinances.values import Bound, CouncilQuorumKind
from ordinances.wording import WORDS
from residents.desk.inputs import TO_CHOOSE
from residents.states import Basis

MOST_DAYS = 365
HIGHEST_AMOUNT = 10_000_000
PERMILLE_IN_PERCENT = 10
QUORUM_KINDS = (
    (QuorumKind.SHARE_OF_POPULATION.value, gettext_lazy("share of the residents, in percent")),
    (QuorumKind.SHARE_OF_ROLL.value, gettext_lazy("share of the voter roll, in percent")),
    (QuorumKind.NUMBER.value, gettext_lazy("number of people")),
    (QuorumKind.NONE.value, gettext_lazy("no quorum")),
)
COUNCIL_QUORUM_KINDS = (
    (CouncilQuorumKind.MAJORITY.value, gettext_lazy("more than half of the members in office")),
    (CouncilQuorumKind.SHARE_OF_MEMBERS.value, gettext_lazy("share of the members in office, in percent")),
    (CouncilQuorumKind.NUMBER.value, gettext_lazy("number of people")),
    (CouncilQuorumKind.NONE.value, gettext_lazy("no quorum")),
)
BOUNDS = (
    (Bound.AT_MOST.value, gettext_lazy("at most so much, in percent")),
    (Bound.BELOW.value, gettext_lazy("less than so much, in percent")),
)
SHARES = {QuorumKind.SHARE_OF_POPULATION, QuorumKind.SHARE_OF_ROLL, CouncilQuorumKind.SHARE_OF_MEMBERS}
WITHOUT_AMOUNT = {QuorumKind.NONE, CouncilQuorumKind.NONE, CouncilQuorumKind.MAJORITY}


def _as_percent(permille: int) -> str:
    """10 permille as 1, 15 permille as 1.5."""
    whole, rest = divmod(permille, PERMILLE_IN_PERCENT)
    return f"{whole}.{rest}" if rest else str(whole)


class KindAndAmountInput(forms.MultiWidget):
    """A choice and how much: percent for shares, else people. `names` are the two parts of the stored value."""

    def __init__(self, names: tuple[str, str], shares: Collection[str]) -> None:
        self.names, self.shares = names, shares
        kind = forms.Select(attrs={"aria-label": gettext_lazy("how it is reckoned")})
        amount = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "vIntegerField", "aria-label": gettext_lazy("percent or people")}
        )
        super().__init__([kind, amount])

    def decompress(self, value: Any) -> list[str | None]:
        """The stored value as it is typed."""
        kind_name, amount_name = self.names
        if not isinstance(value, Mapping) or not {kind_name, amount_name} <= value.keys():
            return [None, None]
        kind, amount = value[kind_name], value[amount_name]
        if kind in WITHOUT_AMOUNT or not isinstance(amount, int):
            return [kind, None]
        return [kind, _as_percent(amount) if kind in self.shares else str(amount)]


class KindAndAmountField(forms.MultiValueField):
    """A quorum or a share as it is stored: permille for shares, else persons."""

    def __init__(
        self,
        kinds: Sequence[tuple[str, Any]],
        *,
        names: tuple[str, str] = ("kind", "amount"),
        shares: Collection[str] = frozenset(SHARES),
        **kwargs: Any,
    ) -> None:
        self.names, self.shares = names, shares
        kind = forms.ChoiceField(choices=[("", TO_CHOOSE), *kinds])
        amount = forms.DecimalField(min_value=0, max_value=HIGHEST_AMOUNT, decimal_places=1, required=False)
        widget = KindAndAmountInput(names, shares)
        super().__init__(fields=(kind, amount), require_all_fields=False, widget=widget, **kwargs)
        self.widget.widgets[0].choices = kind.choices

    def compress(self, data_list: Any) -> dict[str, Any] | None:
        if not data_list or not data_list[0]:
            return None
        kind, amount = data_list[0], data_list[1] if len(data_list) > 1 else None
        if kind in WITHOUT_AMOUNT:
            return self._stored(kind, 0)
        if amount is None:
            raise forms.ValidationError(_("Please say how much it is."), code="incomplete")
        stored = Decimal(amount) * (PERMILLE_IN_PERCENT if kind in self.shares else 1)
        if stored != int(stored):
            raise forms.ValidationError(_("A number of people is a whole number."), code="invalid")
        return self._stored(kind, int(stored))

    def _stored(self, kind: str, amount: int) -> dict[str, Any]:
        return dict(zip(self.names, (kind, amount), strict=True))


class LeastShareField(forms.DecimalField):
    """A smallest share in percent, stored in permille with its bound."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "vIntegerField"})
        super().__init__(min_value=0, max_value=100, decimal_places=1, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        if percent is None:
            return None
        return {"permille": int(percent * PERMILLE_IN_PERCENT), "bound": Bound.AT_LEAST.value}

    def prepare_value(self, value: Any) -> Any:
        """The stored value as it is typed; what was typed stays as it is."""
        if isinstance(value, Mapping):
            permille = value.get("permille")
            return _as_percent(permille) if isinstance(permille, int) else ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


def _words(parameter: Parameter, values: Iterable[Any]) -> list[tuple[str, Any]]:
    return [("", TO_CHOOSE), *((str(value), WORDS[parameter](value)) for value in values)]


def _number(highest: int, help_text: Any, *, lowest: int = 0) -> Callable[[], forms.Field]:
    def field() -> forms.Field:
        widget = forms.NumberInput(attrs={"class": "vIntegerField"})
        return forms.IntegerField(min_value=lowest, max_value=highest, widget=widget, help_text=help_text)

    return field


def _choice(parameter: Parameter, values: Iterable[Any]) -> Callable[[], forms.Field]:
    return lambda: forms.ChoiceField(choices=lambda: _words(parameter, values))


def _flag(parameter: Parameter) -> Callable[[], forms.Field]:
    return lambda: forms.TypedChoiceField(
        choices=lambda: _words(parameter, (True, False)), coerce=lambda typed: typed == "True"
    )


def _bases() -> forms.Field:
    return forms.MultipleChoiceField(choices=Basis.choices, widget=forms.CheckboxSelectMultiple)


def _largest_share() -> forms.Field:
    return KindAndAmountField(
        BOUNDS,
        names=("bound", "permille"),
        shares=frozenset({Bound.AT_MOST.value, Bound.BELOW.value}),
        help_text=gettext_lazy("Percent of the seats with at most one decimal place. For example 60."),
    )


def _smallest_share() -> forms.Field:
    return LeastShareField(
        help_text=gettext_lazy("At least so much, in percent of the seats, with at most one decimal place.")
    )


FIELDS: Mapping[Parameter, Callable[[], forms.Field]] = {
    Parameter.VOTING_AGE: _number(HIGHEST_VOTING_AGE, gettext_lazy("The lowest age, in full years. For example 16.")),
    Parameter.AGE_REFERENCE: _choice(Parameter.AGE_REFERENCE, AgeReference),
    Parameter.RESIDENT_BASES: _bases,
    Parameter.QUORUM: lambda: KindAndAmountField(
        QUORUM_KINDS,
        help_text=gettext_lazy("Percent with at most one decimal place, or people. Leave the amount empty for none."),
    ),
    Parameter.NOTICE_DAYS: _number(
        MOST_DAYS, gettext_lazy("So many days before the day of the assembly, at least. For example 14.")
    ),
    Parameter.TIE_RULE: _choice(Parameter.TIE_RULE, ("shared_rank", "agenda_order")),
    Parameter.YEARLY_ASSEMBLY: _flag(Parameter.YEARLY_ASSEMBLY),
    Parameter.SEATS_MIN: _number(MOST_SEATS, gettext_lazy("The fewest members. For example 20."), lowest=1),
    Parameter.SEATS_MAX: _number(MOST_SEATS, gettext_lazy("The most members. For example 50."), lowest=1),
    Parameter.OPEN_CALL_SHARE_MIN: _smallest_share,
    Parameter.RECOMMENDED_SHARE_MAX: _largest_share,
    Parameter.SEX_SHARE_MAX: _largest_share,
    Parameter.YOUNG_SHARE_MIN: _smallest_share,
    Parameter.YOUNG_AGE_MAX: _number(
        HIGHEST_YOUNG_AGE, gettext_lazy("The highest age that still counts as young, in full years. For example 49.")
    ),
    Parameter.RECRUITMENT_DAYS_MIN: _number(
        MOST_RECRUITMENT_DAYS, gettext_lazy("For so many days applications are taken, at least. For example 14.")
    ),
    Parameter.COUNCIL_AGE_MIN: _number(
        HIGHEST_COUNCIL_AGE, gettext_lazy("The lowest age, in full years. For example 16.")
    ),
    Parameter.COUNCIL_AGE_REFERENCE: _choice(Parameter.COUNCIL_AGE_REFERENCE, CouncilAgeReference),
    Parameter.COUNCIL_BASES: _bases,
    Parameter.EDUCATION_HOURS_MIN: _number(
        MOST_HOURS, gettext_lazy("Whole hours of the residents’ school. For example 6.")
    ),
    Parameter.SELECTION_METHOD: _choice(Parameter.SELECTION_METHOD, SelectionMethod),
    Parameter.SELECTION_BODY: _choice(Parameter.SELECTION_BODY, SelectionBody),
    Parameter.ONE_PER_HOUSEHOLD: _flag(Parameter.ONE_PER_HOUSEHOLD),
    Parameter.DRAW_NOTICE_HOURS: _number(
        MOST_NOTICE_HOURS,
        gettext_lazy("So many hours lie between the fixed list and the draw, at least. For example 24."),
        lowest=1,
    ),
    Parameter.PUBLICATION_GROUP_SIZE: _number(
        LARGEST_GROUP,
        gettext_lazy("So many applicants must have the same attributes before these are published. For example 5."),
        lowest=1,
    ),
    Parameter.NAMES_PUBLISHED: _flag(Parameter.NAMES_PUBLISHED),
    Parameter.TERM_MONTHS: _number(MOST_MONTHS, gettext_lazy("In months. For example 24."), lowest=1),
    Parameter.REAPPOINTMENTS_MAX: _number(
        MOST_REAPPOINTMENTS, gettext_lazy("How often somebody may be appointed once more. 0 for never.")
    ),
    Parameter.COUNCIL_QUORUM: lambda: KindAndAmountField(
        COUNCIL_QUORUM_KINDS,
        help_text=gettext_lazy("Percent with at most one decimal place, or people. Leave the amount empty for none."),
    ),
}
