"""Residents' councils and their roster in numbers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from councils.states import COUNCIL_TRANSITIONS, CouncilStatus, CouncilType
from residents.models import Region


class Council(MovesThroughStates, models.Model):
    TRANSITIONS: ClassVar = COUNCIL_TRANSITIONS

    dong = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="councils", verbose_name=_("dong"))
    type = models.CharField(_("type"), max_length=10, choices=CouncilType)
    status = models.CharField(
        _("status"), max_length=10, choices=CouncilStatus, default=CouncilStatus.CONVERTING, editable=False
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    members = models.PositiveSmallIntegerField(_("members now"), null=True, blank=True)
    advisers = models.PositiveSmallIntegerField(_("advisers"), default=0)
    counted_on = models.DateField(_("counted on"), null=True, blank=True)
    main_work = models.TextField(_("main work"), blank=True)
    inferred = models.BooleanField(
        _("inferred"), default=False, help_text=_("The source is unclear here; the note says how the row was read.")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("residents’ council")
        verbose_name_plural = _("residents’ councils")
        ordering = ["dong__path"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=CouncilType.values), name="council_type_known"),
            models.CheckConstraint(condition=Q(status__in=CouncilStatus.values), name="council_status_known"),
            models.CheckConstraint(
                condition=Q(members__isnull=True) | Q(capacity__isnull=False, members__lte=F("capacity")),
                name="council_members_within_seats",
            ),
            models.CheckConstraint(
                condition=~Q(status=CouncilStatus.WORKING) | Q(established_on__isnull=False),
                name="council_working_since_some_day",
            ),
            models.UniqueConstraint(
                fields=["dong"], condition=~Q(status=CouncilStatus.DISSOLVED), name="council_one_for_a_dong"
            ),
        ]

    def __str__(self) -> str:
        return str(self.dong)

    def get_absolute_url(self) -> str:
        return reverse("councils:council", args=[self.pk])

    @property
    def main_work_items(self) -> list[str]:
        """The main work, one matter each; written with a semicolon or a new line between them."""
        return [item.strip() for item in self.main_work.replace("\n", ";").split(";") if item.strip()]
