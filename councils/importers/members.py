"""A roster of members of councils formed before, from a table: dong, term, name, office, days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
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
    Late,
    Reference,
    RowChecks,
    Value,
    register_importer,
)
from core.tables import Cell
from councils.models import CouncilTerm, Member
from councils.services.members import Facts, add_member, change_office, correct_member
from councils.states import BodyKind, MemberOffice, MemberStatus
from residents.models import Region, User
from residents.persons import ImplausibleError, cleaned_name
from residents.states import RegionLevel, Sex

NAME = "councils.members"
MOST = 2000
# korean file: what lists call columns, offices and sexes
OFFICE_WORDS = {
    "회장": MemberOffice.CHAIR.value,
    "주민자치회장": MemberOffice.CHAIR.value,
    "위원장": MemberOffice.CHAIR.value,
    "부회장": MemberOffice.VICE_CHAIR.value,
    "부위원장": MemberOffice.VICE_CHAIR.value,
    "간사": MemberOffice.SECRETARY.value,
    "감사": MemberOffice.AUDITOR.value,
    "위원": MemberOffice.MEMBER.value,
    "고문": MemberOffice.ADVISER.value,
}
SEX_WORDS = {
    "남": Sex.MALE.value,
    "남성": Sex.MALE.value,
    "여": Sex.FEMALE.value,
    "여성": Sex.FEMALE.value,
}


def _may_import(user: Any) -> bool:
    return bool(user.has_perm("councils.add_member"))


def parse_name(cell: Cell) -> str:
    """A name in composed letters. Raises ValueError with a sentence."""
    words = cells.text(60)(cell)
    try:
        return cleaned_name(words) if words else ""
    except ImplausibleError:
        raise ValueError(_("Please write names with letters; something in them cannot be printed.")) from None


def parse_office(cell: Cell) -> str:
    words = {str(label): value for value, label in MemberOffice.choices} | {one: one for one in MemberOffice.values}
    return cells.one_of(lambda: words | OFFICE_WORDS)(cell)


def parse_sex(cell: Cell) -> str:
    words = {str(label): value for value, label in Sex.choices} | {one: one for one in Sex.values}
    return cells.one_of(lambda: words | SEX_WORDS)(cell)


def shown_office(value: str) -> str:
    return str(MemberOffice(value).label) if value in MemberOffice.values else value


def shown_sex(value: str) -> str:
    return str(Sex(value).label) if value in Sex.values else value


COLUMNS = (
    ImportColumn(
        "dong",
        gettext_lazy("dong"),
        cells.text(80),
        required=True,
        aliases=("동", "행정동", "동명", "주민자치회", "dong"),
        help=gettext_lazy("Its name, or its official code where two dongs are called the same."),
        example="상무2동",
    ),
    ImportColumn(
        "term",
        gettext_lazy("term number"),
        cells.whole_number(1, 99),
        required=True,
        aliases=("기수", "기", "임기", "term"),
        help=gettext_lazy("The term must have been written down at the desk first."),
        example=1,
    ),
    ImportColumn(
        "name",
        gettext_lazy("name"),
        parse_name,
        required=True,
        aliases=("성명", "이름", "위원명", "name"),
        example="홍길동",
    ),
    ImportColumn(
        "office",
        gettext_lazy("office"),
        parse_office,
        aliases=("직위", "직책", "구분", "office"),
        empty=MemberOffice.MEMBER.value,
        help=gettext_lazy("Empty means member."),
        example="위원",
        shown=shown_office,
    ),
    ImportColumn(
        "sex",
        gettext_lazy("sex"),
        parse_sex,
        aliases=("성별", "sex"),
        example="여",
        shown=shown_sex,
    ),
    ImportColumn(
        "birth_date",
        gettext_lazy("date of birth"),
        cells.day,
        aliases=("생년월일", "생일", "birth"),
        empty=None,
        example=date(1970, 5, 1),
    ),
    ImportColumn(
        "appointed_on",
        gettext_lazy("appointed on"),
        cells.day,
        aliases=("위촉일", "위촉일자", "appointed"),
        empty=None,
        help=gettext_lazy("Empty means the first day of the term."),
        example=date(2019, 3, 1),
    ),
)


def _code(value: Value) -> str:
    return value.code if isinstance(value, Reference) else str(value)


def _terms(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], CouncilTerm]:
    """Terms of councils by code of the dong and number; one query."""
    wanted = list(pairs)
    found = CouncilTerm.objects.filter(
        council__kind=BodyKind.COUNCIL,
        council__dong__code__in={code for code, _number in wanted},
        number__in={number for _code_, number in wanted},
    ).select_related("council__dong")
    return {(term.council.dong.code, term.number): term for term in found}


class _Checks(RowChecks):
    """Dongs by their names, terms that exist and were not drawn here, and no more members than seats."""

    def __init__(self) -> None:
        self._dongs: dict[str, list[Region]] = {}
        self._rows: Counter[int] = Counter()
        self._last: dict[int, tuple[int, CouncilTerm]] = {}

    def take(self, drafts: Sequence[Draft]) -> None:
        if not self._dongs:
            by_name: dict[str, list[Region]] = defaultdict(list)
            dongs = Region.objects.filter(level=RegionLevel.DONG).valid_on(timezone.localdate())
            for dong in dongs.select_related("parent"):
                for word in {dong.code, dong.name, dong.full_name, f"{dong.parent} {dong.name}" if dong.parent else ""}:
                    by_name["".join(word.split())].append(dong)
            self._dongs = dict(by_name)
        placed = [draft for draft in drafts if self._find(draft)]
        terms = _terms((_code(one.values["dong"]), int(str(one.values["term"]))) for one in placed)
        known = set(Member.objects.filter(term__in=list(terms.values())).values_list("term_id", "name"))
        for draft in placed:
            term = terms.get((_code(draft.values["dong"]), int(str(draft.values["term"]))))
            if term is None:
                draft.wrong("term", _("This term is not known. Please write it down at the desk first."))
            elif self.reader is not None and not self.reader.has_perm("councils.change_councilterm", term):
                draft.wrong("dong", _("This dong is outside of your role."))
            elif term.recruitment_id is not None:
                draft.wrong("term", _("The members of this term were drawn here and come from the draw alone."))
            else:
                self._check_in(draft, term, is_new=(term.pk, draft.values["name"]) not in known)

    def _find(self, draft: Draft) -> bool:
        words = "".join(str(draft.values["dong"]).split())
        found = self._dongs.get(words, [])
        if len(found) == 1:
            draft.values["dong"] = Reference(found[0].code, found[0].full_name)
            return True
        draft.wrong(
            "dong",
            _("Several dongs are called so. Please write the official code.")
            if found
            else _("There is no dong called “%(name)s”.") % {"name": words[:40]},
        )
        return False

    def _check_in(self, draft: Draft, term: CouncilTerm, *, is_new: bool) -> None:
        day = draft.values.get("appointed_on")
        if isinstance(day, date) and not term.starts_on <= day <= term.ends_on:
            draft.wrong("appointed_on", _("This day does not lie in the term."))
        if is_new and draft.values.get("office") != MemberOffice.ADVISER:
            self._rows[term.pk] += 1
            self._last[term.pk] = (draft.number, term)

    def finish(self) -> Iterable[Late]:
        serving = Counter(
            Member.objects.filter(term__in=list(self._rows), status=MemberStatus.SERVING)
            .exclude(office=MemberOffice.ADVISER)
            .values_list("term_id", flat=True)
        )
        for pk, (number, term) in self._last.items():
            if serving[pk] + self._rows[pk] > term.seats:
                text = _("With these rows the term would have more members than its %(seats)s seats.")
                yield Late(number, "name", text % {"seats": term.seats})


def load(keys: Sequence[Key]) -> Mapping[Key, Sequence[Mapping[str, Value]]]:
    """The members who serve in these terms under these names; two queries."""
    terms = _terms((_code(dong), int(str(term))) for dong, term, _name in keys)
    by_key: dict[tuple[int, str], list[Member]] = defaultdict(list)
    names = {str(name) for _dong, _term, name in keys}
    members = Member.objects.filter(term__in=list(terms.values()), name__in=names, status=MemberStatus.SERVING)
    for member in members:
        by_key[member.term_id, member.name].append(member)
    standing: dict[Key, list[Mapping[str, Value]]] = {}
    for key in keys:
        dong, number, name = key
        term = terms.get((_code(dong), int(str(number))))
        found = by_key.get((term.pk, str(name)), []) if term else []
        if found:
            standing[key] = [
                {
                    "dong": dong,
                    "term": number,
                    "name": name,
                    "office": member.office,
                    "sex": member.sex,
                    "birth_date": member.birth_date,
                    "appointed_on": member.appointed_on,
                }
                for member in found
            ]
    return standing


def write(batches: Iterable[Sequence[ImportedRow]], *, actor: User, at: datetime) -> None:
    """Add and correct members, each by the service that the desk uses. RuleViolation outside the actor's regions."""
    for batch in batches:
        terms = _terms((_code(row.values["dong"]), int(str(row.values["term"]))) for row in batch)
        for row in batch:
            term = terms[_code(row.values["dong"]), int(str(row.values["term"]))]
            if not actor.has_perm("councils.change_councilterm", term):
                raise RuleViolation(
                    _("Row %(row)s belongs to a dong outside your role. Nothing was written.") % {"row": row.number},
                    code="not_yours",
                    status=403,
                )
            if row.is_new:
                _add(row.values, term, actor, at)
            else:
                _change(row.values, term, actor, at)


