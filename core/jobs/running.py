"""The one way in which a job is run: by a Celery worker, by the worker in the site's process, and at once in tests.

While the job's kind works, a thread of its own gives signs of life and writes how far it is, over its own connection:
so it goes on while a renderer computes for a minute, and it is seen while the kind's own transaction is open.
"""

import errno
import logging
import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import RuleViolation
from core.jobs import files
from core.jobs.kinds import JobKind, kind_called
from core.jobs.leases import claim_job, finish_job, give_back_job, held_here
from core.jobs.models import Job, MadeFile
from core.jobs.states import JobStatus

logger = logging.getLogger("madang.jobs")

Clock = Callable[[], datetime]

# Seconds between two writes of how far a job is.
SPACING = 0.5
STEP_LENGTH = 200
FULL = 100


class Cancelled(Exception):  # noqa: N818 - no error: the person asked for it
    """The person asked to stop. Kinds let it pass."""


class LeaseLost(Cancelled):
    """Somebody else has this job now, or it is gone; nothing more is written. Kinds let it pass."""


class Pulse:
    """Signs of life of one running job, and what the person is told meanwhile.

    Inside of a transaction (a job run at once in a test) there is no second connection that could see the job: then
    nothing beats by itself, and progress is written where it is told.
    """

    def __init__(self, job: Job, lease: UUID, clock: Clock) -> None:
        self._mine = Job.objects.filter(pk=job.pk, lease=lease, status=JobStatus.RUNNING)
        self._lease = lease
        self._clock = clock
        self._said = (0, "")
        self._written_at = float("-inf")
        self._stop, self._wake = threading.Event(), threading.Event()
        self._cancelled = self._lost = self._goes_on = False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        held_here.add(self._lease)
        if not connection.in_atomic_block:
            self._thread = threading.Thread(target=self._live, name="job-pulse", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        held_here.discard(self._lease)

    def tell(self, percent: int, step: str) -> None:
        """Remember how far it is. Raises Cancelled or LeaseLost."""
        said = (max(0, min(FULL, percent)), Truncator(step).chars(STEP_LENGTH) if step else self._said[1])
        has_news, self._said = said != self._said, said
        if self._thread is None:
            if time.monotonic() - self._written_at >= SPACING:
                self._beat()
        elif has_news:
            self._wake.set()
        if self._lost:
            raise LeaseLost
        if self._cancelled and not self._goes_on:
            raise Cancelled

    def go_on(self) -> None:
        """Pass over a wish to stop from now on."""
        self._goes_on = True

    def _live(self) -> None:
        try:
            while True:
                self._wake.wait(settings.JOB_BEAT_SECONDS)
                self._wake.clear()
                if self._stop.is_set():
                    return
                try:
                    self._beat()
                except Error:
                    # The database is away or busy. The job goes on; the next beat opens a new connection.
                    connection.close()
                self._stop.wait(SPACING)
        finally:
            connection.close()

    def _beat(self) -> None:
        percent, step = self._said
        self._written_at = time.monotonic()
        if not self._mine.update(beat_at=self._clock(), percent=percent, step=step):
            self._lost = True
        elif self._mine.filter(cancel_asked=True).exists():
            self._cancelled = True


class RunningWork:
    """What a kind gets (`core.jobs.kinds.Work`)."""

    def __init__(self, job: Job, kind: JobKind, pulse: Pulse, clock: Clock) -> None:
        self._job, self._kind, self._pulse, self._clock = job, kind, pulse, clock
        self._own: list[MadeFile] = []
        self.file: MadeFile | None = None
        self.message = ""

    @property
    def job(self) -> Job:
        return self._job

    def tell(self, percent: int, step: str = "") -> None:
        self._pulse.tell(percent, step)

    def finish_anyway(self) -> None:
        self._pulse.go_on()

    def keep(
        self, path: Path, *, name: str, content_type: str, pages: int | None = None, fingerprint: str = ""
    ) -> MadeFile:
        made = files.keep_file(
            path=path,
            name=name,
            content_type=content_type,
            pages=pages,
            fingerprint=fingerprint,
            made_by=self._job.owner,
            keep_days=self._kind.keep_days,
            at=self._clock(),
        )
        self._own.append(made)
        self.file = made
        return made

    def offer_again(self, fingerprint: str) -> bool:
        made = files.file_made_from(fingerprint, at=self._clock())
        if made is None:
            return False
        self.file = made
        return True

    def say(self, message: str) -> None:
        self.message = message

    def discard(self, *, but: MadeFile | None) -> None:
        """Delete what this run took in, but the one file that the job keeps."""
        doomed = [made.pk for made in self._own if made != but]
        if doomed:
            files.delete_files(MadeFile.objects.filter(pk__in=doomed))


def run(job_id: UUID | str, *, clock: Clock = timezone.now) -> bool:
    """Claim a waiting job and run it to its end; False if there was nothing to claim.

    Whatever the kind raises becomes the outcome of the job. Only what ends the process passes; the job waits again.
    """
    lease = uuid4()
    job = claim_job(job_id=job_id, lease=lease, at=clock())
    if job is None:
        return False
    with override(job.language):
        try:
            kind = kind_called(job.kind)
        except KeyError:
            text = _("This site no longer has what is needed for this job.")
            finish_job(job_id=job.pk, lease=lease, status=JobStatus.FAILED, message=text, at=clock())
            return True
        _run_claimed(job, lease, kind, clock)
    return True


def _run_claimed(job: Job, lease: UUID, kind: JobKind, clock: Clock) -> None:
    pulse = Pulse(job, lease, clock)
    work = RunningWork(job, kind, pulse, clock)
    status = JobStatus.FAILED
    try:
        with pulse:
            kind.run(work)
    except LeaseLost:
        work.discard(but=None)
        return
    except Cancelled:
        status, message = JobStatus.CANCELLED, ""
    except RuleViolation as violation:
        message = violation.text or _fault()
    except (SystemExit, KeyboardInterrupt):
        work.discard(but=None)
        give_back_job(job_id=job.pk, lease=lease, at=clock())
        raise
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the person waits for an answer
        logger.error("job %s (%s) failed: %s", job.pk, job.kind, without_values(error))  # noqa: TRY400 - no values
        message = _no_room() if _is_full(error) else _fault()
    else:
        status, message = JobStatus.DONE, work.message
    kept = work.file if status == JobStatus.DONE else None
    is_ours = finish_job(job_id=job.pk, lease=lease, status=status, message=message, file=kept, at=clock())
    work.discard(but=kept if is_ours else None)


def _fault() -> str:
    return _(
        "Something went wrong that the site did not expect. It was written down for the people who run it. "
        "You can order it again; if it fails again, please tell them."
    )


def _is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def _no_room() -> str:
    return _(
        "The site has no room to keep files just now. Please tell the people who run it, and order it again later."
    )


def without_values(error: BaseException) -> str:
    """The error's class and the lines that led to it. Its text is left out: it may quote data of persons."""
    parts = []
    current: BaseException | None = error
    while current is not None:
        parts.append(f"{type(current).__name__} at {_lines(current.__traceback__)}")
        current = current.__cause__ or current.__context__
    return "; from ".join(parts)


def _lines(trace: TracebackType | None) -> str:
    return " > ".join(f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-8:])
