"""The pupils of a school onto the voter roll in one go, with each faulty line named and nobody added by halves."""

import pytest

from assemblies.states import AssemblyKind
from core.audit.models import AuditEntry
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import act, signed_in, words
from tests.factories import AssemblyFactory, RollEntryFactory

pytestmark = pytest.mark.usefixtures("clock", "db")


@pytest.fixture
def school():
    draft = make_town(upto="draft", voters=0)
    assembly = AssemblyFactory(
        dong=draft.assembly.dong, rule_set=draft.assembly.rule_set, kind=AssemblyKind.SCHOOL, host="금부초등학교"
    )
    assembly.desk = signed_in(draft.official)
    assembly.residents = draft.assembly
    return assembly


def send(school, *lines):
    return school.desk.post(
        act("assembly", "add-pupils", school), {"references": "\r\n".join(lines), "basis": "studying"}
    )


def on_roll(school):
    return list(school.roll.order_by("pk").values_list("reference", flat=True))


def test_lines_become_pupils_also_from_columns_of_a_table(school):
    assert send(school, "5-2-14", "", "5\t2\t15", "  6 1 1 ").status_code == 302
    assert on_roll(school) == ["5-2-14", "5-2-15", "6-1-1"]
    entry = AuditEntry.objects.get(action="assemblies.roll_references_added")
    assert entry.details == {"added": 3, "total": 3}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["5-2-14", "홍길동"], "Line 2: there is no number in it."),
        (["5-2-14", "5-2-15", "5-2-14"], "Line 3: “5-2-14” stands in line 1 already."),
        (["5-2-14", "1" * 41], "Line 2: it is longer than 40 signs."),
        (["5-2-14", "", "9-9-9"], "Line 3: “9-9-9” is on the voter roll already"),
    ],
)
def test_a_faulty_line_is_named_and_nobody_is_added(school, lines, said):
    RollEntryFactory(assembly=school, user=None, reference="9-9-9")
    answer = send(school, *lines)
    assert answer.status_code == 400
    assert said in words(answer)
    assert on_roll(school) == ["9-9-9"]


def test_a_name_is_not_said_again(school):
    errors = send(school, "홍길동").context["form"].errors.as_text()
    assert "홍길동" not in errors


def test_of_many_faults_the_first_are_said_and_the_rest_counted(school):
    answer = words(send(school, *["이름"] * 25))
    assert "Line 20:" in answer
    assert "Line 21:" not in answer
    assert "5 more lines are at fault." in answer


def test_too_many_lines_are_refused(school):
    assert send(school, *[f"1-1-{number}" for number in range(501)]).status_code == 400
    assert on_roll(school) == []


def test_the_same_list_sent_twice_adds_nobody_twice(school):
    send(school, "5-2-14", "5-2-15")
    assert send(school, "5-2-14", "5-2-15").status_code == 400
    assert len(on_roll(school)) == 2


def test_residents_do_not_come_onto_the_roll_by_a_list(school):
    assembly = school.residents
    address = act("assembly", "add-pupils", assembly)
    assert school.desk.get(address).status_code == 409
    assert school.desk.post(address, {"references": "5-2-14", "basis": "studying"}).status_code == 409
    assert not assembly.roll.exists()
