"""A job from its order to what came of it."""

import hashlib
import logging
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.jobs import running
from core.jobs.leases import claim_job, finish_job, held_here
from core.jobs.models import Job, MadeFile
from core.jobs.services import cancel_job, order_job
from core.jobs.states import JobStatus
from tests.core.jobs.kinds import file_of, known
from tests.factories import NOON, JobFactory, UserFactory

pytestmark = pytest.mark.django_db


def order(kind="test", **more):
    facts = {"title": "회원 명부", "parameters": {}, "owner": UserFactory(), "at": NOON, **more}
    return order_job(kind=kind, **facts)


def run(job):
    running.run(job.pk, clock=lambda: NOON)
    job.refresh_from_db()
    return job


def test_an_order_is_run_after_the_transaction(django_capture_on_commit_callbacks, tmp_path):
    with known("test", file_of(tmp_path)), django_capture_on_commit_callbacks(execute=True):
        job = order()
        assert job.status == JobStatus.QUEUED
    job.refresh_from_db()
    assert (job.status, job.percent, job.message) == (JobStatus.DONE, 100, "파일을 만들었습니다.")
    assert job.file.content.read().decode() == "사업 안내\n"


def test_what_came_of_it_is_recorded(tmp_path):
    with known("test", file_of(tmp_path)):
        job = run(order())
    entries = AuditEntry.objects.filter(target_id=str(job.pk)).order_by("pk")
    assert [entry.action for entry in entries] == ["jobs.ordered", "jobs.done"]


def test_the_file_has_its_facts(tmp_path):
    with known("test", file_of(tmp_path), keep_days=7):
        job = run(order())
    made = job.file
    assert made.sha256 == hashlib.sha256("사업 안내\n".encode()).hexdigest()
    assert (made.size, made.pages, made.made_by) == (len("사업 안내\n".encode()), 3, job.owner)
    assert (made.expires_at, job.file_kept_until) == (NOON + timedelta(days=7),) * 2


def test_progress_is_in_the_database_while_it_runs():
    seen = []

    def work_on(work):
        work.tell(40, "표를 그립니다")
        seen.append(Job.objects.values_list("percent", "step").get(pk=work.job.pk))

    with known("test", work_on):
        run(order())
    assert seen == [(40, "표를 그립니다")]


def test_a_rule_that_says_no_is_told_with_its_text():
    def refuse(_work):
        raise RuleViolation("아직 회원이 없습니다.")

    with known("test", refuse):
        job = run(order())
    assert (job.status, job.message) == (JobStatus.FAILED, "아직 회원이 없습니다.")


def test_a_fault_is_told_in_general_and_logged_without_what_it_quotes(caplog):
    def fall(_work):
        raise ValueError("hong@example.org")

    with known("test", fall), caplog.at_level(logging.ERROR, "madang.jobs"):
        job = run(order())
    assert job.status == JobStatus.FAILED
    assert "hong" not in job.message
    assert "hong" not in caplog.text
    assert "ValueError" in caplog.text
    assert "test_running.py" in caplog.text


def test_a_job_of_an_app_that_is_gone_fails_with_a_sentence():
    with known("test", lambda _work: None):
        job = order()
    assert run(job).status == JobStatus.FAILED
    assert job.message


def test_the_language_is_the_one_of_the_order():
    def speak(work):
        work.say(str(JobStatus.DONE.label))

    with known("test", speak):
        assert run(order(language="en")).message == "finished"


def test_the_same_order_is_not_waiting_twice():
    owner = UserFactory()
    with known("test", lambda _work: None):
        first = order(owner=owner, subject="a" * 64)
        assert order(owner=owner, subject="a" * 64) == first
        assert order(owner=owner, subject="b" * 64) != first
        assert order(subject="a" * 64) != first
        run(first)
        assert order(owner=owner, subject="a" * 64) != first


def test_one_account_cannot_fill_the_queue(monkeypatch):
    monkeypatch.setattr("core.jobs.services.MOST_UNFINISHED", 2)
    owner = UserFactory()
    with known("test", lambda _work: None):
        order(owner=owner)
        order(owner=owner)
        with pytest.raises(RuleViolation) as refused:
            order(owner=owner)
    assert (refused.value.code, refused.value.status) == ("too_many_jobs", 429)


def test_a_waiting_job_is_cancelled_at_once():
    with known("test", lambda _work: pytest.fail("it ran")):
        job = order()
        cancel_job(job_id=job.pk, actor=job.owner, at=NOON)
        assert run(job).status == JobStatus.CANCELLED


