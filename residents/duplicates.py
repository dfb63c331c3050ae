"""Is this the same person twice? Pure: no Django, no clock.

One person may hold one account. Two accounts with the same date of birth and a similar name are probably one person;
two with the same telephone number may be a family. Names are similar if they are the same without spaces, case,
accents and hyphens, or if a Hangul name and its Latin spelling sound alike (김민수, KIM Min-su, Minsu Gim).
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_SYLLABLES_FROM, _SYLLABLES_TO = 0xAC00, 0xD7A3
_VOWELS, _FINALS = 21, 28

# Consonants of the Revised Romanisation, voiced and unvoiced ones as one letter, because spellings differ in it.
_INITIAL = "g g n d d l m b b s s - j j j g d b h".replace("-", "").split(" ")
_FINAL = "- g g gs n nj nh d l lg lm lb ls ld lb lh m b bs s s ng j j g d b h".replace("-", "").split(" ")
# Family names whose usual Latin spelling has a letter that is not spoken, or lacks one.
_FAMILY_NAMES = {
    "lee": "", "yi": "", "rhee": "", "li": "", "rim": "m", "lim": "m", "im": "m", "yim": "m",
    "park": "bg", "bark": "bg", "choi": "j", "choe": "j", "noh": "n", "roh": "n", "no": "n", "ryu": "", "yoo": "",
    "yu": "", "ryoo": "", "you": "", "oh": "", "o": "", "suh": "s", "seo": "s", "shin": "sn", "shim": "sm",
}  # fmt: skip
_HANGUL_FAMILY_NAMES = {"류": "", "리": "", "림": "m", "로": "n", "라": "n", "나": "n"}  # korean: family names
_LATIN = {"k": "g", "q": "g", "t": "d", "p": "b", "f": "b", "v": "b", "r": "l", "z": "j", "c": "j"}
_SILENT = set("aeiouwyx")


class Likeness(StrEnum):
    """Why two persons may be one."""

    BIRTH_AND_NAME = "birth_and_name"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared. `phone` is normalised ("" if unknown)."""

    name: str
    birth_date: date
    phone: str = ""


def name_key(name: str) -> str:
    """The name without spaces, case, accents and signs; the parts of a Latin name in alphabetical order."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", name).casefold()
        if not unicodedata.combining(sign) and (sign.isalnum() or sign.isspace())
    )
    composed = unicodedata.normalize("NFC", plain)
    if any(_is_syllable(sign) for sign in composed):
        return "".join(composed.split())
    return "".join(sorted(composed.split()))


def similar_names(one: str, other: str) -> bool:
    """Whether both are probably the name of one person. Symmetric, and true for a name and itself."""
    if name_key(one) == name_key(other):
        return True
    if _is_hangul(one) and _is_hangul(other):
        return False
    sound = _sound(one)
    return bool(sound) and sound == _sound(other)


def likenesses(one: Person, other: Person) -> frozenset[Likeness]:
    """Every reason for which the two may be one person; empty if there is none."""
    found = set()
    if one.birth_date == other.birth_date and similar_names(one.name, other.name):
        found.add(Likeness.BIRTH_AND_NAME)
    if one.phone and one.phone == other.phone:
        found.add(Likeness.PHONE)
    return frozenset(found)


def _is_syllable(sign: str) -> bool:
    return _SYLLABLES_FROM <= ord(sign) <= _SYLLABLES_TO


def _is_hangul(name: str) -> bool:
    return any(_is_syllable(sign) for sign in unicodedata.normalize("NFC", name))


def _sound(name: str) -> str:
    """The consonants of the name in alphabetical order, so that the order of family and given name does not matter."""
    if _is_hangul(name):
        return "".join(sorted(_sound_of_hangul(name_key(name))))
    tokens = "".join(
        sign if sign.isalpha() else " "
        for sign in unicodedata.normalize("NFKD", name).casefold()
        if not unicodedata.combining(sign)
    ).split()
    return "".join(sorted("".join(_FAMILY_NAMES.get(token, _sound_of_latin(token)) for token in tokens)))


def _sound_of_hangul(name: str) -> str:
    family, given = name[:1], name[1:]
    sounds = [_HANGUL_FAMILY_NAMES[family]] if family in _HANGUL_FAMILY_NAMES else [_syllable(family)]
    return "".join(sounds + [_syllable(sign) for sign in given])


def _syllable(sign: str) -> str:
    if not _is_syllable(sign):
        return ""
    place = ord(sign) - _SYLLABLES_FROM
    return _INITIAL[place // (_VOWELS * _FINALS)] + _FINAL[place % _FINALS]


def _sound_of_latin(token: str) -> str:
    token = token.replace("sh", "s").replace("ch", "j").replace("ph", "b")
    sounds: list[str] = []
    for sign in token:
        folded = _LATIN.get(sign, sign)
        if folded in _SILENT or (sounds and sounds[-1] == folded):
            continue
        sounds.append(folded)
    return "".join(sounds)
