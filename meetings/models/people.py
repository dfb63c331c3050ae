"""Who is invited to a meeting, and when they were there."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.gatherings import Meeting, Sitting
from meetings.states import Answer, CheckInWay

# Without what is mistaken for something else when it is read from paper: 0 O, 1 I L, 5 S, 2 Z, 8 B.
CODE_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 8


def new_token() -> str:
    """What the personal QR code holds: 128 bits, nothing about the person."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """What a person types who cannot show the QR code: eight letters, 37 bits, tried only under a limit."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


class Participant(models.Model):
    """A person who takes part, with an account or without.

    is_eligible: counts for the quorum and votes. proxy_for: for whom they stand in, in words. place: the order of the
    list. role is what they are here or in their office, remark what the list says beside them.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="participants", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting_participations",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=60)
    affiliation = models.CharField(_("affiliation"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=80, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    is_eligible = models.BooleanField(_("counts for the quorum and votes"), default=True)
    proxy_for = models.CharField(_("stands in for"), max_length=60, blank=True)
    order = models.PositiveIntegerField(_("place on the list"), default=0)
    remark = models.CharField(_("remark"), max_length=120, blank=True)
    answer = models.CharField(_("answer to the invitation"), max_length=10, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    code = models.CharField(max_length=CODE_LENGTH, default=new_code, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(user__isnull=False), name="participant_account_once"
            ),
            models.UniqueConstraint(fields=["meeting", "code"], name="participant_code_once"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="participant_answer_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """A span in which a participant was there; without `left_at` until the sitting ends.

    Never edited but for `left_at` once: a correction is a new entry that `replaces` this one and says why; the
    replaced one gets `replaced_at` and no longer counts. A struck entry says that they were not there at all.
    """

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("participant")
    )
    sitting = models.ForeignKey(
        Sitting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("sitting"),
    )
    arrived_at = models.DateTimeField(_("came at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    way = models.CharField(_("recorded how"), max_length=10, choices=CheckInWay)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    is_struck = models.BooleanField(_("struck"), default=False)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["participant", "arrived_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=CheckInWay.values), name="attendance_way_known"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gt=F("arrived_at")), name="attendance_left_after_arrival"
            ),
            models.CheckConstraint(
                condition=(Q(replaces__isnull=True) & Q(is_struck=False)) | ~Q(reason=""),
                name="attendance_correction_says_why",
            ),
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(left_at__isnull=True, replaced_at__isnull=True, is_struck=False),
                name="attendance_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} {timezone.localtime(self.arrived_at):%Y-%m-%d %H:%M}"
