"""Files that jobs make: taken in, offered again, deleted when they expire."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile

from core import scratch
from core.audit.services import record
from core.jobs.models import MadeFile

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

CHUNK = 1024 * 1024
# A file that is about to expire is not offered again: whoever gets it shall have the time to take it.
TIME_TO_TAKE = timedelta(hours=1)
# A file without a row may be one that is just being taken in; after this it is left over from a lost worker.
LEFT_OVER_AFTER = timedelta(days=1)
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
NAME_LENGTH = 200
LONGEST_ENDING = 10


def keep_file(  # noqa: PLR0913 - a file has this many facts
    *,
    path: Path,
    name: str,
    content_type: str,
    made_by: "AbstractBaseUser | None",
    keep_days: int,
    at: datetime,
    pages: int | None = None,
    fingerprint: str = "",
) -> MadeFile:
    """Copy the file at `path` into private storage, with its SHA-256. The content is read in pieces."""
    made = MadeFile(
        name=harmless(name),
        content_type=content_type,
        sha256=_sha256(path),
        size=path.stat().st_size,
        pages=pages,
        fingerprint=fingerprint,
        made_by=cast("Any", made_by),
        made_at=at,
        expires_at=at + timedelta(days=keep_days),
    )
    with path.open("rb") as content:
        store(made.content, name, File(content))
    made.save(force_insert=True)
    return made


def harmless(name: str) -> str:
    """`name` without what leads elsewhere or breaks a header, its ending kept where it is too long."""
    plain = " ".join(NOT_IN_NAMES.sub(" ", name).split())
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > NAME_LENGTH and dot and len(ending) < LONGEST_ENDING:
        return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"
    return plain[:NAME_LENGTH] or "file"


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def file_made_from(fingerprint: str, *, at: datetime) -> MadeFile | None:
    """The newest file with this fingerprint that is still there for a while."""
    if not fingerprint:
        return None
    for made in MadeFile.objects.filter(fingerprint=fingerprint, expires_at__gt=at + TIME_TO_TAKE):
        if is_here(made):
            return made
    return None


def is_here(made: MadeFile) -> bool:
    """Whether the content is still in storage: a row may outlive it after a restored backup."""
    return bool(made.content.name) and made.content.storage.exists(str(made.content.name))


@transaction.atomic
def delete_files(files: QuerySet[MadeFile]) -> int:
    """Delete rows, and their contents when that is certain; says how many."""
    doomed = list(files.distinct())
    for made in doomed:
        transaction.on_commit(_deleting(made))
    MadeFile.objects.filter(pk__in=[made.pk for made in doomed]).delete()
    return len(doomed)


def _deleting(made: MadeFile) -> Any:
    storage, name = made.content.storage, str(made.content.name)
    return lambda: storage.delete(name)


@transaction.atomic
def forget_expired_files(*, at: datetime) -> int:
    """Delete what is kept no longer, and what a lost worker left: contents without a row, folders of its work.

    Says how many rows.
    """
    forgotten = delete_files(MadeFile.objects.filter(expires_at__lte=at))
    if forgotten:
        record(actor=None, action="jobs.files_forgotten", target=MadeFile, details={"files": forgotten}, at=at)
    delete_left_over(MadeFile, "content", folder="made", at=at)
    scratch.delete_left_over(older_than=LEFT_OVER_AFTER)
    return forgotten


def delete_left_over(model: type[Model], field: str, *, folder: str, at: datetime) -> None:
    """Delete contents in `folder` that no row of `model` names: their worker was lost between the two."""
    storage = cast("Any", model._meta.get_field(field)).storage
    for name in list(_stored(storage, folder)):
        try:
            is_old = storage.get_modified_time(name) < at - LEFT_OVER_AFTER
        except FileNotFoundError:
            # Somebody else deleted it meanwhile.
            continue
        if is_old and not model._default_manager.filter(**{field: name}).exists():
            storage.delete(name)


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    """Names of all contents: <folder>/<month>/<key>."""
    if not storage.exists(folder):
        return
    for month in storage.listdir(folder)[0]:
        for key in storage.listdir(f"{folder}/{month}")[1]:
            yield f"{folder}/{month}/{key}"


def store(content: FieldFile, name: str, file: "File[Any]") -> None:
    """Put `file` into private storage, whole or not at all: nothing is left of what a full disk cut off.

    Raises OSError.
    """
    place = content.field.generate_filename(content.instance, name)
    try:
        content.save(name, file, save=False)
    except OSError:
        content.storage.delete(place)
        raise
