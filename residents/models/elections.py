"""Days of local elections, before which publicity and events are restricted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LocalElection(models.Model):
    held_on = models.DateField(_("day of the election"), unique=True)
    title = models.CharField(_("title"), max_length=80)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("local election")
        verbose_name_plural = _("local elections")
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.title
