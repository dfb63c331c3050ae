"""That somebody took part, and what was voted: two tables that know nothing of each other."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.models.polls import Poll
from assemblies.models.rolls import RollEntry
from assemblies.states import Channel


class Participation(models.Model):
    """A person took part in a poll, once. Says nothing about the ballot."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="participations", verbose_name=_("poll"))
    entry = models.ForeignKey(
        RollEntry, on_delete=models.PROTECT, related_name="participations", verbose_name=_("entry of the roll")
    )
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    at = models.DateTimeField(_("time"))
    submission = models.UUIDField(
        _("submission"), help_text=_("Tells a repeated sending of one form from a second vote.")
    )
    receipt = models.CharField(_("receipt number"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "entry"], name="participation_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="participation_channel_known"),
        ]

    def __str__(self) -> str:
        return self.receipt


class Ballot(models.Model):
    """What was voted. No reference to a person, no time; the key is random, so that it tells no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("poll"))
    choices = models.JSONField(_("choices"))

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
