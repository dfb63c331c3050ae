"""Certificates: numbers without gaps, codes that nobody guesses, and a page that verifies without naming anybody."""

import io
import threading
from datetime import UTC, datetime
from random import Random

import hwp_hwpx_parser
import pypdf
import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from reports.certificates import certificate_report, qr_png
from reports.codes import LENGTH, SIGNS, as_typed, grouped, new_code
from reports.content import Picture, Style
from reports.models import Certificate
from reports.orders import order_document
from reports.registry import Format
from reports.rendering import render
from reports.services import issue_certificate, withdraw_certificate
from reports.states import CertificateStatus
from residents.personal_data import sections_of
from residents.states import Role
from tests.factories import CertificateFactory, MunicipalityFactory, UserFactory, official

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
NEW_YEAR_IN_KOREA = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)


def issue(**changed):
    said = {
        "kind": "attendance",
        "title": "참석 확인서",
        "statement": "위 사람이 정기포럼에 참석하였음을 확인합니다.",
        "facts": [("회차", "제24차")],
        "holder": None,
        "holder_name": "홍길동",
        "issued_by": "목민관클럽 사무국",
        "region": None,
        "actor": None,
        "at": NOW,
    }
    return issue_certificate(**{**said, **changed})


# --- codes ------------------------------------------------------------------------------------------------------------


@given(st.integers())
def test_a_code_survives_being_typed(seed):
    code = new_code(Random(seed).choice)
    assert len(code) == LENGTH
    assert as_typed(code) == code
    assert as_typed(f" {grouped(code).lower().replace('-', ' ')}\n") == code
    assert as_typed("".join(chr(ord(sign) + 0xFEE0) for sign in code)) == code


def test_no_sign_of_a_code_looks_like_another():
    assert not set(SIGNS) & set("01OIL2Z5S8B")


@pytest.mark.parametrize("text", ["", "ABC", "0" * 12, "A" * 13, "가" * 12, "A" * 5000, "A" * 11 + "\0"])
def test_what_is_no_code(text):
    assert as_typed(text) == ""


# --- serials ----------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_numbers_follow_each_other_by_kind_and_year():
    assert [issue().number for _time in range(3)] == [1, 2, 3]
    assert issue(kind="course").number == 1
    later = issue(at=NEW_YEAR_IN_KOREA)
    assert (later.year, later.number) == (2027, 1)
    assert issue().serial == _("No. %(year)s-%(number)s") % {"year": 2026, "number": "0004"}


def test_what_is_rolled_back_leaves_no_gap():
    issue()
    with transaction.atomic():
        issue()
        transaction.set_rollback(True)
    assert issue().number == 2


@pytest.mark.parametrize("missing", ["title", "statement", "holder_name", "issued_by"])
def test_a_certificate_says_who_what_and_from_whom(missing):
    with pytest.raises(RuleViolation):
        issue(**{missing: "  "})
    assert issue().number == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers():
    def one():
        try:
            issue()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Certificate.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_issuing_and_withdrawing_are_on_record_without_names():
    holder, actor = UserFactory(name="홍길동"), UserFactory()
    certificate = issue(holder=holder, actor=actor)
    withdraw_certificate(certificate_id=certificate.pk, reason="잘못 발급했습니다.", actor=actor, at=NOW)
    entries = AuditEntry.objects.filter(target_type="reports.Certificate")
    assert {entry.action for entry in entries} == {"reports.certificate_issued", "reports.certificate_withdrawn"}
    assert all(entry.persons == [str(holder.pseudonym)] for entry in entries)
    assert "홍길동" not in str([entry.details for entry in entries])


@pytest.mark.parametrize("reason", ["", "   "])
def test_withdrawing_needs_a_reason(reason):
    with pytest.raises(RuleViolation):
        withdraw_certificate(certificate_id=issue().pk, reason=reason, actor=UserFactory(), at=NOW)


def test_withdrawn_is_for_good():
    certificate = issue()
    withdraw_certificate(certificate_id=certificate.pk, reason="오기", actor=UserFactory(), at=NOW)
    with pytest.raises(RuleViolation):
        withdraw_certificate(certificate_id=certificate.pk, reason="오기", actor=UserFactory(), at=NOW)


# --- the paper --------------------------------------------------------------------------------------------------------


def test_the_paper_has_serial_code_and_a_place_for_the_seal(settings, tmp_path):
    settings.SITE_URL = "https://madang.example.org"
    certificate = issue()
    report = certificate_report(certificate)
    assert (report.style, report.serial, report.code) == (Style.LETTER, certificate.serial, certificate.printed_code)
    target = tmp_path / "paper.hwpx"
    render(report, Format.HWPX, target, lambda _percent, _step: None)
    with hwp_hwpx_parser.Reader(str(target)) as reader:
        text = reader.extract_text()
    for words in (
        "홍길동",
        "제24차",
        "목민관클럽 사무국  (관인)",
        certificate.printed_code,
        "madang.example.org/verify",
    ):
        assert words in text


