"""A list of members from a table: area, region, office, name, hanja, kind, mail addresses.

The columns of the printed directory are understood too: the office with its place in one word ("연수구청장").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from core.jobs.imports import cells
from core.jobs.imports.importers import (
    Draft,
    ImportColumn,
    ImportedRow,
    Importer,
    Key,
    Reference,
    RowChecks,
    Value,
    register_importer,
)
from core.tables import Cell
from forums.models import Member, MemberTerm
from forums.queries.members import area_of_region, with_terms_and_mails
from forums.services.members import Particulars, add_member, change_particulars, checked_mails, make_honorary
from forums.states import MemberKind, MemberStatus
from forums.titles import LAST_SYLLABLES, title_of
from residents.imports import OFFICE_WORDS, OFFICES_OF, Place, Places
from residents.models import OfficeTerm, Region, User
from residents.persons import ImplausibleError, cleaned_name
from residents.states import Office, RegionLevel

NAME = "forums.members"
MOST = 2000
# korean file: what lists call columns, offices and kinds


def _may_import(user: Any) -> bool:
    return bool(user.has_perm("forums.add_member"))


def parse_office(cell: Cell) -> Reference:
    """An office in a word: 구청장, 연수구청장, or what the site calls it. Raises ValueError with a sentence."""
    words = "".join(cells.as_text(cell).split())
    for office in Office:
        if words in {office.value, "".join(str(office.label).split())}:
            return Reference(office.value, str(office.label))
    # The longest ending first: 특별시장 ends like 시장.
    for ending in sorted(OFFICE_WORDS, key=len, reverse=True):
        if words.endswith(ending):
            return Reference(OFFICE_WORDS[ending].value, str(OFFICE_WORDS[ending].label))
    raise ValueError(_("“%(text)s” is no office of a head.") % {"text": words[:40]})


def parse_name(cell: Cell) -> str:
    """A name in composed letters, as the register keeps it. Raises ValueError with a sentence."""
    words = cells.text(40)(cell)
    try:
        return cleaned_name(words) if words else ""
    except ImplausibleError:
        raise ValueError(_("Please write names with letters; something in them cannot be printed.")) from None


def parse_kind(cell: Cell) -> str:
    words = {str(label): value for value, label in MemberKind.choices} | {value: value for value in MemberKind.values}
    words |= {str(label).removesuffix(" member"): value for value, label in MemberKind.choices}
    words |= {"정회원": MemberKind.REGULAR.value, "명예회원": MemberKind.HONORARY.value}
    return cells.one_of(lambda: words)(cell)


def shown_kind(value: str) -> str:
    """The kind in the reader's language; what is none as it stands there."""
    return str(MemberKind(value).label) if value in MemberKind.values else value


def parse_mails(cell: Cell) -> str:
    """Addresses with commas, in one spelling."""
    try:
        return ", ".join(checked_mails(cells.as_text(cell).replace(";", ",").replace("\n", ",").split(",")))
    except RuleViolation as no:
        raise ValueError(no.text) from None


COLUMNS = (
    ImportColumn(
        "name",
        gettext_lazy("name"),
        parse_name,
        required=True,
        aliases=("성명", "이름", "name"),
        example="곽상욱",
    ),
    ImportColumn(
        "region",
        gettext_lazy("local government"),
        cells.text(80),
        required=True,
        aliases=("단체명", "자치단체", "지방자치단체", "시군구", "region"),
        help=gettext_lazy("City, county, district or province."),
        example="오산시",
    ),
    ImportColumn(
        "office",
        gettext_lazy("office"),
        parse_office,
        required=True,
        aliases=("직위", "자치단체장", "office"),
        example="시장",
    ),
    ImportColumn(
        "area",
        gettext_lazy("area"),
        cells.text(10),
        aliases=("지역", "시도", "area"),
        help=gettext_lazy("The province, in short. Needed where two regions have the same name."),
        example="경기",
    ),
    ImportColumn(
        "hanja",
        gettext_lazy("name in hanja"),
        parse_name,
        aliases=("한자", "한자명", "hanja"),
        example="郭相旭",
    ),
    ImportColumn(
        "kind",
        gettext_lazy("kind"),
        parse_kind,
        aliases=("구분", "회원구분", "kind"),
        empty=MemberKind.REGULAR.value,
        help=gettext_lazy("Empty means regular member."),
        example="정회원",
        shown=shown_kind,
    ),
    ImportColumn(
        "mails",
        gettext_lazy("mail addresses"),
        parse_mails,
        aliases=("이메일", "메일", "메일주소", "단체장 메일주소", "email"),
        help=gettext_lazy("Several with a comma between them."),
        example="osan@example.org",
    ),
)


