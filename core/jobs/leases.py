"""What workers write: a job is claimed under a lease, finished under the same lease, and taken up when that is lost.

A worker that was thought dead and comes back finds that the job has another lease; it writes nothing more.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.jobs.kinds import kind_called
from core.jobs.models import Job, MadeFile
from core.jobs.sending import send_on_commit
from core.jobs.states import UNFINISHED, JobStatus

MESSAGE_LENGTH = 500
# A waiting job is handed to the workers again so often, in case its message is lost. A second message does no harm:
# whoever comes too late finds the job claimed.
SENT_AGAIN_AFTER = timedelta(seconds=60)

# Leases of this process. On SQLite a long transaction of a job keeps its own sign of life waiting.
held_here: set[UUID] = set()


@transaction.atomic
def claim_job(*, job_id: UUID | str, lease: UUID, at: datetime) -> Job | None:
    """Begin a waiting job under `lease`; None if somebody else was quicker, or it was cancelled."""
    job = Job.objects.select_for_update().filter(pk=job_id, status=JobStatus.QUEUED).first()
    if job is None:
        return None
    job.move_to(JobStatus.RUNNING)
    job.lease = lease
    job.beat_at = job.started_at = at
    job.attempts += 1
    job.percent = 0
    job.step = job.message = ""
    job.save(update_fields=["status", "lease", "beat_at", "started_at", "attempts", "percent", "step", "message"])
    return job


@transaction.atomic
def finish_job(  # noqa: PLR0913 - an outcome has this many facts
    *,
    job_id: UUID,
    lease: UUID,
    status: JobStatus,
    message: str,
    at: datetime,
    file: MadeFile | None = None,
) -> bool:
    """End a running job if it still has this lease; says whether it had."""
    job = Job.objects.select_for_update().filter(pk=job_id, lease=lease, status=JobStatus.RUNNING).first()
    if job is None:
        return False
    _end(job, status, message, at)
    if status == JobStatus.DONE:
        job.percent = 100
        job.file = file
        job.file_kept_until = file.expires_at if file else None
    job.save()
    return True


@transaction.atomic
def give_back_job(*, job_id: UUID, lease: UUID, at: datetime) -> None:
    """The worker ends before the job does: let another one begin it anew."""
    job = Job.objects.select_for_update().filter(pk=job_id, lease=lease, status=JobStatus.RUNNING).first()
    if job is not None:
        _take_up(job, at)


def take_up_lost_jobs(*, at: datetime, messages_lost: bool = False) -> int:
    """Look after jobs that nobody works on any more; says how many.

    A running job without a sign of life waits again or, after its last attempt, has failed; a waiting one is handed to
    the workers again when that was long ago. `messages_lost`: the messages lay in the memory of a process that ended.
    """
    span = timedelta(seconds=settings.JOB_LOST_AFTER_SECONDS)
    # A sign of life from the future says nothing, the clock was set back since: it counts from now on.
    Job.objects.filter(status__in=UNFINISHED, beat_at__gt=at + span).update(beat_at=at)
    silent_since = at - span
    lost = Q(status=JobStatus.RUNNING, beat_at__lt=silent_since)
    unsent = Q(status=JobStatus.QUEUED)
    if not messages_lost:
        unsent &= Q(beat_at__isnull=True) | Q(beat_at__lt=at - SENT_AGAIN_AFTER)
    found = 0
    for job_id in list(Job.objects.filter(lost | unsent).order_by("ordered_at").values_list("pk", flat=True)):
        with transaction.atomic():
            # Whatever is locked is being looked after.
            rows = Job.objects.select_for_update(skip_locked=True).filter(lost | unsent, pk=job_id)
            job = rows.exclude(lease__in=list(held_here)).first()
            if job is None:
                continue
            found += 1
            if job.status == JobStatus.RUNNING:
                _take_up(job, at)
            else:
                job.beat_at = at
                job.save(update_fields=["beat_at"])
                send_on_commit(job)
    return found


def _take_up(job: Job, at: datetime) -> None:
    """Under the job's lock: it waits again, or ends where it must not be begun again."""
    try:
        most = kind_called(job.kind).max_attempts
    except KeyError:
        most = 0
    with override(job.language):
        if job.cancel_asked:
            _end(job, JobStatus.CANCELLED, "", at)
        elif job.attempts >= most:
            _end(job, JobStatus.FAILED, _why_given_up(job.attempts, most), at)
        else:
            job.move_to(JobStatus.QUEUED)
            job.lease = None
            job.beat_at = at
            job.percent = 0
            job.step = ""
            record(actor=None, action="jobs.taken_up", target=job, details={"attempts": job.attempts}, at=at)
            send_on_commit(job)
    job.save()


def _why_given_up(attempts: int, most: int) -> str:
    if most == 1:
        return _(
            "The work was interrupted before it was finished, and it is not repeated by itself. "
            "Please look what has been done before you order it again."
        )
    return _(
        "The work was interrupted again and again (attempts: %(attempts)s). "
        "Please order it once more later, or tell the people who run this site."
    ) % {"attempts": attempts}


def _end(job: Job, status: JobStatus, message: str, at: datetime) -> None:
    job.move_to(status)
    job.message = Truncator(message).chars(MESSAGE_LENGTH)
    job.lease = None
    job.step = ""
    job.finished_at = at
    if status in {JobStatus.DONE, JobStatus.FAILED}:
        record(actor=None, action=f"jobs.{status}", target=job, details={"kind": job.kind}, at=at)
