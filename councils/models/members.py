"""Terms, members, subcommittees and meetings of a council."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from councils.models.applications import Application
from councils.models.councils import Council
from councils.models.recruitment import Recruitment
from councils.states import MEMBER_TRANSITIONS, CouncilMeetingKind, MemberOffice, MemberStatus, Track
from meetings.models import Meeting, Participant
from reports.models import Certificate
from residents.states import Sex


class CouncilTerm(models.Model):
    """A term of a council (제1기), from its first to its last day, both counted."""

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="terms", verbose_name=_("residents’ council")
    )
    number = models.PositiveSmallIntegerField(_("term number"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    recruitment = models.OneToOneField(
        Recruitment, on_delete=models.PROTECT, null=True, blank=True, related_name="term", verbose_name=_("recruitment")
    )

    class Meta:
        verbose_name = _("term of a council")
        verbose_name_plural = _("terms of councils")
        ordering = ["council", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["council", "number"], name="council_term_number_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="council_term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.number}"


class Member(MovesThroughStates, models.Model):
    """A member of a council in one term; the next term is another row.

    Names of those appointed are public as the rule set says.
    """

    TRANSITIONS: ClassVar = MEMBER_TRANSITIONS

    term = models.ForeignKey(
        CouncilTerm, on_delete=models.PROTECT, related_name="members", verbose_name=_("term of a council")
    )
    application = models.OneToOneField(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="member",
        verbose_name=_("application for a council"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="council_memberships",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=60)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    track = models.CharField(_("track"), max_length=12, choices=Track, blank=True)
    attributes = models.JSONField(_("attributes of the quotas"), default=dict, blank=True)
    office = models.CharField(_("office"), max_length=12, choices=MemberOffice, default=MemberOffice.MEMBER)
    status = models.CharField(
        _("state"), max_length=10, choices=MemberStatus, default=MemberStatus.SERVING, editable=False
    )
    appointed_on = models.DateField(_("appointed on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    leaving_reason = models.CharField(_("why they left"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    letter = models.ForeignKey(
        Certificate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("letter of appointment"),
    )

    class Meta:
        verbose_name = _("member of a council")
        verbose_name_plural = _("members of councils")
        ordering = ["term", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MemberStatus.values), name="council_member_status_known"),
            models.CheckConstraint(condition=Q(office__in=MemberOffice.values), name="council_member_office_known"),
            models.CheckConstraint(
                condition=Q(status=MemberStatus.SERVING, left_on__isnull=True)
                | (~Q(status=MemberStatus.SERVING) & Q(left_on__isnull=False)),
                name="council_member_left_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[MemberStatus.DISMISSED, MemberStatus.RESIGNED]) | ~Q(leaving_reason=""),
                name="council_member_left_says_why",
            ),
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(office=MemberOffice.CHAIR, status=MemberStatus.SERVING),
                name="council_one_chair",
            ),
            models.UniqueConstraint(
                fields=["term", "user"],
                condition=Q(user__isnull=False, status=MemberStatus.SERVING),
                name="council_member_account_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Subcommittee(models.Model):
    """A subcommittee (분과위원회), open to residents who are no members."""

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="subcommittees", verbose_name=_("residents’ council")
    )
    name = models.CharField(_("name"), max_length=60)
    about = models.CharField(_("what it works on"), max_length=300, blank=True)
    founded_on = models.DateField(_("founded on"))
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    takes_residents = models.BooleanField(_("residents who are no members may join"), default=True)

    class Meta:
        verbose_name = _("subcommittee")
        verbose_name_plural = _("subcommittees")
        ordering = ["council", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "name"], condition=Q(dissolved_on__isnull=True), name="subcommittee_name_once"
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F("founded_on")),
                name="subcommittee_founded_before_dissolved",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SubcommitteeSeat(models.Model):
    """Somebody in a subcommittee: a member of the council (`member`) or another resident (`name`, maybe an account)."""

    subcommittee = models.ForeignKey(
        Subcommittee, on_delete=models.PROTECT, related_name="seats", verbose_name=_("subcommittee")
    )
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("member of a council"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subcommittee_seats",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    is_head = models.BooleanField(_("heads the subcommittee"), default=False)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked to join at"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat in a subcommittee")
        verbose_name_plural = _("seats in subcommittees")
        ordering = ["subcommittee", "-is_head", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, name="", user__isnull=True) | (Q(member__isnull=True) & ~Q(name="")),
                name="subcommittee_seat_of_a_member_or_a_resident",
            ),
            models.UniqueConstraint(
                fields=["subcommittee", "member"],
                condition=Q(member__isnull=False, left_on__isnull=True),
                name="subcommittee_seat_member_once",
            ),
            models.UniqueConstraint(
                fields=["subcommittee", "user"],
                condition=Q(user__isnull=False, left_on__isnull=True),
                name="subcommittee_seat_account_once",
            ),
            models.UniqueConstraint(
                fields=["subcommittee"],
                condition=Q(is_head=True, left_on__isnull=True),
                name="subcommittee_one_head",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.member)


class CouncilMeeting(models.Model):
    """A meeting of a council or of one of its subcommittees; the rest is a meeting like any other."""

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("residents’ council")
    )
    subcommittee = models.ForeignKey(
        Subcommittee,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("subcommittee"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=CouncilMeetingKind)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, related_name="council_meeting", verbose_name=_("meeting")
    )

    class Meta:
        verbose_name = _("meeting of a council")
        verbose_name_plural = _("meetings of councils")
        ordering = ["-meeting__starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CouncilMeetingKind.values), name="council_meeting_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=CouncilMeetingKind.SUBCOMMITTEE, subcommittee__isnull=False)
                | (~Q(kind=CouncilMeetingKind.SUBCOMMITTEE) & Q(subcommittee__isnull=True)),
                name="council_meeting_of_a_subcommittee_or_not",
            ),
        ]

    def __str__(self) -> str:
        return str(self.meeting)


class MemberAtCouncilMeeting(models.Model):
    """Which member a participant of a council's meeting is."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="at_meetings", verbose_name=_("member of a council")
    )
    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="council_member", verbose_name=_("participant")
    )

    class Meta:
        verbose_name = _("member at a council’s meeting")
        verbose_name_plural = _("members at councils’ meetings")

    def __str__(self) -> str:
        return str(self.member)
