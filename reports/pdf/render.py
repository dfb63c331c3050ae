"""From a `Report` to a PDF file: HTML, then WeasyPrint, then the pages of others."""

import functools
import gc
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from reports.content import Report
from reports.pdf import Print
from reports.pdf.append import Materials
from reports.pdf.fonts import require_fonts
from reports.pdf.html import Printed, style_sheets, to_html
from reports.pdf.missing import GETA, without_glyph

Tell = Callable[[int, str], None]

FOLDER = Path(settings.BASE_DIR) / "static" / "print"
UNIVERSAL_ACCESS = "pdf/ua-1"
_PAGE = re.compile(r"Page (\d+)")


def render_pdf(report: Report, target: Path, tell: Tell) -> Print:
    """Write `report` to `target` as PDF.

    tell: is told the percent done and the step in words; what it raises stops the work, and nothing is written.
    Documents without pages of others are tagged (PDF/UA-1). The same content gives the same bytes.
    Raises RuleViolation if the machine lacks Pango or the font, or a picture or an appended PDF cannot be used.
    """
    fonts = require_fonts()
    with translation.override(report.language), Materials.of(report) as materials, _old_things_left_alone():
        tell(0, _("Setting the text"))
        printed = to_html(report, materials.lengths)
        with without_glyph() as missing:
            pages = _written(printed, laid_out(printed, report, fonts, tell), materials, target, tell)
        if missing:
            # A document for universal access has no empty boxes: the sign of the printers for a missing letter stands
            # there instead, and who ordered it is told. Which signs are missing shows only when the pages are drawn.
            target.unlink()
            printed = replace(printed, html=printed.html.translate(dict.fromkeys(map(ord, missing), GETA)))
            pages = _written(printed, laid_out(printed, report, fonts, tell), materials, target, tell)
        tell(100, "")
    return Print(pages, tuple(sorted(missing)))


@contextmanager
def _old_things_left_alone() -> Iterator[None]:
    """The boxes of a book make the collector look for garbage often; it need not look through the whole program too."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _written(printed: Printed, document: Any, materials: Materials, target: Path, tell: Tell) -> int:
    """Draw the pages of a document and write them; their number."""
    tell(75, _("Drawing the pages"))
    options = pdf_options(printed)
    if printed.places:
        materials.write(document, printed.places, target, options, tell)
    else:
        document.write_pdf(target, **options)
    return len(document.pages)


def laid_out(printed: Printed, report: Report, fonts: Any, tell: Tell) -> Any:
    """The pages of the HTML as WeasyPrint's `Document`, drawn by nobody yet."""
    # Loaded here, for it needs Pango, which may be missing where nothing is printed. It has no types.
    weasyprint: Any = import_module("weasyprint")
    sheets = [
        weasyprint.CSS(string=(FOLDER / name).read_text(encoding="utf-8"), url_fetcher=_shelf({}))
        for name in style_sheets(report.style)
    ]
    html = weasyprint.HTML(string=printed.html, url_fetcher=_shelf(printed.pictures))
    with _watcher().telling(tell):
        return html.render(stylesheets=sheets, font_config=fonts)


def pdf_options(printed: Printed) -> dict[str, Any]:
    """The identifier follows the content, so that the same content is the same file."""
    digest = hashlib.sha256(printed.html.encode())
    for data in printed.pictures.values():
        digest.update(data)
    options: dict[str, Any] = {"pdf_identifier": digest.hexdigest()[:32].encode(), "pdf_tags": True}
    return options if printed.places else options | {"pdf_variant": UNIVERSAL_ACCESS}


def _shelf(pictures: dict[str, bytes]) -> Any:
    """What hands out the pictures of the document and nothing else: no file, no network."""
    urls: Any = import_module("weasyprint.urls")

    class Shelf(urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            del headers
            if url not in pictures:
                raise urls.FatalURLFetchingError("A document asked for something that it does not hold.")
            return urls.URLFetcherResponse(url, pictures[url])

    return Shelf()


class _Watcher(logging.Handler):
    """Hears WeasyPrint say which page it lays out, and tells it on to who waits for it in the same thread."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.local()

    @contextmanager
    def telling(self, tell: Tell) -> Iterator[None]:
        self.waiting.tell, self.waiting.furthest = tell, 0
        try:
            yield
        finally:
            self.waiting.tell = None

    def emit(self, record: logging.LogRecord) -> None:
        tell: Tell | None = getattr(self.waiting, "tell", None)
        found = _PAGE.search(record.getMessage()) if tell else None
        if tell and found:
            page = int(found.group(1))
            # How many pages there will be is not known, and they are laid out anew until the contents are right.
            self.waiting.furthest = max(self.waiting.furthest, page)
            percent = 5 + int(65 * self.waiting.furthest / (self.waiting.furthest + 40))
            tell(percent, _("Laying out page %(number)s") % {"number": page})


@functools.cache
def _watcher() -> _Watcher:
    """One for the process: WeasyPrint has one logger. Its lines are for us and not for the log."""
    logger = logging.getLogger("weasyprint.progress")
    watcher = _Watcher()
    logger.addHandler(watcher)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return watcher
