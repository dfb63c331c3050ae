"""Members of the club, who acts for them, and applications for membership."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from forums.states import (
    APPLICATION_TRANSITIONS,
    MEMBER_TRANSITIONS,
    OPEN_APPLICATIONS,
    ApplicationStatus,
    MemberKind,
    MemberStatus,
)
from residents.models import OfficeTerm, Region
from residents.states import Office


class Member(MovesThroughStates, models.Model):
    """A person in the club. What they are the head of stands in the terms of office (`MemberTerm`)."""

    TRANSITIONS: ClassVar = MEMBER_TRANSITIONS

    name = models.CharField(_("name"), max_length=40)
    name_hanja = models.CharField(_("name in hanja"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=MemberKind)
    status = models.CharField(_("state"), max_length=10, choices=MemberStatus, default=MemberStatus.ACTIVE)
    joined_on = models.DateField(_("member since"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    leaving_reason = models.CharField(_("why they left"), max_length=200, blank=True)
    # Honorary members are known by what they were: "前 강진군수".
    former_office = models.CharField(_("former office"), max_length=80, blank=True)
    # The short name of the province as directories print it ("전남"), for members whose region is not theirs any more.
    area = models.CharField(_("area"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("member of the club")
        verbose_name_plural = _("members of the club")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MemberKind.values), name="member_kind_known"),
            models.CheckConstraint(condition=Q(status__in=MemberStatus.values), name="member_status_known"),
            models.CheckConstraint(
                condition=Q(status=MemberStatus.LEFT, left_on__isnull=False)
                | Q(status=MemberStatus.ACTIVE, left_on__isnull=True),
                name="member_left_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberTerm(models.Model):
    """A term of office in which a member belongs to the club; the one that began last is the present one."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="terms", verbose_name=_("member"))
    term = models.OneToOneField(
        OfficeTerm, on_delete=models.PROTECT, related_name="club_term", verbose_name=_("term of office")
    )

    class Meta:
        verbose_name = _("term of a member")
        verbose_name_plural = _("terms of members")
        ordering = ["-term__since"]

    def __str__(self) -> str:
        return str(self.term)


class MemberAbsence(models.Model):
    """A time in which somebody did not belong to the club, between leaving and coming back (left_on ≤ day < back_on).

    Without it nobody could tell whom dues of that time concern, who was a member then, or why they had left.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absences", verbose_name=_("member"))
    left_on = models.DateField(_("left on"))
    back_on = models.DateField(_("back on"))
    reason = models.CharField(_("why they left"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence of a member")
        verbose_name_plural = _("absences of members")
        ordering = ["-left_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(back_on__gte=models.F("left_on")), name="member_absence_left_before_back"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_on} – {self.back_on}"


class MemberMail(models.Model):
    """A mail address of a member's office."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="mails", verbose_name=_("member"))
    address = models.EmailField(_("mail address"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("mail address of a member")
        verbose_name_plural = _("mail addresses of members")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["member", "address"], name="member_mail_once")]

    def __str__(self) -> str:
        return self.address


class MemberAccount(models.Model):
    """An account that acts for a member: the head's own, or that of somebody in the office."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="accounts", verbose_name=_("member"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="club_accounts", verbose_name=_("account")
    )
    is_head = models.BooleanField(_("the head’s own account"), default=False)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("account of a member")
        verbose_name_plural = _("accounts of members")
        ordering = ["member", "-is_head", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "user"], condition=Q(until__isnull=True), name="member_account_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="member_account_since_not_after_until",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class Application(MovesThroughStates, models.Model):
    """An application for membership, with the fields of the club's paper form.

    The applicant comes back to it with `key`, which only they got. Personal fields are emptied on `erase_on`; what
    stays then are states and times. `term` is the term of office that the application is for, where one is known and
    nobody else's open application is for it.
    """

    TRANSITIONS: ClassVar = APPLICATION_TRANSITIONS

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(_("state"), max_length=12, choices=ApplicationStatus, default=ApplicationStatus.SUBMITTED)
    kind = models.CharField(_("kind"), max_length=10, choices=MemberKind)
    name = models.CharField(_("name"), max_length=40, blank=True)
    name_hanja = models.CharField(_("name in hanja"), max_length=40, blank=True)
    organisation = models.CharField(_("local government"), max_length=80, blank=True)
    office = models.CharField(_("office"), max_length=14, choices=Office, blank=True)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="club_applications",
        verbose_name=_("region"),
    )
    term = models.ForeignKey(
        OfficeTerm,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="club_applications",
        verbose_name=_("term of office"),
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    mobile = models.CharField(_("mobile phone"), max_length=20, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    pledged = models.BooleanField(_("takes on the rights and duties of a member"), default=False)
    consent_version = models.CharField(_("version of the consent"), max_length=20)
    consented_at = models.DateTimeField(_("consented at"))
    submitted_at = models.DateTimeField(_("submitted at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason or what is asked for"), max_length=300, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="club_applications",
        verbose_name=_("account"),
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("member")
    )
    # Of the mails to the applicant.
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ko")
    erase_on = models.DateField(_("personal data deleted on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("personal data deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("application for membership")
        verbose_name_plural = _("applications for membership")
        ordering = ["-submitted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="club_application_status_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=MemberKind.values), name="club_application_kind_known"),
            models.CheckConstraint(condition=Q(office__in=["", *Office.values]), name="club_application_office_known"),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]),
                name="club_application_language_known",
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(erased_at__isnull=False), name="club_application_nameless_only_when_erased"
            ),
            models.CheckConstraint(
                condition=Q(status=ApplicationStatus.APPROVED, member__isnull=False)
                | (~Q(status=ApplicationStatus.APPROVED) & Q(member__isnull=True)),
                name="club_application_approved_made_a_member",
            ),
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(status__in=sorted(OPEN_APPLICATIONS), term__isnull=False),
                name="club_application_open_once_for_a_term",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApplicationStep(models.Model):
    """What happened to an application, as the applicant and the secretariat see it."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="steps", verbose_name=_("application")
    )
    at = models.DateTimeField(_("time"))
    status = models.CharField(_("state"), max_length=12, choices=ApplicationStatus)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by_secretariat = models.BooleanField(_("by the secretariat"), default=False)

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="club_application_step_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
