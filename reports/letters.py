"""The draft of an official letter, to copy into the administration's own system. Pure.

Source: enforcement rule of the regulation on administrative work, articles 2 and 4, and the handbook on it: the first
item begins at the left edge, each deeper one two signs further in; a single item has no sign; attachments stand below
the body; after the last word come two blanks and the word that ends the letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.numbering import DEPTHS, marker

INDENT = "  "
# korean: the words of the form itself, the same in every letter
RELATED, ATTACHED, ENDS = "관련", "붙임", "끝."  # korean: the form's words
RECIPIENT, THROUGH, SUBJECT = "수신", "(경유)", "제목"  # korean: the form's words


@dataclass(frozen=True, slots=True)
class Point:
    """One item of the body with what stands below it."""

    text: str
    below: tuple["Point", ...] = ()


class UnfitLetter(ValueError):  # noqa: N818 - the house's word for it
    """`reason` is "empty" without a body, "too_deep" or "too_many" where the order of signs ends."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def points_of(text: str) -> tuple[Point, ...]:
    """What somebody typed, a line for each item, two blanks or a tab further in for each depth.

    Signs that number an item already stay part of its text. Raises UnfitLetter if it is deeper than eight.
    """
    lines = [(_depth(line), line.strip()) for line in text.expandtabs(2).splitlines() if line.strip()]
    return _nested(lines, 0)[0]


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // len(INDENT)


def _nested(lines: Sequence[tuple[int, str]], depth: int) -> tuple[tuple[Point, ...], Sequence[tuple[int, str]]]:
    """The items at `depth` at the beginning of `lines`, and the lines after them."""
    if depth >= DEPTHS:
        raise UnfitLetter("too_deep")
    points: list[Point] = []
    rest = lines
    while rest and rest[0][0] >= depth:
        text, rest = rest[0][1], rest[1:]
        below, rest = _nested(rest, depth + 1) if rest and rest[0][0] > depth else ((), rest)
        points.append(Point(text, below))
    return tuple(points), rest


def draft_letter(
    relation: Sequence[str],
    body: Sequence[Point | str],
    attachments: Sequence[str] = (),
    *,
    recipient: str = "",
    subject: str = "",
) -> str:
    """The letter as text: what it relates to, the numbered body, attachments, and the end.

    relation: letters or decisions that it follows; they are the first item. recipient and subject are left out where
    they are "". Raises UnfitLetter without a body, or where more items stand beside each other than there are signs.
    """
    points = [Point(point) if isinstance(point, str) else point for point in body]
    points = [point for point in points if point.text.strip()]
    if not points:
        raise UnfitLetter("empty")
    related = [line.strip() for line in relation if line.strip()]
    if len(related) == 1:
        points.insert(0, Point(f"{RELATED}: {related[0]}"))
    elif related:
        points.insert(0, Point(RELATED, tuple(Point(line) for line in related)))
    lines = _heading(recipient, subject) + _numbered(points, 0)
    given = [line.strip() for line in attachments if line.strip()]
    if given:
        lines += ["", *_attached(given)]
    return "\n".join([*lines[:-1], f"{lines[-1]}{INDENT}{ENDS}"]) + "\n"


def _heading(recipient: str, subject: str) -> list[str]:
    lines = [f"{RECIPIENT}{INDENT}{recipient.strip()}", THROUGH] if recipient.strip() else []
    lines += [f"{SUBJECT}{INDENT}{subject.strip()}"] if subject.strip() else []
    return [*lines, ""] if lines else []


def _numbered(points: Sequence[Point], depth: int) -> list[str]:
    lines: list[str] = []
    for number, point in enumerate(points, start=1):
        lines.append(f"{INDENT * depth}{_sign(number, depth) if len(points) > 1 else ''}{point.text.strip()}")
        lines += _numbered(point.below, depth + 1)
    return lines


def _sign(number: int, depth: int) -> str:
    if depth >= DEPTHS:
        raise UnfitLetter("too_deep")
    try:
        return marker(number, depth)
    except ValueError:
        raise UnfitLetter("too_many") from None


def _attached(given: Sequence[str]) -> list[str]:
    """One attachment without a number, several numbered below each other behind the word."""
    if len(given) == 1:
        return [f"{ATTACHED}{INDENT}{given[0]}"]
    # A syllable takes two signs, so that the numbers stand in one column.
    before = " " * (2 * len(ATTACHED) + len(INDENT))
    lines = [f"{marker(number)}{line}" for number, line in enumerate(given, start=1)]
    return [f"{ATTACHED}{INDENT}{lines[0]}", *(f"{before}{line}" for line in lines[1:])]
