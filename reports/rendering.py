"""One content, several formats: a `Report` becomes a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from reports.content import Report
from reports.pdf import Print
from reports.pdf.fonts import MORE_HANJA
from reports.pdf.missing import GETA
from reports.printable import printable
from reports.registry import Format

Tell = Callable[[int, str], None]
# So many signs that could not be printed are named one by one.
NAMED = 10

CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.HWPX: "application/hwp+zip",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.VCF: "text/vcard; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written.

    pages: None where the program that opens the file makes the pages. missing: signs that could not be printed.
    """

    pages: int | None
    content_type: str
    missing: tuple[str, ...] = ()


def render(report: Report, file_format: Format, target: Path, tell: Tell) -> Rendered:
    """Write `report` to `target` and say meanwhile how far it is (0–100).

    Raises RuleViolation where the content does not fit the format, or the machine lacks what the format needs.
    """
    tell(0, _("Setting the document"))
    if file_format not in _WRITERS:
        raise RuleViolation(
            _("This document cannot be made as %(format)s.") % {"format": file_format.value.upper()},
            code="unknown_format",
        )
    printed = _WRITERS[file_format](printable(report), target, tell)
    tell(100, "")
    content_type = CONTENT_TYPES[file_format]
    return Rendered(printed.pages, content_type, printed.missing) if printed else Rendered(None, content_type)


def about_missing(signs: tuple[str, ...]) -> str:
    """A sentence about signs that could not be printed, for who ordered the file; "" without any."""
    if not signs:
        return ""
    listed = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in signs[:NAMED]) + (" …" if len(signs) > NAMED else "")
    return _(
        "The fonts of this server cannot print %(signs)s; the sign %(instead)s stands there instead. "
        "The administrator can install more hanja with: apt-get install %(package)s"
    ) % {"signs": listed, "instead": GETA, "package": MORE_HANJA}


# Each format's library is large and is loaded only by who needs it.


def _pdf(report: Report, target: Path, tell: Tell) -> Print:
    from reports.pdf import render_pdf  # noqa: PLC0415 - as said above

    return render_pdf(report, target, tell)


def _hwpx(report: Report, target: Path, tell: Tell) -> None:
    from reports.hwpx import write_hwpx  # noqa: PLC0415 - as said above

    write_hwpx(report, target, tell)


def _xlsx(report: Report, target: Path, tell: Tell) -> None:
    from reports.sheets import write_xlsx  # noqa: PLC0415 - as said above

    write_xlsx(report, target, tell)


def _csv(report: Report, target: Path, _tell: Tell) -> None:
    from reports.sheets import write_csv  # noqa: PLC0415 - as said above

    write_csv(report, target)


_WRITERS: dict[Format, Callable[[Report, Path, Tell], Print | None]] = {
    Format.PDF: _pdf,
    Format.HWPX: _hwpx,
    Format.XLSX: _xlsx,
    Format.CSV: _csv,
}
