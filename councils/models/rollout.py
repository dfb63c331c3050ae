"""How councils spread: calls for conversion, plans of how many a year, the people who support them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from councils.models.councils import Council
from councils.states import BID_TRANSITIONS, CALL_TRANSITIONS, BidStatus, CallStatus, CareerKind, CouncilType
from residents.models import Region


class ConversionCall(MovesThroughStates, models.Model):
    """A district's call to its dongs to convert their committee to a council. Days are counted, both included.

    `briefed` is how many dongs were visited where the source names no single ones.
    """

    TRANSITIONS: ClassVar = CALL_TRANSITIONS

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="conversion_calls", verbose_name=_("municipality")
    )
    title = models.CharField(_("title"), max_length=120)
    type = models.CharField(_("type"), max_length=10, choices=CouncilType)
    status = models.CharField(_("state"), max_length=10, choices=CallStatus, default=CallStatus.PLANNED, editable=False)
    briefings_from = models.DateField(_("briefings from"), null=True, blank=True)
    briefings_to = models.DateField(_("briefings until"), null=True, blank=True)
    briefed = models.PositiveSmallIntegerField(_("dongs briefed"), null=True, blank=True)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    to_choose = models.PositiveSmallIntegerField(_("how many are chosen"))
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    note = models.TextField(_("doubts and notes"), blank=True)

    class Meta:
        verbose_name = _("call for conversion")
        verbose_name_plural = _("calls for conversion")
        ordering = ["region", "-opens_on"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CallStatus.values), name="conversion_call_status_known"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="conversion_call_closes_after_opening"
            ),
            models.CheckConstraint(condition=Q(to_choose__gte=1), name="conversion_call_chooses_some"),
            models.CheckConstraint(
                condition=~Q(status=CallStatus.DECIDED) | Q(decided_on__isnull=False),
                name="conversion_call_decided_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CallBriefing(models.Model):
    """A briefing of one dong before a call."""

    call = models.ForeignKey(
        ConversionCall, on_delete=models.CASCADE, related_name="briefings", verbose_name=_("call for conversion")
    )
    dong = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("dong"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people"), null=True, blank=True)

    class Meta:
        verbose_name = _("briefing of a dong")
        verbose_name_plural = _("briefings of dongs")
        ordering = ["call", "held_on", "dong__path"]
        constraints = [models.UniqueConstraint(fields=["call", "dong"], name="call_briefing_once")]

    def __str__(self) -> str:
        return str(self.dong)


class ConversionBid(MovesThroughStates, models.Model):
    """A dong that answers a call."""

    TRANSITIONS: ClassVar = BID_TRANSITIONS

    call = models.ForeignKey(
        ConversionCall, on_delete=models.PROTECT, related_name="bids", verbose_name=_("call for conversion")
    )
    dong = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("dong"))
    status = models.CharField(_("state"), max_length=10, choices=BidStatus, default=BidStatus.SUBMITTED, editable=False)
    submitted_on = models.DateField(_("received on"), null=True, blank=True)
    plan = models.TextField(_("plan of operation"), blank=True, max_length=5000)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    council = models.OneToOneField(
        Council,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bid",
        verbose_name=_("residents’ council"),
    )

    class Meta:
        verbose_name = _("bid for conversion")
        verbose_name_plural = _("bids for conversion")
        ordering = ["call", "dong__path"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BidStatus.values), name="conversion_bid_status_known"),
            models.UniqueConstraint(fields=["call", "dong"], name="conversion_bid_once"),
        ]

    def __str__(self) -> str:
        return str(self.dong)


class RolloutPlan(models.Model):
    """A plan of how many councils (or plans of self-government) a year, as one place of a document prints it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="rollout_plans", verbose_name=_("region"))
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place in the document"), max_length=120)
    source = models.CharField(_("source"), max_length=200)
    note = models.TextField(_("doubts and notes"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("plan of establishment")
        verbose_name_plural = _("plans of establishment")
        ordering = ["region", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["region", "title", "place"], name="rollout_plan_once")]

    def __str__(self) -> str:
        return self.title


class RolloutYear(models.Model):
    """One year of a plan: how many are added, how many there are then as printed, how many there really were."""

    plan = models.ForeignKey(
        RolloutPlan, on_delete=models.CASCADE, related_name="years", verbose_name=_("plan of establishment")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    planned = models.PositiveSmallIntegerField(_("planned"))
    cumulative = models.PositiveSmallIntegerField(_("in all, as printed"), null=True, blank=True)
    actual = models.PositiveSmallIntegerField(_("really established"), null=True, blank=True)
    label = models.CharField(_("as the source words it"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("year of a plan of establishment")
        verbose_name_plural = _("years of plans of establishment")
        ordering = ["plan", "year"]
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="rollout_year_once")]

    def __str__(self) -> str:
        return f"{self.year}"


class SupportStaff(models.Model):
    """An expert who supports councils (지원관). Names of staff are seen at the desk only."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="support_staff", verbose_name=_("municipality")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="council_support",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=60)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("support staff")
        verbose_name_plural = _("support staff")
        ordering = ["region", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="support_staff_since_before_until"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffAssignment(models.Model):
    """Which council somebody supports, from `since` until `until` (None: still)."""

    staff = models.ForeignKey(
        SupportStaff, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("support staff")
    )
    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="support", verbose_name=_("residents’ council")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    duties = models.CharField(_("duties"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("assignment of support staff")
        verbose_name_plural = _("assignments of support staff")
        ordering = ["staff", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "council"], condition=Q(until__isnull=True), name="staff_assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="staff_assignment_since_before_until"
            ),
        ]

    def __str__(self) -> str:
        return str(self.council)


class StaffCareer(models.Model):
    """A line of somebody's career: work, training (with hours) or an activity."""

    staff = models.ForeignKey(
        SupportStaff, on_delete=models.PROTECT, related_name="careers", verbose_name=_("support staff")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CareerKind)
    title = models.CharField(_("title"), max_length=120)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a career")
        verbose_name_plural = _("lines of careers")
        ordering = ["staff", "-since"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CareerKind.values), name="staff_career_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title
