"""Which dong an address lies in: reads Korean addresses as people paste them.

Addresses name a legal dong (법정동), the site knows administrative dongs (행정동) and which legal dongs lie in each.
Roads are not known: an address by road leads on only by the dong in its brackets, “운천로 32, 101동 1203호 (금호동)”.
Nothing of an address is kept or sent anywhere: it goes in as an argument, and dongs come out.

Sources: Road Name Address Act, article 3, and its decree on how addresses are written (the legal dong in brackets);
Local Autonomy Act, articles 2 and 7 (kinds of local governments, administrative dongs).
"""

# korean file: words that addresses are made of

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_ADDRESS = 200
LONGEST_NAME = 20

METROPOLITAN = frozenset(["서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종"])
PROVINCES = METROPOLITAN | {"경기", "강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주"}
# Two provinces that became one on 1 July 2026: addresses name the new one or one of the old.
JOINED = {"전남광주": frozenset({"광주", "전남"})}
PROVINCE_ENDING = re.compile(r"(?:통합특별시|특별자치시|특별자치도|특별시|광역시|직할시|도|시)$")
LONG_STEM = re.compile(r"(충청|전라|경상)([북남])")
MUNICIPALITY = re.compile(r"[가-힣]{1,5}[시군구]")
NO_MUNICIPALITY = ("지구", "입구", "출구")
SHORTEST_CITY = 2  # 수원 for 수원시, but never 서 for 서구
UNKNOWN_DONG = re.compile(r"(?:[가-힣]{2,10}|[가-힣]{1,10}[0-9]{1,2})(?:동|읍|면|리|[0-9]가)")
ROAD = re.compile(r"[가-힣A-Za-z0-9.]{1,20}(?:로|길)(?:[0-9]+(?:번|가|나|다)?길)?(?:[0-9]+(?:-[0-9]+)?)?")
ORDINAL = re.compile(r"(?<=[가-힣])제(?=[0-9])")
DOTS = re.compile(r"[·‧ㆍ∙・]")
BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]?")
BETWEEN = re.compile(r"[\s,/]+")
NUMBERED = re.compile(r"[0-9]{1,2}(?:동|가)")


class Way(StrEnum):
    """How an address led to a dong."""

    NAME = "name"  # it names the administrative dong itself
    LEGAL = "legal"  # it names a legal dong that lies wholly or partly in it


class Verdict(StrEnum):
    """What an address came to."""

    FOUND = "found"
    UNKNOWN_DONG = "unknown_dong"  # it names a dong, but none that takes part there
    ROAD_ONLY = "road_only"
    AREA_ONLY = "area_only"
    NOT_AN_ADDRESS = "not_an_address"


