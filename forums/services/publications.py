"""What the club publishes: entered, given its file, published, taken back."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from forums.filetypes import Format, file_name
from forums.models import Forum, Publication
from forums.services.materials import examined
from forums.states import PublicationKind, PublicationStatus
from residents.models import User
from residents.services.elections import refuse_publishing

FIELDS = frozenset({"kind", "number", "title", "year", "issued_on", "summary", "forum", "source"})
FIRST_YEAR, LAST_YEAR = 1990, 2100


def locked_publication(publication_id: int) -> Publication:
    """The publication under its row lock."""
    return Publication.objects.select_for_update(of=("self",)).get(pk=publication_id)


def _check(publication: Publication) -> None:
    if not publication.title.strip():
        raise RuleViolation(_("A publication needs a title."), code="nameless")
    if publication.kind not in PublicationKind.values:
        raise RuleViolation(_("There is no such kind of publication."), code="unknown_kind")
    if not FIRST_YEAR <= publication.year <= LAST_YEAR:
        raise RuleViolation(_("Please write the year in four digits."), code="no_year")
    if publication.issued_on is not None and publication.issued_on.year != publication.year:
        raise RuleViolation(_("The day of issue does not lie in that year."), code="other_year")
    if publication.number is None:
        return
    same = Publication.objects.filter(kind=publication.kind, number=publication.number).exclude(pk=publication.pk)
    if same.exists():
        raise RuleViolation(
            _("There already is a publication of this kind with the number %(number)s.")
            % {"number": publication.number},
            code="number_taken",
        )


@transaction.atomic
def add_publication(  # noqa: PLR0913 - a publication has this many facts
    *,
    kind: str,
    title: str,
    year: int,
    actor: User | None,
    at: datetime,
    number: int | None = None,
    issued_on: date | None = None,
    summary: str = "",
    forum: Forum | None = None,
    source: str = "",
    data: bytes = b"",
    name: str = "",
) -> Publication:
    """Enter a publication in preparation, with its PDF in `data` or without.

    Raises RuleViolation without a title, for a number that is taken, a day outside of the year, or a file that is no
    readable PDF.
    """
    publication = Publication(
        kind=kind,
        title=title.strip(),
        year=year,
        number=number,
        issued_on=issued_on,
        summary=summary.strip(),
        forum=forum,
        source=source.strip(),
    )
    _check(publication)
    publication.save()
    details = {"kind": kind, "year": year}
    record(actor=actor, action="forums.publication_added", target=publication, details=details, at=at)
    if data:
        publication = set_publication_file(
            publication_id=publication.pk, data=data, name=name or title, actor=actor, at=at
        )
    return publication


@transaction.atomic
def change_publication(
    *, publication_id: int, changes: Mapping[str, Any], actor: User | None, at: datetime
) -> Publication:
    """Change what is said about a publication.

    Raises RuleViolation as `add_publication`, for a published one while publicity is restricted (O6), and where the
    file of a forum book, which holds the members' directory, would become one for everybody; ValueError for an
    unknown field.
    """
    if not set(changes) <= FIELDS:
        raise ValueError(f"not changeable: {sorted(set(changes) - FIELDS)}")
    publication = locked_publication(publication_id)
    changed = sorted(name for name, value in changes.items() if getattr(publication, name) != value)
    if changed and publication.status == PublicationStatus.PUBLISHED:
        refuse_publishing(at=at)
    if "kind" in changed and publication.kind == PublicationKind.BOOK and publication.file:
        text = _("The file of a forum book holds the directory of members. Please enter another publication.")
        raise RuleViolation(text, code="stays_a_book")
    for name in changed:
        setattr(publication, name, changes[name])
    _check(publication)
    if changed:
        publication.save(update_fields=changed)
        record(actor=actor, action="forums.publication_changed", target=publication, details={"fields": changed}, at=at)
    return publication


@transaction.atomic
def set_publication_file(
    *, publication_id: int, data: bytes, name: str, actor: User | None, at: datetime
) -> Publication:
    """Give the publication its PDF; one that it had goes when this is committed.

    Raises RuleViolation for what is no readable PDF, and for a published one while publicity is restricted (O6).
    """
    publication = locked_publication(publication_id)
    if publication.status == PublicationStatus.PUBLISHED:
        refuse_publishing(at=at)
    file = examined(data)
    if file.format is not Format.PDF:
        text = _("Publications are kept as PDF. Please save the file as PDF and send that one.")
        raise RuleViolation(text, code="file_no_pdf", status=HTTPStatus.BAD_REQUEST)
    publication.file_name = file_name(name, file.format)
    publication.content_type = file.content_type
    publication.size = len(file.data)
    publication.pages = file.pages
    publication.sha256 = hashlib.sha256(file.data).hexdigest()
    return take_in(publication, ContentFile(file.data), actor=actor, at=at)


def take_in(publication: Publication, content: "File[bytes]", *, actor: User | None, at: datetime) -> Publication:
    """Store the file of a publication whose other fields tell of it already; one that it had goes on commit."""
    storage, before = publication.file.storage, publication.file.name
    publication.file.save("", content, save=False)
    try:
        with transaction.atomic():
            publication.save()
    except BaseException:
        publication.file.delete(save=False)
        raise
    if before:
        transaction.on_commit(partial(storage.delete, before))
    details = {"size": publication.size, "pages": publication.pages}
    record(actor=actor, action="forums.publication_filed", target=publication, details=details, at=at)
    return publication


@transaction.atomic
def publish_publication(*, publication_id: int, actor: User | None, at: datetime) -> Publication:
    """Show it to everybody. Raises RuleViolation if it is, or while publicity is restricted before an election (O6)."""
    publication = locked_publication(publication_id)
    refuse_publishing(at=at)
    publication.move_to(PublicationStatus.PUBLISHED)
    publication.save(update_fields=["status"])
    record(actor=actor, action="forums.publication_published", target=publication, at=at)
    return publication


@transaction.atomic
def withdraw_publication(*, publication_id: int, actor: User | None, at: datetime) -> Publication:
    """Take it back into preparation. Raises RuleViolation unless it is published."""
    publication = locked_publication(publication_id)
    publication.move_to(PublicationStatus.DRAFT)
    publication.save(update_fields=["status"])
    record(actor=actor, action="forums.publication_withdrawn", target=publication, at=at)
    return publication
