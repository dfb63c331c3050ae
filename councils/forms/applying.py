"""The application for a council: for oneself, and by an organisation for somebody else."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.signs import one_line, printable_text
from councils.consents import APPLICATION
from councils.models import Application, QuotaFeature, Recruitment
from councils.services.applications import ApplicantFacts
from councils.states import FeatureSource, Track
from residents.forms import BirthDateField, ConsentMixin, NameField, PhoneField
from residents.persons import is_child
from residents.states import Basis, Sex

RESIDENT_NUMBER = re.compile(r"\d{6}[\s-]*[1-8]\d{6}")
ASK = "ask_"
MOST_RADIOS = 12  # more of them are a list to choose from
ASKED = frozenset({FeatureSource.ASKED, FeatureSource.AREA})
NEVER_SHOWN_AGAIN = ("birth_date", "phone", "email", "address")


class LineField(forms.CharField):
    """A text on one line that can be printed and holds no resident registration number."""

    def clean(self, value: Any) -> str:
        text = one_line(super().clean(value))
        if RESIDENT_NUMBER.search(text):
            raise ValidationError(
                _("This looks like a resident registration number. Please leave it out; we never keep it.")
            )
        return text


class ApplicationForm(forms.Form):
    """What an applicant writes. `features` are those of the recruitment with their values.

    With `again` it is opened by the key of somebody without an account: what stands there is not shown once more, and a
    field that is left empty stays as it was.
    """

    name = NameField()
    birth_date = BirthDateField()
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Sex.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one; the quotas need it.")},
    )
    phone = PhoneField(error_messages={"required": _("Please write a number under which we reach you.")})
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        help_text=_("We write to it what becomes of the application."),
        error_messages={"invalid": _("This is no mail address. Example: name@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    address = LineField(
        label=_("Address"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        help_text=_("Where you live; or where you work or study, if you belong to this dong for that reason."),
        error_messages={"required": _("Please write your address.")},
    )
    basis = forms.ChoiceField(
        label=_("Why you belong to this dong"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose why you belong to this dong.")},
    )
    track = forms.ChoiceField(
        label=_("How you apply"),
        choices=[
            (Track.OPEN, _("for myself (open call)")),
            (Track.RECOMMENDED, _("recommended by an organisation")),
        ],
        initial=Track.OPEN,
        widget=forms.RadioSelect,
    )
    organisation = LineField(
        label=_("Recommending organisation"),
        max_length=120,
        required=False,
        help_text=_("Only if an organisation recommends you."),
    )
    motive = forms.CharField(
        label=_("Why you apply"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A sentence or two. It plays no part in the draw."),
    )
    guardian_name = forms.CharField(
        label=_("Name of the guardian"),
        max_length=60,
        required=False,
        help_text=_("Only for children under 14: the guardian consents with them."),
    )
    guardian_relation = LineField(label=_("Relation of the guardian"), max_length=30, required=False)

    def __init__(
        self,
        *args: Any,
        recruitment: Recruitment,
        features: Iterable[QuotaFeature],
        day: date,
        again: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._day, self.again = day, again
        allowed = recruitment.rule_set.for_councils().council_bases
        bases = [(value, label) for value, label in Basis.choices if allowed is None or value in allowed.value]
        _choices_of(self.fields["basis"], bases)
        self.asked = [feature for feature in features if feature.source in ASKED]
        for feature in self.asked:
            self.fields[ASK + feature.key] = _asked_field(feature)
        order = ["name", "birth_date", "sex", "phone", "email", "address", "basis"]
        self.order_fields([*order, *(ASK + feature.key for feature in self.asked), "track", "organisation", "motive"])
        if again:
            for name in NEVER_SHOWN_AGAIN:
                self.fields[name].required = False
                self.fields[name].help_text = _("Not shown here. Left empty, it stays as you wrote it.")

    def clean_motive(self) -> str:
        text = printable_text(self.cleaned_data["motive"]).strip()
        if RESIDENT_NUMBER.search(text):
            raise ValidationError(
                _("This looks like a resident registration number. Please leave it out; we never keep it.")
            )
        return text

    def clean_guardian_name(self) -> str:
        return one_line(self.cleaned_data["guardian_name"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (
            data.get("track") == Track.RECOMMENDED
            and not data.get("organisation")
            and "organisation" not in self.errors
        ):
            self.add_error("organisation", _("Please write which organisation recommends you."))
        if data.get("track") == Track.OPEN:
            data["organisation"] = ""
        birth_date = data.get("birth_date")
        if birth_date and is_child(birth_date, self._day):
            for name in ("guardian_name", "guardian_relation"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("For a child under 14 we need the guardian’s name and relation."))
        return data

    def written(self, before: Application | None = None) -> ApplicantFacts:
        """What was typed and is valid; of `before` what was not. Call it after `is_valid`, whatever that said."""
        return written_from(self.cleaned_data, self.asked, before if (self.again or self.errors) else None)


class RecommendationForm(ConsentMixin, ApplicationForm):
    """An organisation recommends somebody, who has consented to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["track"]
        self.fields["organisation"].required = True
        self.fields["organisation"].help_text = ""
        self.fields["organisation"].error_messages["required"] = _("Please write the name of your organisation.")
        self.fields["name"].label = _("Name of the person you recommend")
        for name in ("name", "birth_date", "phone", "email", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.order_fields(["organisation"])
        self.ask_consent(APPLICATION)
        self.fields["consent"].label = _("I have read this to the person, and they consent.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["track"] = Track.RECOMMENDED
        return data


class ConsentForm(ConsentMixin):
    """The box beside the consent, on the page on which everything is checked once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_consent(APPLICATION)


class WithdrawForm(forms.Form):
    """That the applicant knows what happens."""

    understood = forms.BooleanField(
        label=_("I know that my application ends with this."),
        error_messages={"required": _("Please tick the box if you really want this.")},
    )


class FindForm(forms.Form):
    """The receipt by which somebody without an account comes back to their application."""

    number = forms.IntegerField(
        label=pgettext_lazy("council application", "Receipt number"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Please write the receipt number."),
            "invalid": _("The receipt number is a whole number."),
        },
    )
    birth_date = BirthDateField()
    code = forms.CharField(
        label=_("Code on the receipt"),
        max_length=30,
        help_text=_("Eight signs, for example 4F2A-90C1."),
        error_messages={"required": _("Please write the code that stands on the receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


def as_initial(application: Application, *, again: bool = False) -> dict[str, Any]:
    """What an application says, as first values of the form; with `again` without what is never shown again."""
    names = [
        "name", "birth_date", "sex", "phone", "email", "address", "basis", "track", "organisation", "motive",
        "guardian_name", "guardian_relation",
    ]  # fmt: skip
    values = {name: getattr(application, name) for name in names if not (again and name in NEVER_SHOWN_AGAIN)}
    return values | {ASK + key: value for key, value in application.answers.items()}


def written_from(
    data: Mapping[str, Any], asked: Iterable[QuotaFeature], before: Application | None = None
) -> ApplicantFacts:
    """The valid values as one thing; what is missing or empty is taken from `before`."""

    def value(name: str, empty: Any = "") -> Any:
        typed = data.get(name)
        if typed or before is None:
            return typed or empty
        return getattr(before, name) or empty

    answers = dict(before.answers) if before else {}
    answers |= {feature.key: data[ASK + feature.key] for feature in asked if data.get(ASK + feature.key)}
    track = value("track", Track.OPEN)
    return ApplicantFacts(
        name=value("name"),
        birth_date=value("birth_date", None),
        sex=value("sex"),
        phone=value("phone"),
        email=str(value("email")).strip().lower(),
        address=value("address"),
        basis=value("basis", Basis.REGISTERED),
        track=track,
        organisation=value("organisation") if track == Track.RECOMMENDED else "",
        answers=answers,
        motive=value("motive"),
        guardian_name=value("guardian_name"),
        guardian_relation=value("guardian_relation"),
    )


def _choices_of(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]


def _asked_field(feature: QuotaFeature) -> forms.ChoiceField:
    choices = [(value.key, value.label) for value in feature.values.all()]
    many = len(choices) > MOST_RADIOS
    return forms.ChoiceField(
        label=feature.label,
        choices=[("", _("Please choose")), *choices] if many else choices,
        widget=forms.Select if many else forms.RadioSelect,
        error_messages={"required": _("Please choose one; the quotas need it.")},
    )
