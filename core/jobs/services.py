"""Jobs are ordered, cancelled and forgotten. What their workers write stands in leases.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.audit.services import HasPseudonym, record
from core.errors import RuleViolation
from core.jobs.files import delete_files
from core.jobs.kinds import kind_called
from core.jobs.models import Job, MadeFile
from core.jobs.sending import send_on_commit
from core.jobs.states import UNFINISHED, JobStatus

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# So many unfinished jobs one account may have: whoever presses a button again and again holds up nobody else.
MOST_UNFINISHED = 50
TITLE_LENGTH = 200


@transaction.atomic
def order_job(  # noqa: PLR0913 - an order has this many facts
    *,
    kind: str,
    title: str,
    parameters: Mapping[str, Any],
    owner: "AbstractBaseUser | None",
    at: datetime,
    subject: str = "",
    language: str | None = None,
) -> Job:
    """Order work of the kind called `kind`; a worker begins it after the transaction.

    parameters: plain values (JSON) without personal data. subject: a hash of the order; while an unfinished job of the
    same owner has it, that job is the answer. language: in which the job speaks; None is the one of this request.
    Takes the owner's row lock, so that the same order cannot come in twice at once.
    Raises RuleViolation (429) if the account has too many unfinished jobs, KeyError if no app registered the kind.
    """
    kind_called(kind)
    if owner is not None:
        get_user_model().objects.select_for_update().get(pk=owner.pk)
    unfinished = Job.objects.filter(owner=cast("Any", owner), status__in=UNFINISHED)
    if subject:
        same = unfinished.filter(kind=kind, subject=subject, cancel_asked=False).first()
        if same is not None:
            return same
    if owner is not None and unfinished.count() >= MOST_UNFINISHED:
        raise RuleViolation(
            _("Too much of what you ordered is still waiting. Please wait until some of it is finished."),
            code="too_many_jobs",
            status=429,
        )
    job = Job.objects.create(
        kind=kind,
        title=Truncator(title).chars(TITLE_LENGTH),
        parameters=dict(parameters),
        subject=subject,
        language=language or get_language() or "ko",
        owner=cast("Any", owner),
        ordered_at=at,
        beat_at=at,
    )
    record(actor=cast("HasPseudonym | None", owner), action="jobs.ordered", target=job, details={"kind": kind}, at=at)
    send_on_commit(job)
    return job


@transaction.atomic
def cancel_job(*, job_id: UUID, actor: HasPseudonym, at: datetime) -> Job:
    """Stop a job: a waiting one at once, a running one at its next step.

    Whether `actor` may is for the view. Raises RuleViolation if the job is finished.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.status not in UNFINISHED:
        raise RuleViolation(_("This job is already finished."), code="job_finished")
    if job.cancel_asked:
        return job
    job.cancel_asked = True
    if job.status == JobStatus.QUEUED:
        job.move_to(JobStatus.CANCELLED)
        job.finished_at = at
    job.save(update_fields=["cancel_asked", "status", "finished_at"])
    record(actor=actor, action="jobs.cancelled", target=job, details={"kind": job.kind}, at=at)
    return job


@transaction.atomic
def forget_jobs_of(*, owner: "AbstractBaseUser", at: datetime) -> None:
    """Part of erasing a person: stop their jobs, delete the files of those, and leave rows that say nothing of them.

    The rows stay because rows of other apps may point to them. Files that somebody else's job offers too lose their
    maker only.
    """
    mine: Any = {"owner": owner}
    for job in Job.objects.select_for_update().filter(**mine):
        if job.status == JobStatus.QUEUED:
            job.move_to(JobStatus.CANCELLED)
            job.finished_at = at
        job.cancel_asked = True
        job.title = job.kind
        job.parameters = {}
        job.subject = job.step = ""
        job.message = _("The account that ordered this was erased.") if job.message else ""
        job.save()
    others = Job.objects.exclude(**mine).filter(file__isnull=False)
    delete_files(MadeFile.objects.filter(jobs__owner=cast("Any", owner)).exclude(jobs__in=others))
    MadeFile.objects.filter(made_by=cast("Any", owner)).update(made_by=None)
    Job.objects.filter(**mine).update(owner=None)
