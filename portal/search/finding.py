"""The search: words in, hits out.

Every word must be found. It is found in a thing's own text, in the name of its dong, or in what the kind of thing is
called. Hits come in this order: the whole search in the title; its words as typed in the title; their stems there;
as typed in the text; the rest. Within each, first those of the reader's dong, then the newest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from assemblies.models import Assembly
from portal.search import database
from portal.search.sources import Places, Shown, Source
from portal.search.towns import Towns
from portal.search.words import Word, bare_stem, is_called, likeness, phrase_of, sounds, words_of

# The name of a place with more assemblies than this is only looked for in the texts of items and votes.
MOST_ASSEMBLIES = 5_000
MOST_ALIKE = 10
# Without pg_trgm so many of the newest titles are compared one by one.
COMPARED_TITLES = 2_000
TITLE_PHRASE, TITLE_TYPED, TITLE_STEM, TEXT_TYPED, TEXT_STEM = range(5)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the search, and the places it names."""

    word: Word
    places: Places


@dataclass(slots=True)
class Search:
    """One search, ready to be asked kind by kind. `own` is the key of the reader's dong."""

    words: list[Word]
    towns: Towns
    own: int | None
    terms: list[Term] = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.towns.joined(self.words)
        self.terms = _with_places(self.words, self.towns)

    @classmethod
    def of(cls, query: str, *, at: datetime, own: int | None = None) -> "Search | None":
        """Read a query; None if none of its words says anything. Two queries at most."""
        words = words_of(query)
        return cls(words, Towns.today(at), own) if words else None

    @property
    def bare(self) -> "Search | None":
        """The same search with single syllables before a particle (길을 → 길), None if there are none."""
        bare = [Word(rest, rest) if (rest := bare_stem(word.typed)) else word for word in self.words]
        return Search(bare, self.towns, self.own) if bare != self.words else None

    def dongs(self) -> list[int]:
        """Keys of the dongs that are found, in order. No query."""
        return self.towns.found(self.words, self.own)

    def dongs_alike(self) -> list[int]:
        """Keys of the dongs whose name sounds most like the words, save those that name a place. No query."""
        words = [term.word for term in self.terms if not term.places.dongs]
        return self.towns.alike(words, database.LEAST_LIKENESS, MOST_ALIKE)

    def keys(self, source: Source) -> QuerySet[Any, Any]:
        """Keys of the rows of a kind that are found, in order."""
        conditions = _conditions(self.terms, source)
        if conditions is None:
            return source.rows().none().values_list("pk", flat=True)
        order: list[Any] = _ranks(self.terms, source)
        if self.own is not None:
            order.append(_case((Q(**{source.dong: self.own}), 0), default=1))
        order += [F(source.newest).desc(nulls_last=True), "-pk"]
        rows = source.rows().filter(conditions).alias(**_compared(source))
        found: QuerySet[Any, Any] = rows.order_by(*order).values_list("pk", flat=True)
        return found

    def alike(self, source: Source) -> list[int]:
        """Keys of the rows of a kind whose title sounds most like the words, and lies in the places they name.

        Two queries on PostgreSQL with pg_trgm beside the transaction, one elsewhere.
        """
        wanted = " ".join(term.word.typed for term in self.terms if not term.places.dongs)
        if not source.title or not sounds(wanted):
            return []
        rows = source.rows()
        for term in self.terms:
            if term.places.dongs:
                rows = rows.filter(source.within(term.places))
        return _alike(rows, source, wanted)


def shown(source: Source, keys: Sequence[int]) -> list[Shown]:
    """The rows of these keys as the page shows them, in the order of the keys."""
    rows = {row.pk: row for row in source.details(source.rows().filter(pk__in=keys))}
    return [source.show(rows[key]) for key in keys if key in rows]


def _with_places(words: Sequence[Word], towns: Towns) -> list[Term]:
    """One query where a word names a place."""
    dongs = {word: towns.named(word) for word in words}
    wanted = frozenset[int]().union(*dongs.values())
    if not wanted:
        return [Term(word, Places()) for word in words]
    held = Assembly.objects.public().filter(dong__in=wanted).order_by().values_list("pk", "dong")
    pairs = list(held[: MOST_ASSEMBLIES + 1])
    if len(pairs) > MOST_ASSEMBLIES:
        pairs = []
    return [
        Term(word, Places(named, frozenset(pk for pk, dong in pairs if dong in named))) for word, named in dongs.items()
    ]


def _conditions(terms: Sequence[Term], source: Source) -> Q | None:
    """That every word is found; None if one of them cannot be."""
    text = database.JoinedText(*source.fields)
    together: set[str] = set()
    conditions = Q()
    for term in terms:
        if is_called(term.word, source.calls_itself):
            continue
        pieces = term.word.grams
        if term.places.dongs:
            within = source.within(term.places)
            conditions &= (within | Q(database.Holds(text, pieces))) if pieces else within
        elif pieces:
            # One question for all of them: the index is then read once.
            together |= pieces
        else:
            return None
    return conditions & Q(database.Holds(text, together)) if together else conditions


def _compared(source: Source) -> dict[str, Any]:
    """What the words are compared with to put hits in order: without spaces, as people write with and without."""
    names = {"search_text": database.without_spaces(database.JoinedText(*source.fields))}
    return names | ({"search_title": database.without_spaces(source.title)} if source.title else {})


def _ranks(terms: Sequence[Term], source: Source) -> list[Case]:
    """The order of hits by where the words stand; only steps that can differ for these words."""
    typed = [(term.word.typed_text, term) for term in terms]
    stems = [(term.word.text, term) for term in terms]
    steps = []
    if source.title:
        phrase = phrase_of([term.word for term in terms])
        steps += [(Q(search_title__contains=phrase), TITLE_PHRASE)] if phrase else []
        steps += [(_all_in("search_title", typed, source), TITLE_TYPED)] if len(terms) > 1 else []
        steps += [(_all_in("search_title", stems, source), TITLE_STEM)] if stems != typed else []
    steps += [(_all_in("search_text", typed, source), TEXT_TYPED)] if stems != typed else []
    return [_case(*steps, default=TEXT_STEM)] if steps else []


def _case(*steps: tuple[Q, int], default: int) -> Case:
    whens = [When(condition, then=Value(rank)) for condition, rank in steps if condition]
    return Case(*whens, default=Value(default), output_field=IntegerField())


def _all_in(name: str, texts: Sequence[tuple[str, Term]], source: Source) -> Q:
    """That every one of `texts` stands in the field, or names the place of the row."""
    conditions = Q()
    for text, term in texts:
        here = Q(**{f"{name}__contains": text}) if text else Q()
        conditions &= (here | source.within(term.places)) if term.places.dongs else here
    return conditions


def _alike(rows: QuerySet[Any], source: Source, wanted: str) -> list[int]:
    newest = F(source.newest).desc(nulls_last=True)
    if database.knows_likeness():
        sounding, title = sounds(wanted), F(source.title)
        with transaction.atomic():
            database.set_least_likeness()
            found = rows.filter(database.IsLike(sounding, title)).annotate(likeness=database.Likeness(sounding, title))
            return list(found.order_by("-likeness", newest, "-pk").values_list("pk", flat=True)[:MOST_ALIKE])
    titles = rows.order_by(newest, "-pk").values_list("pk", source.title)[:COMPARED_TITLES]
    scores = [(likeness(wanted, title), pk) for pk, title in titles]
    alike = [(score, pk) for score, pk in scores if score >= database.LEAST_LIKENESS]
    return [pk for _score, pk in sorted(alike, key=lambda one: -one[0])][:MOST_ALIKE]
