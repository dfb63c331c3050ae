"""Dongs in a search: found by name or initial consonants, and as the places that words name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.hangul import INITIALS, folded, found_in
from portal import queries
from portal.search.words import Word, likeness

# A place of more dongs than this is no narrowing: its name is then only looked for in the texts.
MOST_DONGS = 600
LONGEST_NAME_IN_WORDS = 4
LEAST_NAME = 2


@dataclass(frozen=True, slots=True)
class Town:
    """The names of a dong of today."""

    pk: int
    code: str
    name: str
    names: tuple[str, ...]


@dataclass(slots=True)
class Towns:
    """All dongs of today: one query."""

    towns: list[Town]
    _called: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def today(cls, at: datetime) -> "Towns":
        """Read the names. A dong answers to its own, with or without number, to those of what it is part of, and to
        those of the legal dongs in it.
        """
        towns = cls([])
        rows = queries.dongs_today(at).values_list(
            "pk",
            "code",
            "name",
            "name_en",
            "parent__name",
            "parent__name_en",
            "parent__parent__name",
            "parent__parent__kind",
            "parent__parent__name_en",
            "legal_dongs",
        )
        for pk, code, *names in rows:
            name, name_en, municipality, municipality_en, province, kind, province_en, legal = (
                (text or "").replace(" ", "").replace("-", "").lower() for text in names
            )
            short = province.removesuffix(kind)
            without_number = "".join(sign for sign in name if not sign.isdigit())
            full = (f"{province}{municipality}{name}", f"{short}{municipality}{name}", f"{name_en}{municipality_en}")
            legal_names = tuple(filter(None, legal.split(",")))
            towns.towns.append(Town(pk, code, name, (*full, name_en, *legal_names)))
            called = (name, without_number, name_en, municipality, municipality_en, province, short, province_en)
            for known in {*called, *legal_names, municipality + name, short + municipality}:
                if len(known) >= LEAST_NAME:
                    towns._called[known].add(pk)
        return towns

    def named(self, word: Word) -> frozenset[int]:
        """Keys of the dongs of the place that `word` is the name of; empty if it is none."""
        found = self._called.get(word.typed) or self._called.get(word.stem) or set()
        return frozenset(found) if len(found) <= MOST_DONGS else frozenset()

    def joined(self, words: Sequence[Word]) -> list[Word]:
        """`words` with those made one that are together the name of a place: 금호 1동, Geumho 1-dong."""
        result: list[Word] = []
        start = 0
        while start < len(words):
            for length in range(min(LONGEST_NAME_IN_WORDS, len(words) - start), 0, -1):
                run = words[start : start + length]
                front = "".join(word.typed for word in run[:-1])
                one = Word(front + run[-1].typed, front + run[-1].stem)
                if length == 1 or self.named(one):
                    result.append(one)
                    start += length
                    break
        return result

    def found(self, words: Sequence[Word], own: int | None) -> list[int]:
        """Keys of the dongs in whose names every word stands; whole names first, then beginnings, one's own before."""
        hits = [
            (not any(town.name in {word.typed, word.stem} for word in words), town.pk != own, town.code, town.pk)
            for town in self.towns
            if words and all(_stands_in(word, town.names) for word in words)
        ]
        return [pk for *_order, pk in sorted(hits)]

    def alike(self, words: Sequence[Word], least: float, most: int) -> list[int]:
        """Keys of the dongs whose own name sounds most like the words."""
        wanted = " ".join(word.typed for word in words)
        scores = ((likeness(wanted, town.name), town.pk) for town in self.towns)
        return [pk for score, pk in sorted(scores, key=lambda one: (-one[0], one[1])) if score >= least][:most]


def _stands_in(word: Word, names: Iterable[str]) -> bool:
    if any(sign in INITIALS for sign in word.typed):
        return found_in(word.stem, *names)
    return any(folded(word.stem) in name for name in names)
