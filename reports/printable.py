"""A report whose every text can stand in a file of any format. Pure.

Texts come from forms, sheets and other programs. XML knows no control characters and UTF-8 no halves of signs, so that
one such letter in a name would keep a whole book from being made.
"""

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from reports.content import Attachment, Report

# Line ends of all systems, and those that word processors and the web leave in texts that are pasted.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
# An attachment's file is found by its path, whatever letters it holds.
_KEPT = ("path", "sha256")


def printable(report: Report) -> Report:
    """The report with the signs taken out that no file can hold, and one kind of line end.

    The same object where nothing was to be done.
    """
    cleaned: Report = _cleaned(report)
    return cleaned


def printable_text(text: str) -> str:
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


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
