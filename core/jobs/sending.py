"""How a job reaches a worker: its number in a message. What is lost on the way, recovery sends again."""

from functools import partial

from django.db import transaction

from core.jobs.models import Job


def _send(job_id: str) -> None:
    from core.jobs.tasks import run_job  # noqa: PLC0415 - the task stands above what sends it

    run_job.delay(job_id)


def send_on_commit(job: Job) -> None:
    """Hand `job` to the workers when the transaction is over.

    A broker that is away does not turn an order that stands in the database into an error page.
    """
    transaction.on_commit(partial(_send, str(job.pk)), robust=True)
