"""Lists of the desk as files: the rows and the masked values of the screen, and a trace where it is due."""

from datetime import date, timedelta
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from core.audit.models import AccessEntry, AuditEntry
from residents.services import extracts
from residents.states import Role
from tests.factories import (
    AgendaItemFactory,
    AssemblyFactory,
    CouncilFactory,
    DongFactory,
    MunicipalityFactory,
    RoleFactory,
    RuleSetFactory,
    official,
)
from tests.residents.test_desk_people import declared
from tests.residents.town import accounts, places

pytestmark = pytest.mark.django_db

RESIDENCES = "/admin/residents/residence/export/"
ITEMS = "/admin/assemblies/agendaitem/export/"
PURPOSE = {"purpose": "6월 확인 업무 점검"}


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def dong():
    return DongFactory(name="금호1동", parent=MunicipalityFactory(name="서구"))


@pytest.fixture
def desk(client, dong):
    client.user = official(Role.DONG_OFFICIAL, dong)
    client.force_login(client.user, backend="residents.backends.EmailBackend")
    return client


def book_of(response):
    assert response.status_code == 200, response.content[:500]
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))


def sheet_of(response):
    """(headings, rows) of the list in the file."""
    lines = list(book_of(response).worksheets[1].values)
    return lines[0], lines[1:]


def everything_in(response):
    return " ".join(str(value) for page in book_of(response) for line in page.values for value in line)


# --- what stands in the file ------------------------------------------------------------------------------------------


def test_the_file_holds_the_rows_of_the_list_with_real_numbers(desk, dong):
    assembly = AssemblyFactory(dong=dong, title="2026 주민총회")
    AgendaItemFactory(assembly=assembly, number=1, title='=HYPERLINK("http://x","주차")', cost=30_000_000)
    AgendaItemFactory(assembly=assembly, number=2, title="놀이터", cost=None)
    AgendaItemFactory(title="다른 동의 의제")
    headings, rows = sheet_of(desk.get(ITEMS))
    assert len(headings) == 7
    assert [row[:6] for row in rows] == [
        ('=HYPERLINK("http://x","주차")', 1, "2026 주민총회", "서구 금호1동", rows[0][4], 30_000_000),
        ("놀이터", 2, "2026 주민총회", "서구 금호1동", rows[1][4], None),
    ]
    book = book_of(desk.get(ITEMS))
    assert book.worksheets[1]["A2"].data_type == "s"
    assert book.worksheets[1]["F2"].number_format == '#,##0"원"'


def test_times_are_dates_of_korea(desk, dong):
    assembly = AssemblyFactory(dong=dong)
    book = book_of(desk.get("/admin/assemblies/assembly/export/"))
    shown = next(found for found in book.worksheets[1][2] if found.is_date)
    assert shown.value == timezone.localtime(assembly.held_at).replace(tzinfo=None)


def test_the_first_sheet_says_what_it_is_and_names_the_office_not_the_person(desk, dong):
    AssemblyFactory(dong=dong)
    about = dict(
        book_of(desk.get("/en/admin/assemblies/assembly/export/?status__exact=preparing")).worksheets[0].values
    )
    with override("en"):
        assert about["Of which office"] == str(desk.user.active_roles[0])
    assert (about["Rows"], about["Status"]) == (1, "being prepared")
    assert desk.user.name not in str(about)


def test_the_name_of_the_file_has_list_place_and_day(desk, dong):
    answer = desk.get("/admin/assemblies/assembly/export/")["Content-Disposition"]
    today = timezone.localdate()
    assert f'filename="assembly-{today:%Y%m%d}.xlsx"' in answer
    assert unquote(answer).endswith(f"filename*=UTF-8''총회_금호1동_{today}.xlsx")


def test_filters_and_search_hold_for_the_file(desk, dong):
    AssemblyFactory(dong=dong, title="봄 총회")
    AssemblyFactory(dong=dong, title="가을 총회")
    _headings, rows = sheet_of(desk.get("/admin/assemblies/assembly/export/?q=가을"))
    assert [row[0] for row in rows] == ["가을 총회"]
    assert desk.get("/admin/assemblies/assembly/export/?status__exact=nonsense").status_code == 400


