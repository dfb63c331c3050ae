"""Pages of one's own jobs. Whoever did not order a job is told that there is none."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.errors import RuleViolation
from core.jobs.files import is_here
from core.jobs.kinds import kind_called
from core.jobs.models import Job, MadeFile
from core.jobs.queries import jobs_of, unfinished_jobs_of
from core.jobs.services import cancel_job
from core.jobs.shown import shown
from core.jobs.states import FINISHED
from core.limits import client_address

PER_PAGE = 20


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: AbstractBaseUser  # type: ignore[assignment]


def _own_job(request: SignedInRequest, pk: UUID) -> Job:
    return get_object_or_404(jobs_of(request.user), pk=pk)


@login_required
@require_safe
@never_cache
def job_list(request: SignedInRequest) -> HttpResponse:
    """What goes on, and what is finished, the newest first."""
    now = timezone.now()
    finished = Paginator(jobs_of(request.user).filter(status__in=FINISHED), PER_PAGE)
    page = finished.get_page(request.GET.get("page"))
    context = {
        "unfinished": [shown(job, now) for job in unfinished_jobs_of(request.user)],
        "finished": [shown(job, now) for job in page],
        "page": page,
    }
    return TemplateResponse(request, "jobs/list.html", context)


@login_required
@require_safe
@never_cache
def job_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = _own_job(request, pk)
    return TemplateResponse(request, "jobs/job.html", {"job": shown(job, timezone.now())})


@login_required
@require_GET
@never_cache
def state(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How far it is, for the script of the pages above."""
    return JsonResponse(shown(_own_job(request, pk), timezone.now()).as_json())


@login_required
@require_GET
@never_cache
def unfinished(request: SignedInRequest) -> HttpResponse:
    """How many go on, for the corner of the desk."""
    return JsonResponse({"unfinished": unfinished_jobs_of(request.user).count()})


@login_required
@require_POST
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = _own_job(request, pk)
    cancel_job(job_id=job.pk, actor=request.user, at=timezone.now())  # type: ignore[arg-type] # accounts have one
    return redirect("jobs:job", pk=job.pk)


@login_required
@require_GET
def download(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The file, as an attachment only, to whoever ordered it and may still have it."""
    job = _own_job(request, pk)
    made = _file_of(job)
    _leave_trace(request, job)
    try:
        content = made.content.open("rb")
    except FileNotFoundError:
        # It expired between the two looks.
        raise _no_longer_here() from None
    response = FileResponse(content, as_attachment=True, filename=made.name, content_type=made.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _file_of(job: Job) -> MadeFile:
    """Raises RuleViolation: 410 if it was deleted when its time was over, 404 if the job made none."""
    made = job.file
    if made is None and job.file_kept_until is None:
        raise RuleViolation(_("This job made no file."), code="no_file", status=HTTPStatus.NOT_FOUND)
    now = timezone.now()
    if made is None or made.expires_at <= now or not is_here(made):
        raise _no_longer_here()
    return made


def _no_longer_here() -> RuleViolation:
    return RuleViolation(
        _("This file was kept for a limited time and is no longer here. Please order it again."),
        code="file_expired",
        status=HTTPStatus.GONE,
    )


@transaction.atomic
def _leave_trace(request: SignedInRequest, job: Job) -> None:
    """Ask the kind whether the file may still go out to this account, and let it note that it did."""
    try:
        kind = kind_called(job.kind)
        may_have = kind.may_download is None or kind.may_download(job, request.user)
    except KeyError:
        may_have = False
    if not may_have:
        raise RuleViolation(
            _("Your account may no longer have this file."), code="not_yours", status=HTTPStatus.FORBIDDEN
        )
    if kind.on_download is not None:
        kind.on_download(job, request.user, client_address(request))
