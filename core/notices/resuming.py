"""Taking up mailings that still have something to send: after a pause between attempts, and after a lost worker."""

from datetime import datetime, timedelta

from core.jobs.states import UNFINISHED, JobStatus
from core.notices.ordering import order_sending
from core.notices.queries import latest_job, unfinished_mailings
from core.notices.sending import note_lost, stop_waiting
from core.notices.states import Problem

# After a job that failed: whatever broke it may still be broken.
REST = timedelta(minutes=10)


def continue_mailings(*, at: datetime) -> int:
    """Order a job for every mailing with something due that no job is at, and say for how many.

    Somebody who cancelled the job meant the mailing: what waited then counts as not sent, and can be sent again.
    """
    note_lost(at=at)
    ordered = 0
    for mailing in unfinished_mailings(at):
        job = latest_job(mailing)
        if job is not None and job.status in UNFINISHED:
            continue
        if job is not None and job.status == JobStatus.CANCELLED:
            stop_waiting(mailing, at=at, problem=Problem.CANCELLED)
            continue
        if job is not None and job.status == JobStatus.FAILED and job.finished_at and job.finished_at > at - REST:
            continue
        order_sending(mailing, owner=mailing.actor, at=at)
        ordered += 1
    return ordered
