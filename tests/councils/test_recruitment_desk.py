"""Recruitments and applications on the desk: who sees what, pages, steps, and flat numbers of queries."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry
from councils.models import Application, EducationFigure, Recruitment
from councils.states import ApplicationStatus, RecruitmentStatus
from residents.states import Role
from tests.councils import recruiting
from tests.councils.recruiting import OPEN, SETTLING, announced, apply, confirmed, fill, prepared, settled
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory, official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def here():
    return MunicipalityFactory()


@pytest.fixture
def council(here):
    return CouncilFactory(dong=DongFactory(parent=here))


def page(name, thing, kind="recruitment"):
    return reverse(f"admin:councils_{kind}_{name}", args=[thing.pk])


FACTS = {
    "title": "2026년 위원 모집",
    "method": "leximin",
    "seats": "10",
    "opens_at": "2026-06-01T09:00",
    "closes_at": "2026-06-20T00:00",
    "learning_until": "2026-07-11T00:00",
    "draw_at": "2026-07-18T14:00",
    "place": "강당",
    "appoints_on": "2026-08-01",
    "erase_on": "2027-08-01",
    "contact": "062-000-0000",
    "about": "",
}


def test_a_dong_official_prepares_a_recruitment_with_the_quotas_of_the_rules(client, here, council):
    rules = recruiting.rule_set(here)
    rules.valid_until = None
    rules.save()
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))

    response = client.post(
        reverse("admin:councils_recruitment_add"), {**FACTS, "council": council.pk, "rule_set": rules.pk}
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    recruitment = Recruitment.objects.get()
    assert client.post(page("propose-quotas", recruitment)).status_code == 302
    assert recruitment.features.count() == 3
    assert client.get(page("change", recruitment)).status_code == 200


def test_dates_out_of_order_are_said_in_a_sentence(client, here, council):
    rules = recruiting.rule_set(here)
    client.force_login(official(region=here))

    response = client.post(
        reverse("admin:councils_recruitment_add"),
        {**FACTS, "council": council.pk, "rule_set": rules.pk, "closes_at": "2026-05-01T00:00"},
    )

    assert response.status_code in {400, 409}
    assert not Recruitment.objects.exists()


def test_every_page_of_a_recruitment_in_each_state(client, here, council):
    client.force_login(official(region=here))
    recruitment = prepared(council=council)
    for name in ("change", "quotas", "committee", "doctor", "announce", "propose-quotas", "history"):
        assert client.get(page(name, recruitment)).status_code == 200, name
    other = settled(council=CouncilFactory(dong=DongFactory(parent=here)), pool=12)
    for name in ("change", "relax", "committee", "doctor", "more-time", "record-decision", "copy", "cancel"):
        assert client.get(page(name, other)).status_code == 200, name
    assert client.get(reverse("admin:councils_recruitment_changelist")).status_code == 200
    assert client.get(page("relax", recruitment)).status_code == 409


def quota_form(rows):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        for name, value in row.items():
            data[f"form-{number}-{name}"] = value
    return data


def row(**changed):
    return {"feature": "성별", "source": "sex", "value": "여성", "minimum": 4, "maximum": 6, **changed}


def test_quotas_are_typed_in_lines(client, here, council):
    recruitment = prepared(council=council, features=())
    client.force_login(official(region=here))
    rows = [
        row(value="female"),
        row(value="male"),
        row(feature="통", source="area", value="1통", minimum=0, maximum=5),
        row(feature="통", source="area", value="2통", minimum=0, maximum=5),
        row(feature="", value="", source="sex", minimum="", maximum=""),
    ]

    response = client.post(page("quotas", recruitment), quota_form(rows))

    assert response.status_code == 302, response.content.decode()
    stored = {
        feature.label: list(feature.values.values_list("key", flat=True)) for feature in recruitment.features.all()
    }
    assert stored == {"성별": ["female", "male"], "통": ["v1", "v2"]}


@pytest.mark.parametrize(
    "wrong", [{"maximum": 11}, {"minimum": 7}, {"maximum": ""}, {"value": "셋"}, {"source": "moon"}]
)
def test_wrong_quotas_are_refused_and_nothing_changes(client, here, council, wrong):
    recruitment = prepared(council=council)
    before = recruitment.features.count()
    client.force_login(official(region=here))

    response = client.post(
        page("quotas", recruitment), quota_form([row(**{"value": "female", **wrong}), row(value="male")])
    )

    assert response.status_code in {400, 409}
    assert recruitment.features.count() == before


MIRROR = {
    "label": "나이",
    "source": "age",
    "residents": "0, 100\n40, 200\n60, 200",
    "slack": "0",
    "cited": "2026년 5월 인구",
}


def test_quotas_follow_the_residents(client, here, council):
    recruitment = prepared(council=council)
    client.force_login(official(region=here))

    assert client.post(page("mirror-residents", recruitment), MIRROR).status_code == 302
    bands = recruitment.features.get(label="나이").values.values_list("minimum", "maximum", "age_from", "age_to")
    assert list(bands) == [(2, 2, 0, 39), (4, 4, 40, 59), (4, 4, 60, None)]
    assert recruitment.features.count() == 4
    assert client.post(page("mirror-residents", recruitment), {**MIRROR, "slack": "1"}).status_code == 302
    assert recruitment.features.count() == 4


@pytest.mark.parametrize(
    "wrong", [{"residents": "20, 100\n40, 1"}, {"residents": "0 100"}, {"residents": "0, 0\n40, 0"}, {"source": "sex"}]
)
def test_figures_that_make_no_quotas_are_refused(client, here, council, wrong):
    recruitment = prepared(council=council)
    client.force_login(official(region=here))

    assert client.post(page("mirror-residents", recruitment), {**MIRROR, **wrong}).status_code in {400, 409}
    assert recruitment.features.count() == 3


def test_the_doctor_names_the_smallest_relaxations_and_leads_to_the_decision(client, here, council):
    recruitment = announced(council=council)
    for _number in range(12):
        confirmed(recruitment, sex="female", age=60)
    client.force_login(official(region=here))

    shown = client.get(page("doctor", recruitment))
    examined = shown.context["examined"]
    assert not examined.feasible
    assert examined.missing >= 2
    assert examined.relaxations

    change = examined.relaxations[0]
    prefilled = client.get(page("relax", recruitment), {"change": [one.sent for one in change]})
    assert prefilled.status_code == 200
    rows = prefilled.context["rows"]
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows)}
    for number, form in enumerate(rows):
        for name in ("value_id", "minimum", "maximum"):
            data[f"form-{number}-{name}"] = form.initial[name]
    decided = {"decided_on": str(timezone.localdate()), "text": "의결", "entitled": 9, "present": 7, "in_favour": 6}
    refused = client.post(page("relax", recruitment), {**data, **decided, "in_favour": 2})
    assert refused.status_code == 409
    assert client.post(page("relax", recruitment), {**data, **decided}).status_code == 302
    assert recruitment.decisions.get().relaxations.count() == len(change)


def test_the_committee_is_written_down(client, here, council):
    recruitment = prepared(council=council)
    client.force_login(official(region=here))
    rows = quota_form([{"name": "김위원", "affiliation": "통장", "office": "chair"}, {"name": "이위원"}, {"name": ""}])

    assert client.post(page("committee", recruitment), rows).status_code == 302
    assert list(recruitment.committee.values_list("name", "is_chair")) == [("김위원", True), ("이위원", False)]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR, Role.COUNCIL_OFFICER])
def test_others_look_at_numbers_and_change_nothing(client, here, council, role):
    recruitment = announced(council=council)
    region = {Role.AUDITOR: here, Role.OPERATOR: None, Role.COUNCIL_OFFICER: council.dong}[role]
    client.force_login(official(role, region))

    assert client.get(page("change", recruitment)).status_code == 200
    for name in ("cancel", "more-time", "committee", "relax"):
        assert client.get(page(name, recruitment)).status_code == 404, name


def test_a_recruitment_of_another_district_is_not_there(client, council):
    recruitment = announced(council=council)
    client.force_login(official(region=MunicipalityFactory()))

    for name in ("change", "doctor", "quotas", "relax", "committee", "cancel"):
        assert client.get(page(name, recruitment)).status_code == 404, name


@pytest.mark.parametrize("number", [1, 30])
def test_the_pages_ask_the_same_number_of_questions(client, here, council, number, django_assert_max_num_queries):
    recruitment = announced(council=council, hours=6)
    fill(recruitment, number)
    client.force_login(official(region=here))

    with django_assert_max_num_queries(60):
        client.get(page("change", recruitment))
    with django_assert_max_num_queries(40):
        client.get(reverse("admin:councils_application_changelist"))


# --- applications -----------------------------------------------------------------------------------------------------


def act(client, name, application, **data):
    return client.post(page(name, application, "application"), data)


def test_an_application_is_checked_on_the_desk(client, here, council, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: OPEN)
    recruitment = announced(council=council)
    application = apply(recruitment, name="홍길동")
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))

    assert client.get(page("change", application, "application")).status_code == 200
    assert act(client, "ask-supplement", application, what="증명서").status_code == 302
    assert act(client, "supplement-brought", application, text="재직증명서").status_code == 302
    assert act(client, "confirm", application, document="주민등록증").status_code == 302
    assert act(client, "credit-hours", application, hours="1.5", reason="수료증").status_code == 302
    credit = application.credits.get()
    assert credit.minutes == 90
    assert act(client, "strike-credit", application, credit=credit.pk, reason="착오").status_code == 302
    assert act(client, "exclude", application, reason="전출").status_code == 302
    assert act(client, "readmit", application, reason="전입").status_code == 302
    assert act(client, "withdraw", application, reason="전화").status_code == 302
    application.refresh_from_db()
    assert application.status == ApplicationStatus.WITHDRAWN
    assert client.get(page("change", application, "application")).status_code == 200


def test_several_are_confirmed_at_once_and_who_is_too_young_stays(client, here, council):
    recruitment = announced(council=council)
    fine, young = apply(recruitment), apply(recruitment, age=14)
    client.force_login(official(region=here))

    client.post(
        reverse("admin:councils_application_changelist"),
        {"action": "confirm", "_selected_action": [fine.pk, young.pk], "confirmed": "1", "document": ""},
    )

    assert set(Application.objects.values_list("pk", "status")) == {(fine.pk, "checked"), (young.pk, "received")}


def test_the_list_shows_masked_names_and_is_logged(client, here, council):
    apply(announced(council=council), name="홍길동")
    client.force_login(official(region=here))

    response = client.get(reverse("admin:councils_application_changelist"))

    assert "홍*동" in response.content.decode()
    assert "홍길동" not in response.content.decode()
    assert AccessEntry.objects.filter(what="councils.application", count=1).exists()


@pytest.mark.parametrize("query", ["flag=lookalike", "track=open", "status=received", "way=counter"])
def test_the_list_is_narrowed_down(client, here, council, query):
    recruitment = announced(council=council)
    apply(recruitment, phone="010-1234-5678")
    apply(recruitment, phone="010-1234-5678")
    client.force_login(official(region=here))

    response = client.get(f"{reverse('admin:councils_application_changelist')}?{query}&recruitment={recruitment.pk}")

    assert len(response.context["cl"].result_list) == 2


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.COUNCIL_OFFICER])
def test_who_does_not_check_sees_no_applications(client, here, council, role):
    application = apply(announced(council=council))
    client.force_login(official(role, council.dong if role == Role.COUNCIL_OFFICER else None))

    assert client.get(reverse("admin:councils_application_changelist")).status_code == 404
    assert client.get(page("change", application, "application")).status_code == 404


def test_one_of_the_settled_pool_is_excluded_only_by_a_decision(client, here, council):
    recruitment = settled(council=council, pool=3)
    somebody = recruitment.applications.first()
    client.force_login(official(region=here))

    assert act(client, "exclude", somebody, reason="전출").status_code == 400
    somebody.refresh_from_db()
    assert somebody.status == ApplicationStatus.POOL


def test_the_pool_is_settled_on_the_desk(client, here, council, monkeypatch):
    recruitment = announced(council=council)
    fill(recruitment, 2)
    client.force_login(official(region=here))
    monkeypatch.setattr(timezone, "now", lambda: SETTLING)

    assert client.post(page("settle-pool", recruitment)).status_code == 302
    recruitment.refresh_from_db()
    assert recruitment.status == RecruitmentStatus.POOLED


# --- figures of education ---------------------------------------------------------------------------------------------


def test_figures_of_education_are_kept_with_their_source(client, here):
    client.force_login(official(region=here))
    url = reverse("admin:councils_educationfigure_add")
    figures = {
        "region": here.pk,
        "title": "주민자치 워크숍",
        "lectures": 6,
        "hours": 11,
        "people": 565,
        "from_year": 2016,
    }

    assert client.post(url, {**figures, "to_year": 2019, "source": "서구 자료"}).status_code == 302
    assert client.post(url, {**figures, "to_year": 2010, "source": "서구 자료", "title": "다른"}).status_code in {
        400,
        409,
    }
    assert EducationFigure.objects.get().people == 565
