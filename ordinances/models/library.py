"""The library: ordinances of municipalities, their versions, articles and links."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.articles import heading_of
from ordinances.states import OrdinanceKind, Subject, VersionAct
from residents.models import Region


class Ordinance(models.Model):
    """One ordinance of a municipality or province, through all its versions."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="ordinances", verbose_name=_("region"))
    kind = models.CharField(_("kind"), max_length=10, choices=OrdinanceKind, default=OrdinanceKind.ORDINANCE)
    subject = models.CharField(_("subject"), max_length=13, choices=Subject)
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("doubts and notes"), blank=True)

    class Meta:
        verbose_name = _("ordinance")
        verbose_name_plural = _("ordinances")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrdinanceKind.values), name="ordinance_kind_known"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="ordinance_subject_known"),
            models.UniqueConstraint(fields=["region", "title"], name="ordinance_title_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ordinances:ordinance", args=[self.pk])


class OrdinanceVersion(models.Model):
    """What was enacted, amended or repealed on one day. Its articles may be unknown; then there are none."""

    ordinance = models.ForeignKey(
        Ordinance, on_delete=models.CASCADE, related_name="versions", verbose_name=_("ordinance")
    )
    act = models.CharField(_("what was done"), max_length=9, choices=VersionAct)
    day = models.DateField(_("date"))
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=200)
    url = models.URLField(_("address of the text"), max_length=500, blank=True)
    note = models.TextField(_("doubts and notes"), blank=True)

    class Meta:
        verbose_name = _("version of an ordinance")
        verbose_name_plural = _("versions of ordinances")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=VersionAct.values), name="ordinance_version_act_known"),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True) | Q(in_force_from__gte=models.F("day")),
                name="ordinance_version_in_force_after_its_day",
            ),
            models.UniqueConstraint(fields=["ordinance", "day"], name="ordinance_version_once_a_day"),
            models.UniqueConstraint(
                fields=["ordinance"], condition=Q(act=VersionAct.ENACTED), name="ordinance_enacted_once"
            ),
            models.UniqueConstraint(
                fields=["ordinance"], condition=Q(act=VersionAct.REPEALED), name="ordinance_repealed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinance.title} ({self.day:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        return reverse("ordinances:version", args=[self.ordinance_id, self.pk])


class Article(models.Model):
    """One article of a version. `number` without its words: 8, 8의2."""  # korean: as laws number them

    version = models.ForeignKey(
        OrdinanceVersion, on_delete=models.CASCADE, related_name="articles", verbose_name=_("version of an ordinance")
    )
    number = models.CharField(_("article"), max_length=10)
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="ordinance_article_once")]

    def __str__(self) -> str:
        return self.heading

    def get_absolute_url(self) -> str:
        return f"{self.version.get_absolute_url()}#{self.anchor}"

    @property
    def heading(self) -> str:
        """The number as laws print it, and the title; what has a name instead of a number stands by its title."""
        return heading_of(self.number, self.title)

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its version."""
        return f"article-{self.position}"


class OrdinanceLink(models.Model):
    """A page elsewhere about an ordinance: its official text, a commentary, minutes."""

    ordinance = models.ForeignKey(
        Ordinance, on_delete=models.CASCADE, related_name="links", verbose_name=_("ordinance")
    )
    url = models.URLField(_("address"), max_length=500)
    label = models.CharField(_("what it leads to"), max_length=120)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ordinance", "url"], name="ordinance_link_once")]

    def __str__(self) -> str:
        return self.label
