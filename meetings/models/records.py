"""What was said and decided, and the minutes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models.gatherings import AgendaItem, Meeting
from meetings.models.people import Participant
from meetings.states import (
    ELECTION_OUTCOMES,
    MOTION_OUTCOMES,
    BallotWay,
    MajorityRule,
    Outcome,
    ResolutionKind,
)

RULES_WITHOUT_AMOUNT = (MajorityRule.OF_PRESENT, MajorityRule.OF_ELIGIBLE, MajorityRule.MOST)


class Resolution(models.Model):
    """A vote and what came of it: a motion with its votes, or an election with its candidates.

    present: how many could vote when it was taken. needed: the votes that the rule asked for. Never edited: a mistaken
    one is withdrawn with a reason, and the right one recorded anew.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="resolutions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolutions",
        verbose_name=pgettext_lazy("a meeting", "agenda item"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=ResolutionKind)
    text = models.TextField(_("what is decided"), max_length=2000)
    ballot = models.CharField(_("way of voting"), max_length=12, choices=BallotWay)
    present = models.PositiveIntegerField(_("present at the vote"))
    in_favour = models.PositiveIntegerField(pgettext_lazy("votes", "for"), null=True, blank=True)
    against = models.PositiveIntegerField(pgettext_lazy("votes", "against"), null=True, blank=True)
    abstained = models.PositiveIntegerField(_("abstentions"), null=True, blank=True)
    invalid = models.PositiveIntegerField(_("invalid votes"), default=0)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    rule = models.CharField(_("majority"), max_length=20, choices=MajorityRule, default=MajorityRule.OF_PRESENT)
    rule_amount = models.PositiveIntegerField(_("share in permille"), null=True, blank=True)
    article = models.CharField(_("article on the majority"), max_length=120, blank=True)
    needed = models.PositiveIntegerField(_("votes needed"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    decided_at = models.DateTimeField(_("decided at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_because = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="resolution_number_once"),
            models.CheckConstraint(condition=Q(ballot__in=BallotWay.values), name="resolution_ballot_known"),
            models.CheckConstraint(
                condition=Q(
                    kind=ResolutionKind.MOTION,
                    outcome__in=MOTION_OUTCOMES,
                    in_favour__isnull=False,
                    against__isnull=False,
                    abstained__isnull=False,
                    seats__isnull=True,
                )
                | Q(
                    kind=ResolutionKind.ELECTION,
                    outcome__in=ELECTION_OUTCOMES,
                    in_favour__isnull=True,
                    against__isnull=True,
                    abstained__isnull=True,
                    seats__gte=1,
                ),
                name="resolution_fields_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(in_favour__isnull=True)
                | Q(present__gte=F("in_favour") + F("against") + F("abstained") + F("invalid")),
                name="resolution_votes_at_most_present",
            ),
            models.CheckConstraint(
                condition=Q(rule=MajorityRule.SHARE_OF_PRESENT, rule_amount__gte=1, rule_amount__lte=1000)
                | Q(rule__in=RULES_WITHOUT_AMOUNT, rule_amount__isnull=True),
                name="resolution_rule_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_because=""), name="resolution_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def vacant(self) -> int:
        """Seats that nobody took in this election; 0 of a motion. Asks for candidates that were not fetched before."""
        return (self.seats or 0) - sum(one.is_elected for one in self.candidates.all())

    @property
    def is_below_quorum(self) -> bool:
        """Whether fewer were there than it took to open the meeting."""
        return self.present < (self.meeting.needed_at_opening or 0)


class Candidate(models.Model):
    """Somebody who stands in an election, with the votes they got."""

    resolution = models.ForeignKey(
        Resolution, on_delete=models.CASCADE, related_name="candidates", verbose_name=_("election")
    )
    position = models.PositiveSmallIntegerField(_("place on the list"))
    name = models.CharField(_("name"), max_length=60)
    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="candidacies",
        verbose_name=_("participant"),
    )
    votes = models.PositiveIntegerField(_("votes"))
    is_elected = models.BooleanField(_("elected"), default=False)
    in_run_off = models.BooleanField(_("goes into the run-off"), default=False)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["resolution", "position"]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "position"], name="candidate_position_once"),
            models.CheckConstraint(
                condition=~Q(is_elected=True, in_run_off=True), name="candidate_elected_or_in_run_off"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """What somebody said, in short."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="statements", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=pgettext_lazy("a meeting", "agenda item"),
    )
    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("participant"),
    )
    speaker = models.CharField(_("speaker"), max_length=60)
    gist = models.TextField(_("what was said, in short"), max_length=2000)
    position = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["meeting", "position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="statement_position_once")]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.gist}"


class Minutes(models.Model):
    """A version of the minutes: what the record said when it was drafted, and what the keeper adds in words.

    content: the record as plain values (meetings.minutes). signed_by: pairs of role and name. A correction of approved
    minutes is a new version that says why.
    """

    MAX_REMARKS: ClassVar = 10000

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    version = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(pgettext_lazy("a meeting", "record"), default=dict)
    remarks = models.TextField(_("further notes"), blank=True, max_length=MAX_REMARKS)
    signed_by = models.JSONField(_("signed by"), default=list, blank=True)
    reason = models.CharField(_("reason of the new version"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("drafted by"),
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("a meeting", "minutes")
        verbose_name_plural = pgettext_lazy("a meeting", "minutes")
        ordering = ["meeting", "version"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="minutes_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} ({self.version})"
