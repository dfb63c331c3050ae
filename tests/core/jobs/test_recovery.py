"""No job is in work for ever: lost workers, lost messages, killed processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from core.jobs import leases
from core.jobs.leases import claim_job, take_up_lost_jobs
from core.jobs.models import Job
from core.jobs.services import cancel_job, order_job
from core.jobs.states import JobStatus
from tests.core.jobs.kinds import known
from tests.factories import NOON, JobFactory, UserFactory

ROOT = Path(__file__).resolve().parents[3]
LATER = NOON + timedelta(minutes=2)


def running_job(**facts):
    return JobFactory(status=JobStatus.RUNNING, lease=uuid4(), beat_at=NOON, attempts=1, **facts)


def taken_up(job, at=LATER, **more):
    take_up_lost_jobs(at=at, **more)
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_a_job_without_sign_of_life_waits_again_and_is_sent(django_capture_on_commit_callbacks):
    with known("test", lambda work: work.say("zweiter")):
        job = running_job()
        with django_capture_on_commit_callbacks() as sent:
            assert taken_up(job).status == JobStatus.QUEUED
        assert (job.lease, len(sent)) == (None, 1)
        sent[0]()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.DONE, 2)


@pytest.mark.django_db
def test_a_job_with_signs_of_life_is_left_alone():
    with known("test", lambda _work: None):
        assert taken_up(running_job(), at=NOON + timedelta(seconds=29)).status == JobStatus.RUNNING


@pytest.mark.django_db
def test_a_job_that_was_lost_before_the_clock_was_set_back_is_found():
    with known("test", lambda _work: None):
        job = running_job()
        before = NOON - timedelta(days=1)
        assert taken_up(job, at=before).status == JobStatus.RUNNING
        assert taken_up(job, at=before + timedelta(seconds=31)).status == JobStatus.QUEUED


@pytest.mark.django_db
def test_a_job_of_this_very_process_is_left_alone():
    """On SQLite a long transaction of the job keeps its own sign of life waiting."""
    with known("test", lambda _work: None):
        job = running_job()
        leases.held_here.add(job.lease)
        try:
            assert taken_up(job).status == JobStatus.RUNNING
        finally:
            leases.held_here.clear()


@pytest.mark.django_db
@pytest.mark.parametrize("most", [1, 3])
def test_after_the_last_attempt_it_has_failed_and_says_why(most):
    with known("test", lambda _work: None, max_attempts=most):
        job = running_job()
        Job.objects.update(attempts=most)
        assert taken_up(job).status == JobStatus.FAILED
    assert job.message


@pytest.mark.django_db
def test_a_lost_job_that_was_to_be_cancelled_is_cancelled():
    with known("test", lambda _work: None):
        job = running_job()
        cancel_job(job_id=job.pk, actor=job.owner, at=NOON)
        assert taken_up(job).status == JobStatus.CANCELLED


@pytest.mark.django_db
def test_a_lost_job_of_an_app_that_is_gone_has_failed():
    assert taken_up(running_job(kind="gone")).status == JobStatus.FAILED


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "messages_lost", "sent_again"), [(59, False, 0), (61, False, 1), (1, True, 1)])
def test_a_waiting_job_is_sent_again_after_a_minute_or_when_the_messages_are_gone(
    seconds, messages_lost, sent_again, django_capture_on_commit_callbacks
):
    with known("test", lambda _work: None):
        order_job(kind="test", title="명부", parameters={}, owner=UserFactory(), at=NOON)
        at = NOON + timedelta(seconds=seconds)
        with django_capture_on_commit_callbacks() as sent:
            take_up_lost_jobs(at=at, messages_lost=messages_lost)
            take_up_lost_jobs(at=at + timedelta(seconds=1))
    assert len(sent) == sent_again


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_job():
    job = JobFactory()

    def claim(_number):
        try:
            return claim_job(job_id=job.pk, lease=uuid4(), at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        claimed = [one for one in workers.map(claim, range(8)) if one is not None]
    assert len(claimed) == 1
    job.refresh_from_db()
    assert (job.lease, job.attempts) == (claimed[0].lease, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_equal_orders_at_once_one_job_comes():
    owner, answered = UserFactory(), threading.Semaphore(0)

    def order(_number):
        try:
            return order_job(kind="test", title="명부", parameters={}, owner=owner, subject="a" * 64, at=NOON).pk
        finally:
            answered.release()
            connection.close()

    def go_on_until_all_others_are_answered(_work):
        for _other in range(3):
            answered.acquire(timeout=60)

    with known("test", go_on_until_all_others_are_answered), ThreadPoolExecutor(4) as people:
        assert len(set(people.map(order, range(4)))) == 1


# --- Processes that are killed ----------------------------------------------------------------------------------------


def address_of_the_database():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@contextmanager
def process(tmp_path, *command, **environment):
    """A process group that is killed at the end, whatever happens."""
    said = (tmp_path / "said.txt").open("a")
    started = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "MADANG_MODE": "demo",
            "MADANG_VAR_DIR": str(tmp_path),
            "DATABASE_URL": address_of_the_database(),
            "JOB_BEAT_SECONDS": "0.3",
            "JOB_LOST_AFTER_SECONDS": "5",
            **environment,
        },
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        kill(started)
        said.close()


def kill(started):
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def wait_until(job, tmp_path, condition, seconds=120):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        job.refresh_from_db()
        if condition(job):
            return
        time.sleep(0.1)
    pytest.fail(f"{job.status} {job.percent} {job.message}\n{(tmp_path / 'said.txt').read_text()}")


def killed_and_started_again(job, tmp_path, *command, pause=0.0, **environment):
    """Start a process, kill it in mid-run of `job`, start it anew and wait for the end; returns the diary's lines."""
    with process(tmp_path, *command, **environment) as first:
        wait_until(job, tmp_path, lambda job: job.percent == 30)
        kill(first)
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING
    time.sleep(pause)
    with process(tmp_path, *command, **environment):
        wait_until(job, tmp_path, lambda job: job.status not in {JobStatus.QUEUED, JobStatus.RUNNING})
    return (tmp_path / "diary").read_text().split("\n")[:-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "ends_as", "attempts"),
    [("slow", JobStatus.DONE, ["begun 1", "begun 2"]), ("once", JobStatus.FAILED, ["begun 1"])],
)
def test_a_kill_of_the_site_with_its_own_worker(tmp_path, kind, ends_as, attempts):
    job = JobFactory(kind=kind, parameters={"diary": str(tmp_path / "diary")})
    site = ("-m", "tests.core.jobs.site", "embedded")
    assert killed_and_started_again(job, tmp_path, *site, pause=5.1, EMBEDDED_WORKER="on") == attempts
    assert job.status == ends_as


