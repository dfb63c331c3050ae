"""Elected heads of local governments and their terms. Names and offices are public facts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from residents.models.regions import Region
from residents.states import Office


class OfficeTerm(models.Model):
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="office_terms", verbose_name=_("region"))
    office = models.CharField(_("office"), max_length=14, choices=Office)
    name = models.CharField(_("name"), max_length=40)
    name_hanja = models.CharField(_("name in hanja"), max_length=40, blank=True)
    term = models.CharField(_("term"), max_length=20, help_text=_("As it is counted, for example 민선5기."))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("term of office")
        verbose_name_plural = _("terms of office")
        ordering = ["-since", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(office__in=Office.values), name="office_term_office_known"),
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="office_term_since_before_until"),
            models.UniqueConstraint(fields=["region", "office", "since"], name="office_term_one_head_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.get_office_display()} {self.name} ({self.term})"
