"""Who comes to an event, and the figures that sources print about attendance."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from forums.models.forums import Forum
from forums.models.members import Member
from forums.states import REGISTRATION_TRANSITIONS, AttendeeRole, RegistrationStatus
from meetings.models import Participant
from reports.models import Certificate


class Registration(MovesThroughStates, models.Model):
    """One person's place at an event. Their presence is kept by `meetings`, as that of every participant.

    member: for whose office they come; None for guests of public events. proxy: whether they come in the head's place.
    """

    TRANSITIONS: ClassVar = REGISTRATION_TRANSITIONS

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("event"))
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("member")
    )
    participant = models.OneToOneField(
        Participant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registration",
        verbose_name=_("participant"),
    )
    status = models.CharField(
        _("state"), max_length=10, choices=RegistrationStatus, default=RegistrationStatus.REGISTERED
    )
    role = models.CharField(_("role"), max_length=6, choices=AttendeeRole)
    name = models.CharField(_("name"), max_length=40)
    area = models.CharField(_("area"), max_length=10, blank=True)
    organisation = models.CharField(_("local government"), max_length=80, blank=True)
    position = models.CharField(_("office or rank"), max_length=60, blank=True)
    is_proxy = models.BooleanField(_("in the head’s place"), default=False)
    remark = models.CharField(_("remark"), max_length=60, blank=True, help_text=_("For example host or presenter."))
    contact = models.EmailField(_("mail address"), blank=True)
    # What is written to that address. Offices are written to in Korean; a guest in the language they registered in.
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ko")
    # Place in the order of the source, where a list was taken over from one.
    source_position = models.PositiveSmallIntegerField(_("place in the source"), null=True, blank=True)
    # Of a guest who registered with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="own_club_registrations",
        verbose_name=_("account"),
    )
    certificate = models.OneToOneField(
        Certificate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registration",
        verbose_name=_("certificate of completion"),
    )
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="club_registrations",
        verbose_name=_("registered by"),
    )

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["source_position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RegistrationStatus.values), name="registration_status_known"),
            models.CheckConstraint(condition=Q(role__in=AttendeeRole.values), name="registration_role_known"),
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="registration_language_known"),
            # A head or whoever comes in their place: one for each member.
            models.UniqueConstraint(
                fields=["forum", "member"],
                condition=Q(role=AttendeeRole.HEAD) & ~Q(status=RegistrationStatus.CANCELLED),
                name="registration_one_head_for_a_member",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.position


class ListedAttendance(models.Model):
    """How many came to an event as a source lists it."""

    forum = models.OneToOneField(Forum, on_delete=models.CASCADE, related_name="listed", verbose_name=_("event"))
    heads = models.PositiveIntegerField(_("heads"))
    officials = models.PositiveIntegerField(_("officials"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("listed attendance")
        verbose_name_plural = _("listed attendances")

    def __str__(self) -> str:
        return str(self.forum)


class PrintedTotal(models.Model):
    """What a source prints for a term, whatever lists and the register add up to: attendance, members, or both."""

    term = models.CharField(_("term"), max_length=20, unique=True)
    heads = models.PositiveIntegerField(_("heads"), null=True, blank=True)
    officials = models.PositiveIntegerField(_("officials"), null=True, blank=True)
    members = models.PositiveIntegerField(_("members of the club"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    note = models.TextField(_("what explains the difference"), blank=True)

    class Meta:
        verbose_name = _("printed total")
        verbose_name_plural = _("printed totals")
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term
