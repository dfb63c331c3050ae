"""Polls, what can be chosen in them, and their results as counted."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assemblies.models.assemblies import AgendaItem, Assembly
from assemblies.states import POLL_TRANSITIONS, PollKind, PollStatus, TieRule
from core.states import MovesThroughStates


class Poll(MovesThroughStates, models.Model):
    """A secret vote on items of the agenda. How it is counted and how ties are broken stands before it opens."""

    TRANSITIONS: ClassVar = POLL_TRANSITIONS

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="polls", verbose_name=_("assembly"))
    title = models.CharField(_("title"), max_length=80)
    question = models.CharField(_("question on the ballot"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=PollKind)
    max_choices = models.PositiveSmallIntegerField(
        _("highest number of choices"), null=True, blank=True, help_text=_("Only for “choose up to a number of items”.")
    )
    adopted_count = models.PositiveSmallIntegerField(
        _("number of items that are adopted"),
        null=True,
        blank=True,
        help_text=_("The items with the most votes that go on to the budget. Empty: all are only ranked."),
    )
    tie_rule = models.CharField(_("rule for ties"), max_length=12, choices=TieRule)
    opens_at = models.DateTimeField(_("voting opens"))
    closes_at = models.DateTimeField(_("voting closes"))
    status = models.CharField(
        _("status"), max_length=10, choices=PollStatus, default=PollStatus.PREPARING, editable=False
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    closed_early_because = models.CharField(
        _("reason of the early closing"), max_length=300, blank=True, editable=False
    )
    halted_because = models.CharField(_("reason of the halt"), max_length=300, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ["assembly", "opens_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PollKind.values), name="poll_kind_known"),
            models.CheckConstraint(condition=Q(status__in=PollStatus.values), name="poll_status_known"),
            models.CheckConstraint(condition=Q(tie_rule__in=TieRule.values), name="poll_tie_rule_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="poll_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(kind=PollKind.CHOOSE, max_choices__gte=1)
                | (~Q(kind=PollKind.CHOOSE) & Q(max_choices__isnull=True)),
                name="poll_max_choices_as_the_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(adopted_count__isnull=True) | Q(kind=PollKind.CHOOSE, adopted_count__gte=1),
                name="poll_adopted_count_as_the_kind_needs",
            ),
        ]
        indexes = [models.Index(fields=["status", "closes_at"], name="poll_status_closes")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assemblies:result", args=[self.pk])

    def takes_ballots(self, at: datetime) -> bool:
        """Whether a ballot that arrives at `at` is accepted (opens_at ≤ at < closes_at, and opened)."""
        return self.status == PollStatus.OPEN and self.opens_at <= at < self.closes_at


class PollOption(models.Model):
    """An item on the ballot."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options", verbose_name=_("poll"))
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="options", verbose_name=_("agenda item")
    )
    position = models.PositiveSmallIntegerField(_("place on the ballot"))

    class Meta:
        verbose_name = _("item on the ballot")
        verbose_name_plural = _("items on the ballot")
        ordering = ["poll", "position"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "item"], name="poll_option_item_once"),
            models.UniqueConstraint(fields=["poll", "position"], name="poll_option_position_once"),
        ]

    def __str__(self) -> str:
        return str(self.item)


class PollResult(models.Model):
    """What was counted, once, after closing."""

    poll = models.OneToOneField(Poll, on_delete=models.PROTECT, related_name="result", verbose_name=_("poll"))
    counted_at = models.DateTimeField(_("counted at"))
    on_roll = models.PositiveIntegerField(_("on the roll"))
    participated = models.PositiveIntegerField(_("took part"))
    ballots = models.PositiveIntegerField(_("ballots"))
    invalid = models.PositiveIntegerField(_("invalid ballots"))
    quorum_required = models.PositiveIntegerField(_("persons needed for the quorum"))

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.CheckConstraint(
                condition=Q(ballots=F("participated")), name="poll_result_a_ballot_for_each_participation"
            ),
            models.CheckConstraint(condition=Q(participated__lte=F("on_roll")), name="poll_result_within_roll"),
        ]

    def __str__(self) -> str:
        return str(self.poll)

    @property
    def is_quorate(self) -> bool:
        return self.participated >= self.quorum_required


class OptionResult(models.Model):
    """The votes of one item. `votes` are the choices, or the votes for it."""

    result = models.ForeignKey(PollResult, on_delete=models.CASCADE, related_name="options", verbose_name=_("result"))
    option = models.OneToOneField(
        PollOption, on_delete=models.PROTECT, related_name="result", verbose_name=_("item on the ballot")
    )
    votes = models.PositiveIntegerField(_("votes"))
    against = models.PositiveIntegerField(_("votes against"), default=0)
    abstained = models.PositiveIntegerField(_("abstained"), default=0)
    rank = models.PositiveSmallIntegerField(_("rank"))
    tied = models.BooleanField(_("tied"), default=False)
    adopted = models.BooleanField(_("adopted"), null=True)

    class Meta:
        verbose_name = _("votes of an item")
        verbose_name_plural = _("votes of the items")
        ordering = ["result", "rank", "option__position"]
        constraints = [models.CheckConstraint(condition=Q(rank__gte=1), name="option_result_rank_from_one")]

    def __str__(self) -> str:
        return f"{self.option} {self.votes}"
