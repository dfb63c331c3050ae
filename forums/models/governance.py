"""Bylaws with their versions, and the club's meetings under them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.articles import heading_of
from core.states import MovesThroughStates
from forums.models.members import Member
from forums.states import BYLAWS_TRANSITIONS, BylawsStatus, ClubMeetingKind
from meetings.models import Meeting, Participant, Resolution


class Bylaws(MovesThroughStates, models.Model):
    """One version of the bylaws. Once adopted it is never changed; the next one takes over on its first day.

    `rules` are the typed parameters that `forums.bylaws` reads: {name: {"value": …, "article": "4"}}.
    """

    TRANSITIONS: ClassVar = BYLAWS_TRANSITIONS

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    status = models.CharField(_("state"), max_length=10, choices=BylawsStatus, default=BylawsStatus.DRAFT)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="bylaws", verbose_name=_("resolution")
    )
    note = models.TextField(_("what was changed, and doubts"), blank=True)
    rules = models.JSONField(_("rules"), default=dict)

    class Meta:
        verbose_name = _("bylaws")
        verbose_name_plural = _("versions of the bylaws")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BylawsStatus.values), name="bylaws_status_known"),
            models.CheckConstraint(
                condition=Q(status=BylawsStatus.DRAFT) | Q(adopted_on__isnull=False, in_force_from__isnull=False),
                name="bylaws_adopted_have_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class BylawArticle(models.Model):
    bylaws = models.ForeignKey(Bylaws, on_delete=models.CASCADE, related_name="articles", verbose_name=_("bylaws"))
    number = models.CharField(_("article"), max_length=10)
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["bylaws", "number"], name="bylaw_article_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def heading(self) -> str:
        """The number as laws print it, and the title; what has a name instead of a number stands by its title."""
        return heading_of(self.number, self.title)


class ClubMeeting(models.Model):
    """A meeting of the club: what kind it is and who called it; the rest is a meeting like any other."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, related_name="club_meeting", verbose_name=_("meeting")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=ClubMeetingKind)
    bylaws = models.ForeignKey(
        Bylaws, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("bylaws that applied")
    )
    # Who asked for it: a co-chair or at least three members for an extraordinary one, the chair for the committee.
    called_by = models.ManyToManyField(Member, blank=True, related_name="called_meetings", verbose_name=_("called by"))

    class Meta:
        verbose_name = _("meeting of the club")
        verbose_name_plural = _("meetings of the club")
        ordering = ["-meeting__starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ClubMeetingKind.values), name="club_meeting_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class MemberAtMeeting(models.Model):
    """Which member a participant of a club meeting is, so that those elected are known."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="at_meetings", verbose_name=_("member"))
    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="club_member", verbose_name=_("participant")
    )

    class Meta:
        verbose_name = _("member at a meeting")
        verbose_name_plural = _("members at meetings")

    def __str__(self) -> str:
        return str(self.member)
