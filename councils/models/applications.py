"""Applications for a seat in a council, each step of theirs, and hours brought from elsewhere."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import MovesThroughStates
from councils.models.recruitment import Recruitment
from councils.states import (
    APPLICATION_TRANSITIONS,
    ApplicationStatus,
    IntakeWay,
    Track,
)
from residents.states import Basis, Sex


def new_salt() -> str:
    """128 bits with which an applicant's commitment in a freeze is sealed; told to that applicant only."""
    return secrets.token_hex(16)


class Application(MovesThroughStates, models.Model):
    """An application of one person. The counter writes it for people without an account (`user` None).

    number: of the receipt, from 1 in each recruitment. key: how somebody without an account comes back to it. answers:
    {key of a feature: key of a value} for what is asked for. household: what the optional rule of one per household
    compares, as the address in one spelling; "" is no household. pool_number: the random number in the pool.
    alternate_position: from 1. checks: the checks under the rule set as they were when it was decided.
    Personal fields are emptied on the recruitment's `erase_on` unless the person was appointed.
    """

    TRANSITIONS: ClassVar = APPLICATION_TRANSITIONS

    recruitment = models.ForeignKey(
        Recruitment, on_delete=models.PROTECT, related_name="applications", verbose_name=_("recruitment")
    )
    number = models.PositiveIntegerField(
        pgettext_lazy("council application", "receipt number"), null=True, blank=True, editable=False
    )
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(
        _("state"), max_length=12, choices=ApplicationStatus, default=ApplicationStatus.DRAFT, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="council_applications",
        verbose_name=_("account"),
    )
    way = models.CharField(_("how it came"), max_length=12, choices=IntakeWay)
    track = models.CharField(_("track"), max_length=12, choices=Track, default=Track.OPEN)
    organisation = models.CharField(_("recommending organisation"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    household = models.CharField(_("household"), max_length=200, blank=True, editable=False)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis, default=Basis.REGISTERED)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    motive = models.TextField(_("why you apply"), blank=True, max_length=2000)
    guardian_name = models.CharField(_("name of the guardian"), max_length=60, blank=True)
    guardian_relation = models.CharField(_("relation of the guardian"), max_length=30, blank=True)
    consent_version = models.CharField(_("version of the consent"), max_length=20, blank=True)
    consented_at = models.DateTimeField(_("consented at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("received at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason or what is asked for"), max_length=300, blank=True)
    document = models.CharField(_("document seen"), max_length=60, blank=True)
    checks = models.JSONField(_("checks"), default=list, blank=True, editable=False)
    pool_number = models.PositiveIntegerField(_("number in the pool"), null=True, blank=True, editable=False)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    alternate_position = models.PositiveSmallIntegerField(
        _("place among the alternates"), null=True, blank=True, editable=False
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )
    erased_at = models.DateTimeField(_("personal data deleted at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("application for a council")
        verbose_name_plural = _("applications for councils")
        ordering = ["recruitment", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="council_application_status_known"
            ),
            models.CheckConstraint(condition=Q(way__in=IntakeWay.values), name="council_application_way_known"),
            models.CheckConstraint(condition=Q(track__in=Track.values), name="council_application_track_known"),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="council_application_sex_known"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="council_application_basis_known"),
            models.CheckConstraint(
                condition=Q(status__in=[ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN])
                | Q(number__isnull=False, submitted_at__isnull=False),
                name="council_application_received_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ApplicationStatus.EXCLUDED, ApplicationStatus.SUPPLEMENT]) | ~Q(reason=""),
                name="council_application_says_why",
            ),
            models.CheckConstraint(
                condition=Q(track=Track.OPEN) | ~Q(organisation=""), name="council_application_recommended_by_somebody"
            ),
            models.UniqueConstraint(fields=["recruitment", "number"], name="council_application_number_once"),
            models.UniqueConstraint(fields=["recruitment", "pool_number"], name="council_application_pool_number_once"),
            models.UniqueConstraint(
                fields=["recruitment", "user"],
                condition=~Q(status=ApplicationStatus.WITHDRAWN) & Q(user__isnull=False),
                name="council_application_once",
            ),
            models.UniqueConstraint(
                fields=["recruitment", "alternate_position"],
                condition=Q(status=ApplicationStatus.ALTERNATE),
                name="council_application_alternate_place_once",
            ),
        ]
        indexes = [models.Index(fields=["recruitment", "status"], name="council_application_state")]

    def __str__(self) -> str:
        return f"{self.recruitment} {self.number or '–'}"


class ApplicationStep(models.Model):
    """One step of an application; `text` is what the applicant was told."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="steps", verbose_name=_("application for a council")
    )
    status = models.CharField(_("state"), max_length=12, choices=ApplicationStatus)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    text = models.CharField(_("reason or what is asked for"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ["application", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ApplicationStatus.values), name="application_step_known"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()


class CreditedHours(models.Model):
    """Education from elsewhere that an official credits on a document: in minutes, with the reason; never edited."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="credits", verbose_name=_("application for a council")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    reason = models.CharField(_("which course, and which document was seen"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    struck_because = models.CharField(_("taken back because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("credited hours")
        verbose_name_plural = _("credited hours")
        ordering = ["application", "recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="credited_hours_some"),
            models.CheckConstraint(condition=~Q(reason=""), name="credited_hours_say_why"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes}"
