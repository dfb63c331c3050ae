"""Texts of a document as HTML: escaped, with whole Korean words, notes and links.

No Django templates here: a book has tens of thousands of cells.
"""

import re
from dataclasses import dataclass, field
from html import escape

from reports.content import LINKS, Run, Text
from reports.pdf.korean import WORD_JOINER, keep_words, keep_words_across

# What XML does not know, and joiners of others, which would be taken for ours.
_NOT_PRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2060\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Without signs that cannot be printed; line ends of all systems become one."""
    return _NOT_PRINTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain_html(text: str) -> str:
    """For attributes: bookmarks, running headers, texts for who cannot see a picture."""
    return escape(" ".join(clean(text).split()))


def words(text: str) -> str:
    return _as_html(keep_words(clean(text)))


def _as_html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


@dataclass(slots=True)
class Notes:
    """The author's notes of one chapter, in the order in which they are referred to."""

    chapter: int
    texts: list[str] = field(default_factory=list)

    def refer(self, note: str) -> str:
        self.texts.append(note)
        number = len(self.texts)
        name = f"{self.chapter}-{number}"
        # The number does not go to the next line without its word.
        return f'{WORD_JOINER}<a class="ref" id="ref-{name}" href="#note-{name}">{number})</a>'

    def at_end(self, title: str) -> str:
        """The list of notes; each number leads back to its place."""
        if not self.texts:
            return ""
        lines = "".join(
            f'<li id="note-{self.chapter}-{number}">'
            f'<a class="back" href="#ref-{self.chapter}-{number}">{number})</a> {words(text)}</li>'
            for number, text in enumerate(self.texts, start=1)
        )
        return f'<div class="notes"><p class="notes-title">{words(title)}</p><ul>{lines}</ul></div>'


def text_html(text: Text, notes: Notes) -> str:
    if isinstance(text, str):
        return words(text)
    pieces = keep_words_across([clean(run.text) for run in text])
    return "".join(_run_html(run, piece, notes) for run, piece in zip(text, pieces, strict=True))


def _run_html(run: Run, piece: str, notes: Notes) -> str:
    html = _as_html(piece)
    if run.link.startswith(LINKS):
        html = f'<a href="{escape(clean(run.link))}">{html}</a>'
    if run.bold:
        html = f"<strong>{html}</strong>"
    if run.note:
        html += notes.refer(run.note)
    return html
