"""What a person reads about a job: the same words on the page and for the script that keeps the page fresh."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs.kinds import JobKind, Offer, kind_called
from core.jobs.models import Job
from core.jobs.states import UNFINISHED, JobStatus
from core.templatetags.madang import moment_text

TONES = {
    JobStatus.QUEUED: "soon",
    JobStatus.RUNNING: "soon",
    JobStatus.DONE: "success",
    JobStatus.FAILED: "danger",
    JobStatus.CANCELLED: "warning",
}
STEP_OF_ANNOUNCEMENT = 25


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job in words. `parts` names what the page shows of it now; `spoken` is for those who hear the page."""

    pk: str
    title: str
    kind: str
    label: str
    tone: str
    percent: int | None
    percent_text: str
    step: str
    message: str
    spoken: str
    ordered_at: str
    finished_at: str
    file_name: str
    file_size: str
    file_pages: str
    file_sha256: str
    file_maker: str
    file_made_at: str
    file_kept_until: str
    again: str
    part_of: str
    offer: Offer | None
    is_finished: bool
    parts: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "parts": sorted(self.parts)}


def shown(job: Job, at: datetime) -> ShownJob:
    """`job` as it stands at `at`, in the language of this request."""
    status = JobStatus(job.status)
    is_finished = status not in UNFINISHED
    has_file = job.file is not None and at < job.file.expires_at
    again = _again(job) if is_finished else ""
    offer = _offer(job)
    message = _message(job, status)
    percent = job.percent if status == JobStatus.RUNNING else None
    return ShownJob(
        pk=str(job.pk),
        title=job.title,
        kind=kind_title(job.kind),
        label=str(status.label),
        tone=TONES[status],
        percent=percent,
        percent_text="" if percent is None else f"{percent} %",
        step=job.step or (_("It begins when the work before it is done.") if status == JobStatus.QUEUED else ""),
        message=message,
        spoken=_spoken(job, status),
        ordered_at=moment_text(job.ordered_at),
        finished_at=moment_text(job.finished_at) if job.finished_at else "",
        again=again,
        part_of=_part_of(job),
        offer=offer,
        is_finished=is_finished,
        parts=frozenset(
            name
            for name, is_shown in {
                "progress": not is_finished,
                "cancel": not is_finished and not job.cancel_asked,
                "cancelling": not is_finished and job.cancel_asked,
                "message": bool(message),
                "finished": is_finished,
                "file": has_file,
                "pages": has_file and job.file is not None and job.file.pages is not None,
                "expired": status == JobStatus.DONE and job.file_kept_until is not None and not has_file,
                "again": bool(again),
                "offer": has_file and status == JobStatus.DONE and offer is not None,
            }.items()
            if is_shown
        ),
        **_file_facts(job),
    )


def kind_title(name: str) -> str:
    """What jobs of this kind are called; the bare name if no app does them any more."""
    kind = _kind(name)
    return str(kind.title) if kind else name


def _kind(name: str) -> JobKind | None:
    try:
        return kind_called(name)
    except KeyError:
        return None


def _again(job: Job) -> str:
    kind = _kind(job.kind)
    return kind.again(job) if kind is not None and kind.again is not None else ""


def _part_of(job: Job) -> str:
    kind = _kind(job.kind)
    return kind.part_of(job) if kind is not None and kind.part_of is not None else ""


def _offer(job: Job) -> Offer | None:
    kind = _kind(job.kind)
    return kind.offer(job) if kind is not None and kind.offer is not None else None


def _message(job: Job, status: JobStatus) -> str:
    if job.message or status != JobStatus.CANCELLED:
        return job.message
    return _("It was stopped as you asked. No file was kept.")


def _spoken(job: Job, status: JobStatus) -> str:
    """Changes seldom: with the state, and with each quarter of the work."""
    if status == JobStatus.RUNNING and job.percent >= STEP_OF_ANNOUNCEMENT:
        reached = job.percent - job.percent % STEP_OF_ANNOUNCEMENT
        return f"{job.title}: {status.label}, {reached} %"
    return f"{job.title}: {status.label}"


def _file_facts(job: Job) -> dict[str, str]:
    made = job.file
    if made is None:
        kept = moment_text(job.file_kept_until) if job.file_kept_until else ""
        names = ("name", "size", "pages", "sha256", "maker", "made_at")
        return {**{f"file_{name}": "" for name in names}, "file_kept_until": kept}
    maker = _("somebody else who may have it")
    if made.made_by_id is not None and made.made_by_id == job.owner_id:
        maker = str(made.made_by)
    pages = (
        "" if made.pages is None else ngettext("%(pages)s page", "%(pages)s pages", made.pages) % {"pages": made.pages}
    )
    return {
        "file_name": made.name,
        "file_size": filesizeformat(made.size),
        "file_pages": pages,
        "file_sha256": made.sha256,
        "file_maker": maker,
        "file_made_at": moment_text(made.made_at),
        "file_kept_until": moment_text(made.expires_at),
    }
