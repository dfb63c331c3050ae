"""Jobs, and the files that they make."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs.states import JOB_TRANSITIONS, JobStatus
from core.states import MovesThroughStates


def _place(made: "MadeFile", _name: str) -> str:
    """Where the file lies: a name that tells nothing, in a folder for each month."""
    return f"made/{made.made_at:%Y-%m}/{made.pk}"


class MadeFile(models.Model):
    """A file that a job made: never changed, deleted when it expires. Read only through a view that checks who asks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField(_("file"), upload_to=_place, max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    # What the file was made from; "" for files that are not offered again.
    fingerprint = models.CharField(_("fingerprint of the data"), max_length=64, blank=True, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="made_files",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("made file")
        verbose_name_plural = _("made files")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="made_file_made_before_expiry"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Job(MovesThroughStates, models.Model):
    """Work that takes longer than a request: who asked for it, how far it is, what came of it.

    `kind` names what runs it (core.jobs.kinds); `parameters` are plain values without personal data. `lease` is the
    worker that runs it; a running job whose `beat_at` is old has lost its worker, a waiting one was last handed to the
    workers then. `subject` groups jobs of one order (its hash), so that the same order is not run twice at once.
    """

    TRANSITIONS: ClassVar = JOB_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    subject = models.CharField(_("fingerprint of the order"), max_length=64, blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=5, default="ko")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("ordered by"),
    )
    status = models.CharField(_("state"), max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    step = models.CharField(_("step"), max_length=200, blank=True)
    # Why it failed, or what came of it, as a sentence for the person.
    message = models.CharField(_("what came of it"), max_length=500, blank=True)
    cancel_asked = models.BooleanField(_("to be cancelled"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(_("worker"), null=True, blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ordered_at = models.DateTimeField(_("ordered at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    file = models.ForeignKey(
        MadeFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs", verbose_name=_("file")
    )
    # Stays when the file is deleted, so that the page can say that there was one.
    file_kept_until = models.DateTimeField(_("file kept until"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=JobStatus.values), name="job_status_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="job_percent_at_most_100"),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.RUNNING) | Q(lease__isnull=False, beat_at__isnull=False),
                name="job_running_has_a_worker",
            ),
            models.CheckConstraint(condition=~Q(status=JobStatus.FAILED) | ~Q(message=""), name="job_failed_says_why"),
        ]
        indexes = [models.Index(fields=["status", "beat_at"], name="job_status_beat")]

    def __str__(self) -> str:
        return self.title


# The models of the import engine, which lives in a package of its own.
from core.jobs.imports.models import ImportRow, ImportRun  # noqa: E402, F401
