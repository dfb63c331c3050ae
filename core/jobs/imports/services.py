"""What people decide about imports. What the job writes stands in checking.py and writing.py."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.models import AccessAct
from core.audit.services import log_access, record
from core.errors import RuleViolation
from core.jobs.files import delete_left_over, store
from core.jobs.imports.headings import guess_heading_row, guess_mapping
from core.jobs.imports.importers import Importer, importer_called
from core.jobs.imports.models import ImportRun
from core.jobs.imports.queries import open_imports_of
from core.jobs.imports.reading import head_of, read_head
from core.jobs.imports.staging import delete_rows
from core.jobs.imports.states import BAD_KINDS, ENDED, WRITTEN_KINDS, ImportStatus
from core.jobs.services import order_job

KIND = "imports"
KEPT_DAYS = 7
MOST_OPEN = 20
LONGEST_NAME = 200


def names_of(importer: Importer) -> dict[str, tuple[str, ...]]:
    """Name of a column → the headings that mean it."""
    return {column.name: (str(column.label), column.name, *column.aliases) for column in importer.columns}


def _require(importer: Importer, user: Any) -> None:
    if not importer.may_import(user):
        raise RuleViolation(_("Your account may not import this."), code="not_yours", status=HTTPStatus.FORBIDDEN)


def take_upload(*, importer: Importer, file: "UploadedFile[bytes]", owner: Any, at: datetime) -> ImportRun:
    """Take a file in and guess which of its columns is which. Nothing of it is checked or written yet.

    Raises RuleViolation (400) if it is no table, is locked or too large, (403) if the account may not import this,
    and (429) if too many imports of it are open.
    """
    _require(importer, owner)
    size = file.size or 0
    if size > settings.MAX_UPLOAD_BYTES:
        raise RuleViolation(
            _("The file is larger than %(most)s MB. Please divide it.") % {"most": settings.MAX_UPLOAD_BYTES >> 20},
            code="too_large",
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    opened = read_head(cast("Any", file))
    names = names_of(importer)
    heading_row = guess_heading_row(opened.head, names)
    run = ImportRun(
        importer=importer.name,
        owner=owner,
        file_name=_safe_name(file.name or ""),
        size=size,
        kind=opened.kind,
        sheet=opened.sheet,
        head=opened.head,
        heading_row=heading_row,
        mapping=guess_mapping(dict(opened.head)[heading_row], names),
        uploaded_at=at,
        touched_at=at,
    )
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=owner.pk)
        if open_imports_of(owner).count() >= MOST_OPEN:
            raise RuleViolation(
                _("Too many of your imports are open. Please finish some of them or throw them away."),
                code="too_many_imports",
                status=HTTPStatus.TOO_MANY_REQUESTS,
            )
        file.seek(0)
        try:
            store(run.file, "", file)
        except OSError as error:
            raise RuleViolation(
                _("The site has no room to keep the file just now. Please tell the people who run it."),
                code="no_room",
                status=HTTPStatus.INSUFFICIENT_STORAGE,
            ) from error
        run.save(force_insert=True)
        record(actor=owner, action="jobs.import_brought", target=run, details={"importer": importer.name}, at=at)
    return run


def _safe_name(name: str) -> str:
    """The last part of the name, for the eyes of who brought it."""
    return "".join(sign for sign in PurePath(name).name if sign.isprintable())[:LONGEST_NAME]


def guessed_for(run: ImportRun, importer: Importer, heading_row: int) -> dict[str, int]:
    """The guess if the headings stand in another row. Raises RuleViolation if the file does not begin with that row."""
    head = dict(head_of(run.head))
    if heading_row not in head:
        raise RuleViolation(_("The headings have to stand in one of the first rows."), status=HTTPStatus.BAD_REQUEST)
    return guess_mapping(head[heading_row], names_of(importer))


@transaction.atomic
def order_check(*, run_id: UUID, mapping: Mapping[str, int], heading_row: int, actor: Any, at: datetime) -> ImportRun:
    """Let a job check all rows with these columns; also once more after a preview, or after a job that failed.

    mapping: name of a column → its place in the file (0 is A). Raises RuleViolation if a needed column is missing, one
    place is taken twice or does not exist, or the import is being worked on or has ended.
    """
    run, importer = _locked(run_id, actor)
    _come_back(run)
    if run.status not in {ImportStatus.UPLOADED, ImportStatus.CHECKED}:
        raise RuleViolation(
            _("This import is being worked on or has ended. Please look where it stands."), code="at_work"
        )
    head = dict(head_of(run.head))
    if heading_row not in head:
        raise RuleViolation(_("The headings have to stand in one of the first rows."), status=HTTPStatus.BAD_REQUEST)
    known = {column.name for column in importer.columns}
    width = max(len(cells) for cells in head.values())
    if not set(mapping) <= known or any(not 0 <= place < width for place in mapping.values()):
        raise RuleViolation(_("This column is not in the file."), status=HTTPStatus.BAD_REQUEST)
    if len(set(mapping.values())) < len(mapping):
        raise RuleViolation(
            _("One column of the file was chosen twice. Please choose each of them once."), code="chosen_twice"
        )
    missing = [str(column.label) for column in importer.columns if column.required and column.name not in mapping]
    if missing:
        raise RuleViolation(
            _("Please choose where these stand in the file: %(columns)s") % {"columns": ", ".join(missing)},
            code="column_missing",
        )
    run.mapping, run.heading_row, run.outdated = dict(mapping), heading_row, False
    run.move_to(ImportStatus.CHECKING)
    _order(run, _("Check of an import: %(what)s"), importer, actor, at)
    return run


@transaction.atomic
def confirm_import(*, run_id: UUID, only_right: bool, seen: int, actor: Any, at: datetime) -> ImportRun:
    """Let a job write what the preview showed, all in one transaction.

    only_right: leave out rows that are wrong or unclear; otherwise there must be none. seen: the number of the check
    whose preview the person saw. Raises RuleViolation if that is not the newest, rows are wrong and all are wanted,
    or there is nothing to write.
    """
    run, importer = _locked(run_id, actor)
    _come_back(run)
    if run.status != ImportStatus.CHECKED or seen != run.checks:
        raise RuleViolation(
            _("The preview has changed since you saw it. Nothing was written. Please look at it once more."),
            code="preview_changed",
        )
    if not only_right and run.count(*BAD_KINDS):
        raise RuleViolation(
            _("Some rows are wrong or unclear. Please mend the file, or let only the right rows be written."),
            code="rows_wrong",
        )
    if not run.count(*WRITTEN_KINDS):
        raise RuleViolation(_("No row is new or changed: there is nothing to write."), code="nothing_to_write")
    run.only_right, run.outdated, run.confirmed_at = only_right, False, at
    run.move_to(ImportStatus.WRITING)
    _order(run, _("Import: %(what)s"), importer, actor, at)
    record(
        actor=actor,
        action="jobs.import_confirmed",
        target=run,
        details={"importer": run.importer, "only_right": only_right, "rows": dict(run.counts)},
        at=at,
    )
    if importer.personal_data:
        count = run.count(*WRITTEN_KINDS)
        log_access(account=actor, act=AccessAct.CHANGE, what=importer.personal_data, count=count, at=at)
    return run


@transaction.atomic
def throw_away(*, run_id: UUID, actor: Any, at: datetime) -> ImportRun:
    """End an import without writing anything; the file and its rows are deleted at once.

    Raises RuleViolation while a job works on it, or if it has ended.
    """
    run = _locked_run(run_id, actor)
    _come_back(run)
    run.move_to(ImportStatus.CANCELLED)
    run.ended_at = run.touched_at = at
    run.save()
    forget_staged(run)
    record(actor=actor, action="jobs.import_thrown_away", target=run, details={"importer": run.importer}, at=at)
    return run


def forget_staged(run: ImportRun) -> None:
    """Delete the file, the rows and the beginning of the file; what stays tells nothing of anybody."""
    delete_rows(run)
    run.head, run.mapping = [], {}
    if run.file:
        storage, name = run.file.storage, run.file.name
        run.file = ""
        transaction.on_commit(lambda: storage.delete(cast("str", name)))
    run.save(update_fields=["head", "mapping", "file"])


@transaction.atomic
def forget_old_imports(*, at: datetime) -> int:
    """Throw away what nobody touched for KEPT_DAYS days, and delete what is left of ended ones; says how many.

    Also deletes files that lost their import with a process.
    """
    old = ImportRun.objects.select_for_update(of=("self",)).select_related("job")
    old = old.filter(touched_at__lt=at - timedelta(days=KEPT_DAYS)).exclude(file="", status__in=ENDED)
    forgotten = 0
    for run in old:
        if run.status not in ENDED:
            if not run.stands_still and run.status not in {ImportStatus.UPLOADED, ImportStatus.CHECKED}:
                continue
            _come_back(run)
            run.move_to(ImportStatus.CANCELLED)
            run.ended_at = at
            run.save()
        forget_staged(run)
        forgotten += 1
    delete_left_over(ImportRun, "file", folder="imports", at=at)
    if forgotten:
        record(actor=None, action="jobs.imports_forgotten", target=ImportRun, details={"imports": forgotten}, at=at)
    return forgotten


@transaction.atomic
def forget_imports_of(*, owner: Any, at: datetime) -> None:
    """Part of erasing a person: what they brought and did not finish goes, the rest no longer names them."""
    for run in ImportRun.objects.select_for_update(of=("self",)).select_related("job").filter(owner=owner):
        if run.status not in ENDED:
            run.job = None
            _come_back(run)
            run.move_to(ImportStatus.CANCELLED)
            run.ended_at = at
        run.owner, run.file_name = None, ""
        run.save()
        forget_staged(run)


def _locked_run(run_id: UUID, actor: Any) -> ImportRun:
    """The import under its lock. Raises RuleViolation if it is somebody else's."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run_id)
    if run.owner_id != actor.pk:
        raise RuleViolation(_("This is somebody else's import."), code="not_yours", status=HTTPStatus.FORBIDDEN)
    return run


def _locked(run_id: UUID, actor: Any) -> tuple[ImportRun, Importer]:
    """The import under its lock. Raises RuleViolation if it is somebody else's or may no longer be imported."""
    run = _locked_run(run_id, actor)
    try:
        importer = importer_called(run.importer)
    except KeyError as error:
        raise RuleViolation(_("This can no longer be imported here.")) from error
    _require(importer, actor)
    return run, importer


def _come_back(run: ImportRun) -> None:
    """After a job that failed or was stopped an import is where it was before."""
    if run.stands_still:
        run.move_to(ImportStatus.UPLOADED if run.status == ImportStatus.CHECKING else ImportStatus.CHECKED)


def _order(run: ImportRun, title: str, importer: Importer, actor: Any, at: datetime) -> None:
    run.job = order_job(
        kind=KIND, title=title % {"what": importer.title}, parameters={"run": str(run.pk)}, owner=actor, at=at
    )
    run.touched_at = at
    run.save()