def test_a_running_job_is_cancelled_at_its_next_step(tmp_path):
    def work_on(work):
        file_of(tmp_path)(work)
        cancel_job(job_id=work.job.pk, actor=work.job.owner, at=NOON)
        work.tell(10, "첫째")
        pytest.fail("it went on")

    with known("test", work_on):
        job = run(order())
    assert (job.status, job.file) == (JobStatus.CANCELLED, None)
    assert not MadeFile.objects.exists()


def test_a_finished_job_is_not_cancelled():
    with known("test", lambda _work: None):
        job = run(order())
    with pytest.raises(RuleViolation):
        cancel_job(job_id=job.pk, actor=job.owner, at=NOON)


def test_a_job_is_claimed_once():
    with known("test", lambda _work: None):
        job = order()
    assert claim_job(job_id=job.pk, lease=uuid4(), at=NOON) is not None
    assert claim_job(job_id=job.pk, lease=uuid4(), at=NOON) is None


def test_a_worker_that_lost_its_lease_writes_nothing(tmp_path):
    other = uuid4()

    def lose(work):
        file_of(tmp_path)(work)
        Job.objects.filter(pk=work.job.pk).update(lease=other)

    with known("test", lose):
        job = run(order())
    assert (job.status, job.lease, job.file) == (JobStatus.RUNNING, other, None)
    assert not MadeFile.objects.exists()
    assert finish_job(job_id=job.pk, lease=uuid4(), status=JobStatus.DONE, message="", at=NOON) is False


def test_a_worker_that_lost_its_lease_stops_at_its_next_step():
    def lose(work):
        Job.objects.filter(pk=work.job.pk).update(lease=uuid4())
        work.tell(50)
        pytest.fail("it went on")

    with known("test", lose):
        assert run(order()).status == JobStatus.RUNNING


def test_a_process_that_ends_gives_the_job_back():
    def leave(_work):
        raise SystemExit

    with known("test", leave):
        job = order()
        with pytest.raises(SystemExit):
            running.run(job.pk, clock=lambda: NOON)
    job.refresh_from_db()
    assert (job.status, job.lease) == (JobStatus.QUEUED, None)


# --- With the thread that gives signs of life -------------------------------------------------------------------------


@pytest.fixture
def _quick_pulse(settings):
    settings.JOB_BEAT_SECONDS = 0.1


def seen_from_outside(job_id):
    """What another connection sees of the job: its last sign of life, how far it is, and the step."""
    found = []

    def look():
        found.append(Job.objects.values_list("beat_at", "percent", "step").get(pk=job_id))
        connection.close()

    other = threading.Thread(target=look)
    other.start()
    other.join()
    return found[0]


def wait_for(condition, seconds=60):
    limit = time.monotonic() + seconds
    while not condition() and time.monotonic() < limit:
        time.sleep(0.05)
    return condition()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_quick_pulse")
def test_signs_of_life_go_on_while_the_kind_is_busy_and_progress_is_seen_by_others():
    seen = []

    def be_busy(work):
        work.tell(40, "표를 그립니다")
        before = work.job.beat_at
        seen.append(wait_for(lambda: seen_from_outside(work.job.pk)[1:] == (40, "표를 그립니다")))
        seen.append(wait_for(lambda: seen_from_outside(work.job.pk)[0] > before))

    with known("test", be_busy):
        job = JobFactory()
        running.run(job.pk)
    assert seen == [True, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_quick_pulse")
def test_a_kind_that_writes_in_one_long_transaction_is_not_in_its_own_way():
    """On SQLite its sign of life waits for the transaction; on PostgreSQL it goes on meanwhile."""

    def write(work):
        with transaction.atomic():
            UserFactory()
            work.tell(50, "씁니다")
            time.sleep(1.5)

    with known("test", write):
        job = JobFactory()
        running.run(job.pk)
    job.refresh_from_db()
    assert job.status == JobStatus.DONE


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_quick_pulse")
def test_somebody_else_cancels_a_running_job():
    def work_on(work):
        cancel = threading.Thread(target=cancelling, args=(work.job,))
        cancel.start()
        cancel.join()
        for percent in range(100):
            work.tell(percent)
            time.sleep(0.1)
        pytest.fail("it went on")

    def cancelling(job):
        cancel_job(job_id=job.pk, actor=job.owner, at=NOON)
        connection.close()

    with known("test", work_on):
        job = JobFactory()
        running.run(job.pk)
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_quick_pulse")
def test_no_thread_is_left():
    with known("test", lambda work: work.tell(10)):
        running.run(JobFactory().pk)
    assert "job-pulse" not in {thread.name for thread in threading.enumerate()}
    assert not held_here
