"""Input of rule sets at the desk."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ordinances.models import Rule
from ordinances.rulesets import Parameter, read_parameter
from ordinances.services import RuleInput
from ordinances.wording import PARAMETER_NAMES, expected_value, parameter_name

if TYPE_CHECKING:
    _RuleModelForm = forms.ModelForm[Rule]
else:
    _RuleModelForm = forms.ModelForm


class RuleForm(_RuleModelForm):
    """One parameter. The value is JSON; a plain word may stand without quotation marks."""

    name = forms.ChoiceField(
        label=gettext_lazy("parameter"), choices=[(name.value, label) for name, label in PARAMETER_NAMES.items()]
    )
    value = forms.CharField(label=gettext_lazy("value"), widget=forms.Textarea(attrs={"rows": 2, "cols": 40}))

    class Meta:
        model = Rule
        fields = ("name", "value", "article", "doubt")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["value"] = json.dumps(self.instance.value, ensure_ascii=False)

    def clean(self) -> dict[str, Any] | None:
        """Holds the value against the parameter; what it may be is said where it is wrong."""
        data = super().clean()
        if data and "name" in data and "value" in data:
            parameter = Parameter(data["name"])
            value = _from_text(data["value"])
            try:
                read_parameter(parameter, value)
            except ValueError:
                text = _("The value of “%(name)s” is not right. %(expected)s")
                self.add_error(
                    "value", text % {"name": parameter_name(parameter), "expected": expected_value(parameter)}
                )
            else:
                data["value"] = value
        return data

    def as_input(self) -> RuleInput:
        """The row as the service takes it; only of a valid form."""
        data = self.cleaned_data
        return RuleInput(data["name"], data["value"], data["article"], data["doubt"])


class NewVersionForm(forms.Form):
    version = forms.CharField(label=gettext_lazy("version"), max_length=40)
    valid_from = forms.DateField(
        label=gettext_lazy("in force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _from_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()
    except RecursionError:
        return None
