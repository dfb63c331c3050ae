"""The form with which a document is ordered: its declared parameters, the format and, where asked, the purpose."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from reports.orders import needs_purpose
from reports.parameters import LONGEST_TEXT, formats_of, read_values
from reports.registry import Document, Format, Kind, Parameter, Values
from residents.models import User
from residents.services.extracts import LONGEST_PURPOSE

FORMAT_LABELS = {
    Format.PDF: gettext_lazy("PDF: to print and to send"),
    Format.HWPX: gettext_lazy("HWPX: to edit in the word processor of the office"),
    Format.XLSX: gettext_lazy("Excel (XLSX): the tables to calculate with"),
    Format.CSV: gettext_lazy("CSV: the table for other programs"),
    Format.VCF: gettext_lazy("vCard (VCF): for address books"),
}
# A parameter may have any name; those of the form's own fields stay apart from it.
PREFIX = "p-"


class OrderForm(forms.Form):
    """Bound to one document and one account."""

    def __init__(self, document: Document, user: User, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self._document, self._user = document, user
        for parameter in document.parameters:
            self.fields[f"{PREFIX}{parameter.name}"] = _field(parameter, user)
        offered = formats_of(document)
        self.fields["format"] = forms.ChoiceField(
            label=_("format"),
            choices=[(one.value, FORMAT_LABELS[one]) for one in offered],
            widget=forms.RadioSelect if len(offered) > 1 else forms.HiddenInput,
            initial=offered[0].value,
        )
        if needs_purpose(document):
            self.fields["purpose"] = forms.CharField(
                label=_("what the file is needed for"),
                max_length=LONGEST_PURPOSE,
                help_text=_("One sentence, without names and numbers of persons. It stands in the access log."),
            )

    def values(self) -> Values:
        """What was chosen, in the types of the document. Raises RuleViolation for what is not of them."""
        given = {
            name.removeprefix(PREFIX): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX) and value not in {None, ""}
        }
        return read_values(self._document, given, self._user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.values()
            except RuleViolation as violation:
                self.add_error(None, violation.text)
        return cleaned


def _field(parameter: Parameter, user: User) -> forms.Field:
    common: dict[str, Any] = {
        "label": parameter.label,
        "required": parameter.required,
        "help_text": parameter.help,
    }
    if parameter.choices is not None:
        choices = parameter.choices(user)
        nothing = _("Please choose") if parameter.required else _("not specified")
        empty = [] if parameter.required and len(choices) == 1 else [("", nothing)]
        return forms.ChoiceField(choices=[*empty, *choices], **common)
    if parameter.kind is Kind.NUMBER:
        return forms.IntegerField(**common)
    if parameter.kind is Kind.DAY:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    return forms.CharField(max_length=LONGEST_TEXT, **common)


def prefilled(document: Document, given: Mapping[str, str]) -> dict[str, str]:
    """Initial values from an address: what the document knows of it, by the names of the form's fields."""
    known = {parameter.name for parameter in document.parameters}
    found = {f"{PREFIX}{name}": value for name, value in given.items() if name in known}
    return {**found, **({"format": given["format"]} if "format" in given else {})}
