"""Provinces, municipalities and dongs, with their validity: dongs are split, merged and renamed."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from residents.states import PopulationSource, RegionLevel


class RegionQuerySet(models.QuerySet["Region"]):
    def valid_on(self, day: date) -> "RegionQuerySet":
        """Regions that exist on `day` (from ≤ day < until)."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        )

    def within(self, region: "Region") -> "RegionQuerySet":
        """`region` itself and all below it."""
        return self.filter(path__startswith=region.path)

    def dongs(self) -> "RegionQuerySet":
        return self.filter(level=RegionLevel.DONG)


class Region(models.Model):
    code = models.CharField(_("official code"), max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(_("path of codes"), max_length=100, unique=True, editable=False)
    level = models.CharField(_("level"), max_length=12, choices=RegionLevel)
    kind = models.CharField(_("kind"), max_length=20, help_text=_("As the law calls it, for example 행정동 or 자치구."))
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self", symmetrical=False, related_name="predecessors", blank=True, verbose_name=_("successors")
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_on = models.DateField(_("population counted on"), null=True, blank=True)
    population_source = models.CharField(
        _("source of the population"), max_length=10, choices=PopulationSource, blank=True
    )

    legal_dongs = models.CharField(
        _("legal dongs"),
        max_length=400,
        blank=True,
        help_text=_(
            "The dongs of addresses (법정동) that lie wholly or partly in this one, with commas between them. "
            "Whoever looks for their dong by address is led by these names."
        ),
    )
    dong_count = models.PositiveSmallIntegerField(
        _("number of dongs"),
        null=True,
        blank=True,
        help_text=_("Of a municipality whose dongs are not listed one by one, as a published document counts them."),
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=RegionLevel.values), name="region_level_known"),
            models.CheckConstraint(
                condition=Q(level=RegionLevel.PROVINCE, parent__isnull=True)
                | (~Q(level=RegionLevel.PROVINCE) & Q(parent__isnull=False)),
                name="region_only_provinces_without_parent",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=models.F("valid_from")),
                name="region_valid_from_before_until",
            ),
            models.CheckConstraint(
                condition=Q(dong_count__isnull=True) | Q(level=RegionLevel.MUNICIPALITY, dong_count__gte=1),
                name="region_dong_count_of_a_municipality",
            ),
            models.CheckConstraint(
                condition=Q(legal_dongs="") | Q(level=RegionLevel.DONG), name="region_legal_dongs_of_a_dong"
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True, population_source="")
                | (Q(population__isnull=False) & Q(population_source__in=PopulationSource.values)),
                name="region_population_has_source",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.code}/"
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def full_name(self) -> str:
        """The name with that of the municipality before it, as people say it: 서구 금호1동."""
        if self.level == RegionLevel.PROVINCE or self.parent is None:
            return self.local_name
        if get_language() == "en":
            return f"{self.local_name}, {self.parent.local_name}"
        return f"{self.parent.local_name} {self.local_name}"

    @property
    def legal_dong_names(self) -> list[str]:
        """The legal dongs one by one."""
        return [name for part in self.legal_dongs.split(",") if (name := part.strip())]

    def contains(self, other: "Region") -> bool:
        return other.path.startswith(self.path)
