"""The job that sends a mailing."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.notices.models import Mailing

if TYPE_CHECKING:
    from core.jobs.models import Job

JOB_KIND = "notices.mailing"


def order_sending(mailing: Mailing, *, owner: Any, at: datetime) -> "Job":
    """Order the job that sends what waits of this mailing; where one is under way already, that one does it.

    The job of a single message is the system's own: it would only fill its sender's list of jobs.
    """
    from core.jobs.services import order_job  # noqa: PLC0415 - the jobs' tasks are found through their registry

    return order_job(
        kind=JOB_KIND,
        title=mailing.title,
        parameters={"mailing": str(mailing.pk)},
        owner=owner if mailing.deliveries.count() > 1 else None,
        at=at,
        subject=str(mailing.pk),
    )
