"""What the desk's templates ask for."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.templatetags.madang import day_text, moment_text

register = template.Library()

CELL = re.compile(r"^<(td|th)\b")
BOX = re.compile(r"<input\b[^>]*>")
ICON = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"]*" alt="[^"]*">')
ROLES = {"td": "cell", "th": "rowheader"}


@register.simple_tag
def labelled_cells(row: Iterable[str], headers: Iterable[Mapping[str, Any]]) -> SafeString:
    """The cells of a list's row, each with the name of its column and its role.

    On a phone a row is a card: its cells stand below each other with their names, and what is shown as blocks
    keeps its roles only where they are written down. Raises ValueError if row and headers differ in length.
    """
    cells = (_labelled(cell, header) for cell, header in zip(row, headers, strict=True))
    return mark_safe("".join(cells))  # noqa: S308 - Django's own cells, and labels escaped by format_html


def _labelled(cell: str, header: Mapping[str, Any]) -> str:
    found = CELL.match(cell)
    if found is None:
        return cell  # hidden inputs of the first column stand before it
    is_checkbox = "action-checkbox" in (header.get("class_attrib") or "")
    label = "" if is_checkbox else capfirst(str(header["text"]))
    attributes = format_html(' role="{}" data-label="{}"', ROLES[found[1]], label)
    rest = cell[found.end() :]
    if is_checkbox:
        # The whole cell is the target: a finger needs more room than the box.
        rest = BOX.sub(r'<label class="desk-tick">\g<0></label>', rest)
    return f"{found[0]}{attributes}{_in_words(rest)}"


def _in_words(html: str) -> str:
    """Words for Django's small pictures of yes and no, whose names are English whatever the language."""
    words = {"yes": _("Yes"), "no": _("No"), "unknown": "–"}
    return ICON.sub(lambda icon: words[icon[1]], html)


@register.filter
def icons_in_words(contents: str) -> str:
    """What a form only shows, with words in the place of pictures; safe text stays safe, other text escaped."""
    return mark_safe(_in_words(conditional_escape(contents)))  # noqa: S308 - escaped right here


@register.filter
def deadline_text(until: datetime) -> str:
    """The last moment of a half-open deadline: the day before where it ends at midnight, else day and time."""
    if timezone.localtime(until).strftime("%H:%M") == "00:00":
        return day_text(until - timedelta(microseconds=1))
    return moment_text(until)
