"""The pages about oneself: what they show, what they refuse, what they leave to others."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.audit.models import AuditEntry
from residents import personal_data
from residents.consents import ACCOUNT, CONSENTS, RESIDENCE
from residents.models import Consent, Residence, ResidentProfile, User
from residents.personal_data import Fact, Section
from residents.services import declare_residence, register_person, verify_residence
from residents.states import Role
from tests.factories import NOON, DongFactory, UserFactory, official

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
PAGES = [
    "/me/profile/",
    "/me/residence/",
    "/me/consents/",
    "/me/data/",
    "/me/data/export/",
    "/me/data/erase/",
]


@pytest.fixture
def dong():
    return DongFactory(name="금호1동", name_en="Geumho 1-dong", parent__name="서구")


@pytest.fixture
def person(client):
    """Somebody who has just signed up, signed in."""
    user = register_person(
        email="person@example.org", name="김민수", password=PASSWORD, mail_confirmed=True, consents=[ACCOUNT], at=NOON
    )
    client.force_login(user)
    return user


@pytest.fixture
def settled(client):
    """Somebody with profile and consent, signed in."""
    user = register_person(
        email="settled@example.org",
        name="박하늘",
        password=PASSWORD,
        mail_confirmed=True,
        birth_date=date(1980, 3, 15),
        phone="01000000001",
        consents=[ACCOUNT, RESIDENCE],
        at=NOON,
    )
    client.force_login(user)
    return user


PROFILE = {
    "name": "김민수",
    "birth_date": "1980-03-15",
    "sex": "",
    "phone": "",
    "language": "ko",
    "consent": "on",
    "consent_version": "1",
}


def profile(client, **changes):
    return client.post(
        "/me/profile/", {key: value for key, value in {**PROFILE, **changes}.items() if value is not None}
    )


def verified(user, dong):
    residence = declare_residence(user_id=user.pk, dong_id=dong.pk, basis="registered", at=NOON)
    return verify_residence(
        residence_id=residence.pk, document="주민등록증", actor=official(Role.DONG_OFFICIAL, dong), at=NOON
    )


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_sent_to_sign_in(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_pages_about_oneself_are_never_kept(client, settled, path):
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/me/consents/", "/me/data/", "/me/data/export/"])
def test_pages_that_only_show_take_no_forms(client, settled, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/me/profile/", "/me/residence/", "/me/data/erase/"])
def test_forms_need_their_token(settled, path):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(settled)
    assert strict.post(path, PROFILE).status_code == 403


@pytest.mark.parametrize("path", ["/me/profile/", "/me/residence/", "/me/data/erase/"])
def test_a_megabyte_is_too_much(client, settled, path):
    assert client.post(path, {"name": "x" * 1024 * 1024}).status_code == 413


# --- profile ----------------------------------------------------------------------------------------------------------


def test_a_profile_is_saved_with_its_consent_and_leads_to_the_dong(client, person):
    response = profile(client, sex="female", phone="010-0000-0002")
    assert response["Location"] == "/me/residence/"
    saved = ResidentProfile.objects.get(user=person)
    assert (saved.birth_date, saved.sex, saved.phone) == (date(1980, 3, 15), "female", "01000000002")
    assert Consent.objects.filter(user=person, purpose=RESIDENCE).exists()


TYPED_DATES = ["1980.03.15", "1980. 3. 15.", "19800315", "1980/3/15", "1980년 3월 15일", " １９８００３１５ "]


@pytest.mark.parametrize("typed", TYPED_DATES)
def test_a_birth_date_as_people_write_it(client, person, typed):
    profile(client, birth_date=typed)
    assert ResidentProfile.objects.get(user=person).birth_date == date(1980, 3, 15)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": None},
        {"name": "가" * 10_000},
        {"name": "김\x00민수"},
        {"birth_date": ""},
        {"birth_date": None},
        {"birth_date": "1899-12-31"},
        {"birth_date": (timezone.localdate() + timedelta(days=2)).isoformat()},
        {"birth_date": "1980-02-30"},
        {"birth_date": "0000-00-00"},
        {"birth_date": "800315"},
        {"birth_date": "1980.3"},
        {"birth_date": "19801332"},
        {"birth_date": "x" * 10_000},
        {"sex": "other"},
        {"sex": "\x00"},
        {"phone": "no number"},
        {"phone": "0" * 10_000},
        {"phone": "010\x000000"},
        {"language": "xx"},
        {"language": None},
        {"consent": None},
        {"consent_version": "9"},
    ],
)
def test_a_wrong_profile_changes_nothing(client, person, wrong):
    entries = AuditEntry.objects.count()
    assert profile(client, **wrong).status_code == 422
    assert not ResidentProfile.objects.exists()
    assert not Consent.objects.filter(purpose=RESIDENCE).exists()
    assert AuditEntry.objects.count() == entries


def test_a_new_version_of_the_text_is_asked_again(client, settled, monkeypatch):
    assert b"consent_version" not in client.get("/me/profile/").content
    newer = {**CONSENTS, RESIDENCE: replace(CONSENTS[RESIDENCE], version=2)}
    for module in ("consents", "queries", "views", "services.consents", "exports"):
        monkeypatch.setattr(f"residents.{module}.CONSENTS", newer)
    assert b"consent_version" in client.get("/me/profile/").content
    assert profile(client, name="박하늘", consent=None).status_code == 422
    assert profile(client, name="박하늘", consent_version="2").status_code == 302
    assert set(Consent.objects.filter(purpose=RESIDENCE).values_list("version", flat=True)) == {1, 2}


def test_what_was_checked_at_the_desk_stays(client, settled, dong):
    verified(settled, dong)
    response = profile(client, name="다른 이름", birth_date="2000-01-01", phone="010-0000-0009")
    assert response.status_code == 302
    settled.refresh_from_db()
    settled.profile.refresh_from_db()
    assert (settled.name, settled.profile.birth_date) == ("박하늘", date(1980, 3, 15))
    assert settled.profile.phone == "01000000009"


# --- residence --------------------------------------------------------------------------------------------------------


def declare(client, where, **changes):
    facts = {"dong": where.pk, "basis": "registered", **changes}
    return client.post("/me/residence/", {key: value for key, value in facts.items() if value is not None})


def test_without_a_profile_the_dong_comes_later(client, person):
    assert client.get("/me/residence/")["Location"] == "/me/profile/"


def test_declaring_says_what_to_do_next(client, settled, dong):
    assert declare(client, dong).status_code == 302
    page = client.get("/en/me/residence/").content.decode()
    assert "waiting for a check at the desk" in page
    assert "The community centre of" in page
    assert "an ID with a photo" in page
    assert Residence.objects.get().user == settled


def test_a_dong_is_found_by_its_name_and_municipality(client, settled, dong):
    DongFactory(name="풍암동", parent=dong.parent)
    DongFactory(name="금호1동", parent__name="성동구")
    page = client.get("/me/residence/", {"q": "서구 금호"})
    assert [found.pk for found in page.context["dongs"]] == [dong.pk]
    assert f'value="{dong.pk}" selected' in page.content.decode()


def test_dongs_stand_in_groups_by_municipality(client, settled, dong):
    DongFactory(name="가양동", parent__name="강서구")
    page = client.get("/me/residence/").content.decode()
    assert page.count("<optgroup") == 2


def test_dongs_of_the_past_are_not_offered(client, settled, dong):
    gone = DongFactory(name="옛동", valid_until=date(2020, 1, 1))
    assert "옛동" not in client.get("/me/residence/").content.decode()
    assert declare(client, gone).status_code == 422


def test_a_search_without_a_find_says_so(client, settled, dong):
    page = client.get("/en/me/residence/", {"q": "없는동"})
    assert page.status_code == 200
    assert "No dong has this name" in page.content.decode()


@pytest.mark.parametrize("words", ["가" * 51, "a\x00b"])
def test_a_malformed_search_is_a_400(client, settled, words):
    assert client.get("/me/residence/", {"q": words}).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"dong": None},
        {"dong": ""},
        {"dong": "0"},
        {"dong": "9" * 30},
        {"dong": "x"},
        {"dong": "1\x00"},
        {"basis": None},
        {"basis": "visiting"},
        {"basis": "x" * 10_000},
    ],
)
def test_a_wrong_declaration_changes_nothing(client, settled, dong, wrong):
    assert declare(client, dong, **wrong).status_code == 422
    assert not Residence.objects.exists()


def test_declaring_twice_is_one_declaration_and_a_sentence(client, settled, dong):
    declare(client, dong)
    assert declare(client, dong).status_code == 422
    assert Residence.objects.count() == 1


def test_a_declaration_is_taken_back(client, settled, dong):
    declare(client, dong)
    path = f"/me/residence/{Residence.objects.get().pk}/withdraw/"
    assert client.post(path).status_code == 302
    assert Residence.objects.get().status == "ended"
    assert client.post(path).status_code == 409


@pytest.mark.parametrize("number", [0, 99_999, 10**25])
def test_what_is_not_there_cannot_be_taken_back(client, settled, number):
    assert client.post(f"/me/residence/{number}/withdraw/").status_code == 404


def test_others_declarations_are_not_mine_to_take_back(client, settled, dong):
    theirs = Residence.objects.create(user=UserFactory(), dong=dong, basis="registered", declared_at=NOON)
    assert client.post(f"/me/residence/{theirs.pk}/withdraw/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "declared"


def test_moving_keeps_the_vote_until_the_check(client, settled, dong):
    verified(settled, dong)
    assert declare(client, DongFactory(), basis="working").status_code == 302
    page = client.get("/en/me/residence/").content.decode()
    assert "you keep your vote in the old one" in page
    assert Residence.objects.filter(status="verified", dong=dong).exists()


def test_the_list_of_dongs_takes_the_same_queries_for_1_and_30(client, settled, django_assert_num_queries):
    DongFactory()
    client.get("/me/residence/")
    with CaptureQueriesContext(connection) as with_one:
        client.get("/me/residence/")
    for _ in range(29):
        DongFactory()
    with django_assert_num_queries(len(with_one)):
        client.get("/me/residence/")


@pytest.mark.parametrize(
    ("basis", "papers"), [("registered", 1), ("working", 2), ("studying", 2), ("overseas_korean", 1)]
)
def test_who_waits_is_told_what_to_bring(client, settled, dong, basis, papers):
    declare(client, dong, basis=basis)
    page = client.get("/me/residence/")
    assert len(page.context["papers"]) == papers
    for paper in page.context["papers"]:
        assert paper in page.content.decode()


def test_a_child_is_told_to_come_with_a_guardian(client, settled, dong):
    declare(client, dong)
    said = "a parent or guardian with their ID"
    assert said not in client.get("/en/me/residence/").content.decode()
    ResidentProfile.objects.filter(user=settled).update(birth_date=timezone.localdate() - timedelta(days=10 * 365))
    assert said in client.get("/en/me/residence/").content.decode()


def line(client, path="/me/residence/"):
    return [step.state for step in client.get(path).context["steps"]]


def test_the_line_of_steps_shows_where_one_stands(client, settled, dong):
    assert line(client) == ["done", "now", "next", "next"]
    declare(client, dong)
    assert line(client) == line(client, "/me/profile/") == ["done", "done", "now", "next"]
    Residence.objects.all().delete()
    verified(settled, dong)
    assert line(client) == ["done", "done", "done", "now"]


def test_taking_back_as_a_link_asks_first(client, settled, dong):
    declare(client, dong)
    path = f"/me/residence/{Residence.objects.get().pk}/withdraw/"
    assert client.get(path).status_code == 200
    assert Residence.objects.get().status == "declared"
    client.post(path)
    assert client.get(path)["Location"] == "/me/residence/"


# --- where one was going ----------------------------------------------------------------------------------------------

BALLOT = "/polls/1/ballot/"
TOWARDS_BALLOT = "next=%2Fpolls%2F1%2Fballot%2F"


def test_details_and_dong_keep_the_goal(client, person, dong):
    assert client.get(f"/me/residence/?{TOWARDS_BALLOT}")["Location"] == f"/me/profile/?{TOWARDS_BALLOT}"
    assert profile(client, next=BALLOT)["Location"] == f"/me/residence/?{TOWARDS_BALLOT}"
    assert f'name="next" value="{BALLOT}"' in client.get(f"/me/residence/?{TOWARDS_BALLOT}").content.decode()
    assert declare(client, dong, next=BALLOT)["Location"] == f"/me/residence/?{TOWARDS_BALLOT}"


def test_who_may_vote_goes_on_to_the_goal(client, settled, dong):
    verified(settled, dong)
    assert f'href="{BALLOT}"' in client.get(f"/me/residence/?{TOWARDS_BALLOT}").content.decode()
    assert profile(client, name="박하늘", next=BALLOT)["Location"] == BALLOT


@pytest.mark.parametrize(
    "goal", ["https://evil.example.net/", "//evil.example.net/", "/\\evil.example.net", "javascript:x", "evil"]
)
def test_a_foreign_goal_is_forgotten(client, settled, dong, goal):
    verified(settled, dong)
    assert profile(client, name="박하늘", next=goal)["Location"] == "/me/profile/"
    assert goal not in client.get("/me/residence/", {"next": goal}).content.decode().partition("<main")[2]


# --- consents ---------------------------------------------------------------------------------------------------------


def test_withdrawing_a_consent_through_the_page(client, settled, dong):
    verified(settled, dong)
    assert client.post("/me/consents/residence/withdraw/").status_code == 302
    assert not ResidentProfile.objects.exists()
    assert client.post("/me/consents/residence/withdraw/").status_code == 409


def test_the_consent_to_the_account_is_withdrawn_by_erasing_it(client, settled):
    assert client.post("/me/consents/account/withdraw/").status_code == 409
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 2


def test_withdrawing_a_consent_as_a_link_says_first_what_follows(client, settled, dong):
    verified(settled, dong)
    page = client.get("/en/me/consents/residence/withdraw/")
    assert "deleted at once" in page.content.decode()
    assert ResidentProfile.objects.exists()
    assert client.get("/me/consents/account/withdraw/")["Location"] == "/me/consents/"


def test_what_is_not_given_is_not_asked_about(client, person):
    assert client.get("/me/consents/residence/withdraw/")["Location"] == "/me/consents/"


@pytest.mark.parametrize("purpose", ["unknown", "x" * 500])
def test_an_unknown_consent_is_a_404(client, settled, purpose):
    assert client.post(f"/me/consents/{purpose}/withdraw/").status_code == 404


# --- my data ----------------------------------------------------------------------------------------------------------


def test_my_data_shows_everything_that_is_held(client, settled, dong):
    verified(settled, dong)
    page = client.get("/me/data/").content.decode()
    for held in ("settled@example.org", "박하늘", "1980-03-15", "01000000001", "금호1동", "주민등록증"):
        assert held in page


def test_the_export_is_a_file_with_stable_keys(client, settled, dong):
    verified(settled, dong)
    response = client.get("/me/data/export/")
    assert response["Content-Disposition"] == 'attachment; filename="madang-my-data.json"'
    assert response["Content-Type"] == "application/json"
    exported = json.loads(response.content)
    assert exported["format"] == "madang-my-data/1"
    sections = {section["key"]: section["records"] for section in exported["sections"]}
    assert sections["account"][0]["email"] == "settled@example.org"
    assert sections["profile"][0]["birth_date"] == "1980-03-15"
    assert sections["residences"][0]["document"] == "주민등록증"
    assert len(sections["consents"]) == 2


def test_nobody_elses_data_is_in_the_export(client, settled):
    register_person(email="stranger@example.org", name="낯선 사람", birth_date=date(1980, 3, 15), at=NOON)
    assert "stranger" not in client.get("/me/data/export/").content.decode()


def test_apps_above_take_part(client, settled, monkeypatch):
    monkeypatch.setattr(personal_data, "_holders", dict(personal_data._holders))
    erased = []
    personal_data.register(
        "above",
        export=lambda user: [Section("roll", "Roll", ((Fact("number", "Number", str(user.pk)),),))],
        erase=lambda user, _at: erased.append(ResidentProfile.objects.filter(user=user).exists()),
    )
    assert "roll" in client.get("/me/data/export/").content.decode()
    erase(client)
    assert erased == [True]  # apps above empty theirs before the profile goes


@pytest.mark.parametrize("residences", [1, 30])
def test_my_data_takes_the_same_queries(settled, residences, django_assert_num_queries):
    for _ in range(residences):
        Residence.objects.create(
            user=settled, dong=DongFactory(), basis="working", declared_at=NOON, status="ended", ended_on=NOON.date()
        )
    own = personal_data._holders["residents"]
    with django_assert_num_queries(6):
        assert list(own.export(settled))


# --- erasing ----------------------------------------------------------------------------------------------------------


def erase(client, **changes):
    facts = {"understood": "on", "password": PASSWORD, **changes}
    return client.post("/me/data/erase/", {key: value for key, value in facts.items() if value is not None})


def test_erasing_oneself_signs_out_and_leaves_nothing(client, settled):
    assert erase(client)["Location"] == "/"
    assert "_auth_user_id" not in client.session
    settled.refresh_from_db()
    assert (settled.name, settled.is_active) == ("", False)
    again = client.post("/accounts/login/", {"login": "settled@example.org", "password": PASSWORD})
    assert again.status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"understood": None},
        {"password": None},
        {"password": ""},
        {"password": "wrong"},
        {"password": "x" * 10_000},
        {"password": PASSWORD + "\x00"},
    ],
)
def test_a_wrong_form_erases_nothing(client, settled, wrong):
    assert erase(client, **wrong).status_code == 422
    assert User.objects.get(pk=settled.pk).email == "settled@example.org"


def test_guessing_the_password_here_locks_as_well(client, settled):
    answers = [erase(client, password="wrong").status_code for _ in range(10)]
    assert answers[-1] == 429
    assert erase(client).status_code == 429
    assert User.objects.get(pk=settled.pk).is_active


def test_an_official_hands_over_first(client):
    user = official(Role.DONG_OFFICIAL, DongFactory())
    client.force_login(user)
    refusal = erase(client)
    assert refusal.status_code == 409
    assert 'href="/me/data/"' in refusal.content.decode().partition("<main")[2]
    user.refresh_from_db()
    assert user.erased_at is None
