"""What a council does: work by kind, agreements, programmes of the residents' centre, its fund settled by year."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ledgers.models import Ledger
from core.states import MovesThroughStates
from councils.models.councils import Council
from councils.models.members import Subcommittee
from councils.states import (
    AGREEMENT_TRANSITIONS,
    ENROLMENT_TRANSITIONS,
    PROGRAMME_TRANSITIONS,
    WORK_TRANSITIONS,
    AgreementStatus,
    EnrolmentStatus,
    ProgrammeStatus,
    WorkKind,
    WorkStatus,
)
from meetings.models import Resolution

ENROLMENTS_KEPT = timedelta(days=365)  # names and numbers of who took part, after a programme's last day


class Agreement(MovesThroughStates, models.Model):
    """An agreement between district and council on entrusted affairs. Amounts in won."""

    TRANSITIONS: ClassVar = AGREEMENT_TRANSITIONS

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("residents’ council")
    )
    title = models.CharField(_("title"), max_length=120)
    subject = models.TextField(_("what is entrusted"), max_length=3000)
    status = models.CharField(
        _("state"), max_length=10, choices=AgreementStatus, default=AgreementStatus.DRAFT, editable=False
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    amount = models.PositiveBigIntegerField(_("amount in won"), null=True, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    ended_because = models.CharField(_("why it ended early"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("agreement with a council")
        verbose_name_plural = _("agreements with councils")
        ordering = ["council", "-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=AgreementStatus.values), name="agreement_status_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(status=AgreementStatus.IN_FORCE) | Q(signed_on__isnull=False),
                name="agreement_in_force_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WorkItem(MovesThroughStates, models.Model):
    """One matter that a council works on: own, consulted or entrusted."""

    TRANSITIONS: ClassVar = WORK_TRANSITIONS

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="work", verbose_name=_("residents’ council")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=WorkKind)
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("about"), blank=True, max_length=3000)
    status = models.CharField(_("state"), max_length=10, choices=WorkStatus, default=WorkStatus.PLANNED, editable=False)
    subcommittee = models.ForeignKey(
        Subcommittee,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("subcommittee"),
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="work", verbose_name=_("agreement")
    )
    resolution = models.ForeignKey(
        Resolution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="council_work",
        verbose_name=_("resolution"),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    opinion = models.TextField(_("opinion of the council"), blank=True, max_length=2000)
    answer = models.TextField(_("answer of the office"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("work of a council")
        verbose_name_plural = _("work of councils")
        ordering = ["council", "kind", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WorkKind.values), name="council_work_kind_known"),
            models.CheckConstraint(condition=Q(status__in=WorkStatus.values), name="council_work_status_known"),
            models.CheckConstraint(
                condition=Q(agreement__isnull=True) | Q(kind=WorkKind.ENTRUSTED),
                name="council_work_agreed_is_entrusted",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="council_work_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Programme(MovesThroughStates, models.Model):
    """A course or club of the residents' centre (자치회관). The fee in won for one person."""

    TRANSITIONS: ClassVar = PROGRAMME_TRANSITIONS

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("residents’ council")
    )
    title = models.CharField(_("title"), max_length=80)
    about = models.TextField(_("about"), blank=True, max_length=2000)
    teacher = models.CharField(_("teacher"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=80)
    times = models.CharField(_("days and times"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    fee = models.PositiveIntegerField(_("fee in won"), default=0)
    places = models.PositiveSmallIntegerField(_("places"))
    status = models.CharField(
        _("state"), max_length=10, choices=ProgrammeStatus, default=ProgrammeStatus.PLANNED, editable=False
    )

    class Meta:
        verbose_name = _("programme of a residents’ centre")
        verbose_name_plural = _("programmes of residents’ centres")
        ordering = ["council", "-starts_on", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ProgrammeStatus.values), name="programme_status_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="programme_ends_after_start"),
            models.CheckConstraint(condition=Q(places__gte=1), name="programme_has_places"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def erase_on(self) -> date:
        """The day on which names and numbers of those who enrolled are deleted."""
        return min(self.ends_on, date.max - ENROLMENTS_KEPT) + ENROLMENTS_KEPT


class Enrolment(MovesThroughStates, models.Model):
    """Somebody's place in a programme, or on its waiting list in the order of `enrolled_at`.

    Name and number are emptied on the programme's `erase_on`, with an account that goes, whichever comes first.
    """

    TRANSITIONS: ClassVar = ENROLMENT_TRANSITIONS

    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        related_name="enrolments",
        verbose_name=_("programme of a residents’ centre"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    status = models.CharField(
        _("state"), max_length=10, choices=EnrolmentStatus, default=EnrolmentStatus.ENROLLED, editable=False
    )
    enrolled_at = models.DateTimeField(_("enrolled at"))
    paid_on = models.DateField(_("fee paid on"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["programme", "enrolled_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=EnrolmentStatus.values), name="enrolment_status_known"),
            models.UniqueConstraint(
                fields=["programme", "user"],
                condition=Q(user__isnull=False) & ~Q(status=EnrolmentStatus.CANCELLED),
                name="enrolment_account_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundSettlement(models.Model):
    """The village fund of a council, settled for a year. Amounts in won as they were then; `sums` by account."""

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="fund_settlements", verbose_name=_("residents’ council")
    )
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="+", verbose_name=_("ledger"))
    year = models.PositiveSmallIntegerField(_("year"))
    carried_in = models.BigIntegerField(_("carried in"))
    income = models.BigIntegerField(_("income"))
    spending = models.BigIntegerField(_("spending"))
    sums = models.JSONField(_("sums by account"), default=list)
    note = models.TextField(_("report"), blank=True, max_length=3000)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("resolution")
    )
    settled_on = models.DateField(_("settled on"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("settled by")
    )

    class Meta:
        verbose_name = _("settlement of a village fund")
        verbose_name_plural = _("settlements of village funds")
        ordering = ["council", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["council", "year"], name="fund_settlement_once_a_year"),
            models.CheckConstraint(condition=Q(spending__gte=0, income__gte=0), name="fund_settlement_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.year}"

    @property
    def carried_out(self) -> int:
        """What is left at the end of the year, in won."""
        return self.carried_in + self.income - self.spending
