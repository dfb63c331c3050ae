"""Pages of imports: choose what, bring a file, say which column is which, look at the preview, decide."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.jobs.imports import services
from core.jobs.imports.forms import ColumnsForm, UploadForm, initial_of
from core.jobs.imports.importers import Importer, importer_called, importers_for
from core.jobs.imports.models import ImportRun
from core.jobs.imports.preview import choices_of, chosen_kinds, headings_of, shown_rows
from core.jobs.imports.queries import imports_of, rows_of
from core.jobs.imports.reading import head_of
from core.jobs.imports.reporting import XLSX, write_bad_rows, write_sample
from core.jobs.imports.states import BAD_KINDS, RIGHT_KINDS, WRITTEN_KINDS, ImportStatus, RowKind
from core.jobs.imports.steps import steps_of
from core.jobs.services import cancel_job
from core.jobs.shown import shown
from core.limits import client_address, takes_files_from
from core.scratch import scratch_folder

ROWS_ON_A_PAGE = 50
SHOWN_IMPORTS = 20

OwnView = Callable[[HttpRequest, ImportRun, Importer], HttpResponseBase]


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = HTTPStatus.OK) -> TemplateResponse:
    return TemplateResponse(request, f"imports/{name}.html", context, status=status)


def _importer(request: HttpRequest, name: str) -> Importer:
    """Raises Http404 for what does not exist and what this account may not import alike."""
    try:
        importer = importer_called(name)
    except KeyError as error:
        raise Http404 from error
    if not importer.may_import(request.user):
        raise Http404
    return importer


def own_import(view: OwnView) -> Callable[..., HttpResponseBase]:
    """Somebody's own import, as long as they may import such things; 404 otherwise."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        run = imports_of(request.user).filter(pk=pk).first()
        if run is None:
            raise Http404
        return view(request, run, _importer(request, run.importer))

    return login_required(never_cache(wrapped))


