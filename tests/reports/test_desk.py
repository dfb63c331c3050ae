"""Papers at the desk: whose they are, what is uploaded, withdrawn and recorded; and the page that drafts a letter."""

import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.audit.models import AccessEntry
from reports.models import Certificate, OfficeForm, SignedDocument
from residents.states import Role
from tests.factories import (
    CertificateFactory,
    MunicipalityFactory,
    OfficeFormFactory,
    SignedDocumentFactory,
    UserFactory,
    official,
)
from tests.reports.test_forms_filling import form, text_of

pytestmark = pytest.mark.django_db

LISTS = {"certificate": CertificateFactory, "officeform": OfficeFormFactory, "signeddocument": SignedDocumentFactory}


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    places = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": places}
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def district():
    return MunicipalityFactory()


def as_official(district):
    return signed_in(official(region=district))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(f"admin:reports_{name}", args=args)


@pytest.mark.parametrize("model", LISTS)
def test_a_district_sees_its_own_papers_and_the_club_its_own(model, district):
    of_district = LISTS[model](region=district)
    of_club = LISTS[model]()
    elsewhere = LISTS[model](region=MunicipalityFactory())
    for client, own in ((as_official(district), of_district), (signed_in(official(Role.CLUB_SECRETARIAT)), of_club)):
        shown = client.get(url(f"{model}_changelist")).context["cl"].result_list
        assert [paper.pk for paper in shown] == [own.pk]
        for paper in (of_district, of_club, elsewhere):
            status = 200 if paper == own else 404
            assert client.get(url(f"{model}_change", paper.pk)).status_code == status


@pytest.mark.parametrize("model", LISTS)
def test_others_see_no_papers(model):
    paper = LISTS[model]()
    for user in (official(Role.OPERATOR), official(Role.DONG_OFFICIAL, MunicipalityFactory())):
        client = signed_in(user)
        assert client.get(url(f"{model}_changelist")).status_code == 404
        assert client.get(url(f"{model}_change", paper.pk)).status_code == 404


@pytest.mark.parametrize("model", LISTS)
def test_a_list_takes_the_same_queries_with_one_row_and_with_thirty(model, district, django_assert_num_queries):
    client = as_official(district)
    LISTS[model](region=district)
    client.get(url(f"{model}_changelist"))
    with django_assert_num_queries(QUERIES[model]):
        client.get(url(f"{model}_changelist"))
    LISTS[model].create_batch(29, region=district)
    with django_assert_num_queries(QUERIES[model]):
        client.get(url(f"{model}_changelist"))


QUERIES = {"certificate": 8, "officeform": 6, "signeddocument": 6}


def test_certificates_are_neither_added_nor_changed_by_hand(district):
    client = as_official(district)
    certificate = CertificateFactory(region=district)
    assert client.get(url("certificate_add")).status_code == 404
    client.post(url("certificate_change", certificate.pk), {"title": "다른"})
    certificate.refresh_from_db()
    assert certificate.title == "참석 확인서"


def test_reading_a_certificate_is_logged(district):
    holder = UserFactory()
    certificate = CertificateFactory(region=district, holder=holder)
    as_official(district).get(url("certificate_change", certificate.pk))
    assert AccessEntry.objects.get(whose=holder.pseudonym).what == "reports.certificate"


def test_reading_a_certificate_of_somebody_without_an_account_is_logged_too(district):
    certificate = CertificateFactory(region=district, holder=None, holder_name="고남석")
    client = as_official(district)
    client.get(url("certificate_change", certificate.pk))
    form = OfficeFormFactory(region=district)
    client.get(f"{url('officeform_fill', form.pk)}?certificate={certificate.pk}")
    traces = AccessEntry.objects.filter(what="reports.certificate", whose=None, scope=district.path)
    assert list(traces.values_list("act", flat=True)) == ["read", "read"]