@dataclass(frozen=True, slots=True)
class Place:
    """One administrative dong as addresses may name it. `key` is the caller's own."""

    key: str
    province: str
    municipality: str
    name: str
    legal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A dong that an address may lie in, how it was found, and by which name."""

    key: str
    way: Way
    named: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What an address came to.

    `hits` are the dongs it may lie in, those named by themselves first; `around` are the keys of all dongs of the area
    that it names, where it names one.
    """

    verdict: Verdict
    hits: tuple[Hit, ...] = ()
    around: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether the address names exactly one dong by its own name."""
        return len(self.hits) == 1 and self.hits[0].way is Way.NAME


@dataclass(frozen=True, slots=True)
class _Reading:
    """The parts of an address: areas from the largest on, names of dongs, and whether a road is named."""

    areas: tuple[str, ...]
    dongs: frozenset[str]
    has_road: bool


def find_dongs(text: str, places: Sequence[Place]) -> Finding:
    """The dongs among `places` that the address `text` may lie in.

    A numbered dong (금호1동) is exact and counts alone; any other name may mean the administrative dong or a legal one.
    A province or municipality narrows the choice, and one that contradicts every dong of that name leaves none.
    Raises ValueError if `text` is longer than LONGEST_ADDRESS.
    """
    if len(text) > LONGEST_ADDRESS:
        raise ValueError(f"an address of {len(text)} letters")
    names = {plain(name) for place in places for name in (place.name, *place.legal)}
    cities = {plain(place.municipality) for place in places}
    reading = _read(text, names, cities)
    here = [place for place in places if _fits(place, reading.areas)]
    around = tuple(place.key for place in here) if reading.areas else ()
    if not reading.dongs:
        verdict = Verdict.ROAD_ONLY if reading.has_road else Verdict.AREA_ONLY if around else Verdict.NOT_AN_ADDRESS
        return Finding(verdict, around=around)
    hits = _hits(here, reading.dongs)
    return Finding(Verdict.FOUND, hits, around) if hits else Finding(Verdict.UNKNOWN_DONG, around=around)


def plain(name: str) -> str:
    """`name` as it is compared: composed, without spaces, 금호제1동 as 금호1동, all dots alike."""
    composed = DOTS.sub(".", unicodedata.normalize("NFKC", name))
    return ORDINAL.sub("", "".join(composed.split()))


def _hits(here: Iterable[Place], named: frozenset[str]) -> tuple[Hit, ...]:
    exact, sharing = [], []
    for place in here:
        if plain(place.name) in named:
            exact.append(Hit(place.key, Way.NAME, place.name))
            continue
        for legal in place.legal:
            if plain(legal) in named:
                sharing.append(Hit(place.key, Way.LEGAL, legal))
                break
    numbered = [hit for hit in exact if any(sign.isdecimal() for sign in hit.named)]
    return tuple(numbered or exact + sharing)


# --- Reading ----------------------------------------------------------------------------------------------------------


def _read(text: str, names: set[str], cities: set[str]) -> _Reading:
    composed = DOTS.sub(".", unicodedata.normalize("NFKC", text))
    within = " ".join(BRACKETS.findall(composed))
    areas: list[str] = []
    dongs: set[str] = set()
    has_road = False
    for word in _words(BRACKETS.sub(" ", composed), names, cities):
        name = _known_dong(word, names)
        if name:
            dongs.add(name)
        elif ROAD.fullmatch(word):
            has_road = True
        elif not dongs and not has_road and _is_area(word, cities):
            areas.append(word)
        elif UNKNOWN_DONG.fullmatch(word):
            dongs.add(word)
    for word in _words(within, names, cities):
        name = _known_dong(word, names)
        if name or UNKNOWN_DONG.fullmatch(word):
            dongs.add(name or word)
    return _Reading(tuple(areas), frozenset(dongs), has_road)


def _words(text: str, names: set[str], cities: set[str]) -> list[str]:
    """The words of `text`: 광주서구금호동 taken apart, 금호 1동 put together."""
    words: list[str] = []
    for raw in BETWEEN.split(text):
        word = ORDINAL.sub("", raw)
        if words and NUMBERED.fullmatch(word) and words[-1] + word in names:
            words[-1] += word
            continue
        while cut := _area_before(word, names, cities):
            words.append(word[:cut])
            word = word[cut:]
        if word:
            words.append(word)
    return words


def _area_before(word: str, names: set[str], cities: set[str]) -> int:
    """How many letters of `word` are an area that more of the address follows without a space; 0 if none."""
    if _known_dong(word, names) == word:
        return 0
    for length in range(min(len(word) - 1, LONGEST_NAME), 1, -1):
        head, tail = word[:length], word[length:]
        goes_on = _known_dong(tail, names) or any(tail.startswith(city) for city in cities)
        if goes_on and (head in cities or _is_province(head)):
            return length
    return 0


def _known_dong(word: str, names: set[str]) -> str:
    """The longest known name that `word` begins with, 금호동123-4 and 양동시장 too; "" for none and for roads."""
    if word in names:
        return word
    if ROAD.fullmatch(word):
        return ""
    return next((word[:n] for n in range(min(len(word), LONGEST_NAME), 1, -1) if word[:n] in names), "")


def _is_area(word: str, cities: set[str]) -> bool:
    if _is_province(word) or word in cities or any(_is_short_for(word, city) for city in cities):
        return True
    return bool(MUNICIPALITY.fullmatch(word)) and not word.endswith(NO_MUNICIPALITY)


def _stem(name: str) -> str:
    """서울특별시 and 서울시 → 서울, 충청북도 → 충북."""
    return LONG_STEM.sub(lambda found: found[1][0] + found[2], PROVINCE_ENDING.sub("", name))


def _is_province(word: str) -> bool:
    stem = _stem(word)
    return stem in PROVINCES or stem in JOINED


def _is_short_for(word: str, city: str) -> bool:
    """수원 for 수원시. 광주 alone is the metropolitan city, not 광주시 of 경기도."""
    return len(word) >= SHORTEST_CITY and city in {f"{word}시", f"{word}군"} and word not in PROVINCES


def _fits(place: Place, areas: Sequence[str]) -> bool:
    """Whether `place` lies in all of `areas`. A district inside a city (수원시 장안구) fits the city."""
    province, city = _stem(plain(place.province)), plain(place.municipality)
    in_city = False
    for area in areas:
        stem = _stem(area)
        if _is_province(area) and (stem == province or province in JOINED.get(stem, ())):
            continue
        if area == city or _is_short_for(area, city):
            in_city = city.endswith("시")
        elif not (in_city and area.endswith("구")):
            return False
    return True
