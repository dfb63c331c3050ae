"""What officials enter at a draw: the event that decides, what came out of it, why a digit is struck."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from councils.drawing import Beacon, next_lotto, next_round
from councils.drawing.beacons import FEWEST_BALLS, LOTTO_NUMBERS, MOST_BALLS
from councils.models import CommitteeDecision, Draw
from councils.services.draws import beacon_from
from councils.states import BeaconKind, DecisionKind
from residents.desk.inputs import MomentInput, name_empty_choice

LATEST = timedelta(days=366)
BALLS_USED = 6  # digits; as many as a Lotto draw has numbers
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class FreezeForm(forms.Form):
    """The public event after the freeze. Whole hours of notice are checked by the service."""

    kind = forms.ChoiceField(label=_("public event that decides"), choices=BeaconKind, widget=forms.RadioSelect)
    at = forms.DateTimeField(
        label=pgettext_lazy("moment of a draw", "not before"),
        widget=MomentInput(),
        help_text=_(
            "The first Lotto draw or drand round from this moment on is taken; balls are drawn before the audience at "
            "this moment."
        ),
    )
    count = forms.IntegerField(
        label=_("digits that are drawn, if by balls"),
        min_value=FEWEST_BALLS,
        max_value=MOST_BALLS,
        initial=BALLS_USED,
        required=False,
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not timezone.now() <= at <= timezone.now() + LATEST:
            raise forms.ValidationError(_("Please choose a moment to come, within a year."))
        return at

    def beacon(self) -> Beacon:
        """The event that was chosen. Raises RuleViolation for one that cannot be."""
        kind, at = self.cleaned_data["kind"], self.cleaned_data["at"]
        facts: dict[str, Any] = {"at": at, "count": self.cleaned_data.get("count") or BALLS_USED}
        if kind == BeaconKind.LOTTO:
            facts["number"] = next_lotto(at).number
        if kind == BeaconKind.DRAND:
            facts["round"] = next_round(at).round
        return beacon_from(kind, facts)


class LottoForm(forms.Form):
    """Six numbers and the bonus, as they were broadcast."""

    numbers = forms.CharField(
        label=_("the six numbers"),
        max_length=40,
        widget=forms.TextInput(attrs=NUMBER),
        help_text=_("In any order, with spaces or commas between them, for example 3 7 12 24 33 41."),
    )
    bonus = forms.IntegerField(
        label=_("bonus number"), min_value=1, max_value=LOTTO_NUMBERS, widget=forms.NumberInput(attrs=NUMBER)
    )

    def clean_numbers(self) -> list[int]:
        words = self.cleaned_data["numbers"].replace(",", " ").split()
        if not all(word.isdecimal() for word in words):
            raise forms.ValidationError(_("Please write six numbers with spaces between them."))
        return sorted(int(word) for word in words)

    def value(self) -> dict[str, Any]:
        return {"numbers": self.cleaned_data["numbers"], "bonus": self.cleaned_data["bonus"]}


class DrandForm(forms.Form):
    """The signature of the round, as drand publishes it."""

    signature = forms.CharField(
        label=_("signature of the round"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("96 signs from 0–9 and a–f, copied from the page of the round."),
    )

    def value(self) -> dict[str, Any]:
        return {"signature": "".join(self.cleaned_data["signature"].split()).lower()}


class BallsForm(forms.Form):
    """The digits on the balls, in the order in which they were drawn."""

    digits = forms.CharField(
        label=_("digits in the order in which they were drawn"),
        max_length=80,
        widget=forms.TextInput(attrs=NUMBER),
    )

    def value(self) -> dict[str, Any]:
        return {"digits": "".join(self.cleaned_data["digits"].split())}


READING_FORMS: dict[str, type[LottoForm | DrandForm | BallsForm]] = {
    BeaconKind.LOTTO: LottoForm,
    BeaconKind.DRAND: DrandForm,
    BeaconKind.BALLS: BallsForm,
}


class VoidForm(forms.Form):
    """The recorded decision that declares something void."""

    decision = forms.ModelChoiceField(label=_("decision of the committee"), queryset=CommitteeDecision.objects.none())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = DecisionKind.VOID_FREEZE if isinstance(thing, Draw) else DecisionKind.VOID_DRAW
        field: Any = self.fields["decision"]
        field.queryset = CommitteeDecision.objects.filter(recruitment=thing.recruitment_id, kind=kind)
        name_empty_choice(field)


class StrikeForm(forms.Form):
    reason = forms.CharField(label=_("why it is struck"), max_length=200, help_text=_("Everybody can read it."))


def first_moment(hours: int) -> str:
    """What the field for the moment offers: the first full hour after the notice that the rules ask for."""
    at = timezone.localtime() + timedelta(hours=hours + 1)
    return f"{at.replace(minute=0):%Y-%m-%dT%H:%M}"
