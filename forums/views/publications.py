"""The archive of what the club has published, and its files."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from core.pages import public_page
from forums.documents.book import PERSONAL_DATA
from forums.models import Publication
from forums.permissions import is_member, is_open_file, keeps_the_club
from forums.queries.publications import found_publications, on_shelves, years_of_publications
from forums.services.books import keep_book as keep_in_the_archive
from forums.states import PublicationKind, PublicationStatus
from reports.orders import ENTITLED
from residents.models import User

# Every issue of twenty years on one page, so that links from the search hit theirs.
LIST_SIZE = 300
LONGEST_QUERY = 60


def _year(text: str) -> int | None:
    """Raises Http404 for what is no year."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == len("2022")):
        raise Http404
    return int(text)


@require_safe
@public_page
def publication_list(request: HttpRequest) -> HttpResponse:
    """By kind, the latest first. `?q=`, `?year=` and `?kind=` narrow it down."""
    words = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    if kind and kind not in PublicationKind.values:
        raise Http404
    year = _year(request.GET.get("year", ""))
    page = Paginator(found_publications(words=words, year=year, kind=kind), LIST_SIZE).get_page(request.GET.get("page"))
    keeps = keeps_the_club(request.user)
    context = {
        "page": page,
        "shelves": on_shelves(list(page.object_list)),
        "kinds": PublicationKind.choices,
        "years": years_of_publications(),
        "words": words,
        "year": year,
        "kind": kind,
        "keeps": keeps,
        "reads_books": keeps or is_member.test(request.user),
        "drafts": list(Publication.objects.filter(status=PublicationStatus.DRAFT)) if keeps else [],
    }
    return render(request, "forums/publications.html", context)


@require_safe
def publication_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for whom `forums.read_publication` lets have it; 404 for everybody else."""
    found = get_object_or_404(Publication, pk=pk)
    if request.user.is_authenticated:
        allowed = request.user.has_perm("forums.read_publication", found)
    else:
        allowed = bool(is_open_file.test(request.user, found))
    if not allowed or not found.file:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if found.kind == PublicationKind.BOOK and isinstance(request.user, User):
        # It holds the directory of members: taking it leaves the same trace as taking the book from its job.
        log_access(
            account=request.user,
            act=AccessAct.DOWNLOAD,
            what=PERSONAL_DATA,
            at=timezone.now(),
            reason=str(ENTITLED),
            address=client_address(request),
        )
    response = FileResponse(content, as_attachment=True, filename=found.file_name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def keep_book(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep the book that a job of the secretariat made; 404 for everybody else."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("forums.add_publication"):
        raise Http404
    try:
        publication, restricted = keep_in_the_archive(job_id=key, actor=user, at=timezone.now())
    except RuleViolation as no:
        if no.status == HTTPStatus.NOT_FOUND:
            raise Http404 from no
        messages.error(request, no.text)
        return redirect("jobs:job", key)
    if restricted:
        text = _("The book is kept in preparation. It cannot be published yet:")
        messages.warning(request, f"{text} {restricted}")
        return redirect("admin:forums_publication_change", publication.pk)
    messages.success(request, _("The book stands among the publications. Members of the club can open it."))
    return redirect(f"{reverse('forums:publications')}#publication-{publication.pk}")