def test_a_certificate_is_withdrawn_with_its_reason(district):
    certificate = CertificateFactory(region=district)
    client = as_official(district)
    assert client.post(url("certificate_withdraw", certificate.pk), {"reason": ""}).status_code == 400
    assert client.post(url("certificate_withdraw", certificate.pk), {"reason": "오기"}).status_code == 302
    assert Certificate.objects.get().withdrawn_because == "오기"
    assert client.post(url("certificate_withdraw", certificate.pk), {"reason": "또"}).status_code == 409


def upload(client, content, **changed):
    file = SimpleUploadedFile("form.hwpx", content, "application/octet-stream")
    return client.post(url("officeform_add"), {"name": "신청서", "source": "", "content": file, **changed})


def test_a_form_is_uploaded_looked_into_and_handed_out_again(district):
    client, content = as_official(district), form()
    assert upload(client, content, region=district.pk).status_code == 302
    added = OfficeForm.objects.get()
    assert added.region == district
    text = client.get(url("officeform_change", added.pk)).content.decode()
    for name in ("성명", "주소", "신청일"):
        assert f"<li>{name} ← " in text
    answer = client.get(url("form_file", added.pk))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_official(MunicipalityFactory()).get(url("form_file", added.pk)).status_code == 404


def test_what_goes_into_which_field_is_chosen_and_filled_in_from_a_certificate(district, tmp_path):
    client = as_official(district)
    upload(client, form(), region=district.pk)
    added = OfficeForm.objects.get()
    chosen = {"field-0": "holder_name", "field-1": "", "field-2": "serial"}
    assert client.post(url("officeform_map", added.pk), chosen).status_code == 302
    added.refresh_from_db()
    assert added.mapping == {"성명": "holder_name", "신청일": "serial"}
    certificate = CertificateFactory(region=district, holder=UserFactory(), holder_name="고남석")
    fill = f"{url('officeform_fill', added.pk)}?certificate={certificate.pk}"
    assert fill in client.get(url("certificate_change", certificate.pk)).content.decode()
    assert 'value="고남석"' in client.get(fill).content.decode()
    answer = client.post(fill, {"field-0": "고남석", "field-1": "연수구 원인재로", "field-2": certificate.serial})
    filled = text_of(b"".join(answer.streaming_content), tmp_path)
    for value in ("고남석", "연수구 원인재로", certificate.serial):
        assert value in filled
    traces = AccessEntry.objects.filter(what="reports.certificate", whose=certificate.holder.pseudonym)
    assert "download" in traces.values_list("act", flat=True)


def test_a_form_whose_file_was_lost_says_so(district):
    client, added = as_official(district), OfficeFormFactory(region=district, content="forms/lost")
    assert client.get(url("form_file", added.pk)).status_code == 410
    sent = {f"field-{number}": "x" for number, _field in enumerate(added.fields)}
    assert client.post(url("officeform_fill", added.pk), sent).status_code == 410


def test_a_fact_that_is_none_is_not_chosen(district):
    client, added = as_official(district), OfficeFormFactory(region=district)
    sent = {f"field-{number}": "resident_number" for number, _field in enumerate(added.fields)}
    assert client.post(url("officeform_map", added.pk), sent).status_code == 400
    added.refresh_from_db()
    assert added.mapping == {}


def test_neither_the_form_nor_the_certificate_of_another_office_is_filled(district):
    client, added = as_official(district), OfficeFormFactory(region=district)
    elsewhere = MunicipalityFactory()
    fill = url("officeform_fill", added.pk)
    assert client.get(url("officeform_fill", OfficeFormFactory(region=elsewhere).pk)).status_code == 404
    for asked in (CertificateFactory(region=elsewhere).pk, 10**9, "x"):
        assert client.get(fill, {"certificate": asked}).status_code == 404
    assert client.get(fill).status_code == 200


def test_a_retired_form_is_not_filled(district):
    added = OfficeFormFactory(region=district)
    added.status = "retired"
    added.save()
    assert as_official(district).get(url("officeform_fill", added.pk)).status_code == 409


