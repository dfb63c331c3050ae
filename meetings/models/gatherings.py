"""The meeting, its sittings and its agenda."""

import secrets
from fractions import Fraction
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import MovesThroughStates
from meetings.quorum import Majority, NoQuorum, Number, Rule, Share
from meetings.states import BEFORE_OPENING, MEETING_TRANSITIONS, MeetingStatus, QuorumRule

PERMILLE = 1000


def new_secret() -> str:
    """What the codes in the hall are reckoned from; never shown."""
    return secrets.token_hex(32)


class Meeting(MovesThroughStates, models.Model):
    """A dated gathering of a kind that an app registered (meetings.kinds).

    scope: the path of the region that it belongs to, "" where it belongs to none. eligible: how many may vote (재적);
    None counts the participants that are marked so. convened_by and convened_on say who called it and when.
    notice_days: how many days lay at least between call and meeting. The quorum rule stands beside its article.
    """

    TRANSITIONS: ClassVar = MEETING_TRANSITIONS

    kind = models.CharField(_("kind"), max_length=60)
    scope = models.CharField(_("scope"), max_length=200, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("about the meeting"), blank=True, max_length=5000)
    place = models.CharField(_("place"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    convened_by = models.CharField(_("called by"), max_length=200, blank=True)
    convened_on = models.DateField(_("called on"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(pgettext_lazy("a meeting", "days of notice"), default=0)
    status = models.CharField(
        _("state"), max_length=10, choices=MeetingStatus, default=MeetingStatus.DRAFT, editable=False
    )
    eligible = models.PositiveIntegerField(
        _("number of members"), null=True, blank=True, help_text=_("Leave empty to count the participants.")
    )
    quorum_rule = models.CharField(_("quorum"), max_length=10, choices=QuorumRule, default=QuorumRule.MAJORITY)
    quorum_amount = models.PositiveIntegerField(
        _("amount of the quorum"),
        null=True,
        blank=True,
        help_text=_("Permille for a share, persons for a fixed number."),
    )
    quorum_article = models.CharField(_("article on the quorum"), max_length=120, blank=True)
    called_at = models.DateTimeField(_("invitation sent at"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    # What was counted when it opened; later corrections of attendance do not change what was found then.
    eligible_at_opening = models.PositiveIntegerField(
        _("members at the opening"), null=True, blank=True, editable=False
    )
    present_at_opening = models.PositiveIntegerField(_("present at the opening"), null=True, blank=True, editable=False)
    needed_at_opening = models.PositiveIntegerField(_("needed at the opening"), null=True, blank=True, editable=False)
    cancelled_because = models.CharField(_("reason of the cancellation"), max_length=300, blank=True, editable=False)
    checkin_secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MeetingStatus.values), name="meeting_status_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.CheckConstraint(condition=~Q(kind=""), name="meeting_has_a_kind"),
            models.CheckConstraint(
                condition=Q(quorum_rule__in=[QuorumRule.MAJORITY, QuorumRule.NONE], quorum_amount__isnull=True)
                | Q(quorum_rule=QuorumRule.SHARE, quorum_amount__gte=1, quorum_amount__lte=PERMILLE)
                | Q(quorum_rule=QuorumRule.NUMBER, quorum_amount__gte=1),
                name="meeting_quorum_rule_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(BEFORE_OPENING))
                | Q(status=MeetingStatus.CANCELLED)
                | Q(opened_at__isnull=False, present_at_opening__isnull=False),
                name="meeting_opened_has_its_count",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="meeting_closes_after_open"
            ),
            models.CheckConstraint(
                condition=~Q(status=MeetingStatus.CANCELLED) | ~Q(cancelled_because=""),
                name="meeting_cancelled_says_why",
            ),
        ]
        indexes = [models.Index(fields=["kind", "starts_at"], name="meeting_kind_start")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def quorum(self) -> Rule:
        """The quorum rule as a value that `meetings.quorum` reckons with."""
        match self.quorum_rule:
            case QuorumRule.SHARE:
                return Share(Fraction(self.quorum_amount or PERMILLE, PERMILLE))
            case QuorumRule.NUMBER:
                return Number(self.quorum_amount or 1)
            case QuorumRule.NONE:
                return NoQuorum()
            case _:
                return Majority()


class Sitting(models.Model):
    """A part of a meeting for which attendance is reckoned: a day of two, a lecture of a course.

    A meeting without sittings is one sitting from its beginning to its end.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="sittings", verbose_name=_("meeting"))
    title = models.CharField(_("title"), max_length=120)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["meeting", "starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="sitting_ends_after_start"),
            models.UniqueConstraint(fields=["meeting", "starts_at"], name="sitting_start_once"),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """A matter on the agenda."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("place on the agenda"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("explanation"), blank=True, max_length=10000)
    proposer = models.CharField(_("proposed by"), max_length=120, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("a meeting", "agenda item")
        verbose_name_plural = pgettext_lazy("a meeting", "agenda items")
        ordering = ["meeting", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="meeting_item_position_from_1"),
            models.UniqueConstraint(fields=["meeting", "position"], name="meeting_item_position_once"),
        ]

    def __str__(self) -> str:
        return self.title
