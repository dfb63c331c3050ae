"""Finding names the way people type them: without spaces, in either case, or by initial consonants alone (초성)."""

import unicodedata

# korean file: the alphabet

FIRST_SYLLABLE, LAST_SYLLABLE = ord("가"), ord("힣")
SYLLABLES_OF_AN_INITIAL = 21 * 28
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"

# Keyboards join two consonants typed one after the other; nobody's name begins with such a pair.
JOINED = str.maketrans(
    {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ"}
    | {"ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}
)
# NFKC turns the single consonants that keyboards type into conjoining ones; they are turned back.
SINGLE = {ord("ᄀ") + place: consonant for place, consonant in enumerate(INITIALS)}


def folded(text: str) -> str:
    """`text` for comparison: composed, lower case, letters and digits only."""
    composed = unicodedata.normalize("NFKC", text.translate(JOINED)).casefold().translate(SINGLE)
    return "".join(sign for sign in composed if sign.isalnum())


def initials(text: str) -> str:
    """Initial consonants of the syllables of `text`; other signs stay: 금호1동 → ㄱㅎ1ㄷ."""
    return "".join(
        INITIALS[(ord(sign) - FIRST_SYLLABLE) // SYLLABLES_OF_AN_INITIAL]
        if FIRST_SYLLABLE <= ord(sign) <= LAST_SYLLABLE
        else sign
        for sign in text
    )


def found_in(wanted: str, *names: str) -> bool:
    """Whether any of `names` contains `wanted`; a single consonant in it means any syllable that begins so.

    Nothing is found for a `wanted` without a letter or digit.
    """
    key = folded(wanted)
    return bool(key) and any(_contains(folded(name), key) for name in names)


def _contains(name: str, key: str) -> bool:
    return any(all(map(_agrees, name[start:], key)) for start in range(len(name) - len(key) + 1))


def _agrees(sign: str, wanted: str) -> bool:
    return wanted in {sign, initials(sign)}