class _Checks(RowChecks):
    """Regions by their names, and the terms of office of regular members."""

    def __init__(self) -> None:
        self._places: Places | None = None
        self._areas: dict[str, str] = {}

    def take(self, drafts: Sequence[Draft]) -> None:
        if self._places is None:
            self._places = Places()
            heads = Region.objects.exclude(level=RegionLevel.DONG).select_related("parent")
            self._areas = {region.code: area_of_region(region) for region in heads}
        places = self._places
        placed = [draft for draft in drafts if self._find_place(draft, places)]
        known = set(
            OfficeTerm.objects.filter(name__in={str(draft.values["name"]) for draft in placed}).values_list(
                "name", "region__code", "office"
            )
        )
        gone = _who_left({str(draft.values["name"]) for draft in placed})
        for draft in placed:
            values = draft.values
            key = (values["name"], _code(values["region"]), _code(values["office"]))
            if key in gone:
                draft.wrong("name", _("They left the club. On their own page you can take up the membership again."))
            if values.get("kind", MemberKind.REGULAR) == MemberKind.REGULAR and key not in known:
                draft.wrong(
                    "name", _("No such term of office is known. Please enter it under the terms of office first.")
                )

    def _find_place(self, draft: Draft, places: Places) -> bool:
        """Put the region in its place, and say what is wrong where there is none."""
        values = draft.values
        office = Office(_code(values["office"]))
        name, area = str(values["region"]), str(values.get("area", ""))
        try:
            place = _find(places, name, area, office)
        except ValueError as error:
            draft.wrong("region", str(error))
            return False
        if office == Office.MAYOR and place.level == RegionLevel.PROVINCE:
            office = Office.MAYOR_METRO  # a metropolitan city's mayor is called as any other
        if office not in OFFICES_OF[RegionLevel(place.level)]:
            draft.wrong("office", _("This office does not belong to such a region."))
            return False
        values["region"] = Reference(place.code, place.name)
        values["office"] = Reference(office.value, str(office.label))
        if "area" in values:
            values["area"] = self._areas[place.code]
        return True


def _who_left(names: set[str]) -> set[tuple[Value, str, str]]:
    """(name, code of the region, office) of who left and did not come back under the same name and office."""
    held: dict[str, set[tuple[Value, str, str]]] = defaultdict(set)
    terms = MemberTerm.objects.filter(member__name__in=names).values_list(
        "member__status", "member__name", "term__region__code", "term__office"
    )
    for status, *key in terms:
        held[status].add((key[0], key[1], key[2]))
    return held[MemberStatus.LEFT] - held[MemberStatus.ACTIVE]


def _find(places: Places, name: str, area: str, office: Office) -> Place:
    """The region of a row: 연수구, or 연수구청장 as directories print it, with or without the area beside it."""
    bare = name.removesuffix(LAST_SYLLABLES[office])
    wanted = [name, bare] if bare else [name]
    # Beside a province the area is the province itself: 강원 강원도지사.
    tries = [f"{area} {one}" for one in wanted if area] + wanted
    for number, words in enumerate(tries, start=1):
        try:
            return places.find(words)
        except ValueError:
            if number == len(tries):
                return places.find(name)
    raise ValueError(name)


def load(keys: Sequence[Key]) -> Mapping[Key, Sequence[Mapping[str, Value]]]:
    """What the register says of the persons with these names and offices; four queries."""
    by_name: dict[Value, list[Member]] = defaultdict(list)
    names = {str(name) for name, _region, _office in keys}
    for member in with_terms_and_mails(Member.objects.filter(name__in=names)):
        by_name[member.name].append(member)
    regions = {
        region.code: region
        for region in Region.objects.filter(code__in={_code(region) for _name, region, _office in keys}).select_related(
            "parent"
        )
    }
    standing: dict[Key, list[Mapping[str, Value]]] = {}
    for key in keys:
        name, place, office = key
        region = regions.get(_code(place))
        if region is None:
            continue
        found = [member for member in by_name[name] if _is_the_one(member, region, _code(office))]
        if found:
            standing[key] = [_values(member, key, region) for member in found]
    return standing


