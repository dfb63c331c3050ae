"""What a search is made of: words, their stems without particles, and the pieces of text that an index knows. Pure.

Korean glues particles to nouns (도서관에서, 놀이터를) and is loose about spaces (마을신문, 마을 신문). A word is
therefore looked for by its stem anywhere in a text, also inside a longer word. A stem is only taken where the particle
fits the sound before it, so that 전문가 is not read as 전문 with 가: 은, 이, 을, 과, 으로 follow a final consonant,
는, 가, 를, 와 a vowel, 로 a vowel or ㄹ (the particles, 조사, of Standard Korean).
"""

# korean file: particles and letters of the language that is searched

import re
import unicodedata
from dataclasses import dataclass

from core.hangul import FIRST_SYLLABLE, JOINED, LAST_SYLLABLE, SINGLE

# Letters and digits that count; everything else parts words. The function in the database has the same list.
SIGNS = "0-9a-zß-öø-ɏͰ-ӿぁ-ヿ㐀-䶿一-鿿가-힣"
NO_SIGN = re.compile(f"[^{SIGNS}]+")
# Single consonants and vowels are no text, but a way to ask for the name of a dong.
NO_QUERY_SIGN = re.compile(f"[^{SIGNS}ㄱ-ㅎㅏ-ㅣ]+")
FINALS = 28
FINAL_RIEUL = 8

ANY, CONSONANT, VOWEL, VOWEL_OR_RIEUL = "any", "consonant", "vowel", "vowel or ㄹ"
# After these another particle may stand before them: 도서관에서는, 사람들에게도.
OUTER = dict.fromkeys(("의", "도", "만", "뿐"), ANY) | {
    "은": CONSONANT,
    "는": VOWEL,
    "이": CONSONANT,
    "가": VOWEL,
    "을": CONSONANT,
    "를": VOWEL,
    "나": VOWEL,
    "이나": CONSONANT,
    "라도": VOWEL,
    "이라도": CONSONANT,
}
INNER = dict.fromkeys(
    (
        "에",
        "에서",
        "에게",
        "에게서",
        "께",
        "께서",
        "한테",
        "까지",
        "부터",
        "마다",
        "보다",
        "처럼",
        "만큼",
        "조차",
        "밖에",
    ),
    ANY,
) | {
    "하고": ANY,
    "들": ANY,
    "과": CONSONANT,
    "와": VOWEL,
    "으로": CONSONANT,
    "로": VOWEL_OR_RIEUL,
    "으로써": CONSONANT,
    "로써": VOWEL_OR_RIEUL,
    "으로서": CONSONANT,
    "로서": VOWEL_OR_RIEUL,
    "이랑": CONSONANT,
    "랑": VOWEL,
    "이며": CONSONANT,
}
PARTICLES = OUTER | INNER
LONGEST_FIRST = sorted(PARTICLES, key=len, reverse=True)
MOST_PARTICLES = 3
SHORTEST_STEM = 2
AFTER_ONE_SIGN = frozenset({"을", "를", "은", "는", "에"})
# Words that join others and say nothing alone.
JOINING = frozenset(
    {"및", "등", "또는", "그리고", "또", "the", "a", "an", "of", "in", "at", "on", "for", "and", "or", "to"}
)
SHORTEST_PLURAL = 4
PLURAL = re.compile(r"(?<=[a-z][^\W\d_]{2})ies$|(?<=[a-rt-z])s$")


def folded(text: str) -> str:
    """`text` for comparison: composed, full-width as usual, lower case, one space between words, nothing else.

    The function madang_search_keys in PostgreSQL folds in the same way.
    """
    return NO_SIGN.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def grams(word: str) -> frozenset[str]:
    """The pieces that a text must know to hold `word`, a folded word without spaces.

    Up to three signs, the word itself; a longer word, all its runs of three. Empty only for an empty word.
    """
    if len(word) <= 3:
        return frozenset({word} - {""})
    return frozenset(word[start : start + 3] for start in range(len(word) - 2))


