"""Texts with articles (bylaws, ordinances): read from one text, and two versions beside each other. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"\s+|[^\s]+")
# korean: the number of an article, 제5조의2 as laws print it
NUMBER = r"제\s*(?P<number>\d+)\s*(?:조(?:\s*의\s*(?P<part>\d+))?|의\s*(?P<inner>\d+)\s*조)"  # korean: as above
HEADING = re.compile(rf"^(?:{NUMBER}|(?P<name>부칙))\s*(?P<title>.*)$")  # korean: articles and supplements
EXAMPLE = "제1조 목적"  # korean: a heading as such texts have it


class UnreadableArticlesError(ValueError):
    """A text that does not fall into articles. `code`: "no_heading" (it begins without one), "none" or "empty".

    `numbers` are the articles without a text.
    """

    def __init__(self, code: str, numbers: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.numbers = tuple(numbers)


class Change(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Article:
    number: str
    title: str
    text: str


def read_articles(text: str) -> list[Article]:
    """The articles in a text whose headings stand in lines of their own. Raises UnreadableArticlesError."""
    articles: list[tuple[str, str, list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        heading = HEADING.match(line.strip())
        if heading:
            part = heading["part"] or heading["inner"]
            branch = f"{heading['number']}의{part}"  # korean: as above
            number = branch if part else heading["number"] or heading["name"]
            articles.append((number, heading["title"].strip(" ()") or number, []))
        elif articles:
            articles[-1][2].append(line)
        elif line.strip():
            raise UnreadableArticlesError("no_heading")
    if not articles:
        raise UnreadableArticlesError("none")
    empty = [number for number, _title, lines in articles if not "".join(lines).strip()]
    if empty:
        raise UnreadableArticlesError("empty", empty)
    return [Article(number, title, "\n".join(lines).strip()) for number, title, lines in articles]


def write_articles(articles: Iterable[Article]) -> str:
    """The articles as one text, as `read_articles` reads it."""
    return "\n\n".join(
        f"{heading_of(one.number, one.title) if one.number[0].isdigit() else f'{one.number} {one.title}'}\n{one.text}"
        for one in articles
    )


def heading_of(number: str, title: str) -> str:
    """The number as laws print it (제5조의2), and the title; what has no number stands by its title."""
    if not number[:1].isdigit():
        return title
    whole, _between, part = number.partition("의")  # korean: as laws do
    return f"제{whole}조의{part} {title}" if part else f"제{whole}조 {title}"  # korean: as above


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in both versions (SAME), only in the earlier (REMOVED) or only in the later (ADDED)."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One article in both versions; `pieces` hold its text in the order of reading."""

    change: Change
    number: str
    title_before: str
    title_after: str
    pieces: tuple[Piece, ...]

    @property
    def heading(self) -> str:
        """The number as laws print it, and the later title, or the earlier one of what was taken out."""
        return heading_of(self.number, self.title_after or self.title_before)


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both: without the pieces ADDED they are `before`, without those REMOVED `after`, sign by sign."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece(Change.REMOVED, "".join(old[i:j])))
        if k < m:
            pieces.append(Piece(Change.ADDED, "".join(new[k:m])))
    return tuple(pieces)


def _in_order(before: Sequence[Article], after: Sequence[Article]) -> Iterable[str]:
    """Numbers of all articles: those of the later version, what was removed standing after its predecessor."""
    old = [article.number for article in before]
    order = [article.number for article in after]
    for place, number in enumerate(old):
        if number in order:
            continue
        known = [order.index(earlier) for earlier in old[:place] if earlier in order]
        order.insert(known[-1] + 1 if known else 0, number)
    return order


def compare_versions(before: Sequence[Article], after: Sequence[Article]) -> list[Compared]:
    """Every article of either version, in order. Raises ValueError if a version has an article number twice."""
    old = {article.number: article for article in before}
    new = {article.number: article for article in after}
    if len(old) != len(before) or len(new) != len(after):
        raise ValueError("an article stands twice")
    compared = []
    for number in _in_order(before, after):
        earlier, later = old.get(number), new.get(number)
        pieces = compare_words(earlier.text if earlier else "", later.text if later else "")
        if earlier is None:
            change = Change.ADDED
        elif later is None:
            change = Change.REMOVED
        else:
            change = Change.SAME if earlier == later else Change.CHANGED
        compared.append(
            Compared(change, number, earlier.title if earlier else "", later.title if later else "", pieces)
        )
    return compared
