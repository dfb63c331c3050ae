"""Facts that can go into the fields of an office's form, and the pages on which it says which goes where."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.forms_filling import LONGEST_VALUE
from reports.models import Certificate, OfficeForm

# Name of a fact → what an official calls it.
FACTS: dict[str, Promise] = {
    "holder_name": gettext_lazy("name of the holder"),
    "title": gettext_lazy("title of the certificate"),
    "serial": gettext_lazy("serial number"),
    "code": gettext_lazy("code to verify"),
    "statement": gettext_lazy("what is certified"),
    "issued_on": gettext_lazy("issued on"),
    "issued_by": gettext_lazy("issued by"),
}


def offer(facts: Mapping[str, Promise]) -> None:
    """Let an app above put facts of its own things into forms of offices. Raises ValueError for a taken name."""
    if taken := FACTS.keys() & facts.keys():
        raise ValueError(f"known already: {', '.join(sorted(taken))}")
    FACTS.update(facts)


LONG = 40  # signs: what is longer gets a field of several lines


def facts_of(certificate: Certificate) -> dict[str, str]:
    """The facts of a certificate by their names."""
    return {
        "holder_name": certificate.holder_name,
        "title": certificate.title,
        "serial": certificate.serial,
        "code": certificate.printed_code,
        "statement": certificate.statement,
        "issued_on": date_format(certificate.issued_on, "DATE_FORMAT"),
        "issued_by": certificate.issued_by,
    }


def by_field(form: OfficeForm, data: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen or written, by the names of the office's fields; empty ones are left out."""
    values = {field["name"]: str(data[f"field-{number}"]) for number, field in enumerate(form.fields)}
    return {name: value for name, value in values.items() if value}


class _FieldsForm(forms.Form):
    """One input for each field of an office's form; its fields may be called anything, so inputs have numbers."""

    def __init__(self, form: OfficeForm, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for number, field in enumerate(form.fields):
            name, label = field["name"], field.get("label", "")
            key = f"field-{number}"
            self.fields[key] = self.input_of(form, name)
            self.fields[key].label = f"{name} ({label})" if label and label != name else name

    def input_of(self, form: OfficeForm, name: str) -> forms.Field:
        raise NotImplementedError


class MappingForm(_FieldsForm):
    """Which fact goes into which field."""

    def input_of(self, form: OfficeForm, name: str) -> forms.Field:
        known = form.mapping.get(name, "")
        # What another part of the system was told to put there stays as it is until somebody chooses anew.
        others = [(known, known)] if known and known not in FACTS else []
        choices = [("", _("written by hand")), *((fact, label) for fact, label in FACTS.items()), *others]
        return forms.ChoiceField(choices=choices, required=False, initial=known)


class FillingForm(_FieldsForm):
    """What stands in the fields; facts that are known stand there already."""

    def __init__(
        self, form: OfficeForm, known: Mapping[str, str] | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        self._known = known or {}
        super().__init__(form, data)

    def input_of(self, form: OfficeForm, name: str) -> forms.Field:
        text = self._known.get(form.mapping.get(name, ""), "")
        widget = forms.Textarea(attrs={"rows": 3}) if len(text) > LONG else forms.TextInput()
        return forms.CharField(max_length=LONGEST_VALUE, required=False, initial=text, widget=widget)
