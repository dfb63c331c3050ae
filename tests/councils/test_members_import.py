"""A roster from a table, for councils that were formed before."""

import pytest

from core.errors import RuleViolation
from core.jobs.imports.importers import ImportedRow
from core.jobs.imports.states import RowKind
from councils.importers.members import NAME, write
from councils.models import Member
from councils.states import MemberOffice
from residents.states import Role
from tests.core.imports.tables import Imports, xlsx
from tests.councils.membership_town import drawn, term_of
from tests.factories import NOON, CouncilFactory, DongFactory, MunicipalityFactory, official

pytestmark = pytest.mark.django_db

HEADINGS = ["행정동", "기수", "성명", "직위", "성별", "생년월일", "위촉일"]


@pytest.fixture
def term():
    council = CouncilFactory(dong=DongFactory(parent=MunicipalityFactory(), name="가람동"))
    return term_of(council, members=0, seats=3)


@pytest.fixture
def imports(term, settings, tmp_path, django_capture_on_commit_callbacks):
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = storages
    owner = official(region=term.council.dong.parent)
    return Imports(owner, django_capture_on_commit_callbacks, NAME)


def row(name, office="", *, dong="가람동", term=1, sex="여", born="1970-05-01", on=None):
    return [dong, term, name, office, sex, born, on]


def wrong_rows(run):
    return run.rows.filter(kind=RowKind.WRONG, check_number=run.checks).count()


def test_a_roster_is_read_as_offices_keep_it(imports, term):
    rows = [row("김하나", "회장"), row("이두리", "위원"), row("박고문", "고문", sex="남", born="")]

    imports.written(xlsx(rows, HEADINGS))

    found = {one.name: one for one in term.members.all()}
    assert {name: one.office for name, one in found.items()} == {
        "김하나": MemberOffice.CHAIR,
        "이두리": MemberOffice.MEMBER,
        "박고문": MemberOffice.ADVISER,
    }
    assert found["김하나"].appointed_on == term.starts_on
    assert (found["박고문"].sex, found["박고문"].birth_date) == ("male", None)
    term.council.refresh_from_db()
    assert (term.council.members, term.council.advisers) == (2, 1)


def test_the_same_roster_again_corrects(imports, term):
    imports.written(xlsx([row("김하나", "위원", born="1970-05-01")], HEADINGS))

    imports.written(xlsx([row("김하나", "감사", born="1971-06-02")], HEADINGS))

    member = Member.objects.get()
    assert (member.office, member.birth_date.year) == (MemberOffice.AUDITOR, 1971)


@pytest.mark.parametrize(
    "wrong",
    [
        row("김하나", term=7),
        row("김하나", dong="없는동"),
        row("김하나", "대통령"),
        row("김하나", on="1999-01-01"),
        row(""),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(imports, wrong):
    assert wrong_rows(imports.checked(xlsx([wrong], HEADINGS))) == 1
    assert not Member.objects.exists()


def test_not_more_members_than_seats(imports):
    rows = [row(name) for name in ("김하나", "이두리", "박세찬", "최네모")]

    assert wrong_rows(imports.checked(xlsx(rows, HEADINGS))) == 1


def test_terms_that_were_drawn_take_nobody_from_a_list(imports, term):
    type(term).objects.update(recruitment=drawn(term.council))

    assert wrong_rows(imports.checked(xlsx([row("김하나")], HEADINGS))) == 1


def test_nobody_writes_into_the_dong_of_others(imports, term, django_capture_on_commit_callbacks):
    other = Imports(official(Role.DONG_OFFICIAL, DongFactory()), django_capture_on_commit_callbacks, NAME)

    assert wrong_rows(other.checked(xlsx([row("김하나")], HEADINGS))) == 1
    values = {"dong": term.council.dong.code, "term": 1, "name": "김하나"}
    with pytest.raises(RuleViolation, match="1"):
        write([[ImportedRow(1, tuple(values.values()), values, is_new=True)]], actor=other.owner, at=NOON)
    assert not Member.objects.exists()
