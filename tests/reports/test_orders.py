"""Documents as jobs: who may order, what is made, what is offered again, what stays on record when a file goes out."""

import os
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessAct, AccessEntry, AuditEntry
from core.errors import RuleViolation
from core.jobs.models import Job, MadeFile
from core.jobs.running import run as run_job
from core.jobs.states import JobStatus
from reports import registry
from reports.content import Attachment, Paragraph, Report, Run, Section, Style
from reports.fingerprints import fingerprint_of
from reports.orders import order_document
from reports.pdf.fonts import what_is_missing
from reports.registry import Format
from residents.services.extracts import FILES_AN_HOUR
from tests.factories import UserFactory
from tests.reports.documents import BOOK, CARDS, ENTITLED, WORDS, registered

pytestmark = pytest.mark.django_db

REQUIRE_ALL = os.environ.get("MADANG_REQUIRE_ALL") == "1"
PURPOSE = "정기포럼 초청장을 보냅니다."


@pytest.fixture(autouse=True)
def _documents(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    WORDS["text"] = "처음"
    with registered(BOOK, CARDS, ENTITLED):
        yield


@pytest.fixture
def member():
    return UserFactory()


def order(owner, name="test-book", file_format=Format.CSV, purpose="", **values):
    """An order whose job has run."""
    job = order_document(
        name=name, values=values, file_format=file_format, owner=owner, at=timezone.now(), purpose=purpose
    )
    run_job(job.pk)
    job.refresh_from_db()
    return job


def download(client, job):
    client.force_login(job.owner)
    return client.get(reverse("jobs:download", args=[job.pk]))


def test_the_job_makes_the_file(member):
    job = order(member, forum=24, day=date(2014, 1, 10))
    assert job.status == JobStatus.DONE
    assert job.title == "시험 자료집 · 제24차 · 2014-01-10 (CSV)"
    assert job.file.name == "시험 자료집.csv"
    assert job.file.content.read().decode("utf-8-sig") == "이름,회차\r\n고남석 高南錫,24\r\n"


def test_the_same_order_with_the_same_data_offers_the_file_again(member):
    first, second = order(member, forum=24), order(member, forum=24)
    assert first.pk != second.pk
    assert first.file_id == second.file_id
    assert second.message


@pytest.mark.parametrize("changed", [{"forum": 25}, {"file_format": Format.XLSX}, {"day": date(2014, 1, 10)}])
def test_another_order_makes_another_file(member, changed):
    assert order(member, forum=24).file_id != order(member, **{"forum": 24, **changed}).file_id


def test_changed_data_make_another_file(member):
    first = order(member, forum=24)
    WORDS["text"] = "나중"
    assert order(member, forum=24).file_id != first.file_id


def test_another_account_gets_the_same_file_only_if_it_may_have_it(member):
    job = order(member, forum=24)
    assert order(UserFactory(), forum=24).file_id == job.file_id
    with pytest.raises(RuleViolation) as refused:
        order(UserFactory(name="외부인"), forum=24)
    assert refused.value.status == 403
    assert Job.objects.filter(owner__name="외부인").count() == 0


def test_permission_is_asked_again_when_the_job_runs(member):
    job = order_document(
        name="test-book", values={"forum": 24}, file_format=Format.CSV, owner=member, at=timezone.now()
    )
    member.name = "외부인"
    member.save()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.file) == (JobStatus.FAILED, None)


def test_permission_is_asked_again_when_the_file_is_taken(member, client):
    job = order(member, forum=24)
    assert download(client, job).status_code == 200
    member.name = "외부인"
    member.save()
    assert download(client, job).status_code == 403


def test_nothing_to_print_fails_with_its_sentence(member):
    job = order(member, forum=404)
    assert (job.status, job.message) == (JobStatus.FAILED, "이 회차에는 자료가 없습니다.")


def test_a_document_that_is_gone_fails_in_words(member, client):
    job = order(member, forum=24)
    del registry._documents["test-book"]
    assert download(client, job).status_code == 403


@pytest.mark.parametrize(("name", "file_format", "status"), [("none", Format.CSV, 404), ("test-book", Format.PDF, 400)])
def test_what_is_not_offered_is_refused(member, name, file_format, status):
    with pytest.raises(RuleViolation) as refused:
        order(member, name=name, file_format=file_format, forum=24)
    assert refused.value.status == status


# --- data of persons --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", ["", "  ", "1", "홍길동 900101-1234567"])
def test_data_of_persons_need_a_purpose(member, purpose):
    with pytest.raises(RuleViolation):
        order(member, name="test-cards", file_format=Format.VCF, purpose=purpose)
    assert not Job.objects.exists()


def test_data_of_persons_leave_a_trace_with_the_purpose(member, client):
    job = order(member, name="test-cards", file_format=Format.VCF, purpose=PURPOSE)
    assert job.title == "명단 (VCF)"
    assert not AccessEntry.objects.exists()
    assert download(client, job).status_code == 200
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.act, entry.what, entry.count, entry.reason) == (
        member.pseudonym,
        AccessAct.DOWNLOAD,
        "tests.cards",
        2,
        PURPOSE,
    )
    assert not any(PURPOSE in str(audit.details) for audit in AuditEntry.objects.all())


def test_who_is_entitled_is_logged_without_being_asked(member, client):
    job = order(member, name="test-entitled", file_format=Format.XLSX)
    assert "purpose" not in job.parameters
    download(client, job)
    download(client, job)
    assert AccessEntry.objects.filter(act=AccessAct.DOWNLOAD, account=member.pseudonym).count() == 2


