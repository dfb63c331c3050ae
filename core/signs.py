"""Signs that no file, calendar or list can hold, taken out where texts come in.

Texts come from forms, sheets and other programs. XML knows no control characters and UTF-8 no halves of signs, so that
one such letter in a name would keep a whole book from being made, and a calendar from being read.
"""

import re

from django.db import models

# Line ends of all systems, and those that word processors and the web leave in texts that are pasted.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")


def printable_text(text: str) -> str:
    """The text with one kind of line end and without what cannot be printed."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The same on a single line."""
    return " ".join(printable_text(text).split())


def clean_texts(row: models.Model) -> None:
    """Take out of the texts of a row what cannot be printed, before it is checked and saved.

    What stands in a field of one line stays on one. Line ends as browsers send them are left as they are.
    """
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if not isinstance(value, str) or field.choices:
            continue
        if isinstance(field, models.CharField) and len(printable_text(value).splitlines()) > 1:
            setattr(row, field.attname, one_line(value))
        elif isinstance(field, models.CharField | models.TextField):
            text = printable_text(value)
            if text != value.replace("\r\n", "\n"):
                setattr(row, field.attname, text)
