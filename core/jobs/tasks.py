"""What the worker does for jobs."""

from celery import shared_task
from django.utils import timezone

from core.jobs import beside, files, leases, running


@shared_task
def run_job(job_id: str) -> bool:
    return beside.takes(job_id) or running.run(job_id)


@shared_task
def take_up_lost_jobs(*, messages_lost: bool = False) -> int:
    return leases.take_up_lost_jobs(at=timezone.now(), messages_lost=messages_lost)


@shared_task
def forget_expired_files() -> int:
    return files.forget_expired_files(at=timezone.now())