def test_too_many_files_within_an_hour_stay_here(member, client):
    job = order(member, name="test-cards", file_format=Format.VCF, purpose=PURPOSE)
    for _number in range(FILES_AN_HOUR):
        assert download(client, job).status_code == 200
    assert download(client, job).status_code == 429
    assert AccessEntry.objects.count() == FILES_AN_HOUR


def test_an_open_document_leaves_no_trace_of_persons(member, client):
    download(client, order(member, forum=24))
    assert not AccessEntry.objects.exists()


# --- fingerprints -----------------------------------------------------------------------------------------------------

REPORT = Report(title="글", sections=(Section("장", (Paragraph("본문"), Attachment("갑", "/a.pdf", "a" * 64, 3))),))


def changed_text(text):
    section = REPORT.sections[0]
    return replace(REPORT, sections=(replace(section, blocks=(Paragraph(text), section.blocks[1])),))


def changed_file(**change):
    moved = replace(REPORT.sections[0].blocks[1], **change)
    return replace(REPORT, sections=(replace(REPORT.sections[0], blocks=(REPORT.sections[0].blocks[0], moved)),))


@pytest.mark.parametrize(
    "other",
    [
        replace(REPORT, title="끝"),
        replace(REPORT, style=Style.BOOKLET),
        replace(REPORT, language="en"),
        changed_text("본문."),
        changed_text((Run("본문"),)),
        changed_file(sha256="b" * 64),
    ],
)
def test_other_content_has_another_fingerprint(other):
    assert fingerprint_of(other, Format.PDF) != fingerprint_of(REPORT, Format.PDF)


def test_the_same_content_has_the_same_fingerprint_wherever_its_files_lie():
    assert fingerprint_of(changed_text("본문"), Format.PDF) == fingerprint_of(REPORT, Format.PDF)
    assert fingerprint_of(changed_file(path="/b.pdf"), Format.PDF) == fingerprint_of(REPORT, Format.PDF)
    assert fingerprint_of(REPORT, Format.HWPX) != fingerprint_of(REPORT, Format.PDF)


# --- pages ------------------------------------------------------------------------------------------------------------


def page(client, user, name, data=None):
    client.force_login(user)
    address = reverse("reports:document", args=[name])
    return client.get(address) if data is None else client.post(address, data)


def test_the_list_shows_what_the_account_may_order(client, member):
    client.force_login(member)
    assert "시험 자료집" in client.get(reverse("reports:documents")).content.decode()
    client.force_login(UserFactory(name="외부인"))
    assert "시험 자료집" not in client.get(reverse("reports:documents")).content.decode()


def test_visitors_sign_in_first(client):
    for address in (reverse("reports:documents"), reverse("reports:document", args=["test-book"])):
        assert client.get(address).status_code == 302


def test_an_order_leads_to_its_job(client, member):
    answer = page(client, member, "test-book", {"p-forum": "24", "p-day": "", "format": "csv"})
    job = Job.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("jobs:job", args=[job.pk])
    assert job.parameters["values"] == {"forum": "24"}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"p-forum": "24"},
        {"p-forum": "99", "format": "csv"},
        {"p-forum": "24", "format": "pdf"},
        {"p-forum": "24", "p-day": "nonsense", "format": "csv"},
        {"p-forum": "24\0", "format": "csv"},
    ],
)
def test_a_wrong_order_shows_the_form_again(client, member, data):
    answer = page(client, member, "test-book", data)
    assert answer.status_code == 400
    assert 'id="form-errors"' in answer.content.decode()
    assert not Job.objects.exists()


def test_what_is_not_open_is_not_found(client, member):
    assert page(client, UserFactory(name="외부인"), "test-book").status_code == 404
    assert page(client, member, "none").status_code == 404
    answer = page(client, UserFactory(name="외부인"), "test-book", {"p-forum": "24", "format": "csv"})
    assert answer.status_code == 404


def test_the_purpose_is_asked_on_the_page(client, member):
    assert 'name="purpose"' in page(client, member, "test-cards").content.decode()
    assert page(client, member, "test-cards", {"format": "vcf"}).status_code == 400
    assert page(client, member, "test-cards", {"format": "vcf", "purpose": PURPOSE}).status_code == 302


def test_an_address_fills_the_form_in(client, member):
    client.force_login(member)
    text = client.get(reverse("reports:document", args=["test-book"]), {"forum": "25", "x": "1"}).content.decode()
    assert '<option value="25" selected>' in text


def test_earlier_files_stand_on_the_page_with_the_same_number_of_queries(client, member, django_assert_num_queries):
    order(member, forum=24)
    page(client, member, "test-book")
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        assert "제24차 (CSV)" in page_again(client)
    for _number in range(29):
        order(member, forum=24)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        page_again(client)
    MadeFile.objects.update(made_at="2020-01-01T00:00Z", expires_at="2020-01-02T00:00Z")
    assert "제24차 (CSV)" not in page_again(client)


QUERIES_OF_THE_PAGE = 5


def page_again(client):
    return client.get(reverse("reports:document", args=["test-book"])).content.decode()


@pytest.mark.skipif(bool(what_is_missing()) and not REQUIRE_ALL, reason="no Pango or no font on this machine")
def test_a_sign_that_cannot_be_printed_is_named_and_the_file_is_not_offered_again(member):
    # A place in Unicode that has no letter: it is in no font.
    WORDS["text"] = "류종\u0378"
    with registered(replace(BOOK, name="test-print", formats=(Format.PDF,))):
        first, second = (order(member, "test-print", Format.PDF, forum=24) for _time in range(2))
    assert "U+0378" in first.message
    assert "〓" in first.message
    assert second.file_id != first.file_id
