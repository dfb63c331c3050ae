"""Residents' councils and their roster in numbers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from councils.states import COUNCIL_TRANSITIONS, BodyKind, CouncilStatus, CouncilType
from residents.models import Region


class Council(MovesThroughStates, models.Model):
    """A residents' council, or another body that is formed by the same means (`kind`).

    `dong` is where it belongs: of other bodies also a municipality. `name` stands only with other bodies; a council is
    called by its dong.
    """

    TRANSITIONS: ClassVar = COUNCIL_TRANSITIONS

    kind = models.CharField(_("kind of body"), max_length=10, choices=BodyKind, default=BodyKind.COUNCIL)
    name = models.CharField(_("name"), max_length=80, blank=True)
    dong = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="councils", verbose_name=_("dong"))
    type = models.CharField(_("type"), max_length=10, choices=CouncilType, blank=True)
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
            models.CheckConstraint(condition=Q(type__in=["", *CouncilType.values]), name="council_type_known"),
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="council_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind=BodyKind.COUNCIL, name="") & ~Q(type="")) | (~Q(kind=BodyKind.COUNCIL) & ~Q(name="")),
                name="council_other_bodies_have_names",
            ),
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
                fields=["dong"],
                condition=~Q(status=CouncilStatus.DISSOLVED) & Q(kind=BodyKind.COUNCIL),
                name="council_one_for_a_dong",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.dong)

    def get_absolute_url(self) -> str:
        return reverse("councils:council", args=[self.pk])

    @property
    def main_work_items(self) -> list[str]:
        """The main work, one matter each; written with a semicolon or a new line between them."""
        return [item.strip() for item in self.main_work.replace("\n", ";").split(";") if item.strip()]
