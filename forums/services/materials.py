"""Files for the participants of an event."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from forums.filetypes import MOST_BYTES, MOST_PAGES, Examined, Fault, Format, Refused, examine, file_name
from forums.models import Contribution, Forum, Material
from forums.services.forums import changed_fields, locked_forum
from forums.states import PUBLIC_FORUMS, ForumStatus
from reports.pdf.append import can_be_drawn
from residents.models import User
from residents.services.elections import refuse_publishing

FIELDS = frozenset({"title", "author", "contribution", "in_book", "is_public", "position"})
# What everybody reads of a public material.
SHOWN = frozenset({"title", "author", "is_public"})
MEGABYTE = 1024 * 1024


def fault_in_words(fault: Fault) -> str:
    """Why a file is refused, and what to do."""
    words = {
        Fault.EMPTY: _("The file is empty. Please look whether it was saved completely."),
        Fault.TOO_LARGE: _("The file is larger than %(most)s MB. Please make it smaller, for example its pictures."),
        Fault.UNKNOWN: _("Files can be PDF, HWPX, HWP, PNG or JPEG. This one is none of them."),
        Fault.BROKEN: _("The file is damaged and cannot be read. Please save it anew and send that one."),
        Fault.ENCRYPTED: _("The file is protected by a password. Please send one without."),
        Fault.TOO_MANY_PAGES: _("The file has more than %(pages)s pages. Please divide it."),
        Fault.TOO_MANY_PIXELS: _("The picture is too large. Please make it smaller."),
    }
    return words[fault] % {"most": MOST_BYTES // MEGABYTE, "pages": MOST_PAGES}


def examined(data: bytes) -> Examined:
    """The file as it is kept. Raises RuleViolation with a sentence for what is not taken.

    A PDF whose pages could not be added to the book is refused now, when whoever sends it can still mend it.
    """
    try:
        return _fit_for_the_book(examine(data))
    except Refused as refusal:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if refusal.fault is Fault.TOO_LARGE else HTTPStatus.BAD_REQUEST
        raise RuleViolation(
            fault_in_words(refusal.fault), code=f"file_{refusal.fault.value}", status=status
        ) from refusal


def _fit_for_the_book(file: Examined) -> Examined:
    if file.format is Format.PDF and not can_be_drawn(file.data):
        raise Refused(Fault.BROKEN)
    return file


def _refuse_if_cancelled(forum: Forum) -> None:
    """After an event was held its materials may still come in."""
    if forum.status == ForumStatus.CANCELLED:
        raise RuleViolation(_("This event was called off. It takes no materials any more."), code="wrong_state")


def _refuse_shown_to_everybody(forum: Forum, at: datetime) -> None:
    """Raises RuleViolation where everybody would see it at once, while publicity is restricted (O6)."""
    if forum.status in PUBLIC_FORUMS:
        refuse_publishing(at=at)


@transaction.atomic
def add_material(  # noqa: PLR0913 - a file has this many facts
    *,
    forum_id: int,
    data: bytes,
    name: str,
    title: str,
    actor: User | None,
    at: datetime,
    author: str = "",
    contribution: Contribution | None = None,
    in_book: bool = True,
    is_public: bool = False,
) -> Material:
    """Take a file into private storage. `name` is what the sender called it; what it is, its content says.

    Raises RuleViolation for a file that is not taken, that the event has already, an event that was called off, or
    one for everybody at a public event while publicity is restricted (O6).
    """
    forum = locked_forum(forum_id)
    _refuse_if_cancelled(forum)
    if is_public:
        _refuse_shown_to_everybody(forum, at)
    if not title.strip():
        raise RuleViolation(_("Material needs a title."), code="nameless")
    file = examined(data)
    digest = hashlib.sha256(file.data).hexdigest()
    if forum.materials.filter(sha256=digest).exists():
        raise RuleViolation(_("The event already has this very file."), code="material_twice")
    _check_contribution(forum, contribution)
    last = forum.materials.order_by("-position").values_list("position", flat=True).first()
    material = Material(
        forum=forum,
        contribution=contribution,
        title=title.strip(),
        author=author.strip(),
        file_name=file_name(name, file.format),
        content_type=file.content_type,
        size=len(file.data),
        sha256=digest,
        pages=file.pages,
        in_book=in_book,
        is_public=is_public,
        position=0 if last is None else last + 1,
        uploaded_at=at,
    )
    material.file.save("", ContentFile(file.data), save=False)
    try:
        with transaction.atomic():
            material.save()
    except BaseException:
        material.file.delete(save=False)
        raise
    details = {"size": material.size, "type": material.content_type, "sha256": digest}
    record(actor=actor, action="forums.material_added", target=forum, details=details, at=at)
    return material


def _check_contribution(forum: Forum, contribution: Contribution | None) -> None:
    if contribution is not None and contribution.forum_id != forum.pk:
        raise RuleViolation(_("The presentation belongs to another event."), code="foreign_part")


@transaction.atomic
def change_material(*, material_id: int, changes: Mapping[str, Any], actor: User | None, at: datetime) -> Material:
    """Change what is said about a file; another file is another material.

    Raises RuleViolation as `add_material`; ValueError for an unknown field.
    """
    material = Material.objects.get(pk=material_id)
    forum = locked_forum(material.forum_id)
    _refuse_if_cancelled(forum)
    material.refresh_from_db()
    changed = changed_fields(material, changes, FIELDS)
    for name in changed:
        setattr(material, name, changes[name])
    if not material.title.strip():
        raise RuleViolation(_("Material needs a title."), code="nameless")
    _check_contribution(forum, material.contribution)
    if material.is_public and SHOWN & set(changed):
        _refuse_shown_to_everybody(forum, at)
    if changed:
        material.save()
        details = {"fields": changed, "sha256": material.sha256}
        record(actor=actor, action="forums.material_changed", target=forum, details=details, at=at)
    return material


@transaction.atomic
def remove_material(*, material_id: int, actor: User | None, at: datetime) -> None:
    """Take a file away for good; it leaves the storage when this is committed."""
    material = Material.objects.get(pk=material_id)
    forum = locked_forum(material.forum_id)
    storage, place, digest = material.file.storage, material.file.name or "", material.sha256
    material.delete()
    transaction.on_commit(partial(storage.delete, place))
    record(actor=actor, action="forums.material_removed", target=forum, details={"sha256": digest}, at=at)
