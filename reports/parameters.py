"""What is said when a document is ordered: from words into values, and into words again for a job."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import RuleViolation
from reports.registry import Document, Format, Kind, Parameter, Value, Values
from residents.models import User

LONGEST_TEXT = 200
LONGEST_NUMBER = 15


def read_values(document: Document, given: Mapping[str, str], reader: User | None) -> Values:
    """The values of an order, in the types that the document declares; what was left empty is left out.

    Raises RuleViolation (400) with a sentence for what is unknown, missing, not of its kind or not to be chosen.
    """
    known = {parameter.name: parameter for parameter in document.parameters}
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise _wrong(
            _("The document “%(document)s” knows no parameter “%(parameter)s”. It knows: %(known)s.")
            % {
                "document": document.name,
                "parameter": unknown[0],
                "known": ", ".join(known) or pgettext("parameters", "none"),
            }
        )
    values: dict[str, Value] = {}
    for name, parameter in known.items():
        text = given.get(name, "").strip()
        if text:
            values[name] = _read(parameter, text, reader)
        elif parameter.required:
            raise _wrong(
                _("The document “%(document)s” needs the parameter “%(parameter)s”.")
                % {"document": document.name, "parameter": name}
            )
    return values


def _read(parameter: Parameter, text: str, reader: User | None) -> Value:
    value = _typed(parameter, text)
    if parameter.choices is not None and as_word(value) not in {choice for choice, _label in parameter.choices(reader)}:
        raise _wrong(_("“%(name)s” cannot be “%(value)s” here.") % {"name": parameter.name, "value": text[:60]})
    return value


def _typed(parameter: Parameter, text: str) -> Value:
    if parameter.kind is Kind.NUMBER:
        if not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > LONGEST_NUMBER:
            raise _wrong(_("“%(name)s” must be a whole number.") % {"name": parameter.name})
        return int(text)
    if parameter.kind is Kind.DAY:
        return _day(parameter, text)
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise _wrong(_("“%(name)s” is too long or holds signs that cannot be printed.") % {"name": parameter.name})
    return text


def _day(parameter: Parameter, text: str) -> date:
    """Only as it is asked for: 20260131 or the day of a week might be meant otherwise."""
    try:
        day = date.fromisoformat(text)
        if day.isoformat() == text:
            return day
    except ValueError:
        pass
    raise _wrong(_("“%(name)s” must be a day written as 2026-01-31.") % {"name": parameter.name})


def read_format(document: Document, text: str) -> Format:
    """Raises RuleViolation (400) if the document is not made in the format called `text`."""
    offered = formats_of(document)
    for file_format in offered:
        if file_format.value == text:
            return file_format
    raise _wrong(
        _("The document “%(document)s” is not made as “%(format)s”. It is made as: %(offered)s.")
        % {"document": document.name, "format": text[:20], "offered": ", ".join(offered)}
    )


def formats_of(document: Document) -> Sequence[Format]:
    """The formats in which a document is made, in its order."""
    return [*document.formats, *(own for own in document.own if own not in document.formats)]


def as_word(value: Value) -> str:
    """A value as it is written in a form, an address or a job."""
    return value.isoformat() if isinstance(value, date) else str(value)


def as_words(values: Values) -> dict[str, str]:
    return {name: as_word(value) for name, value in sorted(values.items())}


def _wrong(text: str) -> RuleViolation:
    return RuleViolation(text, code="wrong_parameter", status=400)
