"""A report whose every text can stand in a file of any format. Pure."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from core.signs import printable_text
from reports.content import Attachment, Report

# An attachment's file is found by its path, whatever letters it holds.
_KEPT = ("path", "sha256")


def printable(report: Report) -> Report:
    """The report with the signs taken out that no file can hold, and one kind of line end.

    The same object where nothing was to be done.
    """
    cleaned: Report = _cleaned(report)
    return cleaned


def _cleaned(value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        cleaned = printable_text(value)
        return value if cleaned == value else cleaned
    if isinstance(value, tuple):
        parts = tuple(_cleaned(part) for part in value)
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    if is_dataclass(value) and not isinstance(value, type):
        kept = _KEPT if isinstance(value, Attachment) else ()
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = old if field.name in kept else _cleaned(old)
            if new is not old:
                changed[field.name] = new
        return replace(value, **changed) if changed else value
    return value
