"""Imports and their rows, which wait here until somebody decides and are then deleted."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.jobs.imports.states import AT_WORK, ENDED, IMPORT_TRANSITIONS, ImportStatus, RowKind
from core.jobs.states import JobStatus
from core.states import MovesThroughStates


def _place(run: "ImportRun", _name: str) -> str:
    """Where the file lies until the end of the import: a name that tells nothing."""
    return f"imports/{run.uploaded_at:%Y-%m}/{run.pk}"


class ImportRun(MovesThroughStates, models.Model):
    """One file on its way into the data.

    `importer` names what it is for (core.jobs.imports.importers). `head` holds the first rows of the file as texts:
    [number, [cell, …]]. `mapping` leads from the name of a column to its place in the file (0 is A). `checks` counts
    how often the rows were checked: rows of an earlier check no longer count.
    """

    TRANSITIONS: ClassVar = IMPORT_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    importer = models.CharField(_("what is imported"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("brought by"),
    )
    status = models.CharField(_("state"), max_length=10, choices=ImportStatus, default=ImportStatus.UPLOADED)
    file = models.FileField(_("file"), upload_to=_place, max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    kind = models.CharField(_("type"), max_length=4)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    head = models.JSONField(_("first rows"), default=list, blank=True)
    heading_row = models.PositiveIntegerField(_("row of the headings"), default=1)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    checks = models.PositiveIntegerField(_("checks"), default=0)
    counts = models.JSONField(_("rows of each kind"), default=dict, blank=True)
    outdated = models.BooleanField(_("checked anew because the data had changed"), default=False)
    only_right = models.BooleanField(_("only the right rows"), default=False)
    job = models.ForeignKey(
        "jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name=_("job")
    )
    uploaded_at = models.DateTimeField(_("brought at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # When it was last touched: what lies around for days is deleted.
    touched_at = models.DateTimeField(_("last touched at"), db_index=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="import_status_known"),
            models.CheckConstraint(condition=Q(kind__in=["xlsx", "csv"]), name="import_kind_known"),
            models.CheckConstraint(condition=Q(heading_row__gte=1), name="import_heading_row_from_one"),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ENDED)) | Q(ended_at__isnull=False), name="import_ended_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("imports:run", args=[self.pk])

    @property
    def stands_still(self) -> bool:
        """Its job failed or was stopped, so it waits for a person although its state says that it is worked on."""
        if self.status not in AT_WORK:
            return False
        return self.job is None or self.job.status in {JobStatus.FAILED, JobStatus.CANCELLED}

    def count(self, *kinds: str) -> int:
        """How many rows of these kinds there are; of all kinds if none is named."""
        return sum(int(self.counts.get(kind, 0)) for kind in kinds or RowKind.values)


class ImportRow(models.Model):
    """One row as it was read, and what confirming would do with it.

    `values` are packed (core.jobs.imports.packing), in the order of the mapped columns. `changes` leads from the name
    of a column to what stands there now. `notes` are [address of the cell or "", sentence].
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", verbose_name=_("import"))
    check_number = models.PositiveIntegerField(_("check"))
    number = models.PositiveIntegerField(_("row"))
    kind = models.CharField(_("kind"), max_length=8, choices=RowKind)
    values: Any = models.JSONField(_("values"))
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint(fields=["run", "check_number", "number"], name="import_row_once"),
            models.CheckConstraint(condition=Q(kind__in=RowKind.values), name="import_row_kind_known"),
            models.CheckConstraint(condition=~Q(kind=RowKind.WRONG) | ~Q(notes=[]), name="import_row_wrong_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"
