"""Recruitments for everybody, and applying: form, draft, check, receipt, recommending, finding by receipt."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from councils.consents import APPLICATION
from councils.forms.applying import ApplicationForm
from councils.funnel import Days, Standing, Station, course, stages
from councils.lookup import as_typed, code_of
from councils.models import Application, EducationFigure, Recruitment
from councils.queries.calls import quotas_so_far
from councils.queries.rules import features_of
from councils.services.quotas import propose_quotas, set_quotas
from councils.services.recruitment import announce_recruitment
from councils.states import ApplicationStatus, RecruitmentStatus
from residents.models import ResidentProfile
from residents.states import Role
from tests.councils.recruiting import ANNOUNCED, AREAS, DATES, OPEN, announced, apply, prepared
from tests.factories import UserFactory, official

pytestmark = pytest.mark.django_db
DAYS = Days(DATES.opens_at, DATES.closes_at, DATES.learning_until)


@pytest.fixture(autouse=True)
def during_applications(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)


@pytest.fixture
def recruitment():
    return announced(hours=6)


@pytest.fixture
def resident(client):
    user = UserFactory(name="김하나", email="hana@example.org")
    ResidentProfile.objects.create(
        user=user, birth_date="1958-03-02", sex="female", phone="01000000000", name_key="김하나"
    )
    client.force_login(user)
    return user


TYPED = {
    "name": "김하나",
    "birth_date": "19580302",
    "sex": "female",
    "phone": "010-0000-0000",
    "email": "hana@example.org",
    "address": "상무대로 1",
    "basis": "registered",
    "track": "open",
}


def page(recruitment, name="recruitment"):
    return reverse(f"councils:{name}", args=[recruitment.pk])


def text(response):
    return unescape(response.content.decode())


def consenting():
    return {"consent": "on", "consent_version": APPLICATION.version}


def write_and_send(client, recruitment, **changed):
    client.post(page(recruitment, "apply"), {**TYPED, **changed})
    return client.post(page(recruitment, "apply_check"), consenting())


class TestPages:
    def test_the_list_shows_what_is_open(self, client, recruitment):
        response = client.get("/recruitments/")

        assert response.status_code == 200
        assert recruitment.title in text(response)
        assert recruitment.get_absolute_url() in text(response)

    def test_a_recruitment_in_preparation_is_for_its_officials(self, client, settings):
        settings.OFFICIALS_NEED_SECOND_FACTOR = False
        recruitment = prepared()

        assert client.get(page(recruitment)).status_code == 404
        client.force_login(official(Role.DONG_OFFICIAL, recruitment.council.dong))
        assert client.get(page(recruitment)).status_code == 200

    def test_the_page_says_who_until_when_and_under_which_rules(self, client, recruitment):
        response = client.get(page(recruitment))

        assert response.status_code == 200
        for words in (recruitment.title, recruitment.contact, "시연 조례 제8조", page(recruitment, "apply")):
            assert words in text(response)

    @pytest.mark.parametrize("name", ["recruitments", "recruitment"])
    def test_the_pages_ask_the_database_as_often_for_thirty_applicants(
        self, client, recruitment, name, django_assert_num_queries, django_assert_max_num_queries
    ):
        address = reverse("councils:recruitments") if name == "recruitments" else page(recruitment)
        apply(recruitment)
        with django_assert_max_num_queries(30) as first:
            client.get(address)
        for _number in range(29):
            apply(recruitment)
        with django_assert_num_queries(len(first)):
            client.get(address)

    def test_the_list_asks_the_database_as_often_for_thirty(self, client, recruitment, django_assert_num_queries):
        address = reverse("councils:recruitments")
        client.force_login(UserFactory())  # whose pages are drawn anew each time
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        for _number in range(29):
            Recruitment.objects.create(
                council=recruitment.council,
                rule_set=recruitment.rule_set,
                title="위원 모집",
                status=RecruitmentStatus.ANNOUNCED,
                announced_at=ANNOUNCED,
                seats=10,
                opens_at=DATES.opens_at,
                closes_at=DATES.closes_at,
                learning_until=DATES.learning_until,
                erase_on=DATES.erase_on,
            )
        with django_assert_num_queries(len(captured)):
            assert client.get(address).status_code == 200

    def test_a_small_group_is_not_shown(self, recruitment):
        apply(recruitment, sex="male")
        for _number in range(6):
            apply(recruitment, sex="female")

        shown = {
            group.label: group.applicants
            for feature in quotas_so_far(recruitment, features_of(recruitment), at=OPEN)
            for group in feature.groups
        }

        assert shown["남성" if "남성" in shown else "male"] is None
        # The number of the others would give it away.
        assert shown["여성" if "여성" in shown else "female"] is None

    def test_the_dates_can_be_taken_into_a_calendar(self, client, recruitment):
        response = client.get(page(recruitment, "recruitment_calendar"))

        assert response["Content-Type"].startswith("text/calendar")
        assert response.content.count(b"BEGIN:VEVENT") == 3

    def test_figures_of_education_stand_with_their_source(self, client, recruitment):
        EducationFigure.objects.create(
            region=recruitment.council.dong.parent, title="찾아가는 워크숍", lectures=6, hours=11, people=565,
            from_year=2016, to_year=2019, source="서구 자료",
        )  # fmt: skip

        response = client.get("/councils/education/")

        assert "찾아가는 워크숍" in text(response)
        assert "서구 자료" in text(response)
        assert "565" in text(response)

    def test_who_is_not_signed_in_is_asked_to(self, client, recruitment):
        response = client.get(page(recruitment, "apply"))

        assert response.status_code == 302
        assert "login" in response["Location"]


class TestFunnel:
    def test_today_stands_on_the_first_station_that_is_not_done(self):
        found = dict(course(RecruitmentStatus.ANNOUNCED, DAYS, at=OPEN, wants_hours=True))

        assert found[Station.NOTICE] is Standing.DONE
        assert found[Station.APPLICATIONS] is Standing.NOW
        assert found[Station.SCHOOL] is Standing.NEXT

    def test_before_the_opening_nothing_is_present(self):
        found = course(RecruitmentStatus.ANNOUNCED, DAYS, at=ANNOUNCED - timedelta(days=1), wants_hours=True)

        assert Standing.NOW not in dict(found).values()

    def test_without_hours_there_is_no_school(self):
        assert Station.SCHOOL not in dict(course("announced", DAYS, at=OPEN, wants_hours=False))

    @pytest.mark.parametrize("status", ApplicationStatus.values)
    @pytest.mark.parametrize("hours", [True, False])
    def test_every_state_has_one_present_stage_at_most(self, status, hours):
        standings = [standing for _stage, standing in stages(status, wants_hours=hours)]

        assert standings.count(Standing.NOW) <= 1
        done = [standing is Standing.DONE for standing in standings]
        assert done == sorted(done, reverse=True)


@pytest.mark.usefixtures("resident")
class TestApplying:
    def test_the_form_knows_what_the_account_says(self, client, recruitment, resident):
        response = client.get(page(recruitment, "apply"))

        for known in (resident.name, "1958-03-02", resident.email):
            assert known in text(response)

    def test_what_is_saved_is_there_again_and_not_sent(self, client, recruitment):
        client.post(page(recruitment, "apply"), {"name": "김하나", "motive": "마을을 위해", "save": "1"})

        draft = Application.objects.get()
        assert (draft.status, draft.motive, draft.number) == ("draft", "마을을 위해", None)
        assert "마을을 위해" in text(client.get(page(recruitment, "apply")))

    def test_a_draft_can_be_thrown_away(self, client, recruitment):
        client.post(page(recruitment, "apply"), TYPED)

        client.post(page(recruitment, "apply_delete"))

        assert not Application.objects.exists()

    def test_the_check_shows_everything_and_asks_for_consent(self, client, recruitment):
        response = client.post(page(recruitment, "apply"), TYPED, follow=True)

        for words in ("김하나", "상무대로 1", str(APPLICATION.aim), str(APPLICATION.refusal), str(APPLICATION.period)):
            assert words in text(response)

    def test_without_consent_nothing_is_sent(self, client, recruitment):
        client.post(page(recruitment, "apply"), TYPED)

        response = client.post(page(recruitment, "apply_check"), {"consent_version": APPLICATION.version})

        assert response.status_code == 400
        assert Application.objects.get().status == "draft"

    def test_it_is_received_once_however_often_it_is_sent(self, client, recruitment, resident):
        first = write_and_send(client, recruitment)
        second = client.post(page(recruitment, "apply_check"), consenting())

        application = Application.objects.get()
        assert first["Location"] == second["Location"] == page(recruitment, "receipt")
        assert (application.status, application.number, application.user) == ("received", 1, resident)
        assert application.steps.count() == 1
        assert "김하나" in text(client.get(page(recruitment, "receipt")))

    def test_questions_of_the_recruitment_are_asked_as_choices(self, client):
        recruitment = prepared()
        set_quotas(
            recruitment_id=recruitment.pk,
            features=(*propose_quotas(recruitment), AREAS),
            actor=None,
            at=ANNOUNCED,
        )
        announce_recruitment(recruitment_id=recruitment.pk, actor=None, at=ANNOUNCED)

        missing = client.post(page(recruitment, "apply"), TYPED)
        write_and_send(client, recruitment, ask_area="north")

        assert missing.status_code == 400
        assert Application.objects.get().answers == {"area": "north"}

    def test_only_the_bases_of_the_rules_are_offered(self, recruitment):
        form = ApplicationForm(recruitment=recruitment, features=[], day=OPEN.date())

        assert [value for value, _label in form.fields["basis"].choices] == [
            "registered", "working", "studying", "organisation",
        ]  # fmt: skip

    def test_a_child_needs_its_guardian(self, client, recruitment):
        response = client.post(page(recruitment, "apply"), {**TYPED, "birth_date": "20130101"})

        assert response.status_code == 400
        assert not Application.objects.exists()

    def test_a_resident_number_is_refused(self, client, recruitment):
        response = client.post(page(recruitment, "apply"), {**TYPED, "motive": "580302-2000000"})

        assert response.status_code == 400

    @pytest.mark.parametrize("wrong", [{"sex": "x"}, {"basis": "moon"}, {"phone": "abc"}, {"birth_date": "1"},
                                       {"track": "recommended"}])  # fmt: skip
    def test_what_cannot_be_is_a_sentence_and_not_an_error(self, client, recruitment, wrong):
        response = client.post(page(recruitment, "apply"), {**TYPED, **wrong})

        assert response.status_code == 400
        assert 'role="alert"' in text(response)

    def test_after_the_last_day_it_is_closed(self, client, recruitment, resident, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: DATES.closes_at)
        client.force_login(resident)

        assert client.get(page(recruitment, "apply")).status_code == 409
        assert client.post(page(recruitment, "apply"), TYPED).status_code == 409


@pytest.mark.usefixtures("resident")
class TestRecommending:
    def test_an_organisation_hands_in_for_somebody_who_consents(self, client, recruitment, resident):
        response = client.post(
            page(recruitment, "recommend"),
            {**TYPED, "name": "박두리", "organisation": "통장협의회", **consenting()},
            follow=True,
        )

        application = Application.objects.get()
        assert (application.user, application.entered_by, application.way) == (None, resident, "organisation")
        assert (application.track, application.organisation) == ("recommended", "통장협의회")
        assert code_of(application.key) in text(response)
        assert "박두리" not in text(response)  # masked: the screen may be seen by others

    def test_a_second_tap_tells_the_same_receipt(self, client, recruitment):
        given = {**TYPED, "name": "박두리", "organisation": "통장협의회", **consenting()}
        client.post(page(recruitment, "recommend"), given)

        response = client.post(page(recruitment, "recommend"), given, follow=True)

        assert code_of(Application.objects.get().key) in text(response)

    def test_somebody_whom_another_handed_in_is_refused(self, client, recruitment):
        apply(recruitment, name="박두리", birth_date=date(1958, 3, 2))

        response = client.post(
            page(recruitment, "recommend"), {**TYPED, "name": "박두리", "organisation": "통장협의회", **consenting()}
        )

        assert response.status_code == 409
        assert Application.objects.count() == 1

    def test_without_consent_or_organisation_nothing_is_taken(self, client, recruitment):
        response = client.post(page(recruitment, "recommend"), {**TYPED, "consent_version": 1})

        assert response.status_code == 400
        assert not Application.objects.exists()


class TestFinding:
    def test_number_birthday_and_code_lead_to_the_page(self, client, recruitment):
        application = apply(recruitment)

        response = client.post(
            "/applications/",
            {
                "number": application.number,
                "birth_date": f"{application.birth_date:%Y%m%d}",
                "code": code_of(application.key).lower().replace("-", " "),
            },
        )

        assert response["Location"] == reverse("councils:application", args=[application.key])

    @pytest.mark.parametrize("wrong", [{"number": 9}, {"birth_date": "19000101"}, {"code": "0000-0000"}, {"code": "?"}])
    def test_one_wrong_fact_finds_nothing(self, client, recruitment, wrong):
        application = apply(recruitment)
        right = {
            "number": application.number,
            "birth_date": f"{application.birth_date:%Y%m%d}",
            "code": code_of(application.key),
        }

        assert client.post("/applications/", {**right, **wrong}).status_code == 400

    def test_attempts_are_limited(self, client, settings):
        settings.FIND_APPLICATION_RATE = "2/h/ip"
        typed = {"number": 1, "birth_date": "19000101", "code": "0000-0000"}

        assert [client.post("/applications/", typed).status_code for _time in range(3)] == [400, 400, 429]

    def test_the_key_of_an_account_opens_nothing(self, client, recruitment):
        application = apply(recruitment, user=UserFactory())

        assert client.get(reverse("councils:application", args=[application.key])).status_code == 404

    def test_codes_are_read_as_people_type_them(self):
        assert as_typed(" 4f2a-90c1 ") == as_typed("4F2A9OC1") == "4F2A90C1"
        assert as_typed("4F2A") == ""