@pytest.mark.django_db(transaction=True)
def test_a_site_with_its_own_worker_makes_the_files_that_were_ordered_before_it_started(tmp_path):
    quick = [JobFactory(kind="slow", parameters={"diary": str(tmp_path / "diary"), "hangs": False}) for _ in "ab"]
    with process(tmp_path, "-m", "tests.core.jobs.site", "embedded", EMBEDDED_WORKER="on"):
        for job in quick:
            wait_until(job, tmp_path, lambda job: job.status == JobStatus.DONE)
    assert quick[0].file.size == len("made")
    assert (tmp_path / "media" / quick[0].file.content.name).read_text() == "made"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_kill_of_a_celery_worker_on_redis(tmp_path):
    """It is started again at once, while the lost job's lease still runs, and without a schedule beside it."""
    job = JobFactory(kind="slow", parameters={"diary": str(tmp_path / "diary")})
    redis = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/9"
    worker = (
        "-m",
        "celery",
        "-A",
        "tests.core.jobs.site",
        "worker",
        "--concurrency",
        "2",
        "-n",
        f"w{os.getpid()}@test",
    )
    lines = killed_and_started_again(job, tmp_path, *worker, REDIS_URL=redis)
    assert lines == ["begun 1", "begun 2"]
    assert job.status == JobStatus.DONE
