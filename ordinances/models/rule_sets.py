"""Rule sets: dated parameters of a municipality, each with its source."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ordinances.models.library import Article, OrdinanceVersion
from ordinances.rulesets import AssemblyRules, Cited, CouncilRules, Parameter, assembly_rules, council_rules
from residents.models import Region


class RuleKind(models.TextChoices):
    ORDINANCE = "ordinance", _("ordinance")
    PLAN = "plan", _("plan, not an ordinance")
    DEMO = "demo", _("invented for the demo")
    PATTERN = "pattern", _("pattern taken over, not an ordinance")


class RuleSet(models.Model):
    """One version of the rules of a municipality. Once something was opened under it, it is never changed."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="rule_sets", verbose_name=_("region"))
    kind = models.CharField(_("kind"), max_length=10, choices=RuleKind)
    title = models.CharField(_("title"), max_length=120)
    version = models.CharField(_("version"), max_length=40)
    ordinance_version = models.ForeignKey(
        OrdinanceVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rule_sets",
        verbose_name=_("version of an ordinance"),
    )
    source = models.CharField(_("source"), max_length=200)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    note = models.TextField(_("doubts and notes"), blank=True)
    locked_at = models.DateTimeField(_("in use since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["region", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RuleKind.values), name="rule_set_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="rule_set_from_before_until",
            ),
            models.UniqueConstraint(fields=["region", "title", "version"], name="rule_set_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    def get_absolute_url(self) -> str:
        return reverse("ordinances:rule_set", args=[self.pk])

    def for_assemblies(self) -> AssemblyRules:
        """The parameters of assemblies. Raises ValueError if the rule set does not say all of them."""
        return assembly_rules(self._cited())

    def for_councils(self) -> CouncilRules:
        """What the rule set says of councils; None where it is silent. Raises ValueError for a value that is wrong."""
        return council_rules(self._cited())

    def _cited(self) -> dict[str, Cited[Any]]:
        known = set(Parameter)
        return {
            rule.name: Cited(rule.value, rule.article, rule.doubt) for rule in self.rules.all() if rule.name in known
        }


class Rule(models.Model):
    """One parameter of a rule set."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules", verbose_name=_("rule set"))
    name = models.CharField(_("parameter"), max_length=40)
    value = models.JSONField(_("value"))
    article = models.CharField(_("article or source"), max_length=200)
    cites = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("article in the library"),
    )
    doubt = models.CharField(_("doubt"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "name"], name="rule_said_once"),
        ]

    def __str__(self) -> str:
        return self.name
