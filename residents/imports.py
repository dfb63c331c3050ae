"""Terms of elected heads as a table: what a file may say, and which of it cannot be.

Registered with the import engine (core.jobs.imports); written by `residents.services.places.import_office_terms`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.jobs.imports import cells
from core.jobs.imports.importers import Draft, ImportColumn, Importer, Key, Late, Reference, RowChecks, Value
from core.tables import Cell
from residents.models import OfficeTerm, Region
from residents.services.places import import_office_terms, lock_regions_with_heads
from residents.states import Office, RegionLevel

# How tables call offices, besides their own names.
OFFICE_WORDS = {
    "특별시장": Office.MAYOR_METRO,  # korean: how tables name offices
    "광역시장": Office.MAYOR_METRO,  # korean: as above
    "특별자치시장": Office.MAYOR_METRO,  # korean: as above
    "도지사": Office.GOVERNOR,  # korean: as above
    "지사": Office.GOVERNOR,  # korean: as above
    "특별자치도지사": Office.GOVERNOR,  # korean: as above
    "시장": Office.MAYOR,  # korean: as above
    "군수": Office.COUNTY_HEAD,  # korean: as above
    "구청장": Office.DISTRICT_HEAD,  # korean: as above
}
OFFICES_OF = {
    RegionLevel.PROVINCE: {Office.MAYOR_METRO, Office.GOVERNOR},
    RegionLevel.MUNICIPALITY: {Office.MAYOR, Office.COUNTY_HEAD, Office.DISTRICT_HEAD},
}
PROVINCE_ENDING = re.compile("(특별자치시|특별자치도|특별시|광역시|도)$")  # korean: how names of provinces end
OTHER_FIELDS = ("name", "name_hanja", "term", "until", "note")
NORTH_AND_SOUTH = "남북"  # korean: last letters of halves of old provinces


def _office_words() -> Mapping[str, str]:
    own = {str(office.label): office.value for office in Office} | {office.value: office.value for office in Office}
    return own | {word: office.value for word, office in OFFICE_WORDS.items()}


_office_code = cells.one_of(_office_words)


def _office(cell: Cell) -> Reference:
    return _offices(get_language())[_office_code(cell)]


@lru_cache
def _offices(_language: str | None) -> dict[str, Reference]:
    """Each office as a value, with its name in this language."""
    return {office.value: Reference(office.value, str(office.label)) for office in Office}


class Place(NamedTuple):
    code: str
    name: str
    level: str


class Places:
    """Provinces and municipalities by everything that people call them: one query."""

    def __init__(self) -> None:
        self.by_code: dict[str, Place] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        regions = Region.objects.exclude(level=RegionLevel.DONG).select_related("parent")
        for region in regions:
            self.by_code[region.code] = Place(region.code, region.full_name, region.level)
            provinces = _names_of_province(region.parent.name) if region.parent else {""}
            names = _names_of_province(region.name) if region.parent is None else {region.name}
            for name in names | {region.name_en}:
                self._by_name[_plain(name)].add(region.code)
                for province in provinces - {""}:
                    self._by_name[_plain(province + name)].add(region.code)

    def find(self, words: str) -> Place:
        """Raises ValueError with a sentence if no region or more than one is called so."""
        if words in self.by_code:
            return self.by_code[words]
        codes = self._by_name.get(_plain(words), set())
        if not codes:
            raise ValueError(_("There is no region called “%(name)s”.") % {"name": words[:40]})
        if len(codes) > 1:
            raise ValueError(
                _("Several regions are called “%(name)s”. Please write the province before the name.")
                % {"name": words[:40]}
            )
        return self.by_code[next(iter(codes))]


def _plain(name: str) -> str:
    return "".join(name.casefold().split())


def _names_of_province(name: str) -> set[str]:
    """The whole name, and the short one of everyday speech: two syllables."""
    stem = PROVINCE_ENDING.sub("", name)
    short = stem[0] + stem[-1] if len(stem) == 3 and stem[-1] in NORTH_AND_SOUTH else stem
    return {name, stem, short} - {""}


class TermChecks(RowChecks):
    """Finds regions by name, and two heads of one office at the same time, also between rows of the file."""

    def __init__(self) -> None:
        self._places: Places | None = None
        self._spans: dict[tuple[str, str], dict[date, tuple[date, int]]] = defaultdict(dict)

    def take(self, drafts: Sequence[Draft]) -> None:
        self._places = self._places or Places()
        for draft in drafts:
            try:
                place = self._places.find(str(draft.values["region"]))
            except ValueError as error:
                draft.wrong("region", str(error))
                continue
            self._check(draft, place)

    def _check(self, draft: Draft, place: Place) -> None:
        values: dict[str, Any] = draft.values
        values["region"] = Reference(place.code, place.name)
        office = values["office"].code
        if office == Office.MAYOR and place.level == RegionLevel.PROVINCE:
            # A metropolitan city's mayor is called as any other.
            office = Office.MAYOR_METRO.value
            values["office"] = _offices(get_language())[office]
        if office not in OFFICES_OF[RegionLevel(place.level)]:
            draft.wrong("office", _("This office does not belong to such a region."))
        if values["until"] <= values["since"]:
            draft.wrong("until", _("The last day must come after the first."))
        if not draft.wrongs:
            self._spans[place.code, office].setdefault(values["since"], (values["until"], draft.number))

    def finish(self) -> Iterable[Late]:
        """Rows that would have two heads at once; those with terms that stay as they are too."""
        standing: dict[tuple[str, str], dict[date, tuple[date, int]]] = defaultdict(dict)
        codes = {code for code, _office_code in self._spans}
        terms = OfficeTerm.objects.filter(region__code__in=codes)
        for code, office, since, until in terms.values_list("region__code", "office", "since", "until"):
            standing[code, office][since] = (until, 0)
        for group, rows in self._spans.items():
            for number in sorted(overlapping(rows, standing[group])):
                yield Late(number, "since", _("Somebody else holds this office in that time. Please check the dates."))


Spans = Mapping[date, tuple[date, int]]  # since → until, and the row that says so: 0 for what is there already


def overlapping(rows: Spans, standing: Spans) -> set[int]:
    """The rows that cannot be written because their time (since ≤ day < until) overlaps with another's.

    A row takes the place of what stands there since the same day. One that is found wrong takes no place any more, so
    that what it would have replaced counts again.
    """
    wrong: set[int] = set()
    while True:
        valid = {since: span for since, span in rows.items() if span[1] not in wrong}
        found: set[int] = set()
        # Who overlaps with anybody before them overlaps with the one who stays longest.
        longest, holder = date.min, 0
        for since, (until, number) in sorted({**standing, **valid}.items()):
            if since < longest:
                found |= {holder, number}
            if until > longest:
                longest, holder = until, number
        if not found - {0}:
            return wrong
        wrong |= found - {0}


def load_terms(keys: Sequence[Key]) -> dict[Key, list[Mapping[str, Value]]]:
    """The terms under these keys: region, office, first day. One query."""
    codes = {region.code for region, _office, _since in keys if isinstance(region, Reference)}
    wanted, offices = set(keys), _offices(get_language())
    days = {since for _region, _office, since in keys if isinstance(since, date)}
    regions = {code: Reference(code, code) for code in codes}
    found: dict[Key, list[Mapping[str, Value]]] = {}
    terms = OfficeTerm.objects.filter(region__code__in=codes, since__in=days)
    for code, office, since, *values in terms.values_list("region__code", "office", "since", *OTHER_FIELDS):
        key = (regions[code], offices[office], since)
        if key in wanted:
            known = dict(zip(OTHER_FIELDS, values, strict=True))
            found.setdefault(key, []).append({"region": key[0], "office": key[1], "since": since, **known})
    return found


def may_import_terms(user: Any) -> bool:
    return bool(user.has_perm("residents.add_officeterm") and user.has_perm("residents.change_officeterm"))


OFFICE_TERMS = Importer(
    name="residents.office-terms",
    title=gettext_lazy("Terms of elected heads"),
    about=gettext_lazy("Who heads which local government, from when until when."),
    key=("region", "office", "since"),
    columns=(
        ImportColumn(
            "region",
            gettext_lazy("region"),
            cells.text(60),
            required=True,
            aliases=("지역", "자치단체", "자치단체명", "지방자치단체", "시군구", "Region"),  # korean: headings
            help=gettext_lazy("The name with its province before it, or the official code."),
            example="광주광역시 서구",  # korean: an example
        ),
        ImportColumn(
            "office",
            gettext_lazy("office"),
            _office,
            required=True,
            aliases=("직위", "직책", "직명", "Office"),  # korean: headings
            help=gettext_lazy("Mayor, head of a county, head of a district, governor."),
            example="구청장",  # korean: an example
        ),
        ImportColumn(
            "name",
            gettext_lazy("name"),
            cells.text(40),
            required=True,
            aliases=("성명", "이름", "단체장", "단체장명", "Name"),  # korean: headings
            example="홍길동",  # korean: an example
        ),
        ImportColumn(
            "name_hanja",
            gettext_lazy("name in hanja"),
            cells.text(40),
            aliases=("한자", "한자명", "한자 성명", "성명(한자)", "Hanja"),  # korean: headings
            example="洪吉童",
        ),
        ImportColumn(
            "term",
            gettext_lazy("term"),
            cells.text(20),
            required=True,
            aliases=("임기", "기수", "민선", "민선 기수", "Term"),  # korean: headings
            help=gettext_lazy("As it is counted, for example 민선5기."),
            example="민선5기",  # korean: an example
        ),
        ImportColumn(
            "since",
            gettext_lazy("since"),
            cells.day,
            required=True,
            aliases=("시작일", "취임일", "임기 시작", "임기시작일", "Since", "From"),  # korean: headings
            help=gettext_lazy("The first day of the term."),
            example=date(2010, 7, 1),
        ),
        ImportColumn(
            "until",
            gettext_lazy("until"),
            cells.day,
            required=True,
            aliases=("종료일", "만료일", "퇴임일", "임기 종료", "임기만료일", "Until", "To"),  # korean: headings
            help=gettext_lazy("The first day after the term: on this day the next head begins."),
            example=date(2014, 7, 1),
        ),
        ImportColumn(
            "note",
            gettext_lazy("note"),
            cells.text(200),
            aliases=("비고", "메모", "Note", "Remark"),  # korean: headings
        ),
    ),
    load=load_terms,
    write=import_office_terms,
    lock=lock_regions_with_heads,
    may_import=may_import_terms,
    checks=TermChecks,
)
