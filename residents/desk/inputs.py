"""Input that all forms of the desk share: the browser's own calendar and clock, and selects that speak."""

from typing import Any

from django import forms
from django.utils.choices import normalize_choices
from django.utils.translation import gettext_lazy


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


TO_CHOOSE = gettext_lazy("Please choose")
NOT_CHOSEN = gettext_lazy("not chosen")


def name_empty_choice(field: forms.Field | None) -> None:
    """Say in words what Django's selects show as a row of dashes."""
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelMultipleChoiceField):
        return
    words = TO_CHOOSE if field.required else NOT_CHOSEN
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = words
        return
    choices = list(normalize_choices(field.choices))
    if choices and choices[0][0] == "" and str(choices[0][1]).startswith("---"):
        field.choices = [("", words), *choices[1:]]
