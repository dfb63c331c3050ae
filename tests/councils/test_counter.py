"""The counter: an application for somebody without an account, its receipt, and what then waits at the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry
from councils.consents import APPLICATION
from councils.models import Application
from councils.services.applications import supplement
from councils.services.eligibility import ask_supplement
from councils.services.quotas import propose_quotas
from councils.states import ApplicationStatus, IntakeWay
from councils.waiting.recruitment import pools_to_settle, quotas_at_risk, received_applications
from residents.states import Role
from tests.councils.recruiting import AREAS, DATES, OPEN, SETTLING, announced, apply, prepared
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory, UserFactory, official, resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_counter(settings, monkeypatch):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: OPEN)


@pytest.fixture
def council():
    return CouncilFactory(dong=DongFactory(parent=MunicipalityFactory()))


@pytest.fixture
def clerk(council):
    return official(Role.DONG_OFFICIAL, council.dong)


def typed(**changed):
    return {
        "name": "이영자",
        "birth_date": "19450315",
        "sex": "female",
        "phone": "062-123-4567",
        "address": "상무대로 1",
        "basis": "registered",
        "track": "open",
        "consent": "on",
        "consent_version": str(APPLICATION.version),
        **changed,
    }


def at(recruitment):
    return reverse("councils:counter", args=[recruitment.pk])


def test_somebody_without_an_account_is_taken_in_and_gets_a_receipt(client, council, clerk):
    recruitment = announced(council=council)
    client.force_login(clerk)

    assert client.get(at(recruitment)).status_code == 200
    response = client.post(at(recruitment), typed())

    application = Application.objects.get()
    assert response.url == reverse("councils:counter_receipt", args=[recruitment.pk, 1])
    assert (application.way, application.user, application.entered_by) == (IntakeWay.COUNTER, None, clerk)
    receipt = client.get(response.url).content.decode()
    assert "이영자" in receipt
    assert application.key.hex[:4].upper() in receipt
    assert client.get(reverse("councils:counter_code", args=[recruitment.pk, 1])).status_code == 200
    assert AccessEntry.objects.filter(what="councils.application").exists()


def test_no_personal_data_in_the_address(client, council, clerk):
    client.force_login(clerk)

    response = client.post(at(announced(council=council)), typed())

    assert "이영자" not in response.url
    assert "1945" not in response.url


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"birth_date": "어제"},
        {"consent": ""},
        {"phone": "1"},
        {"basis": "moon"},
        {"birth_date": "20150101"},
        {"track": "recommended"},
        {"address": "700101-1234567"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, council, clerk, wrong):
    client.force_login(clerk)

    assert client.post(at(announced(council=council)), typed(**wrong)).status_code == 400
    assert not Application.objects.exists()


def test_the_same_person_twice_is_refused(client, council, clerk):
    recruitment = announced(council=council)
    client.force_login(clerk)
    client.post(at(recruitment), typed())

    assert client.post(at(recruitment), typed(birth_date="1945.3.15")).status_code == 409
    assert Application.objects.count() == 1


def test_what_the_council_asks_is_asked(client, council, clerk):
    recruitment = announced(council=council, features=[*propose_quotas(prepared(council=council, features=())), AREAS])
    client.force_login(clerk)

    assert client.post(at(recruitment), typed()).status_code == 400
    assert client.post(at(recruitment), typed(ask_area="south")).status_code == 302
    assert Application.objects.get().answers == {"area": "south"}


def test_nobody_else_stands_behind_the_counter(client, council):
    recruitment = announced(council=council)
    apply(recruitment)
    strangers = [
        resident(),
        official(Role.DONG_OFFICIAL, DongFactory()),
        official(Role.AUDITOR, council.dong.parent),
        official(Role.COUNCIL_OFFICER, council.dong),
    ]
    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(at(recruitment)).status_code == 404
        assert client.get(reverse("councils:counter_receipt", args=[recruitment.pk, 1])).status_code == 404
        assert client.get(reverse("councils:counter_code", args=[recruitment.pk, 1])).status_code == 404


def test_the_counter_closes_with_the_applications(client, council, clerk, monkeypatch):
    recruitment = announced(council=council)
    monkeypatch.setattr(timezone, "now", lambda: DATES.closes_at)
    client.force_login(clerk)

    assert client.get(at(recruitment)).status_code == 409
    assert client.post(at(recruitment), typed()).status_code == 409


def test_a_receipt_of_the_web_is_not_the_counters(client, council, clerk):
    recruitment = announced(council=council)
    apply(recruitment, user=resident())
    client.force_login(clerk)

    assert client.get(reverse("councils:counter_receipt", args=[recruitment.pk, 1])).status_code == 404


# --- what waits -------------------------------------------------------------------------------------------------------


def counts(entries):
    return [entry.count for entry in entries]


def test_applications_and_supplements_wait_apart(council, clerk):
    recruitment = announced(council=council)
    apply(recruitment)
    back = apply(recruitment)
    ask_supplement(application_id=back.pk, what="증명서", actor=UserFactory(), at=OPEN)
    assert counts(received_applications(clerk)) == [1, 0]

    supplement(application_id=back.pk, actor=None, at=OPEN, text="냈습니다.")
    assert counts(received_applications(clerk)) == [1, 1]
    assert received_applications(resident()) == []
    assert counts(received_applications(official(Role.DONG_OFFICIAL, DongFactory()))) == [0, 0]


def test_a_pool_waits_when_the_education_is_over(council, clerk, monkeypatch):
    announced(council=council)
    assert counts(pools_to_settle(clerk)) == [0]

    monkeypatch.setattr(timezone, "now", lambda: SETTLING)
    assert counts(pools_to_settle(clerk)) == [1]


def test_a_quota_at_risk_waits_in_the_last_week(council, clerk, monkeypatch):
    recruitment = announced(council=council)
    apply(recruitment, sex="female")
    assert quotas_at_risk(clerk) == []

    monkeypatch.setattr(timezone, "now", lambda: DATES.closes_at - timedelta(days=2))
    assert counts(quotas_at_risk(clerk)) == [1]
    assert recruitment.applications.get().status == ApplicationStatus.RECEIVED