def test_markup_of_the_list_is_text_in_the_file(client, dong):
    from tests.factories import PollFactory

    assembly = AssemblyFactory(dong=dong)
    PollFactory(assembly=assembly, title="첫째 & 둘째", items=0)
    PollFactory(assembly=assembly, title="셋째", items=0)
    client.force_login(official(Role.DONG_OFFICIAL, dong))
    _headings, rows = sheet_of(client.get("/admin/assemblies/assembly/export/"))
    assert rows[0][-1] == "첫째 & 둘째 · 준비 중\n셋째 · 준비 중"


# --- scope and roles --------------------------------------------------------------------------------------------------


def test_a_dong_official_never_gets_rows_of_another_dong(desk, dong):
    beside = DongFactory(parent=dong.parent, name="옆동")
    declared(dong, name="홍길동")
    declared(beside, name="김바다")
    for address in (RESIDENCES, f"{RESIDENCES}?status=all"):
        told = everything_in(desk.post(address, PURPOSE))
        assert "홍*동" in told
        assert "김*다" not in told
        assert "옆동" not in told
    assert desk.post(f"{RESIDENCES}?place={beside.code}", PURPOSE).status_code == 400


@pytest.mark.parametrize("name", ["operator", "secretariat", "district", "dong", "council", "auditor", "resident"])
def test_who_sees_a_list_may_take_it_and_nobody_else(client, name):
    user = accounts(places())[name]
    client.force_login(user, backend="residents.backends.EmailBackend")
    for model, model_admin in admin.site._registry.items():
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = client.get(reverse(f"{page}_changelist")).status_code
        for answer in (client.get(reverse(f"{page}_export")), client.post(reverse(f"{page}_export"), PURPOSE)):
            assert answer.status_code == listed, (name, page)
            if listed == 200 and not model_admin.needs_purpose:
                assert book_of(answer)


def test_strangers_are_led_to_the_door(client):
    assert client.get(ITEMS).status_code == 302


# --- data of persons --------------------------------------------------------------------------------------------------


def test_data_of_persons_need_a_purpose_and_leave_masked(desk, dong):
    declared(dong, email="gildong@example.org")
    asked = desk.get(RESIDENCES)
    assert asked["Content-Type"].startswith("text/html")
    assert desk.post(RESIDENCES, {"purpose": "  "}).status_code == 400
    assert desk.post(RESIDENCES, {"purpose": "\u200b.\u200b"}).status_code == 409
    assert not AccessEntry.objects.filter(act="download").exists()
    told = everything_in(desk.post(RESIDENCES, PURPOSE))
    assert "홍*동" in told
    assert "1960-**-**" in told
    for secret in ("홍길동", "1960-05-07", "gildong", "01000000000", desk.user.name):
        assert secret not in told


def test_the_purpose_stands_in_the_access_log_and_not_in_the_audit_log(desk, dong):
    declared(dong)
    declared(dong, name="김아무개")
    desk.post(f"{RESIDENCES}?status=declared", PURPOSE)
    entry = AccessEntry.objects.get(act="download")
    assert (entry.account, entry.count, entry.scope) == (desk.user.pseudonym, 2, dong.path)
    assert (entry.what, entry.reason) == ("residents.residence", PURPOSE["purpose"])
    audit = AuditEntry.objects.get(action="residents.list_taken_out")
    assert (audit.actor, audit.target_type, audit.scope) == (desk.user.pseudonym, "residents.Residence", dong.path)
    assert audit.details == {"rows": 2, "filters": ["status"]}


def test_a_purpose_with_a_number_is_refused(desk, dong):
    answer = desk.post(RESIDENCES, {"purpose": "900101-1234567 확인"})
    assert answer.status_code == 409
    assert not AuditEntry.objects.filter(action="residents.list_taken_out").exists()


