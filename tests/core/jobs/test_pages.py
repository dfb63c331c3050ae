"""The pages of one's own jobs, the state for the script, and the file."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from core.jobs.models import Job, MadeFile
from core.jobs.states import JobStatus
from tests.core.jobs.kinds import known
from tests.factories import JobFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = UserFactory(name="고다은")
    client.force_login(user)
    return user


def kept_file(owner, *, days=30, **facts):
    now = timezone.now()
    made = MadeFile(
        name="회원 명부.pdf",
        content_type="application/pdf",
        sha256="ab" * 32,
        size=12_345,
        pages=104,
        made_by=owner,
        made_at=now - timedelta(days=31),
        expires_at=now + timedelta(days=days),
        **facts,
    )
    made.content.save("x", ContentFile(b"%PDF-"), save=False)
    made.save()
    return made


def done(owner, made=None, **facts):
    made = made or kept_file(owner)
    return JobFactory(
        owner=owner,
        status=JobStatus.DONE,
        percent=100,
        file=made,
        file_kept_until=made.expires_at,
        finished_at=timezone.now(),
        **facts,
    )


def page(client, job, name="job"):
    return client.get(reverse(f"jobs:{name}", args=[job.pk]))


# --- one job ----------------------------------------------------------------------------------------------------------


def test_a_waiting_job_can_be_cancelled_and_is_looked_at_without_script(client, owner):
    job = JobFactory(owner=owner)
    html = page(client, job).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in html
    assert f'action="{reverse("jobs:cancel", args=[job.pk])}"' in html
    answer = client.post(reverse("jobs:cancel", args=[job.pk]))
    assert answer.url == reverse("jobs:job", args=[job.pk])
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_cancelling_is_a_post(client, owner):
    job = JobFactory(owner=owner)
    assert page(client, job, "cancel").status_code == 405
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_a_finished_job_shows_its_file(client, owner):
    html = page(client, done(owner)).content.decode()
    for fact in ("회원 명부.pdf", "ab" * 32, "고다은", "104"):
        assert fact in html
    assert "http-equiv" not in html
    assert "data-job=" not in html


def test_the_maker_of_a_file_that_is_offered_again_stays_unnamed(client, owner):
    job = done(owner, kept_file(UserFactory(name="홍만든")))
    assert "홍만든" not in page(client, job).content.decode()


def test_a_failed_job_says_why_and_offers_the_way_to_order_again(client, owner):
    job = JobFactory(owner=owner, status=JobStatus.FAILED, message="회원이 없습니다.", finished_at=timezone.now())
    with known("test", lambda _work: None, again=lambda _job: "/documents/book/"):
        html = page(client, job).content.decode()
    assert "회원이 없습니다." in html
    assert 'href="/documents/book/"' in html


def test_markup_in_a_title_stays_text(client, owner):
    job = JobFactory(owner=owner, title="<script>alert(1)</script>", step="<b>x</b>")
    for html in (page(client, job).content.decode(), client.get(reverse("jobs:list")).content.decode()):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


@pytest.mark.parametrize("name", ["job", "state", "download"])
def test_somebody_elses_job_is_not_there(client, owner, name):
    assert page(client, done(UserFactory()), name).status_code == 404


def test_somebody_elses_job_is_not_cancelled(client, owner):
    job = JobFactory()
    assert client.post(reverse("jobs:cancel", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert not job.cancel_asked


@pytest.mark.parametrize("name", ["job", "state", "download"])
def test_visitors_sign_in_first(client, name):
    answer = page(client, JobFactory(), name)
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


# --- the state for the script -----------------------------------------------------------------------------------------


def test_the_state_says_the_same_as_the_page(client, owner):
    job = JobFactory(owner=owner)
    Job.objects.update(
        status=JobStatus.RUNNING, lease=job.pk, beat_at=timezone.now(), percent=62, step="목차를 만듭니다"
    )
    answer = page(client, job, "state")
    told = answer.json()
    assert (told["percent"], told["percent_text"], told["step"]) == (62, "62 %", "목차를 만듭니다")
    assert told["parts"] == ["cancel", "progress"]
    assert told["spoken"].endswith("50 %")
    assert not told["is_finished"]
    assert "no-store" in answer["Cache-Control"]


def test_everything_the_page_shows_is_told(client, owner):
    """A part that the script does not know would stay as it was when the page was opened."""
    job = done(owner)
    html = page(client, job).content.decode()
    told = page(client, job, "state").json()
    assert set(re.findall(r'data-told="(\w+)"', html)) <= told.keys()
    parts = set(re.findall(r'data-part="(\w+)"', html))
    assert set(told["parts"]) <= parts
    assert parts == {
        "progress", "cancel", "cancelling", "message", "file", "pages", "expired", "again", "finished",
    }  # fmt: skip


def test_the_corner_counts_what_goes_on(client, owner):
    JobFactory.create_batch(2, owner=owner)
    JobFactory()
    done(owner)
    assert client.get(reverse("jobs:unfinished")).json() == {"unfinished": 2}


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_file_goes_out_as_an_attachment_and_leaves_a_trace(client, owner):
    traces = []
    job = done(owner)
    with known("test", lambda _work: None, on_download=lambda *facts: traces.append(facts)):
        answer = page(client, job, "download")
    assert b"".join(answer.streaming_content) == b"%PDF-"
    assert answer["Content-Disposition"] == ("attachment; filename*=utf-8''%ED%9A%8C%EC%9B%90%20%EB%AA%85%EB%B6%80.pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert traces == [(job, owner, "127.0.0.1")]


def test_whoever_lost_the_right_does_not_get_it(client, owner):
    job = done(owner)
    with known("test", lambda _work: None, may_download=lambda _job, _user: False, on_download=pytest.fail):
        assert page(client, job, "download").status_code == 403


def test_a_file_of_an_app_that_is_gone_stays_here(client, owner):
    assert page(client, done(owner), "download").status_code == 403


def test_an_expired_file_is_gone_and_the_page_says_so(client, owner):
    job = done(owner, kept_file(owner, days=-1))
    with known("test", lambda _work: None):
        assert page(client, job, "download").status_code == 410
    told = page(client, job, "state").json()
    assert "expired" in told["parts"]
    assert "file" not in told["parts"]


def test_a_file_that_was_deleted_is_gone(client, owner):
    job = done(owner)
    MadeFile.objects.all().delete()
    answer = page(client, job, "download")
    assert answer.status_code == 410
    assert "expired" in page(client, job, "state").json()["parts"]


def test_a_file_that_goes_between_two_looks_is_gone(client, owner, monkeypatch):
    job = done(owner)
    Path(job.file.content.path).unlink()
    monkeypatch.setattr("core.jobs.views.is_here", lambda _made: True)
    with known("test", lambda _work: None):
        assert page(client, job, "download").status_code == 410


def test_a_job_without_a_file_has_none(client, owner):
    assert page(client, JobFactory(owner=owner), "download").status_code == 404


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_empty_at_first(client, owner):
    JobFactory()
    html = client.get(reverse("jobs:list")).content.decode()
    assert 'class="empty"' in html
    assert "회원 명부" not in html


def test_the_list_shows_what_goes_on_and_what_is_finished(client, owner):
    JobFactory(owner=owner, title="소식지")
    done(owner)
    JobFactory(
        owner=owner, title="명단", status=JobStatus.FAILED, message="읽지 못했습니다.", finished_at=timezone.now()
    )
    html = client.get(reverse("jobs:list")).content.decode()
    for text in ("소식지", "회원 명부", "명단", "읽지 못했습니다.", "12.1"):
        assert text in html


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_the_same_queries(client, owner, number, django_assert_num_queries):
    for _number in range(number):
        JobFactory(owner=owner)
        done(owner)
    client.get(reverse("jobs:list"))
    with django_assert_num_queries(7):
        client.get(reverse("jobs:list"))


@pytest.mark.parametrize("path", ["/jobs/", "/en/jobs/"])
def test_both_languages(client, owner, path):
    assert client.get(path).status_code == 200
