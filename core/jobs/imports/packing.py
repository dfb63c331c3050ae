"""Values of rows as they lie in the database: plain JSON, and back without loss. Pure."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.jobs.imports.importers import Reference, Value

PLAIN = frozenset({str, int, bool, type(None)})


def pack(value: Value) -> Any:
    """Texts, whole numbers, truth values and None as they are; everything else with its type before it."""
    kind = value.__class__
    if kind in PLAIN:
        return value
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    if isinstance(value, Reference):
        return ["r", value.code, value.text]
    return value


def unpack(packed: Any) -> Value:
    """The reverse of `pack`."""
    if not isinstance(packed, list):
        value: Value = packed
        return value
    kind, text = packed[0], packed[1]
    if kind == "t":
        return datetime.fromisoformat(text)
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "n":
        return Decimal(text)
    return Reference(text, packed[2])