def test_files_with_data_of_persons_are_limited_by_the_hour(desk, dong, monkeypatch):
    monkeypatch.setattr(extracts, "FILES_AN_HOUR", 2)
    for _turn in range(2):
        assert desk.post(RESIDENCES, PURPOSE).status_code == 200
    assert desk.post(RESIDENCES, PURPOSE).status_code == 429
    later = timezone.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert desk.post(RESIDENCES, PURPOSE).status_code == 200


@pytest.mark.parametrize("address", [RESIDENCES, ITEMS])
def test_a_list_too_long_for_a_file_says_so(desk, dong, monkeypatch, address):
    monkeypatch.setattr(extracts, "MOST_ROWS", 1)
    assembly = AssemblyFactory(dong=dong)
    for number in range(2):
        declared(dong, name=f"주민{'가나'[number]}")
        AgendaItemFactory(assembly=assembly, number=number + 1)
    answer = desk.post(address, PURPOSE)
    assert answer.status_code == 409
    assert not AccessEntry.objects.filter(act="download").exists()


def test_who_was_looked_up_is_taken_without_the_search_in_the_file(desk, dong):
    declared(dong, name="홍길동")
    declared(dong, name="김바다", birth_date=date(1950, 1, 2))
    wanted = {"name": "홍길동", "birth_date": ""}
    assert (
        'action="/admin/residents/residence/export/"'
        in desk.post("/admin/residents/residence/find/", wanted).content.decode()
    )
    asked = desk.post(RESIDENCES, wanted)
    assert 'name="purpose"' in asked.content.decode()
    told = everything_in(desk.post(RESIDENCES, {**wanted, **PURPOSE}))
    assert "홍*동" in told
    assert "김*다" not in told
    assert "홍길동" not in told
    assert AccessEntry.objects.get(act="download").count == 1
    assert desk.post(RESIDENCES, {"name": "", "birth_date": "x", **PURPOSE}).status_code == 400


def test_a_search_for_a_person_on_the_way_to_a_file_is_noted(desk, dong):
    declared(dong, name="홍길동")
    assert desk.post(RESIDENCES, {"name": "홍길동", "birth_date": ""}).status_code == 200
    assert AccessEntry.objects.get(act="list").count == 1
    assert desk.post(RESIDENCES, {"name": "홍길동", "birth_date": "", "purpose": ""}).status_code == 400
    assert AccessEntry.objects.filter(act="list").count() == 2


def test_lists_of_roles_need_a_purpose_too(client, dong):
    operator = RoleFactory(role=Role.OPERATOR, region=None).user
    client.force_login(operator, backend="residents.backends.EmailBackend")
    address = "/admin/residents/roleassignment/export/"
    assert client.get(address)["Content-Type"].startswith("text/html")
    assert client.post(address, PURPOSE).status_code == 200
    assert AccessEntry.objects.get(act="download").what == "residents.roleassignment"


# --- how much it asks of the database ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 30])
def test_a_file_of_persons_asks_the_database_equally_often(desk, dong, rows, django_assert_num_queries):
    for number in range(rows):
        declared(dong, name=f"주민{chr(0xAC00 + number)}")
    desk.post(RESIDENCES, PURPOSE)
    with django_assert_num_queries(FILE_OF_PERSONS_QUERIES):
        answer = desk.post(RESIDENCES, PURPOSE)
    assert len(sheet_of(answer)[1]) == rows


FILE_OF_PERSONS_QUERIES = 16


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("assemblies_assembly", 10), ("councils_council", 9)])
def test_a_file_asks_the_database_equally_often(client, dong, rows, name, queries, django_assert_num_queries):
    rule_set = RuleSetFactory(region=dong.parent)
    # One more in any case, so that there is a choice of dongs with its names.
    for _row in range(rows + 1):
        place = DongFactory(parent=dong.parent)
        AssemblyFactory(dong=place, rule_set=rule_set)
        CouncilFactory(dong=place)
    client.force_login(official(Role.DISTRICT_OFFICIAL, dong.parent))
    address = reverse(f"admin:{name}_export")
    client.get(address)
    with django_assert_num_queries(queries):
        answer = client.get(address)
    assert len(sheet_of(answer)[1]) == rows + 1
