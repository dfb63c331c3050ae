"""Builds one order into a file, for a job and for the command alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.content import Report
from reports.fingerprints import fingerprint_of, fingerprint_of_bytes
from reports.registry import Document, Format, Order
from reports.rendering import CONTENT_TYPES, Rendered, render

# Signs that some system takes for a part of an address or a command.
NOT_IN_FILE_NAMES = '\\/:*?"<>|;%'
# A syllable takes three bytes, and a name of more than 255 is refused by most file systems.
LONGEST_FILE_NAME = 80
# Percent of the whole that putting the content together takes.
CONTENT = 30

Tell = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is made of: a report, or the bytes of an app that writes the format itself.

    rows: how many rows of tables it holds, for logs that say how much data went out.
    """

    fingerprint: str
    rows: int
    report: Report | None = None
    made: bytes = b""


def gather(document: Document, file_format: Format, order: Order, tell: Tell) -> Content:
    """Put the content together. Raises RuleViolation where there is nothing to print."""
    tell(0, _("Gathering the content"))
    telling = replace(order, tell=lambda percent, step: tell(percent * CONTENT // 100, step))
    with override(order.language):
        if file_format in document.own:
            made = document.own[file_format](telling)
            rows = max(made.count(b"BEGIN:VCARD"), 1)
            return Content(fingerprint_of_bytes(made, file_format, document.name), rows, made=made)
        report = document.build(telling)
    rows = sum(len(table.rows) for table in report.tables())
    return Content(fingerprint_of(report, file_format), max(rows, 1), report=report)


def write(content: Content, file_format: Format, target: Path, tell: Tell) -> Rendered:
    """Write the file. Raises RuleViolation where the content does not fit the format."""
    tell(CONTENT, _("Making the file"))
    if content.report is None:
        target.write_bytes(content.made)
        return Rendered(pages=None, content_type=CONTENT_TYPES[file_format])
    with override(content.report.language):
        return render(
            content.report,
            file_format,
            target,
            lambda percent, step: tell(CONTENT + percent * (100 - CONTENT) // 100, step),
        )


def file_name(document: Document, order: Order, file_format: Format) -> str:
    """The name under which the file is handed out."""
    with override(order.language):
        name = document.file_name(order) if document.file_name else str(document.title)
    # What cannot be seen, as the sign that turns the direction of a text, would make the ending look like another one.
    seen = "".join(sign if sign.isprintable() and sign not in NOT_IN_FILE_NAMES else " " for sign in name)
    plain = " ".join(seen.split())[:LONGEST_FILE_NAME].strip(". ")
    return f"{plain or document.name}.{file_format.value}"
