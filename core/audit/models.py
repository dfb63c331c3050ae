"""Audit entries, the seals that chain them, and the access log of personal data."""

import uuid
from typing import Any, NoReturn, TypeVar

from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from core.audit import chain

Row = TypeVar("Row", bound=models.Model)


class AppendOnlyError(Exception):
    """A programming error: somebody tried to change or delete a row that is only ever added."""


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Refuses to change or delete rows."""

    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise AppendOnlyError(self.model._meta.label)


class AppendOnly(models.Model):
    """A row that is added and never changed; the database refuses too (PostgreSQL triggers in the migrations)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self._meta.label)


class AuditEntry(AppendOnly):
    """One act that matters. Persons stand in it as pseudonyms, so that erasing a person leaves the chain whole."""

    at = models.DateTimeField(_("time"))
    actor = models.UUIDField(_("actor (pseudonym)"), null=True, blank=True)
    persons = models.JSONField(_("persons concerned (pseudonyms)"), default=list, blank=True)
    action = models.CharField(_("action"), max_length=80)
    target_type = models.CharField(_("kind of thing"), max_length=80)
    target_id = models.CharField(_("number of the thing"), max_length=80)
    scope = models.CharField(_("region (path of codes)"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = AppendOnlyQuerySet["AuditEntry"].as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_entry_target"),
            models.Index(fields=["scope"], name="audit_entry_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"

    def facts(self) -> chain.Entry:
        """What the digest of this entry covers."""
        return chain.Entry(
            id=self.pk,
            at=self.at,
            actor=str(self.actor) if self.actor else None,
            persons=self.persons,
            action=self.action,
            target_type=self.target_type,
            target_id=self.target_id,
            scope=self.scope,
            details=self.details,
        )


class AuditSeal(AppendOnly):
    """The link of one entry in the chain: digest = SHA-256(previous digest ‖ canonical entry)."""

    position = models.PositiveBigIntegerField(_("position"), unique=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal", verbose_name=_("entry"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    objects = AppendOnlyQuerySet["AuditSeal"].as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"


class AccessAct(models.TextChoices):
    READ = "read", _("read")
    LIST = "list", _("listed")
    CHANGE = "change", _("changed")
    DOWNLOAD = "download", _("downloaded")


class AccessEntryQuerySet(AppendOnlyQuerySet["AccessEntry"]):
    """Entries that may be forgotten when their time is over; the database looks at the time itself (PostgreSQL)."""

    def forget(self) -> int:
        """Delete these rows and say how many. In a transaction, and only for `services.forget_old_access_entries`."""
        connection = connections[self.db]
        if connection.vendor != "postgresql":
            return models.QuerySet.delete(self)[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('madang.forgets_access_log', 'on', true)")
            forgotten, _kinds = models.QuerySet.delete(self)
            cursor.execute("SELECT set_config('madang.forgets_access_log', '', true)")
        return forgotten


class AccessEntry(AppendOnly):
    """Somebody read or changed another person's data. Kept two years, then forgotten by a task."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"), db_index=True)
    account = models.UUIDField(_("account (pseudonym)"))
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    act = models.CharField(_("act"), max_length=10, choices=AccessAct)
    what = models.CharField(_("what"), max_length=120)
    whose = models.UUIDField(_("whose (pseudonym)"), null=True, blank=True)
    count = models.PositiveIntegerField(_("persons"), default=1)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    scope = models.CharField(_("region (path of codes)"), max_length=200, blank=True)

    objects = AccessEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to personal data")
        verbose_name_plural = _("access log")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(act__in=AccessAct.values), name="access_entry_act_known"),
            models.CheckConstraint(
                condition=~models.Q(act=AccessAct.DOWNLOAD) | ~models.Q(reason=""),
                name="access_entry_download_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.what}"


class AccessReview(AppendOnly):
    """Somebody in charge looked through the access log of one month in the region `scope` ("" is the whole site)."""

    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    scope = models.CharField(_("region (path of codes)"), max_length=200, blank=True)
    reviewer = models.UUIDField(_("reviewed by (pseudonym)"))
    at = models.DateTimeField(_("time"))
    entries = models.PositiveIntegerField(_("entries of the month"))
    note = models.CharField(_("what was found"), max_length=500)

    objects = AppendOnlyQuerySet["AccessReview"].as_manager()

    class Meta:
        verbose_name = _("review of the access log")
        verbose_name_plural = _("reviews of the access log")
        ordering = ["-month", "scope"]
        constraints = [
            models.UniqueConstraint(fields=["month", "scope"], name="access_review_month_once"),
            models.CheckConstraint(condition=~models.Q(note=""), name="access_review_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.scope}"
