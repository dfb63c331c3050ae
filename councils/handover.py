"""The handover folder of a recruitment: everything about it in one ZIP file, made by a job."""

import hashlib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.errors import RuleViolation
from core.jobs.kinds import JobKind, Work, register_kind
from core.jobs.models import Job, MadeFile
from core.jobs.services import order_job
from core.scratch import scratch_folder
from councils.documents import applicants, members, recruitment
from councils.documents.applicants import PERSONAL_DATA, may_read_applications
from councils.models import CouncilTerm, Draw, Recruitment
from reports.building import gather, write
from reports.registry import Document, Format, Order, document_called
from residents.models import User
from residents.services.extracts import Extract, record_extract, refuse_extract

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KIND = "councils.handover"
ZIP = "application/zip"
# In the order in which somebody who takes over reads them; lists also as tables that can be reckoned with.
PARTS = (
    (recruitment.NOTICE, (Format.PDF,)),
    (recruitment.RULES, (Format.PDF,)),
    (recruitment.BOARD, (Format.PDF, Format.XLSX)),
    (applicants.APPLICATIONS, (Format.PDF, Format.XLSX)),
    (recruitment.DECISIONS, (Format.PDF,)),
    (applicants.POOL, (Format.PDF, Format.XLSX)),
)


def order_handover(*, recruitment_id: int, purpose: str, owner: User, at: datetime) -> Job:
    """Order the folder; a worker makes it. `purpose` stands in the access log when it goes out.

    Raises RuleViolation (403) for who may not read the applications, and without a purpose.
    """
    if not may_read_applications(owner, {"recruitment": recruitment_id}):
        raise _not_yours()
    refuse_extract(actor=owner, purpose=purpose, rows=0, at=at)
    return order_job(
        kind=KIND,
        title=str(_("Handover folder of a recruitment")),
        parameters={"recruitment": recruitment_id, "purpose": purpose.strip()},
        owner=owner,
        at=at,
        subject=hashlib.sha256(f"{KIND}:{recruitment_id}:{purpose}".encode()).hexdigest(),
    )


def run(work: Work) -> None:
    """Make the folder. What there is nothing of yet is named in its list of contents instead."""
    job = work.job
    reader, key = job.owner, int(job.parameters["recruitment"])
    if not isinstance(reader, User) or not reader.is_active or not may_read_applications(reader, {"recruitment": key}):
        raise _not_yours()
    found = Recruitment.objects.get(pk=key)
    wanted = [(document_called(name), formats, {"recruitment": key}) for name, formats in PARTS]
    wanted += [
        (document_called(members.ROSTER), (Format.PDF, Format.XLSX), {"term": term})
        for term in CouncilTerm.objects.filter(recruitment=key).values_list("pk", flat=True)
        if document_called(members.ROSTER).may_order(reader, {"term": term})
    ]
    contents = []
    rows = 0
    with override(job.language), scratch_folder() as folder:
        target = Path(folder) / "handover.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for place, (document, formats, values) in enumerate(wanted, start=1):
                work.tell(90 * place // (len(wanted) + 1), str(document.title))
                order = Order(values=values, reader=reader, at=job.ordered_at, language=job.language)
                line, held = _add(archive, Path(folder), place, document, formats, order)
                contents.append(line)
                rows = max(rows, held)
            contents += _add_draws(archive, key)
            archive.writestr(f"00_{_('contents')}.txt", "\n".join([found.title, "", *contents]) + "\n")
        job.parameters = {**job.parameters, "rows": max(rows, 1)}
        Job.objects.filter(pk=job.pk).update(parameters=job.parameters)
        name = _("Handover folder %(number)s") % {"number": key}
        work.keep(target, name=f"{name}.zip", content_type=ZIP)


def _add(  # noqa: PLR0913, PLR0917 - where, what and how
    archive: zipfile.ZipFile,
    folder: Path,
    place: int,
    document: Document,
    formats: tuple[Format, ...],
    order: Order,
) -> tuple[str, int]:
    """Write one document in its formats; the line for the contents, and how many rows it holds."""
    title = f"{place:02} {document.title}"
    rows = 0
    for file_format in formats:
        try:
            content = gather(document, file_format, order, lambda _percent, _step: None)
            path = folder / f"part.{file_format.value}"
            write(content, file_format, path, lambda _percent, _step: None)
        except RuleViolation as nothing:
            return f"{title}: {nothing.text}", rows
        archive.write(path, f"{place:02}_{document.title}.{file_format.value}".replace("/", " "))
        rows = max(rows, content.rows)
    return title, rows


def _add_draws(archive: zipfile.ZipFile, recruitment_id: int) -> list[str]:
    """Every freeze as everybody reads it, also those declared void, with the record of the draw."""
    lines = []
    draws = Draw.objects.filter(recruitment=recruitment_id).exclude(public="").order_by("number")
    for draw in draws.select_related("result"):
        name = f"draw_{draw.number}_freeze.json"
        archive.writestr(name, draw.public)
        lines.append(f"{name}: SHA-256 {draw.freeze} ({draw.get_status_display()})")
        result = getattr(draw, "result", None)
        if result is not None and result.record:
            name = f"draw_{draw.number}_record.json"
            archive.writestr(name, result.record)
            lines.append(name)
    return lines


def _not_yours() -> RuleViolation:
    return RuleViolation(
        _("This document is not open to your account. Nothing was ordered."), code="not_yours", status=403
    )


def may_download(job: Job, account: "AbstractBaseUser") -> bool:
    """Asked on each download: roles end."""
    return isinstance(account, User) and may_read_applications(account, {"recruitment": job.parameters["recruitment"]})


def log_download(job: Job, account: "AbstractBaseUser", address: str) -> None:
    """Leave a trace before the folder goes out. Raises RuleViolation after too many files within an hour."""
    if isinstance(account, User):
        record_extract(
            extract=Extract(model=MadeFile, what=PERSONAL_DATA, scope="", filters=["recruitment"]),
            rows=int(job.parameters.get("rows", 1)),
            purpose=str(job.parameters.get("purpose", "")),
            actor=account,
            address=address,
            at=timezone.now(),
        )


def _page(job: Job) -> str:
    return reverse("admin:councils_recruitment_change", args=[job.parameters["recruitment"]])


def register() -> None:
    """Hand the kind of job in."""
    register_kind(
        JobKind(
            name=KIND,
            title=gettext_lazy("Handover folder of a recruitment"),
            run=run,
            may_download=may_download,
            on_download=log_download,
            part_of=_page,
        )
    )
