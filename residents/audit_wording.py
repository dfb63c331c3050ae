"""What stands in an audit entry, in words: names of details, of fields, of values that are known."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DETAILS = {
    "added": gettext_lazy("added"),
    "ballots": gettext_lazy("ballots"),
    "before": gettext_lazy("before"),
    "changed": gettext_lazy("what was changed"),
    "document": gettext_lazy("document seen"),
    "early": gettext_lazy("before its time"),
    "entries": gettext_lazy("number of entries"),
    "fields": gettext_lazy("what was changed"),
    "filters": gettext_lazy("chosen by"),
    "from": gettext_lazy("made from"),
    "invalid": gettext_lazy("invalid ballots"),
    "items": gettext_lazy("items on the ballot"),
    "not_the_same_person": gettext_lazy("why this is not the same person"),
    "participated": gettext_lazy("people who took part"),
    "purpose": gettext_lazy("purpose"),
    "reason": gettext_lazy("reason"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("Rows"),
    "since": gettext_lazy("since"),
    "total": gettext_lazy("all together"),
    "type": gettext_lazy("type"),
    "version": gettext_lazy("version"),
    "versions": gettext_lazy("versions"),
}


def kind_of_thing(label: str) -> str:
    """What things with this model label are called; the label itself if there is no such model any more."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def details_in_words(details: Mapping[str, Any], target_type: str) -> list[tuple[str, str]]:
    """(name, value) of each detail; what nobody named stays as it was written down."""
    return [
        (capfirst(str(DETAILS.get(name) or _field_name(name, target_type))), _value(name, value, target_type))
        for name, value in details.items()
    ]


def _value(name: str, value: Any, target_type: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value(key, one, target_type)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        names_fields = name in {"changed", "fields"}
        return ", ".join(_field_name(str(one), target_type) if names_fields else str(one) for one in value)
    return _label(name, value, target_type)


def _field(name: str, target_type: str) -> Any:
    try:
        return apps.get_model(target_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _field_name(name: str, target_type: str) -> str:
    return str(getattr(_field(name, target_type), "verbose_name", name))


def _label(name: str, value: Any, target_type: str) -> str:
    """The value as its field calls it, where it is one of its choices."""
    choices = dict(getattr(_field(name, target_type), "flatchoices", ()))
    return str(choices.get(value, value))
