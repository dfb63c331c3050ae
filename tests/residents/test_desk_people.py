"""The desk's work on people and places: verification, corrections, roles, accounts, regions, terms of office."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry, AuditEntry
from residents.consents import RESIDENCE
from residents.duplicates import name_key
from residents.models import OfficeTerm, Region, Residence, ResidentProfile, RoleAssignment
from residents.services import give_consent
from residents.states import Role
from tests.factories import DongFactory, MunicipalityFactory, UserFactory, official, resident
from tests.residents.town import residence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def dong():
    return DongFactory(name="금호1동")


@pytest.fixture
def desk(client, dong):
    """The client of a dong official."""
    client.user = official(Role.DONG_OFFICIAL, dong)
    client.force_login(client.user, backend="residents.backends.EmailBackend")
    return client


def declared(dong, name="홍길동", birth_date=date(1960, 5, 7), **fields):
    user = UserFactory(name=name, **fields)
    give_consent(user_id=user.pk, purpose=RESIDENCE, at=timezone.now())
    ResidentProfile.objects.create(user=user, birth_date=birth_date, name_key=name_key(name), phone="01000000000")
    return residence(dong, "declared", user)


def page(row, name="change"):
    return reverse(f"admin:residents_residence_{name}", args=[row.pk])


LIST = "/admin/residents/residence/"


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_shows_who_waits_with_masked_data(desk, dong):
    declared(dong, email="gildong@example.org")
    shown = desk.get(LIST).content.decode()
    assert "홍*동" in shown
    assert "1960-**-**" in shown
    for secret in ("홍길동", "1960-05-07", "1960. 5. 7", "gildong", "01000000000"):
        assert secret not in shown


def test_the_list_begins_with_what_waits(desk, dong):
    resident(dong, name="이미확인")
    assert "이**인" not in desk.get(LIST).content.decode()
    assert "이**인" in desk.get(LIST + "?status=verified").content.decode()


def test_a_seen_list_is_noted(desk, dong):
    declared(dong)
    declared(dong, name="김아무개")
    desk.get(LIST)
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.act, entry.count, entry.scope) == (desk.user.pseudonym, "list", 2, dong.path)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_database_equally_often(desk, dong, rows, django_assert_num_queries):
    for number in range(rows):
        declared(dong, name=f"주민{chr(0xAC00 + number)}")
    desk.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        desk.get(LIST)


LIST_QUERIES = 8


def test_the_list_marks_children_and_likely_duplicates(desk, dong):
    declared(dong, name="홍길동")
    assert "under 14" not in desk.get("/en" + LIST).content.decode()
    assert "possible duplicate" not in desk.get("/en" + LIST).content.decode()
    declared(DongFactory(), name="Hong Gildong")
    ResidentProfile.objects.update(phone="")
    declared(dong, name="어린이", birth_date=timezone.localdate() - timedelta(days=365 * 12))
    shown = desk.get("/en" + LIST).content.decode()
    assert shown.count("under 14") == 1
    assert shown.count("possible duplicate") == 1


# --- finding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "홍 길동", "birth_date": ""},
        {"name": "", "birth_date": "1960-05-07"},
        {"name": "홍길동", "birth_date": "1960-05-07"},
    ],
)
def test_a_person_is_found_by_name_and_birth_date(desk, dong, wanted):
    row = declared(dong)
    answer = desk.post(LIST + "find/", wanted)
    assert page(row) in answer.content.decode()
    assert "홍길동" not in answer.content.decode().split('id="found-title"')[1].split("</section>")[0]
    assert AccessEntry.objects.filter(act="list", count=1).exists()


def test_nobody_is_found_in_another_dong(desk):
    row = declared(DongFactory())
    answer = desk.post(LIST + "find/", {"name": "홍길동", "birth_date": "1960-05-07"})
    assert page(row) not in answer.content.decode()


def test_an_empty_search_is_refused(desk):
    assert desk.post(LIST + "find/", {"name": "", "birth_date": ""}).status_code == 400


# --- the page of one residence --------------------------------------------------------------------------------------


def test_opening_a_page_shows_everything_and_is_noted(desk, dong):
    row = declared(dong, email="gildong@example.org")
    shown = desk.get(page(row)).content.decode()
    for fact in ("홍길동", "gildong@example.org", "01000000000"):
        assert fact in shown
    entry = AccessEntry.objects.get()
    assert (entry.act, entry.whose, entry.what) == ("read", row.user.pseudonym, "residents.residence")


def test_of_somebody_who_left_only_masked_data_is_shown(desk, dong):
    row = declared(dong, email="gildong@example.org")
    Residence.objects.filter(pk=row.pk).update(status="ended", ended_on=date(2026, 6, 1))
    shown = desk.get(page(row)).content.decode()
    assert "홍*동" in shown
    for secret in ("홍길동", "gildong@example.org", "01000000000"):
        assert secret not in shown


def test_the_page_has_no_field_to_change(desk, dong):
    row = declared(dong)
    assert desk.post(page(row), {"status": "verified"}).status_code == 403
    row.refresh_from_db()
    assert row.status == "declared"


# --- acts -----------------------------------------------------------------------------------------------------------


def test_verifying_asks_for_the_document(desk, dong):
    row = declared(dong)
    assert desk.get(page(row, "verify")).status_code == 200
    assert desk.post(page(row, "verify"), {"document": ""}).status_code == 400
    row.refresh_from_db()
    assert row.status == "declared"


def test_verifying_keeps_document_official_and_time(desk, dong):
    row = declared(dong)
    answer = desk.post(page(row, "verify"), {"document": "주민등록증"})
    assert answer["Location"] == page(row)
    row.refresh_from_db()
    assert (row.status, row.document, row.checked_by) == ("verified", "주민등록증", desk.user)
    assert AuditEntry.objects.filter(action="residents.residence_verified").exists()
    assert AccessEntry.objects.filter(act="change", whose=row.user.pseudonym).exists()


def test_a_rule_that_says_no_is_shown_and_nothing_changes(desk, dong):
    row = declared(dong)
    answer = desk.post(page(row, "verify"), {"document": "주민등록증 900101-1234567"})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "declared"
    assert not AccessEntry.objects.filter(act="change").exists()


def test_a_duplicate_is_shown_and_needs_a_reason(desk, dong):
    declared_first = declared(dong)
    desk.post(page(declared_first, "verify"), {"document": "주민등록증"})
    again = declared(dong)
    for address in (page(again), page(again, "verify")):
        shown = desk.get(address).content.decode()
        assert f"#{declared_first.user_id} · 홍*동 · 1960-**-**" in shown
    assert desk.post(page(again, "verify"), {"document": "주민등록증"}).status_code == 400
    desk.post(page(again, "verify"), {"document": "주민등록증", "not_the_same_person": "쌍둥이 형제와 함께 왔습니다"})
    again.refresh_from_db()
    assert again.status == "verified"


def test_a_child_needs_a_guardian_first(desk, dong):
    row = declared(dong, birth_date=timezone.localdate() - timedelta(days=365 * 12))
    assert desk.post(page(row, "verify"), {"document": "학생증"}).status_code == 409
    for address in (page(row), page(row, "verify")):
        assert page(row, "guardian") in desk.get(address).content.decode()
    consent = {"guardian_name": "홍판서", "relation": "아버지", "given_on": timezone.localdate().isoformat()}
    assert desk.post(page(row, "guardian"), consent).status_code == 302
    assert page(row, "guardian") not in desk.get(page(row, "verify")).content.decode()
    assert desk.post(page(row, "verify"), {"document": "학생증"}).status_code == 302


def test_refusing_needs_a_reason(desk, dong):
    row = declared(dong)
    assert desk.post(page(row, "refuse"), {"reason": " "}).status_code == 400
    assert desk.post(page(row, "refuse"), {"reason": "주소가 다른 동입니다"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.reason) == ("refused", "주소가 다른 동입니다")


def test_a_step_that_is_over_says_so(desk, dong):
    row = declared(dong)
    desk.post(page(row, "verify"), {"document": "주민등록증"})
    assert desk.get(page(row, "verify")).status_code == 409
    assert desk.post(page(row, "verify"), {"document": "주민등록증"}).status_code == 409
    assert page(row, "verify") not in desk.get(page(row)).content.decode()


def test_a_residence_ends_after_a_move(desk, dong):
    row = declared(dong)
    desk.post(page(row, "verify"), {"document": "주민등록증"})
    assert desk.post(page(row, "end"), {"reason": "이사", "day": ""}).status_code == 302
    row.refresh_from_db()
    assert row.status == "ended"


def test_a_death_switches_the_account_off(desk, dong):
    row = declared(dong)
    assert desk.post(page(row, "death"), {"died_on": timezone.localdate().isoformat()}).status_code == 302
    row.user.refresh_from_db()
    assert not row.user.is_active
    assert desk.post(page(row, "death"), {"died_on": timezone.localdate().isoformat()}).status_code == 404


def test_checked_facts_are_corrected_at_the_desk(desk, dong):
    row = declared(dong)
    data = {"name": "홍길순", "birth_date": "1961-05-07", "sex": "", "phone": ""}
    assert desk.post(page(row, "correct"), data).status_code == 302
    profile = ResidentProfile.objects.select_related("user").get(user=row.user_id)
    assert (profile.user.name, profile.birth_date) == ("홍길순", date(1961, 5, 7))


def test_nobody_verifies_themselves(desk, dong):
    ResidentProfile.objects.create(user=desk.user, birth_date=date(1970, 1, 1), name_key="x")
    row = residence(dong, "declared", desk.user)
    assert desk.post(page(row, "verify"), {"document": "주민등록증"}).status_code == 404
    row.refresh_from_db()
    assert row.status == "declared"


# --- roles ----------------------------------------------------------------------------------------------------------

ADD_ROLE = "/admin/residents/roleassignment/add/"


@pytest.fixture
def district(client, dong):
    client.user = official(Role.DISTRICT_OFFICIAL, dong.parent)
    client.force_login(client.user, backend="residents.backends.EmailBackend")
    return client


def grant(client, email, role, region, since=""):
    return client.post(
        ADD_ROLE,
        {"email": email, "role": role, "region": region.pk if region else "", "since": since or timezone.localdate()},
    )


def test_a_district_official_makes_dong_officials(district, dong):
    person = UserFactory()
    assert grant(district, person.email.upper(), "dong_official", dong).status_code == 302
    assert RoleAssignment.objects.filter(user=person, role="dong_official", region=dong).exists()


@pytest.mark.parametrize(
    ("role", "where"),
    [("district_official", "district"), ("operator", None), ("auditor", "district"), ("dong_official", "elsewhere")],
)
def test_a_district_official_grants_nothing_else(district, dong, role, where):
    person = UserFactory()
    region = {"district": dong.parent, "elsewhere": DongFactory(), None: None}[where]
    assert grant(district, person.email, role, region).status_code == 400
    assert not RoleAssignment.objects.filter(user=person).exists()


def test_nobody_gives_a_role_to_themselves(district, dong):
    answer = grant(district, district.user.email, "dong_official", dong)
    assert answer.status_code == 403
    assert "errornote" in answer.content.decode()
    assert not RoleAssignment.objects.filter(user=district.user, role="dong_official").exists()


def test_a_role_needs_an_account_that_exists(district, dong):
    assert grant(district, "nobody@example.org", "dong_official", dong).status_code == 400


def test_somebody_with_two_reaches_adds_only_where_the_role_allows(district, dong):
    """A dong official elsewhere sees that dong, but grants nothing there."""
    elsewhere = DongFactory()
    RoleAssignment.objects.create(user=district.user, role="dong_official", region=elsewhere, since=date(2020, 1, 1))
    person = UserFactory()
    assert grant(district, person.email, "dong_official", elsewhere).status_code == 403
    assert not RoleAssignment.objects.filter(user=person).exists()


def test_the_operator_makes_district_officials(client, dong):
    client.force_login(official(Role.OPERATOR), backend="residents.backends.EmailBackend")
    person = UserFactory()
    assert grant(client, person.email, "district_official", dong.parent).status_code == 302
    assert grant(client, person.email, "club_secretariat", None).status_code == 302


# --- accounts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def operator(client):
    client.user = official(Role.OPERATOR)
    client.force_login(client.user, backend="residents.backends.EmailBackend")
    return client


def test_accounts_are_masked_and_without_passwords(operator):
    account = UserFactory(email="gildong@example.org", name="홍길동")
    shown = operator.get("/admin/residents/user/").content.decode()
    assert "gi*****@example.org" in shown
    assert "gildong" not in shown
    detail = operator.get(reverse("admin:residents_user_change", args=[account.pk])).content.decode()
    assert account.password not in detail
    assert AccessEntry.objects.filter(act="read", whose=account.pseudonym).exists()


def test_an_account_is_found_by_its_whole_address_only(operator):
    UserFactory(email="gildong@example.org")
    assert "gi*****@" in operator.post("/admin/residents/user/find/", {"email": "Gildong@example.org"}).content.decode()
    assert "gi*****@" not in operator.post("/admin/residents/user/find/", {"email": "g@example.org"}).content.decode()


def test_accounts_are_switched_off_and_on_with_a_reason(operator):
    account = UserFactory()
    off = reverse("admin:residents_user_deactivate", args=[account.pk])
    assert operator.post(off, {"reason": ""}).status_code == 400
    assert operator.post(off, {"reason": "본인 요청"}).status_code == 302
    account.refresh_from_db()
    assert not account.is_active
    on = reverse("admin:residents_user_reactivate", args=[account.pk])
    assert operator.post(on, {"reason": "본인 요청"}).status_code == 302
    account.refresh_from_db()
    assert account.is_active


def test_nobody_switches_themselves_off(operator):
    address = reverse("admin:residents_user_deactivate", args=[operator.user.pk])
    assert operator.post(address, {"reason": "시험"}).status_code == 404


# --- regions and terms of office ------------------------------------------------------------------------------------


def region_data(region, **changed):
    values = {
        "kind": region.kind,
        "name": region.name,
        "name_en": region.name_en,
        "legal_dongs": region.legal_dongs,
        "population": region.population or "",
        "population_on": "",
        "population_source": "",
        "valid_from": "",
        "valid_until": "",
    }
    return {**values, **changed}


def test_a_renamed_region_has_a_last_day_and_a_successor(operator, dong):
    successor = DongFactory(parent=dong.parent)
    address = reverse("admin:residents_region_change", args=[dong.pk])
    data = region_data(dong, valid_until="2026-07-01", successors=[successor.pk])
    assert operator.post(address, data).status_code == 302
    dong.refresh_from_db()
    assert (dong.valid_until, list(dong.successors.all())) == (date(2026, 7, 1), [successor])


def test_a_successor_without_a_last_day_is_refused_in_the_form(operator, dong):
    successor = DongFactory(parent=dong.parent)
    address = reverse("admin:residents_region_change", args=[dong.pk])
    answer = operator.post(address, region_data(dong, name="다른 이름", successors=[successor.pk]))
    assert answer.status_code == 409
    assert "errornote" in answer.content.decode()
    dong.refresh_from_db()
    assert dong.name == "금호1동"
    assert not dong.successors.exists()


def test_a_population_needs_its_source(operator, dong):
    address = reverse("admin:residents_region_change", args=[dong.pk])
    assert operator.post(address, region_data(dong, population="20000")).status_code == 400


def test_legal_dongs_are_kept_one_by_one(operator, dong):
    address = reverse("admin:residents_region_change", args=[dong.pk])
    assert operator.post(address, region_data(dong, legal_dongs=" 금호동,쌍촌동 ,, 금호동")).status_code == 302
    dong.refresh_from_db()
    assert dong.legal_dongs == "금호동, 쌍촌동"
    assert dong.legal_dong_names == ["금호동", "쌍촌동"]
    entry = AuditEntry.objects.get(action="residents.region_changed", target_id=str(dong.pk))
    assert "legal_dongs" in entry.details["changed"]


@pytest.mark.parametrize("names", ["금호동 쌍촌동", "<b>", "12", "Geumho", "금호동; 쌍촌동", "가" * 401])
def test_what_is_no_list_of_legal_dongs_is_refused(operator, dong, names):
    address = reverse("admin:residents_region_change", args=[dong.pk])
    assert operator.post(address, region_data(dong, legal_dongs=names)).status_code == 400
    dong.refresh_from_db()
    assert dong.legal_dongs == ""


def test_only_dongs_have_legal_dongs(operator, dong):
    address = reverse("admin:residents_region_change", args=[dong.parent.pk])
    assert operator.post(address, region_data(dong.parent, legal_dongs="금호동")).status_code == 400


def test_the_code_of_a_region_stays(operator, dong):
    address = reverse("admin:residents_region_change", args=[dong.pk])
    operator.post(address, region_data(dong, code="X", level="province", parent=""))
    code = dong.code
    dong.refresh_from_db()
    assert (dong.code, dong.level) == (code, "dong")


def test_a_dong_is_added_below_a_municipality(operator):
    municipality = MunicipalityFactory()
    data = {"code": "9900", "level": "dong", "parent": municipality.pk, "kind": "행정동", "name": "새동"}
    assert operator.post("/admin/residents/region/add/", data).status_code == 302
    assert Region.objects.get(code="9900").path == f"{municipality.path}9900/"
    wrong = {**data, "code": "9901", "parent": municipality.parent_id}
    assert operator.post("/admin/residents/region/add/", wrong).status_code == 409
    assert not Region.objects.filter(code="9901").exists()


def test_officials_read_their_regions_and_change_nothing(desk, dong):
    address = reverse("admin:residents_region_change", args=[dong.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, region_data(dong, name="다른 이름")).status_code == 403
    dong.refresh_from_db()
    assert dong.name == "금호1동"


def test_two_heads_do_not_hold_one_office_at_a_time(client):
    client.force_login(official(Role.CLUB_SECRETARIAT), backend="residents.backends.EmailBackend")
    region = MunicipalityFactory()
    term = {
        "region": region.pk,
        "office": "district_head",
        "name": "아무개",
        "term": "민선7기",
        "since": "2018-07-01",
        "until": "2022-07-01",
    }
    add = "/admin/residents/officeterm/add/"
    assert client.post(add, term).status_code == 302
    assert client.post(add, {**term, "name": "다른이", "since": "2020-04-15"}).status_code == 409
    assert client.post(add, {**term, "name": "다른이", "since": "2022-07-01", "until": "2026-07-01"}).status_code == 302
    assert OfficeTerm.objects.filter(region=region).count() == 2
    row = OfficeTerm.objects.first()
    assert (
        client.post(reverse("admin:residents_officeterm_change", args=[row.pk]), {**term, "until": "x"}).status_code
        == 400
    )


def test_a_successor_with_a_number_beyond_all_numbers_is_no_choice(operator, dong):
    address = reverse("admin:residents_region_change", args=[dong.pk])
    answer = operator.post(address, region_data(dong, valid_until="2026-07-01", successors=["9" * 40]))
    assert answer.status_code == 400
    assert not dong.successors.exists()


def test_the_title_of_an_account_is_masked(operator):
    """Titles stand in the history of the browser."""
    account = UserFactory(email="gildong@example.org", name="홍길동")
    for name in ("change", "history", "deactivate"):
        shown = operator.get(reverse(f"admin:residents_user_{name}", args=[account.pk])).content.decode()
        title = shown.split("<title>")[1].split("</title>")[0]
        assert "홍*동" in title
        assert "홍길동" not in title
        assert "gildong" not in title
