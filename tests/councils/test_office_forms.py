"""An office's own form filled from an application: for the applicant and the officials of its recruitment alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry
from councils.office_forms import FACTS, facts_of
from councils.services.erasure import erase_due
from reports.form_facts import FACTS as KNOWN
from reports.form_facts import offer
from reports.services import add_form, map_form, retire_form
from residents.states import Role
from tests.councils.recruiting import DATES, OPEN, announced, apply
from tests.factories import MunicipalityFactory, UserFactory, official
from tests.reports.test_forms_filling import form, text_of

pytestmark = pytest.mark.django_db
MAPPING = {"성명": "council_application_name", "주소": "council_application_address"}


@pytest.fixture(autouse=True)
def _at_the_desk(settings, monkeypatch, tmp_path):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    monkeypatch.setattr(timezone, "now", lambda: OPEN)
    default = settings.STORAGES["default"]
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": {"location": str(tmp_path / "media")}}}


@pytest.fixture
def applicant():
    return UserFactory()


@pytest.fixture
def application(applicant):
    return apply(announced(), user=applicant, name="고남석", address="상무대로 312")


@pytest.fixture
def office_form(application):
    return form_of(application.recruitment.council.dong.parent)


def form_of(region, mapping=None):
    actor = UserFactory()
    added = add_form(name="위원 신청서", source="", region=region, content=form(), actor=actor, at=OPEN)
    return map_form(form_id=added.pk, mapping=MAPPING if mapping is None else mapping, actor=actor, at=OPEN)


def enter(client, user):
    client.force_login(user, backend="residents.backends.EmailBackend")
    return client


def own(application, office_form):
    return reverse("councils:own_form", args=[application.recruitment_id, office_form.pk])


def officials(application, office_form):
    return reverse("councils:officials_form", args=[application.pk, office_form.pk])


def test_the_applicant_takes_the_form_with_what_they_wrote(client, application, applicant, office_form, tmp_path):
    address = own(application, office_form)
    page = enter(client, applicant).get(reverse("councils:mine", args=[application.recruitment_id]))
    assert address in page.content.decode()

    answer = client.get(address)

    filled = text_of(b"".join(answer.streaming_content), tmp_path)
    assert "고남석" in filled
    assert "상무대로 312" in filled
    assert "no-store" in answer["Cache-Control"]


def test_an_official_of_the_recruitment_takes_it_and_that_is_noted(client, application, office_form, tmp_path):
    actor = official(Role.DONG_OFFICIAL, application.recruitment.council.dong)
    address = officials(application, office_form)
    page = enter(client, actor).get(reverse("admin:councils_application_change", args=[application.pk]))
    assert address in page.content.decode()

    answer = client.get(address)

    assert "고남석" in text_of(b"".join(answer.streaming_content), tmp_path)
    assert AccessEntry.objects.filter(act="download", whose=application.user.pseudonym).count() == 1


def test_nobody_else_takes_it(client, application, applicant, office_form):
    other = apply(announced(), user=UserFactory())
    elsewhere = official(Role.DISTRICT_OFFICIAL, MunicipalityFactory())
    auditor = official(Role.AUDITOR, application.recruitment.council.dong.parent)
    assert client.get(own(application, office_form)).status_code == 302
    assert enter(client, other.user).get(own(application, office_form)).status_code == 404
    for who in (elsewhere, auditor):
        assert enter(client, who).get(officials(application, office_form)).status_code == 404
    assert enter(client, applicant).get(officials(application, office_form)).status_code in {302, 403, 404}
    assert not AccessEntry.objects.filter(act="download").exists()


def test_neither_another_offices_form_nor_one_that_is_out_of_use_is_filled(client, application, applicant, office_form):
    enter(client, applicant)
    for wrong in (form_of(MunicipalityFactory()), form_of(application.recruitment.council.dong, {"성명": "serial"})):
        assert client.get(own(application, wrong)).status_code == 404
    retire_form(form_id=office_form.pk, actor=applicant, at=OPEN)
    assert client.get(own(application, office_form)).status_code == 404


def test_what_was_deleted_is_filled_in_nowhere(client, application, office_form):
    recruitment = application.recruitment
    recruitment.status, recruitment.cancelled_because = "cancelled", "시연"
    recruitment.save(update_fields=["status", "cancelled_because"])
    erase_due(at=OPEN.replace(year=DATES.erase_on.year + 1))
    actor = official(Role.DONG_OFFICIAL, recruitment.council.dong)
    assert enter(client, actor).get(officials(application, office_form)).status_code == 404


def test_every_fact_that_is_offered_is_known_of_an_application(application):
    assert facts_of(application).keys() == FACTS.keys()
    assert FACTS.keys() <= KNOWN.keys()
    with pytest.raises(ValueError, match="council_application_name"):
        offer(FACTS)