def test_a_site_that_does_not_know_its_address_prints_no_square(settings):
    settings.SITE_URL = ""
    assert not [block for block in certificate_report(issue()).blocks() if isinstance(block, Picture)]


def test_the_square_is_a_picture_with_a_quiet_zone():
    with Image.open(io.BytesIO(qr_png("https://madang.example.org/verify/3A4C-D6EF-7GHJ/"))) as picture:
        assert picture.size[0] == picture.size[1]
        assert picture.convert("L").getpixel((1, 1)) == 255
        assert picture.convert("L").getpixel((4 * 8, 4 * 8)) == 0


def test_only_the_holder_and_the_office_order_the_paper():
    holder = UserFactory()
    certificate = issue(holder=holder)
    order = {"name": "certificate", "values": {"certificate": certificate.pk}, "file_format": Format.HWPX, "at": NOW}
    order_document(owner=holder, **order)
    order_document(owner=official(Role.CLUB_SECRETARIAT), **order)
    for other in (UserFactory(), official(region=MunicipalityFactory()), official(Role.OPERATOR)):
        with pytest.raises(RuleViolation) as refused:
            order_document(owner=other, **order)
        assert refused.value.status == 403


# --- verifying --------------------------------------------------------------------------------------------------------


def verify(client, code):
    return client.get(reverse("reports:verified", args=[code]))


def test_whoever_has_the_code_sees_what_was_certified_and_part_of_the_name(client):
    certificate = CertificateFactory(holder_name="홍길동")
    answer = verify(client, certificate.printed_code)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "홍○동" in text
    assert "홍길동" not in text
    assert "제24차" in text
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_a_withdrawn_one_says_so_with_the_reason(client):
    certificate = CertificateFactory()
    withdraw_certificate(certificate_id=certificate.pk, reason="날짜가 틀렸습니다.", actor=UserFactory(), at=NOW)
    text = verify(client, certificate.printed_code).content.decode()
    assert "날짜가 틀렸습니다." in text
    assert "notice--danger" in text


@pytest.mark.parametrize("code", ["3333-3333-3333", "nonsense", "..", "x" * 300])
def test_an_unknown_code_is_not_found(client, code):
    CertificateFactory()
    answer = verify(client, code)
    assert answer.status_code == 404
    assert "form-errors" in answer.content.decode()


def test_the_form_leads_to_the_page_of_the_code(client):
    certificate = CertificateFactory()
    answer = client.post(reverse("reports:verify"), {"code": f" {certificate.code.lower()} "})
    assert answer.url == reverse("reports:verified", args=[certificate.printed_code])
    assert client.post(reverse("reports:verify"), {"code": "<script>"}).status_code == 400
    assert client.get(reverse("reports:verify")).status_code == 200


def test_attempts_are_limited(client, settings):
    settings.VERIFY_RATE = "3/m/ip"
    certificate = CertificateFactory()
    assert [verify(client, certificate.printed_code).status_code for _time in range(5)] == [200, 200, 200, 429, 429]


def test_verifying_takes_one_query(client, django_assert_num_queries):
    certificate = CertificateFactory()
    CertificateFactory.create_batch(30)
    with django_assert_num_queries(1):
        verify(client, certificate.printed_code)


# --- the person's own -------------------------------------------------------------------------------------------------


def test_a_person_gets_their_certificates_with_their_data():
    holder = UserFactory()
    issue(holder=holder)
    CertificateFactory()
    section = next(section for section in sections_of(holder) if section.key == "certificates")
    assert [{fact.key: fact.value for fact in record}["name"] for record in section.records] == ["홍길동"]


def test_erasing_takes_the_name_off_and_leaves_the_paper_to_be_verified(client):
    from reports.personal_data import erase

    holder = UserFactory()
    certificate = issue(holder=holder)
    erase(holder, NOW)
    certificate.refresh_from_db()
    assert (certificate.holder, certificate.holder_name) == (None, "")
    assert verify(client, certificate.printed_code).status_code == 200
    assert certificate.status == CertificateStatus.ISSUED


def test_a_certificate_is_one_page_and_names_its_office_once(db, tmp_path):
    certificate = CertificateFactory(issued_by="목민관클럽 사무국", issued_on=NOW.date())
    target = tmp_path / "certificate.pdf"
    render(certificate_report(certificate), Format.PDF, target, lambda _percent, _step: None)
    pages = pypdf.PdfReader(target).pages
    assert len(pages) == 1
    assert "".join(pages[0].extract_text().split()).count("목민관클럽사무국") == 1
