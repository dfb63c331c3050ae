"""What the job of an import does: checks, or writes and reports, by the state in which it finds the import."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.models import AccessAct
from core.audit.services import HasPseudonym, log_access
from core.errors import RuleViolation
from core.jobs.imports.checking import check
from core.jobs.imports.importers import Importer, importer_called
from core.jobs.imports.models import ImportRun
from core.jobs.imports.reporting import XLSX, write_report
from core.jobs.imports.services import forget_staged
from core.jobs.imports.states import WRITTEN_KINDS, ImportStatus
from core.jobs.imports.writing import write
from core.jobs.kinds import Work
from core.scratch import scratch_folder

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from core.jobs.models import Job


def carry_on(work: Work) -> None:
    """Take the import of this job as far as it goes without a person. Safe to begin again at any point.

    Raises RuleViolation with what the person should know.
    """
    run = ImportRun.objects.filter(pk=work.job.parameters["run"], job_id=work.job.pk).first()
    if run is None:
        return
    try:
        importer = importer_called(run.importer)
    except KeyError as error:
        raise RuleViolation(_("This can no longer be imported here.")) from error
    if run.status == ImportStatus.WRITING:
        is_written = write(work, importer, run.pk)
        run.refresh_from_db()
        if not is_written:
            work.say(_("The data changed meanwhile. Nothing was written; please look at the new preview."))
    if run.status == ImportStatus.CHECKING:
        check(work, importer, run.pk)
    elif run.status == ImportStatus.DONE:
        _report(work, importer, run)


def _report(work: Work, importer: Importer, run: ImportRun) -> None:
    """Make the report once, then let go of the rows: what they held stands in it until it expires."""
    fingerprint = hashlib.sha256(f"import {run.pk}".encode()).hexdigest()
    if not work.offer_again(fingerprint):
        work.finish_anyway()
        work.tell(95, _("The report is being made."))
        with scratch_folder() as folder:
            path = Path(folder) / "report.xlsx"
            write_report(path, importer, run)
            name = f"import-{timezone.localdate(run.ended_at):%Y-%m-%d}.xlsx"
            work.keep(path, name=name, content_type=XLSX, fingerprint=fingerprint)
    forget_staged(run)
    work.say(_("Written rows: %(count)s") % {"count": f"{run.count(*WRITTEN_KINDS):,}"})


def page_of(job: "Job") -> str:
    """Where the import that this job belongs to goes on."""
    return reverse("imports:run", args=[job.parameters["run"]])


def may_download(job: "Job", account: "AbstractBaseUser") -> bool:
    """The report shows what was imported: it is for who may still import it."""
    run = ImportRun.objects.filter(pk=job.parameters.get("run")).first()
    try:
        return run is not None and importer_called(run.importer).may_import(account)
    except KeyError:
        return False


def on_download(job: "Job", account: "AbstractBaseUser", network_address: str) -> None:
    """Leave a trace if the report shows data of persons."""
    run = ImportRun.objects.filter(pk=job.parameters["run"]).first()
    try:
        importer = importer_called(run.importer) if run else None
    except KeyError:
        importer = None
    if run is not None and importer is not None and importer.personal_data:
        log_access(
            account=cast("HasPseudonym", account),
            act=AccessAct.DOWNLOAD,
            what=importer.personal_data,
            count=max(run.count(), 1),
            reason=_("report of an import"),
            address=network_address,
            at=timezone.now(),
        )