def test_a_form_may_be_larger_than_other_bodies(district):
    large = form(extra={"BinData/picture.png": os.urandom(600_000)})
    assert upload(as_official(district), large, region=district.pk).status_code == 302


def test_a_wrong_upload_is_refused_in_words(district):
    client = as_official(district)
    answer = upload(client, b"%PDF-1.7", region=district.pk)
    assert answer.status_code == 409
    assert "HWPX" in answer.content.decode()
    assert not OfficeForm.objects.exists()


def test_nobody_uploads_for_another_office(district):
    client = as_official(district)
    assert upload(client, form(), region=MunicipalityFactory().pk).status_code == 400
    assert upload(client, form()).status_code == 400
    assert not OfficeForm.objects.exists()


def test_the_secretariat_uploads_for_the_club(district):
    client = signed_in(official(Role.CLUB_SECRETARIAT))
    assert 'name="region"' not in client.get(url("officeform_add")).content.decode()
    # What is not asked for is not read either.
    assert upload(client, form(), region=district.pk).status_code == 302
    assert OfficeForm.objects.get().region is None


def test_a_form_is_retired_and_brought_back(district):
    added = OfficeFormFactory(region=district)
    client = as_official(district)
    assert client.post(url("officeform_retire", added.pk)).status_code == 302
    assert OfficeForm.objects.get().status == "retired"
    assert client.post(url("officeform_bring-back", added.pk)).status_code == 302
    assert OfficeForm.objects.get().status == "in_use"


LETTER = {
    "number": "자치분권과-123",
    "title": "개최 알림",
    "signed_on": "2026-06-01",
    "disclosure": "open",
    "closed_because": "",
    "retention": "3",
}


def record(client, district, **changed):
    return client.post(url("signeddocument_add"), {**LETTER, "region": district.pk, **changed})


def test_a_signed_letter_is_recorded_once(district):
    client = as_official(district)
    assert record(client, district).status_code == 302
    assert record(client, district).status_code == 400
    assert SignedDocument.objects.get().number == "자치분권과-123"


def test_a_letter_that_is_not_open_states_its_ground(district):
    client = as_official(district)
    assert record(client, district, disclosure="closed").status_code == 400
    assert record(client, district, disclosure="closed", closed_because="제6호").status_code == 302
    assert SignedDocument.objects.get().closed_because == "제6호"


# --- drafting ---------------------------------------------------------------------------------------------------------


def test_officials_draft_a_letter(district):
    client = as_official(district)
    assert client.get(reverse("reports:letter")).status_code == 200
    said = {"subject": "알림", "relation": "가호", "body": "첫째\n  하나\n  둘\n둘째", "attachments": "계획서 1부."}
    text = client.post(reverse("reports:letter"), said).content.decode()
    assert "1. 관련: 가호\n2. 첫째\n  가. 하나\n  나. 둘\n3. 둘째\n\n붙임  계획서 1부.  끝." in text


def test_the_letter_is_copied_by_a_button_that_only_a_script_shows(district):
    client = as_official(district)
    assert "js/copy.js" not in client.get(reverse("reports:letter")).content.decode()
    text = client.post(reverse("reports:letter"), {"body": "안내합니다."}).content.decode()
    assert "js/copy.js" in text
    assert re.search(r'<button[^>]* hidden data-copies="letter"[^>]* aria-describedby="copied"', text)
    assert '<p id="copied" role="status"></p>' in text


def test_a_letter_without_words_is_asked_for_them(district):
    client = as_official(district)
    for body in ("", "   \n", "\n".join("  " * depth + "글" for depth in range(9))):
        assert client.post(reverse("reports:letter"), {"body": body}).status_code == 400


def test_nobody_else_drafts_letters():
    assert signed_in(UserFactory()).get(reverse("reports:letter")).status_code == 404
    assert Client().get(reverse("reports:letter")).status_code == 302