@login_required
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be imported, and what this person brought lately."""
    importers = importers_for(request.user)
    if not importers:
        raise Http404
    titles = {importer.name: importer.title for importer in importers}
    runs = list(imports_of(request.user).filter(importer__in=titles)[:SHOWN_IMPORTS])
    lines = [{"run": run, "title": titles[run.importer]} for run in runs]
    return _page(request, "index", {"importers": importers, "lines": lines})


def _may_bring(request: HttpRequest, name: str) -> bool:
    return any(importer.name == name for importer in importers_for(request.user))


@takes_files_from(_may_bring)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, name: str) -> HttpResponse:
    """Bring a file."""
    importer = _importer(request, name)
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid():
            try:
                run = services.take_upload(
                    importer=importer, file=form.cleaned_data["file"], owner=request.user, at=timezone.now()
                )
            except RuleViolation as violation:
                form.add_error("file", violation.text)
            else:
                return redirect(run)
        status = HTTPStatus.BAD_REQUEST
    context = {"importer": importer, "form": form, "steps": steps_of(None)}
    return _page(request, "upload", context, status)


@login_required
@require_safe
def sample(request: HttpRequest, name: str) -> HttpResponseBase:
    """An empty table with the headings and one row as an example."""
    importer = _importer(request, name)
    with scratch_folder() as folder:
        path = Path(folder) / "sample.xlsx"
        write_sample(path, importer)
        return _workbook(path, f"{importer.name.replace('.', '-')}.xlsx")


def _workbook(path: Path, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(path.read_bytes(), content_type=XLSX, headers=headers)


@own_import
@require_safe
def bad_rows(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponseBase:
    """The rows that are wrong or unclear as a table to be mended, while the import waits for a decision."""
    if run.status != ImportStatus.CHECKED or not run.count(*BAD_KINDS):
        return redirect(run)
    with scratch_folder() as folder:
        path = Path(folder) / "rows.xlsx"
        count = write_bad_rows(path, importer, run)
        response = _workbook(path, f"{importer.name.replace('.', '-')}-to-mend.xlsx")
    _note_reading(request, importer, AccessAct.DOWNLOAD, count)
    return response


def _note_reading(request: HttpRequest, importer: Importer, act: AccessAct, count: int) -> None:
    """Note in the access log that rows with data of persons were seen."""
    if importer.personal_data and count:
        log_access(
            account=request.user,  # type: ignore[arg-type] # accounts have a pseudonym
            act=act,
            what=importer.personal_data,
            count=count,
            reason=_("rows of an import to be mended") if act == AccessAct.DOWNLOAD else "",
            address=client_address(request),
            at=timezone.now(),
        )


@own_import
@require_safe
def run_page(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponseBase:
    """Where an import stands, and what to do now."""
    if run.status == ImportStatus.UPLOADED:
        return _columns_page(request, run, importer)
    context: dict[str, Any] = {"run": run, "importer": importer, "steps": steps_of(run)}
    if run.job is not None:
        context["job"] = shown(run.job, timezone.now())
    if run.status == ImportStatus.CHECKED or (run.status == ImportStatus.WRITING and run.stands_still):
        return _preview(request, run, importer, context)
    if run.status in {ImportStatus.CHECKING, ImportStatus.WRITING}:
        return _page(request, "progress", context)
    context["counts"] = choices_of(run)[1:]
    context["written"] = run.count(*WRITTEN_KINDS)
    context["left_out"] = run.count(*BAD_KINDS)
    return _page(request, "ended", context)


def _preview(request: HttpRequest, run: ImportRun, importer: Importer, context: dict[str, Any]) -> HttpResponse:
    kind, kinds = chosen_kinds(request.GET.get("kind", ""), run)
    choices = choices_of(run)
    page = Paginator(rows_of(run, kinds), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(shown_rows(page.object_list, run, importer))
    _note_reading(request, importer, AccessAct.LIST, len(rows))
    context |= {
        "page": page,
        "rows": rows,
        "headings": headings_of(run, importer),
        "choices": choices,
        "kind": kind,
        "narrowed": kind
        and next((choice.name for choice in choices_of(run) if choice.kind == kind), _("to be mended")),
        "writable": run.count(*WRITTEN_KINDS),
        "right": run.count(*RIGHT_KINDS),
        "bad": run.count(*BAD_KINDS),
        "same": run.count(RowKind.SAME),
    }
    return _page(request, "preview", context)


@own_import
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponseBase:
    """Say which column is which; also once more after a preview."""
    if not run.head:
        return redirect(run)
    return _columns_page(request, run, importer)


def _columns_page(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponse:
    head = head_of(run.head)
    sent = request.POST.get("heading") or request.GET.get("heading") or ""
    heading_row = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else run.heading_row
    is_other = heading_row != run.heading_row
    mapping = services.guessed_for(run, importer, heading_row) if is_other else run.mapping
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, importer=importer, head=head, heading_row=heading_row, initial=initial_of(mapping))
    status = HTTPStatus.OK
    if data is not None:
        if form.is_valid():
            services.order_check(
                run_id=run.pk,
                mapping=form.mapping,
                heading_row=heading_row,
                actor=request.user,
                at=timezone.now(),
            )
            return redirect(run)
        status = HTTPStatus.BAD_REQUEST
    context = {
        "run": run,
        "importer": importer,
        "form": form,
        "head": head[:8],
        "heading_row": heading_row,
        "heading_rows": [(number, " · ".join(cell for cell in cells if cell)[:60]) for number, cells in head],
        "steps": steps_of(run),
        "failed": run.stands_still,
    }
    return _page(request, "columns", context, status)


@own_import
@require_POST
def confirm(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponseBase:
    """Let the job write what the preview showed."""
    del importer
    seen = request.POST.get("seen", "")
    services.confirm_import(
        run_id=run.pk,
        only_right=request.POST.get("rows") == "right",
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
        actor=request.user,
        at=timezone.now(),
    )
    return redirect(run)


@own_import
@require_POST
def throw_away(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponseBase:
    """End the import without writing anything."""
    del importer
    services.throw_away(run_id=run.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("The import was thrown away. Nothing was written; the file and its rows are deleted."))
    return redirect("imports:index")


@own_import
@require_POST
def stop(request: HttpRequest, run: ImportRun, importer: Importer) -> HttpResponseBase:
    """Ask the job to stop; the import is then where it was before."""
    del importer
    if run.job_id is not None:
        cancel_job(job_id=run.job_id, actor=request.user, at=timezone.now())  # type: ignore[arg-type]
    return redirect(run)