def holds(text: str, wanted: frozenset[str]) -> bool:
    """Whether `text` knows all pieces of `wanted`; spaces inside a piece of three do not matter.

    Two signs must stand in one word: 총회 의제 does not hold 회의.
    """
    spaced = folded(text)
    solid = spaced.replace(" ", "")
    return all(piece in (spaced if len(piece) == 2 else solid) for piece in wanted)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a search. `typed` is folded; `stem` is without particles, or the same."""

    typed: str
    stem: str

    @property
    def text(self) -> str:
        """What texts are searched for: the stem without single consonants and vowels, which no text has."""
        return folded(self.stem).replace(" ", "")

    @property
    def typed_text(self) -> str:
        return folded(self.typed).replace(" ", "")

    @property
    def grams(self) -> frozenset[str]:
        return grams(self.text)


def words_of(query: str) -> list[Word]:
    """The words of a search that say something, each once, in their order; empty if none does."""
    composed = unicodedata.normalize("NFKC", query.translate(JOINED)).lower().translate(SINGLE)
    typed = dict.fromkeys(NO_QUERY_SIGN.sub(" ", composed).split())
    return [Word(word, stem(word)) for word in typed if not says_nothing(word)]


def phrase_of(words: list[Word]) -> str:
    """All words as typed, without spaces."""
    return "".join(word.typed_text for word in words)


def says_nothing(word: str) -> bool:
    """Whether `word` is nothing but a particle, a pair of them (에서는), or a word that joins others."""
    if word in PARTICLES or word in JOINING:
        return True
    # Pairs of single syllables are words of their own: 도로, 가로, 나이.
    return any(
        word.endswith(outer) and (inner := word.removesuffix(outer)) in INNER and (len(inner) > 1 or inner == "에")
        for outer in OUTER
    )


def is_called(word: Word, names: str) -> bool:
    """Whether `word` is one of `names` or how it ends: 총회 for 주민총회. Latin words count from their beginning."""
    text = word.text
    return len(text) >= SHORTEST_STEM and any(
        name.startswith(text) if text.isascii() else name.endswith(text) for name in folded(names).split()
    )


def stem(word: str) -> str:
    """`word` without its particles, at least two signs long; one sign only before a particle of two (길에서).

    The end of a longer English plural goes too: lights, librar(y), librar(ies).
    """
    if word.isascii():
        return PLURAL.sub("", word) if len(word) >= SHORTEST_PLURAL else word
    rest, allowed = word, PARTICLES
    for _time in range(MOST_PARTICLES):
        shorter = _without_particle(rest, allowed)
        if shorter == rest:
            break
        rest, allowed = shorter, INNER
    return rest


def bare_stem(word: str) -> str:
    """The single sign before a particle of one (길을 → 길), or "".

    Many words of two signs only look so (마을, 가을): this is for those that are found nowhere as typed, and for the
    particles that most words do not end in by themselves as they do in 의, 이 or 로.
    """
    if len(word) != 2:
        return ""
    rest, particle = word[0], word[1]
    return rest if particle in AFTER_ONE_SIGN and _fits(rest, PARTICLES[particle]) else ""


def _without_particle(word: str, allowed: dict[str, str]) -> str:
    for particle in LONGEST_FIRST:
        rest = word.removesuffix(particle)
        if rest in {word, ""} or particle not in allowed:
            continue
        if len(rest) >= (SHORTEST_STEM if len(particle) == 1 else 1) and _fits(rest, allowed[particle]):
            return rest
    return word


def _fits(rest: str, after: str) -> bool:
    """Whether a particle that follows `after` may follow `rest`. How Latin letters and digits end is not known."""
    place = ord(rest[-1]) - FIRST_SYLLABLE
    if after == ANY or not 0 <= place <= LAST_SYLLABLE - FIRST_SYLLABLE:
        return True
    final = place % FINALS
    if after == CONSONANT:
        return final != 0
    return final == 0 or (after == VOWEL_OR_RIEUL and final == FINAL_RIEUL)


# --- Sounds -----------------------------------------------------------------------------------------------------------

# Each sound is one Latin letter; sounds that people mix up share one (ㄱ ㄲ, ㅐ ㅔ, ㅚ ㅙ ㅞ). The function
# madang_search_sounds in PostgreSQL has the same list. Initial consonants, vowels, final consonants, each in its order.
JAMO = "".join(map(chr, [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]))
LETTERS = "ggnddrmbbssojjcktph" + "aeqfvexflaeeyuveiwzii" + "gggnnndrgmbrrprmbbssojcktph"
SOUNDS = str.maketrans(JAMO, LETTERS)


def sounds(text: str) -> str:
    """`text` as it sounds, in Latin letters: 놀이터 → nlroitv. Folded; spaces stay."""
    return unicodedata.normalize("NFD", folded(text)).translate(SOUNDS)


def trigrams(sounding: str) -> frozenset[str]:
    """Runs of three letters of each word with two spaces before and one after it, as pg_trgm takes them."""
    return frozenset(
        padded[start : start + 3]
        for word in sounding.split()
        if (padded := f"  {word} ")
        for start in range(len(padded) - 2)
    )


def likeness(wanted: str, text: str) -> float:
    """How much of `wanted` sounds in `text`, from 0 to 1: shared runs of three letters ÷ those of `wanted`."""
    runs = trigrams(sounds(wanted))
    return len(runs & trigrams(sounds(text))) / len(runs) if runs else 0.0
