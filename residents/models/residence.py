"""What Madang knows of a resident, and where they live: declared by themselves, verified at a desk."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from residents.models.regions import Region
from residents.states import RESIDENCE_TRANSITIONS, Basis, ResidenceStatus, Sex


class ResidentProfile(models.Model):
    """Facts about a person that rules need: age and, for quotas, sex."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="profile", verbose_name=_("account")
    )
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    name_key = models.CharField(_("name for comparison"), max_length=60, editable=False, db_index=True)

    class Meta:
        verbose_name = _("resident's profile")
        verbose_name_plural = _("residents' profiles")
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="profile_sex_known"),
        ]
        indexes = [models.Index(fields=["birth_date", "name_key"], name="profile_duplicates")]

    def __str__(self) -> str:
        return str(self.user)


class Residence(MovesThroughStates, models.Model):
    """That somebody belongs to a dong, on which basis, since when. A move is a new residence."""

    TRANSITIONS: ClassVar = RESIDENCE_TRANSITIONS

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="residences", verbose_name=_("account")
    )
    dong = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="residences", verbose_name=_("dong"))
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)
    status = models.CharField(
        _("status"), max_length=10, choices=ResidenceStatus, default=ResidenceStatus.DECLARED, editable=False
    )
    declared_at = models.DateTimeField(_("declared at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    document = models.CharField(
        _("document seen"), max_length=60, blank=True, help_text=_("Which document was shown, never its number.")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        ordering = ["-declared_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="residence_basis_known"),
            models.CheckConstraint(condition=Q(status__in=ResidenceStatus.values), name="residence_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=[ResidenceStatus.VERIFIED, ResidenceStatus.REFUSED])
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="residence_checked_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(status=ResidenceStatus.VERIFIED), name="residence_one_verified"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(status=ResidenceStatus.DECLARED), name="residence_one_declared"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dong} ({self.get_status_display()})"
