"""Forum books that a job made, kept among the publications for good: the files of jobs are deleted after a time."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.files import is_here
from core.jobs.models import Job, MadeFile
from core.jobs.states import JobStatus
from forums.documents.book import NAME
from forums.filetypes import CONTENT_TYPES, Format, file_name
from forums.models import Forum, Publication
from forums.programme_wording import event_label
from forums.queries.forums import forum_by_reference
from forums.services.forums import locked_forum
from forums.services.publications import publish_publication, take_in
from forums.states import PublicationKind, PublicationStatus
from reports.orders import KIND
from residents.models import User
from residents.services.elections import refuse_publishing

LANGUAGE = "ko"  # the archive is kept in it
RESTRICTED = "election_publicity"


@transaction.atomic
def keep_book(*, job_id: UUID, actor: User, at: datetime) -> tuple[Publication, str]:
    """Put the book that a job of this account made among the publications, and publish it: (publication, why not).

    A book of the same event takes the place of the one before. While publicity is restricted (O6) a new one stays in
    preparation, and the sentence says until when; else it is "". Raises RuleViolation: 404 for a job that made no
    such book, 410 if its file is gone, 409 for a book of a draft, for one that is kept already, and for another file
    of a published book while publicity is restricted.
    """
    job = Job.objects.select_related("file").filter(pk=job_id, owner=actor, kind=KIND, status=JobStatus.DONE).first()
    if job is None or job.parameters.get("document") != NAME or job.parameters.get("format") != Format.PDF:
        raise RuleViolation(_("This job made no forum book as PDF."), code="no_book", status=HTTPStatus.NOT_FOUND)
    made = _file_of(job, at)
    forum = locked_forum(forum_by_reference(str(job.parameters["values"]["forum"])).pk)
    if not forum.versions.filter(published_at__lte=job.ordered_at).exists():
        raise RuleViolation(
            _("This book was made before the programme was published. Please make it anew."), code="book_of_a_draft"
        )
    publication = _publication_of(forum)
    if publication.sha256 == made.sha256 and publication.status == PublicationStatus.PUBLISHED:
        raise RuleViolation(_("This very book stands among the publications already."), code="kept_already")
    if publication.status == PublicationStatus.PUBLISHED:
        refuse_publishing(at=at)
    if publication._state.adding:
        publication.save()
        details = {"kind": publication.kind, "year": publication.year}
        record(actor=actor, action="forums.publication_added", target=publication, details=details, at=at)
    if publication.sha256 != made.sha256:
        _take_over(publication, made, actor=actor, at=at)
    if publication.status == PublicationStatus.PUBLISHED:
        return publication, ""
    try:
        return publish_publication(publication_id=publication.pk, actor=actor, at=at), ""
    except RuleViolation as restricted:
        if restricted.code != RESTRICTED:
            raise
        return publication, restricted.text


def _file_of(job: Job, at: datetime) -> MadeFile:
    if job.file is None or job.file.expires_at <= at or not is_here(job.file):
        raise RuleViolation(
            _("This file was kept for a limited time and is no longer here. Please order it again."),
            code="file_expired",
            status=HTTPStatus.GONE,
        )
    return job.file


def _publication_of(forum: Forum) -> Publication:
    """The event's book among the publications, else a new one that is not saved yet."""
    known = forum.publications.select_for_update(of=("self",)).filter(kind=PublicationKind.BOOK)
    found = known.order_by("-pk").first()
    if found is not None:
        return found
    with override(LANGUAGE):
        title = _("Book of %(event)s") % {"event": event_label(forum.kind, forum.term, forum.number)}
    return Publication(kind=PublicationKind.BOOK, title=title, year=forum.starts_on.year, forum=forum)


def _take_over(publication: Publication, made: MadeFile, *, actor: User, at: datetime) -> None:
    """The file as the job made it: it is the club's own, so it is not looked through, and may be of any size."""
    publication.file_name = file_name(made.name, Format.PDF)
    publication.content_type = CONTENT_TYPES[Format.PDF]
    publication.size, publication.pages, publication.sha256 = made.size, made.pages, made.sha256
    with made.content.open("rb") as content:
        take_in(publication, File(content), actor=actor, at=at)
