"""The voter roll of an assembly: who may take part, over all polls and channels."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.models.assemblies import Assembly
from residents.states import Basis


class RollEntry(models.Model):
    """One person on the roll: an account, or somebody without one, known by a reference (class and number)."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="roll", verbose_name=_("assembly"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roll_entries",
        verbose_name=_("account"),
    )
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)
    added_at = models.DateTimeField(_("added at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_because = models.CharField(_("reason of the removal"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry of the voter roll")
        verbose_name_plural = _("voter roll")
        ordering = ["assembly", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, reference="") | (Q(user__isnull=True) & ~Q(reference="")),
                name="roll_entry_is_somebody",
            ),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="roll_entry_basis_known"),
            models.UniqueConstraint(
                fields=["assembly", "user"], condition=Q(user__isnull=False), name="roll_entry_account_once"
            ),
            models.UniqueConstraint(
                fields=["assembly", "reference"], condition=~Q(reference=""), name="roll_entry_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_because=""), name="roll_entry_removed_with_reason"
            ),
        ]

    def __str__(self) -> str:
        """Never a name: this stands in titles and messages, whose reading nobody logs."""
        return self.reference or f"#{self.pk}"
