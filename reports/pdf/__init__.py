"""A `Report` as PDF, set by WeasyPrint."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports.content import Report


@dataclass(frozen=True, slots=True)
class Print:
    """What was printed. missing: the signs that no font of this machine has, in whose place 〓 stands."""

    pages: int
    missing: tuple[str, ...] = ()


def render_pdf(report: Report, target: Path, tell: Callable[[int, str], None]) -> Print:
    """Write `report` to `target` as PDF; see `reports.pdf.render`.

    The libraries are large and need Pango: they are loaded by who prints.
    """
    from reports.pdf import render  # noqa: PLC0415 - as said above

    return render.render_pdf(report, target, tell)