def _code(value: Value) -> str:
    return value.code if isinstance(value, Reference) else str(value)


def _is_the_one(member: Member, region: Region, office: str) -> bool:
    terms = [one.term for one in member.terms.all()]
    if terms:
        return any(term.region_id == region.pk and term.office == office for term in terms)
    return title_of(region.name, office) in member.former_office


def _values(member: Member, key: Key, region: Region) -> Mapping[str, Value]:
    name, place, office = key
    return {
        "name": name,
        "region": place,
        "office": office,
        "area": area_of_region(region),
        "hanja": member.name_hanja,
        "kind": member.kind,
        "mails": ", ".join(mail.address for mail in member.mails.all()),
    }


def lock() -> object:
    return list(Member.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its region found again."""

    values: Mapping[str, Value]
    region: Region

    @property
    def office(self) -> str:
        return _code(self.values["office"])

    def term(self, at: datetime) -> OfficeTerm | None:
        """The term that runs, or else the last that began; none that is another member's."""
        terms = OfficeTerm.objects.filter(
            name=str(self.values["name"]), region=self.region, office=self.office, club_term__isnull=True
        ).select_related("region__parent")
        day = timezone.localdate(at)
        running = terms.filter(since__lte=day, until__gt=day).first()
        return running or terms.filter(since__lte=day).order_by("-since").first()


def write(batches: Iterable[Sequence[ImportedRow]], *, actor: User, at: datetime) -> None:
    """Add and change members, each by the service that the desk uses."""
    for batch in batches:
        codes = {_code(row.values["region"]) for row in batch}
        regions = {one.code: one for one in Region.objects.filter(code__in=codes).select_related("parent")}
        for imported in batch:
            row = _Row(imported.values, regions[_code(imported.values["region"])])
            if imported.is_new:
                _add(row, actor, at)
            else:
                _change(row, actor, at)


def _mails(row: _Row) -> tuple[str, ...]:
    return tuple(mail for mail in str(row.values.get("mails", "")).split(", ") if mail)


def _add(row: _Row, actor: User, at: datetime) -> None:
    kind = str(row.values.get("kind", MemberKind.REGULAR))
    is_regular = kind == MemberKind.REGULAR
    add_member(
        particulars=Particulars(
            name=str(row.values["name"]),
            name_hanja=str(row.values.get("hanja", "")),
            former_office="" if is_regular else title_of(row.region.name, row.office),
            area=area_of_region(row.region),
            mails=_mails(row),
        ),
        kind=kind,
        term=row.term(at) if is_regular else None,
        joined_on=None,
        actor=actor,
        at=at,
        came_by="import",
    )


def _change(row: _Row, actor: User, at: datetime) -> None:
    """Raises RuleViolation for a kind that needs a decision of the secretariat."""
    rows = with_terms_and_mails(Member.objects.filter(name=str(row.values["name"])))
    member = next(one for one in rows if _is_the_one(one, row.region, row.office))
    wanted = str(row.values.get("kind", member.kind))
    if wanted != member.kind:
        if wanted == MemberKind.REGULAR:
            raise RuleViolation(
                _("Honorary members become regular ones on their own page, where the new term of office is linked."),
                code="needs_a_term",
            )
        member = make_honorary(member_id=member.pk, former_office="", actor=actor, at=at)
    known = tuple(member.mails.values_list("address", flat=True))
    change_particulars(
        member_id=member.pk,
        particulars=Particulars(
            name=member.name,
            name_hanja=str(row.values.get("hanja", member.name_hanja)),
            former_office=member.former_office,
            area=member.area,
            mails=_mails(row) if "mails" in row.values else known,
        ),
        actor=actor,
        at=at,
    )


def register() -> None:
    register_importer(
        Importer(
            name=NAME,
            title=gettext_lazy("Members of the club"),
            about=gettext_lazy("A list of members with office, name, hanja and mail addresses."),
            columns=COLUMNS,
            key=("name", "region", "office"),
            load=load,
            write=write,
            may_import=_may_import,
            checks=_Checks,
            lock=lock,
            max_rows=MOST,
            personal_data="forums.member",
        )
    )
