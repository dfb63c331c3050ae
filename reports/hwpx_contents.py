"""The contents of an HWPX file: a field of the program's own, which it makes anew with its own page numbers.

Until it does, the entries hold page numbers as the library estimates them, or none where it cannot.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from hwpx import HwpxDocument
from hwpx.layout.pages import estimate_pages
from hwpx.tools.toc_author import add_native_toc, ensure_body_styles_not_collected

from reports.hwpx_shapes import Face, Shapes

DEEPEST = 2
PARAGRAPH = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
INDENT = "\u3000"


def insert_contents(
    doc: HwpxDocument, shapes: Shapes, at: int, headings: Sequence[tuple[Any, int]], *, with_pages: bool
) -> None:
    """Put the contents before the paragraph with index `at`, with every heading down to the second depth."""
    listed = [(heading, depth) for heading, depth in headings if depth <= DEEPEST]
    ensure_body_styles_not_collected(doc)
    title = shapes.paragraph("", Face.CONTENTS_TITLE)
    shape, letters = title.para_pr_id_ref, shapes.letters(Face.CONTENTS_TITLE)
    title.remove()
    add_native_toc(
        doc,
        at_index=at,
        title=_("Contents"),
        level=DEEPEST,
        headings=[heading for heading, _depth in listed],
        dirty=True,
    )
    paragraphs = doc.paragraphs
    head: Any = paragraphs[at].element
    head.set("paraPrIDRef", str(shape))
    head.set("pageBreak", "1")
    head.find(f"{PARAGRAPH}run").set("charPrIDRef", letters)
    entries = paragraphs[at + 1 : at + 1 + len(listed)]
    tabs: list[Any] = []
    for entry, (heading, depth) in zip(entries, listed, strict=True):
        text: Any = entry.element.find(f".//{PARAGRAPH}t")
        text.text = f"{INDENT * (depth - 1)}{heading.text}"
        for run in entry.element.findall(f"{PARAGRAPH}run"):
            run.set("charPrIDRef", shapes.letters(Face.BODY))
        tabs.append(text.find(f"{PARAGRAPH}tab"))
    pages = _pages(doc, [heading for heading, _depth in listed]) if with_pages else [""] * len(listed)
    for tab, page in zip(tabs, pages, strict=True):
        tab.tail = page


def _pages(doc: HwpxDocument, headings: Sequence[Any]) -> list[str]:
    """The page of each heading as an estimate; "" for all where the library cannot tell."""
    estimate = estimate_pages(doc)
    if estimate.pages is None:
        return [""] * len(headings)
    places = {id(paragraph.element): number for number, paragraph in enumerate(doc.paragraphs)}
    found = []
    for heading in headings:
        lines = estimate.lines[places[id(heading.element)]]
        found.append(str(lines[0].page + 1) if lines else "")
    return found
