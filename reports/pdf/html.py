"""A `Report` as one HTML page, which the style sheets of `static/print/` set as a book, paper, directory or letter."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reports.content import Attachment, Block, Paragraph, Report, Section, Signatures, Style, Tone, plain
from reports.pdf.blocks import Place, Press, fact_rows
from reports.pdf.korean import WORD_JOINER
from reports.pdf.words import Notes, plain_html, words

DEEPEST_IN_CONTENTS = 2
DEEPEST_HEADING = 6
LONGEST_END = 9  # signs of the last two words of a title that stay together
# Signs of a running header, so that there is room for two. WeasyPrint tries every break of a wide one, on every page
# and in squared time.
LONGEST_RUNNING = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """The page, the pictures that it names by address, and the room kept for pages of others."""

    html: str
    pictures: dict[str, bytes]
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents. level: from 1."""

    level: int
    target: str
    title: SafeString
    author: SafeString


def _safe(html: str) -> SafeString:
    """Of this package only: every text in it has been escaped by `reports.pdf.words`."""
    return mark_safe(html)  # noqa: S308 - as said above


def _running(text: str) -> str:
    """What stands in the header of every page, for an attribute; a long one ends in an ellipsis."""
    line = " ".join(text.split())
    return plain_html(line if len(line) <= LONGEST_RUNNING else f"{line[: LONGEST_RUNNING - 1].rstrip()}…")


def _without_short_end(html: str) -> str:
    """A title whose short last word takes the one before it along to a new line."""
    before, _space, last = html.rpartition(" ")
    start, space, previous = before.rpartition(" ")
    together = f"{previous} {last}"
    signs = len(together.replace(WORD_JOINER, ""))
    # Escaped signs and line ends are left alone, and so is a title of two words.
    if not space or signs > LONGEST_END or "<" in together or "&" in together:
        return html
    return f'{start} <span class="together">{together}</span>'


def to_html(report: Report, lengths: tuple[int, ...] = ()) -> Printed:
    """lengths: pages of each foreign PDF in the order of the document; as the attachments say where it is empty."""
    with translation.override(report.language):
        press = Press(lengths, report.style)
        setter = _Setter(report, press)
        body = "".join(setter.chapter(section, number) for number, section in enumerate(report.sections, start=1))
        context = {
            "report": report,
            "head": {
                "title": _safe(plain_html(report.title)),
                "author": _safe(plain_html(report.publisher)),
                "about": _safe(plain_html(report.subtitle)),
                "keywords": _safe(plain_html(", ".join(report.keywords))),
            },
            "running": _safe(_running(report.running or report.title)),
            "title": _safe(_without_short_end(words(report.title))),
            "subtitle": _safe(words(report.subtitle)),
            "publisher": _safe(words(report.publisher)),
            "serial": _safe(words(report.serial)),
            "issued_on": date_format(report.issued_on, "DATE_FORMAT") if report.issued_on else "",
            "above": [_safe(words(line)) for line in report.cover.above] if report.cover else [],
            "below": [_safe(words(line)) for line in report.cover.below] if report.cover else [],
            "imprint": _safe(fact_rows(report.imprint, Notes(0))),
            "entries": list(_entries(report)) if report.contents else [],
            "contents_title": _safe(words(_("Table of contents"))),
            "contents_label": _safe(plain_html(_("Table of contents"))),
            "body": _safe(body),
            "is_signed": setter.is_signed,
        }
        html = render_to_string("reports/print/document.html", context)
    return Printed(html, press.pictures, press.places)


def _signs(block: Block, report: Report) -> bool:
    """Whether the text itself ends with who issued it: then that is not printed once more below it."""
    if isinstance(block, Paragraph) and report.publisher:
        return block.tone is Tone.CENTRED and plain(block.text).startswith(report.publisher)
    return isinstance(block, Signatures)


class _Setter:
    """Chapters and their parts, one after another."""

    def __init__(self, report: Report, press: Press) -> None:
        self.report = report
        self.press = press
        # Where the title stands above the text and not on a cover, it is the first heading.
        self.top = 1 if report.cover or report.style is Style.LETTERS else 2
        self.sections = 0
        self.is_signed = any(_signs(block, report) for block in report.blocks())

    def chapter(self, section: Section, number: int) -> str:
        notes = Notes(number)
        inner = self._section(section, notes, depth=1)
        kind = "chapter of-materials" if _is_of_materials(section) else "chapter"
        return f'<section class="{kind}">{inner}{notes.at_end(_("Notes of this chapter"))}</section>'

    def _section(self, section: Section, notes: Notes, depth: int) -> str:
        self.sections += 1
        parts = []
        if section.title:
            level = min(self.top + depth - 1, DEEPEST_HEADING)
            running = f' data-running="{_running(section.short or section.title)}"' if depth == 1 else ""
            parts.append(
                f'<h{level} id="section-{self.sections}" class="depth{depth}" data-label="{plain_html(section.title)}"'
                f"{running}>{words(section.title)}</h{level}>"
            )
        if _is_of_materials(section):
            parts.append(self._listed(section))
        self.press.columns = section.columns
        blocks = [self.press.block(block, notes, self.top + depth - 1) for block in section.blocks]
        if section.columns > 1:
            parts.append(f'<div class="columns" style="column-count:{section.columns}">{"".join(blocks)}</div>')
        else:
            parts += blocks
        parts += [self._section(part, notes, depth + 1) for part in section.parts]
        return "".join(parts)

    def _listed(self, section: Section) -> str:
        """The materials of a chapter that holds nothing else, below its title."""
        before = len(self.press.places)
        lines = []
        for number, block in enumerate(section.blocks, start=before + 1):
            if isinstance(block, Attachment):
                author = f'<span class="author">{words(block.author)}</span>' if block.author else ""
                lines.append(f'<li><a href="#material-{number}-1">{words(block.title)}</a>{author}</li>')
        return f'<ul class="listed">{"".join(lines)}</ul>'


def _is_of_materials(section: Section) -> bool:
    return bool(section.blocks) and all(isinstance(block, Attachment) for block in section.blocks)


def _entries(report: Report) -> Iterator[Entry]:
    """The lines of the contents: sections of two levels, and every material."""
    materials = 0
    for number, (depth, section) in enumerate(report.all_sections(), start=1):
        if section.title and section.in_contents and depth <= DEEPEST_IN_CONTENTS:
            yield Entry(depth, f"section-{number}", _safe(words(section.title)), _safe(""))
        for block in section.blocks:
            if isinstance(block, Attachment):
                materials += 1
                yield Entry(
                    min(depth + 1, DEEPEST_IN_CONTENTS),
                    f"material-{materials}-1",
                    _safe(words(block.title)),
                    _safe(words(block.author)),
                )


def style_sheets(style: Style) -> tuple[str, ...]:
    """Names of the style sheets of a style, in their order."""
    if style is Style.LETTERS:
        return ("base.css", f"{Style.LETTER}.css", f"{style}.css")
    return ("base.css", f"{style}.css")
