"""The life of an import, and what becomes of a row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", _("file received")
    CHECKING = "checking", _("rows are being checked")
    CHECKED = "checked", _("waiting for your decision")
    WRITING = "writing", _("rows are being written")
    DONE = "done", _("written")
    CANCELLED = "cancelled", _("thrown away")


IMPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ImportStatus.UPLOADED: frozenset({ImportStatus.CHECKING, ImportStatus.CANCELLED}),
    # Back to where it was if its job failed or was stopped.
    ImportStatus.CHECKING: frozenset({ImportStatus.CHECKED, ImportStatus.UPLOADED}),
    ImportStatus.CHECKED: frozenset({ImportStatus.CHECKING, ImportStatus.WRITING, ImportStatus.CANCELLED}),
    # Checked anew if the data changed after the preview.
    ImportStatus.WRITING: frozenset({ImportStatus.DONE, ImportStatus.CHECKING, ImportStatus.CHECKED}),
    ImportStatus.DONE: frozenset(),
    ImportStatus.CANCELLED: frozenset(),
}

AT_WORK = frozenset({ImportStatus.CHECKING, ImportStatus.WRITING})
ENDED = frozenset({ImportStatus.DONE, ImportStatus.CANCELLED})


class RowKind(models.TextChoices):
    """What confirming would do with a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("already the same")
    CONFLICT = "conflict", _("unclear")
    WRONG = "wrong", _("wrong")


WRITTEN_KINDS = (RowKind.NEW, RowKind.CHANGED)
RIGHT_KINDS = (RowKind.NEW, RowKind.CHANGED, RowKind.SAME)
BAD_KINDS = (RowKind.CONFLICT, RowKind.WRONG)
