"""Files that jobs make: offered again, deleted when their time is over or their person is erased."""

import errno
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from core.jobs import running
from core.jobs.files import forget_expired_files, keep_file
from core.jobs.models import Job, MadeFile
from core.jobs.services import forget_jobs_of
from core.jobs.states import JobStatus
from core.scratch import PREFIX, scratch_folder
from tests.core.jobs.kinds import file_of, known
from tests.factories import NOON, JobFactory, UserFactory

pytestmark = pytest.mark.django_db


def made(tmp_path, name="명부.txt", **facts):
    path = tmp_path / "made.txt"
    path.write_text("내용", encoding="utf-8")
    facts = {"made_by": None, "keep_days": 30, "at": NOON, **facts}
    return keep_file(path=path, name=name, content_type="text/plain", **facts)


def offer(fingerprint, at):
    offered = []
    with known("test", lambda work: offered.append(work.offer_again(fingerprint))):
        job = JobFactory()
        running.run(job.pk, clock=lambda: at)
    job.refresh_from_db()
    return offered[0], job.file


def test_the_same_data_need_no_second_file(tmp_path):
    file = made(tmp_path, fingerprint="a" * 64)
    assert offer("a" * 64, NOON) == (True, file)


@pytest.mark.parametrize(("fingerprint", "days"), [("", 0), ("b" * 64, 0), ("a" * 64, 30), ("a" * 64, 31)])
def test_other_data_no_fingerprint_and_old_files_are_made_anew(tmp_path, fingerprint, days):
    made(tmp_path, fingerprint="a" * 64)
    made(tmp_path)
    assert offer(fingerprint, NOON + timedelta(days=days)) == (False, None)


def test_a_file_whose_content_is_gone_is_made_anew(tmp_path):
    file = made(tmp_path, fingerprint="a" * 64)
    Path(file.content.path).unlink()
    assert offer("a" * 64, NOON) == (False, None)


def test_of_two_files_the_job_keeps_the_last(tmp_path, django_capture_on_commit_callbacks):
    def twice(work):
        file_of(tmp_path, "einmal")(work)
        file_of(tmp_path, "zweimal")(work)

    with known("test", twice), django_capture_on_commit_callbacks(execute=True):
        job = JobFactory()
        running.run(job.pk, clock=lambda: NOON)
    job.refresh_from_db()
    assert MadeFile.objects.get() == job.file
    assert job.file.content.read() == b"zweimal"
    assert len([path for path in (tmp_path / "media").rglob("*") if path.is_file()]) == 1


def test_expired_files_are_deleted_with_their_contents(tmp_path, django_capture_on_commit_callbacks):
    old, young = made(tmp_path, keep_days=1), made(tmp_path)
    job = JobFactory(status=JobStatus.DONE, file=old, file_kept_until=old.expires_at)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_expired_files(at=NOON + timedelta(days=1)) == 1
    job.refresh_from_db()
    assert (job.file, job.file_kept_until) == (None, old.expires_at)
    assert not Path(old.content.path).exists()
    assert Path(young.content.path).exists()


def test_folders_that_a_killed_worker_left_are_deleted_after_a_day(tmp_path, monkeypatch):
    """What was being made may hold names and addresses of members."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, at_work, others = Path(scratch_folder().name), Path(tempfile.mkdtemp(prefix=PREFIX)), tmp_path / "others"
    left.mkdir(exist_ok=True)
    (left / "made.pdf").write_text("x")
    others.mkdir()
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(others)
    yesterday = time.time() - timedelta(hours=25).total_seconds()
    for folder in (left, others):
        os.utime(folder, (yesterday, yesterday))
    os.utime(link, (yesterday, yesterday), follow_symlinks=False)
    forget_expired_files(at=NOON)
    assert (left.exists(), at_work.exists(), others.exists(), link.is_symlink()) == (False, True, True, True)


def test_contents_that_lost_their_row_are_deleted_after_a_day(tmp_path):
    file = made(tmp_path)
    left, fresh = (Path(file.content.path).with_name(name) for name in ("left", "fresh"))
    left.write_text("x")
    fresh.write_text("x")
    kept = Path(file.content.path)
    for path, hours in ((left, 25), (fresh, 1), (kept, 25)):
        moment = (NOON - timedelta(hours=hours)).timestamp()
        os.utime(path, (moment, moment))
    forget_expired_files(at=NOON)
    assert (left.exists(), fresh.exists(), kept.exists()) == (False, True, True)


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("명부.pdf", "명부.pdf"),
        ("../../etc/passwd", ".. .. etc passwd"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("가" * 300 + ".pdf", "가" * 196 + ".pdf"),
        ("\n", "file"),
    ],
)
def test_names_of_files_are_made_harmless(tmp_path, name, kept_as):
    assert made(tmp_path, name=name).name == kept_as


def test_erasing_a_person_leaves_rows_that_say_nothing(tmp_path, django_capture_on_commit_callbacks):
    person = UserFactory()
    own, shared = made(tmp_path, made_by=person), made(tmp_path, made_by=person)
    finished = JobFactory(owner=person, title="고다은의 명부", status=JobStatus.DONE, file=own, message="세 명")
    JobFactory(owner=person, status=JobStatus.DONE, file=shared)
    waiting = JobFactory(owner=person, parameters={"member": 3})
    others = JobFactory(status=JobStatus.DONE, file=shared)
    with django_capture_on_commit_callbacks(execute=True):
        forget_jobs_of(owner=person, at=NOON)
    finished.refresh_from_db()
    waiting.refresh_from_db()
    others.refresh_from_db()
    assert (finished.title, finished.owner, finished.file) == ("test", None, None)
    assert "세 명" not in finished.message
    assert (waiting.status, waiting.parameters) == (JobStatus.CANCELLED, {})
    assert not Path(own.content.path).exists()
    assert (others.file, others.file.made_by) == (shared, None)
    assert not Job.objects.filter(owner=person).exists()


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, settings, monkeypatch):
    def full(storage, name, content):
        Path(storage.path(name)).parent.mkdir(parents=True, exist_ok=True)
        Path(storage.path(name)).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with known("test", file_of(tmp_path)):
        job = JobFactory()
        running.run(job.pk)
    job.refresh_from_db()
    assert (job.status, "저장 공간" in job.message or "no room" in job.message) == (JobStatus.FAILED, True)
    media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    assert [path for path in media.rglob("*") if path.is_file()] == []
