"""The assembly and its agenda."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assemblies.states import ASSEMBLY_TRANSITIONS, AssemblyKind, AssemblyStatus, Category
from core.states import MovesThroughStates
from ordinances.models import RuleSet
from residents.models import Region

HIGHEST_COST = 100_000_000_000


class AssemblyQuerySet(models.QuerySet["Assembly"]):
    def public(self) -> "AssemblyQuerySet":
        """What everybody may see: announced, and what became of it."""
        return self.exclude(status=AssemblyStatus.PREPARING)

    def within(self, paths: list[str]) -> "AssemblyQuerySet":
        """Assemblies of dongs at or below any of the region `paths`."""
        if not paths:
            return self.none()
        condition = Q()
        for path in paths:
            condition |= Q(dong__path__startswith=path)
        return self.filter(condition)


class Assembly(MovesThroughStates, models.Model):
    """A gathering of a dong's residents, or of a school's pupils, that decides on an agenda."""

    TRANSITIONS: ClassVar = ASSEMBLY_TRANSITIONS

    dong = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="assemblies", verbose_name=_("dong"))
    kind = models.CharField(_("kind"), max_length=10, choices=AssemblyKind, default=AssemblyKind.RESIDENTS)
    title = models.CharField(_("title"), max_length=80)
    host = models.CharField(_("held by"), max_length=60, blank=True, help_text=_("For example the school."))
    purpose = models.CharField(_("what is decided, in one sentence"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=5000)
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, related_name="assemblies", verbose_name=_("rule set")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=AssemblyStatus, default=AssemblyStatus.PREPARING, editable=False
    )
    held_at = models.DateTimeField(_("day and time of the assembly"))
    place = models.CharField(_("place"), max_length=100)
    announced_at = models.DateTimeField(_("announced at"), null=True, blank=True, editable=False)
    cancelled_because = models.CharField(_("reason of the cancellation"), max_length=300, blank=True, editable=False)
    population = models.PositiveIntegerField(
        _("population that the quorum is reckoned from"),
        null=True,
        blank=True,
        help_text=_("The dong's population on the day named beside it."),
    )
    population_on = models.DateField(_("population counted on"), null=True, blank=True)

    objects = AssemblyQuerySet.as_manager()

    class Meta:
        verbose_name = _("assembly")
        verbose_name_plural = _("assemblies")
        ordering = ["-held_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AssemblyKind.values), name="assembly_kind_known"),
            models.CheckConstraint(condition=Q(status__in=AssemblyStatus.values), name="assembly_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=[AssemblyStatus.PREPARING, AssemblyStatus.CANCELLED])
                | Q(announced_at__isnull=False),
                name="assembly_announced_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(population__gt=0, population_on__isnull=False),
                name="assembly_population_positive_and_dated",
            ),
        ]
        indexes = [models.Index(fields=["status", "-held_at"], name="assembly_status_held")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assemblies:assembly", args=[self.pk])


class AgendaItem(models.Model):
    """One matter on the agenda. Frozen from the moment a poll on it is scheduled."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="agenda", verbose_name=_("assembly"))
    number = models.PositiveSmallIntegerField(_("number on the agenda"))
    title = models.CharField(_("title"), max_length=80)
    gain = models.CharField(_("what it brings, in one sentence"), max_length=150)
    description = models.TextField(_("description"), blank=True, max_length=5000)
    category = models.CharField(_("category"), max_length=12, choices=Category)
    proposer = models.CharField(
        _("proposed by"),
        max_length=80,
        help_text=_("A group, school or subcommittee; a person only with their consent."),
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    cost = models.BigIntegerField(_("cost in won"), null=True, blank=True)
    opinion = models.CharField(_("opinion of the department in charge"), max_length=500, blank=True)
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="descendants",
        verbose_name=_("came from this item"),
        help_text=_("The item of an earlier or a school assembly that this one takes up."),
    )

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["assembly", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="agenda_item_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="agenda_item_number_from_one"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="agenda_item_category_known"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0, cost__lte=HIGHEST_COST), name="agenda_item_cost_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.title
