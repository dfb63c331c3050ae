"""Roles of an account, each for a region and a time."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from residents.models.regions import Region
from residents.states import ROLE_LEVELS, Role

_ROLES_WITH_REGION = [role for role, level in ROLE_LEVELS.items() if level is not None]


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def valid_on(self, day: date) -> "RoleAssignmentQuerySet":
        """Roles held on `day` (since ≤ day < until)."""
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day))


class RoleAssignment(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("region")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user", "role"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(
                condition=Q(role__in=_ROLES_WITH_REGION, region__isnull=False)
                | (~Q(role__in=_ROLES_WITH_REGION) & Q(region__isnull=True)),
                name="role_region_as_the_role_needs",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="role_since_not_after_until"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region"], condition=Q(until__isnull=True), name="role_held_once"
            ),
            # Two rows without a region are never the same to a database, so that these roles need their own rule.
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(until__isnull=True, region__isnull=True),
                name="role_without_region_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.region or ''}".strip()