def _add(values: Mapping[str, Value], term: CouncilTerm, actor: User, at: datetime) -> None:
    born, day = values.get("birth_date"), values.get("appointed_on")
    add_member(
        term_id=term.pk,
        facts=Facts(
            name=str(values["name"]),
            appointed_on=day if isinstance(day, date) else term.starts_on,
            office=MemberOffice(str(values.get("office", MemberOffice.MEMBER))),
            birth_date=born if isinstance(born, date) else None,
            sex=str(values.get("sex", "")),
        ),
        actor=actor,
        at=at,
        came_by="import",
    )


def _change(values: Mapping[str, Value], term: CouncilTerm, actor: User, at: datetime) -> None:
    """The day of appointment is not changed: others may have moved up since."""
    member = Member.objects.get(term=term, name=str(values["name"]), status=MemberStatus.SERVING)
    born = values.get("birth_date", member.birth_date)
    member.birth_date = born if isinstance(born, date) else member.birth_date
    member.sex = str(values.get("sex", member.sex)) or member.sex
    correct_member(member=member, actor=actor, at=at)
    change_office(member_id=member.pk, office=str(values.get("office", member.office)), actor=actor, at=at)


def register() -> None:
    register_importer(
        Importer(
            name=NAME,
            title=gettext_lazy("Members of residents’ councils"),
            about=gettext_lazy("Rosters of councils that were formed before: name, office, days."),
            columns=COLUMNS,
            key=("dong", "term", "name"),
            load=load,
            write=write,
            may_import=_may_import,
            checks=_Checks,
            max_rows=MOST,
            personal_data="councils.member",
        )
    )
