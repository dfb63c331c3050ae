"""Certificates with their serials, the forms of offices, and what became of official letters."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from reports.codes import grouped
from reports.states import (
    CERTIFICATE_TRANSITIONS,
    FORM_TRANSITIONS,
    CertificateStatus,
    Disclosure,
    FormStatus,
    Retention,
)
from residents.models import Region, User


class SerialCounter(models.Model):
    """The last number given out for a kind of certificate in a year. Its row is locked while a number is taken."""

    kind = models.SlugField(_("kind"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("counter of serial numbers")
        verbose_name_plural = _("counters of serial numbers")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="serial_counter_one_per_kind_and_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class Certificate(MovesThroughStates, models.Model):
    """What was certified of whom, never changed: a wrong one is withdrawn and another is issued.

    `facts` are pairs of name and value that anybody who has the code may read, so they hold no data of the person; the
    name stands apart and is shown masked. `region` is where the office is that issued it, None for the club.
    """

    TRANSITIONS: ClassVar = CERTIFICATE_TRANSITIONS

    kind = models.SlugField(_("kind"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    code = models.CharField(_("code to verify"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=100)
    statement = models.TextField(_("what is certified"))
    facts = models.JSONField(_("facts"), default=list, blank=True)
    holder = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("holder")
    )
    holder_name = models.CharField(_("name of the holder"), max_length=60, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    issued_on = models.DateField(_("issued on"))
    issued_by = models.CharField(_("issued by"), max_length=100)
    status = models.CharField(_("state"), max_length=10, choices=CertificateStatus, default=CertificateStatus.ISSUED)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_because = models.CharField(_("reason of the withdrawal"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "number"], name="certificate_serial_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="certificate_number_from_one"),
            models.CheckConstraint(condition=Q(status__in=CertificateStatus.values), name="certificate_status_known"),
            models.CheckConstraint(
                condition=(
                    Q(status=CertificateStatus.ISSUED, withdrawn_on=None, withdrawn_because="")
                    | (Q(status=CertificateStatus.WITHDRAWN, withdrawn_on__isnull=False) & ~Q(withdrawn_because=""))
                ),
                name="certificate_withdrawn_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.serial}"

    @property
    def serial(self) -> str:
        return _now("No. %(year)s-%(number)s") % {"year": self.year, "number": f"{self.number:04}"}

    @property
    def printed_code(self) -> str:
        return grouped(self.code)


def _form_place(form: "OfficeForm", _name: str) -> str:
    return f"forms/{form.key}"


class OfficeForm(MovesThroughStates, models.Model):
    """A form of an office as HWPX, with the names of its fields. The file is never changed; a new one is a new form.

    fields: [{"name": …, "kind": "field" | "cell" | "placeholder", "label": …}]. mapping: field → name of a fact that a
    caller offers. `region` is whose office it is, None for the club.
    """

    TRANSITIONS: ClassVar = FORM_TRANSITIONS

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The ordinance and the number of its form.")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    content = models.FileField(_("file"), upload_to=_form_place, max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    fields = models.JSONField(_("fields"), default=list, blank=True)
    mapping = models.JSONField(_("what goes into the fields"), default=dict, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=FormStatus, default=FormStatus.IN_USE)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("form of an office")
        verbose_name_plural = _("forms of offices")
        ordering = ["name", "-added_at"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FormStatus.values), name="office_form_status_known"),
            models.UniqueConstraint(fields=["region", "sha256"], name="office_form_once_per_office"),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(region=None), name="office_form_once_without_office"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SignedDocument(models.Model):
    """What was signed in the administration's own system, as stated there. The letter itself stays there.

    about: what the letter concerns, as "app.model:key", so that its page can name it; "" for others.
    """

    number = models.CharField(_("document number"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    signed_on = models.DateField(_("signed on"))
    disclosure = models.CharField(_("class of disclosure"), max_length=10, choices=Disclosure)
    closed_because = models.CharField(
        _("ground for not disclosing"), max_length=100, blank=True, help_text=_("The item of the law, for example 6.")
    )
    retention = models.CharField(_("period of retention"), max_length=10, choices=Retention)
    about = models.CharField(_("concerns"), max_length=100, blank=True, db_index=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("signed letter")
        verbose_name_plural = _("signed letters")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="signed_document_number_once_per_office"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(region=None), name="signed_document_number_once_without_office"
            ),
            models.CheckConstraint(
                condition=Q(disclosure__in=Disclosure.values), name="signed_document_disclosure_known"
            ),
            models.CheckConstraint(condition=Q(retention__in=Retention.values), name="signed_document_retention_known"),
            models.CheckConstraint(
                condition=Q(disclosure=Disclosure.OPEN, closed_because="")
                | (~Q(disclosure=Disclosure.OPEN) & ~Q(closed_because="")),
                name="signed_document_closed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
