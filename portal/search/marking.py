"""Where the words of a search stand in a text, and the stretch of it worth showing. Pure.

Texts come back in pieces, so that the page escapes and marks them: no markup is made here.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.search.words import NO_SIGN, Word

LONGEST_SNIPPET = 120
BEFORE_HIT = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is a hit or is not."""

    text: str
    hit: bool


def marked(text: str, words: Iterable[Word]) -> list[Piece]:
    """`text` in pieces: where a word stands as typed, else where its stem does."""
    text = unicodedata.normalize("NFC", text)
    return _pieces(text, _hits(text, words))


def snippet(texts: Sequence[str], words: Sequence[Word]) -> list[Piece]:
    """About 120 signs of the first of `texts` in which a word stands, else of the first that is not empty.

    Cut at spaces, with … where something is left out.
    """
    composed = [unicodedata.normalize("NFC", " ".join(text.split())) for text in texts if text.strip()]
    for text in composed:
        hits = _hits(text, words)
        if hits:
            return _cut(text, hits)
    return _cut(composed[0], set()) if composed else []


def _hits(text: str, words: Iterable[Word]) -> set[int]:
    """Places of the signs in `text` that belong to a hit."""
    signs: list[str] = []
    places: list[int] = []
    begins_word: list[bool] = []
    new_word = True
    for place, sign in enumerate(text):
        for one in unicodedata.normalize("NFKC", sign).lower():
            if NO_SIGN.match(one):
                new_word = True
                continue
            signs.append(one)
            places.append(place)
            begins_word.append(new_word)
            new_word = False
    solid = "".join(signs)
    found: set[int] = set()
    for word in words:
        for wanted in dict.fromkeys((word.typed_text, word.text)):
            spans = list(_spans(solid, begins_word, wanted))
            for start, end in spans:
                found.update(range(places[start], places[end - 1] + 1))
            if spans:
                break
    return found


def _spans(solid: str, begins_word: list[bool], wanted: str) -> Iterable[tuple[int, int]]:
    start = solid.find(wanted) if wanted else -1
    while start >= 0:
        # Two signs must stand in one word, as everywhere in the search.
        if len(wanted) != 2 or not begins_word[start + 1]:
            yield start, start + len(wanted)
        start = solid.find(wanted, start + 1)


def _pieces(text: str, hits: set[int]) -> list[Piece]:
    return [
        Piece("".join(text[place] for place in run), hit)
        for hit, run in groupby(range(len(text)), key=lambda place: place in hits)
    ]


def _cut(text: str, hits: set[int]) -> list[Piece]:
    if len(text) <= LONGEST_SNIPPET:
        return _pieces(text, hits)
    start = max(0, min(hits, default=0) - BEFORE_HIT)
    start = min(start, len(text) - LONGEST_SNIPPET)
    if start:
        space = text.find(" ", start, min(hits, default=start))
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + LONGEST_SNIPPET)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > max(start, max((hit for hit in hits if hit < end), default=start)) else end
    shown = _pieces(text[start:end], {hit - start for hit in hits if start <= hit < end})
    before = [Piece("… ", hit=False)] if start else []
    after = [Piece(" …", hit=False)] if end < len(text) else []
    return [*before, *shown, *after]
