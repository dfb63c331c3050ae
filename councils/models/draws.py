"""Lotteries as computed and frozen, beacons as entered, draws as they came out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from councils.models.recruitment import CommitteeDecision, Recruitment
from councils.states import (
    CUSTOMARY_TRANSITIONS,
    DRAW_TRANSITIONS,
    BeaconKind,
    CustomaryStatus,
    DrawStatus,
    Method,
)

INDEX_BELOW = 1000
DIGITS = 3  # of a panel’s number: hundreds, tens, units


class Draw(MovesThroughStates, models.Model):
    """A lottery of a recruitment, computed, then frozen, then drawn once; or declared void. Never deleted.

    lottery: what the engine gave (councils.lottery) as JSON text. public: the frozen document as everybody reads it,
    full: the openings, every attribute and salt that it withholds, for the committee and auditors; both canonical
    JSON. freeze: SHA-256 of what is frozen in `public`.
    beacon: what `beacon_kind` needs to name the event ({"draw": 1234}, {"round": …}), beacon_at when it takes place.
    prepared: what follows from freeze and beacon alone, worked out before the digits come; empty before the beacon.
    """

    TRANSITIONS: ClassVar = DRAW_TRANSITIONS

    recruitment = models.ForeignKey(
        Recruitment, on_delete=models.PROTECT, related_name="draws", verbose_name=_("recruitment")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(
        _("state"), max_length=10, choices=DrawStatus, default=DrawStatus.COMPUTED, editable=False
    )
    computed_at = models.DateTimeField(_("computed at"))
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("computed by")
    )
    lottery = models.TextField(_("lottery"), editable=False)
    public = models.TextField(_("frozen document"), blank=True, editable=False)
    full = models.TextField(_("frozen document with attributes"), blank=True, editable=False)
    freeze = models.CharField(_("SHA-256 of the freeze"), max_length=64, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("frozen by"),
    )
    beacon_kind = models.CharField(_("kind of beacon"), max_length=6, choices=BeaconKind, blank=True)
    beacon = models.JSONField(_("beacon"), default=dict, blank=True)
    beacon_at = models.DateTimeField(_("beacon at"), null=True, blank=True)
    prepared = models.TextField(_("panels after the exchange"), blank=True, editable=False)
    voided_at = models.DateTimeField(_("declared void at"), null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        CommitteeDecision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voided_draws",
        editable=False,
        verbose_name=_("declared void by"),
    )

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["recruitment", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DrawStatus.values), name="draw_status_known"),
            models.UniqueConstraint(fields=["recruitment", "number"], name="draw_number_once"),
            models.UniqueConstraint(
                fields=["recruitment"],
                condition=Q(status__in=[DrawStatus.FROZEN, DrawStatus.DRAWN]),
                name="draw_one_freeze_stands",
            ),
            models.UniqueConstraint(
                fields=["recruitment"], condition=Q(status=DrawStatus.COMPUTED), name="draw_one_before_the_freeze"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[DrawStatus.COMPUTED, DrawStatus.DISCARDED])
                | (Q(frozen_at__isnull=False, beacon_at__isnull=False) & ~Q(freeze="") & ~Q(public="")),
                name="draw_frozen_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True) | Q(beacon_at__gt=models.F("frozen_at")),
                name="draw_beacon_after_freeze",
            ),
            models.CheckConstraint(
                condition=~Q(status=DrawStatus.VOIDED) | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="draw_voided_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(beacon_kind__in=["", *BeaconKind.values]), name="draw_beacon_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recruitment} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("councils:draw", args=[self.pk])


class BeaconEntry(models.Model):
    """What one official read as the beacon's value. Two who agree make it the beacon; an entry is never edited."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="entries", verbose_name=_("draw"))
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("official"),
        help_text=_("Empty where it was fetched from the network."),
    )
    value = models.JSONField(_("value"))
    entered_at = models.DateTimeField(_("entered at"))
    taken_back = models.BooleanField(_("taken back"), default=False)

    class Meta:
        verbose_name = _("reading of a beacon")
        verbose_name_plural = _("readings of beacons")
        ordering = ["draw", "entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "official"],
                condition=Q(taken_back=False, official__isnull=False),
                name="beacon_entry_one_for_an_official",
            ),
        ]

    def __str__(self) -> str:
        return str(self.draw)


class DrawnDigit(models.Model):
    """One digit drawn in the hall, hundreds first. A slip is struck with its reason before the panel is drawn."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="digits", verbose_name=_("draw"))
    place = models.PositiveSmallIntegerField(_("place of the digit"))
    digit = models.PositiveSmallIntegerField(_("digit"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    struck_because = models.CharField(_("struck because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("drawn digit")
        verbose_name_plural = _("drawn digits")
        ordering = ["draw", "entered_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(place__lt=DIGITS, digit__lt=10), name="drawn_digit_is_one"),
            models.UniqueConstraint(
                fields=["draw", "place"], condition=Q(struck_because=""), name="drawn_digit_one_for_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw}: {self.digit}"


class DrawResult(models.Model):
    """How a draw came out; written once, never changed. record: the frozen document with beacon, digits and panel."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="result", verbose_name=_("draw"))
    beacon_value = models.JSONField(_("value of the beacon"))
    digits = models.CharField(_("digits drawn in the hall"), max_length=3)
    index = models.PositiveSmallIntegerField(_("number of the panel"))
    record = models.TextField(_("public record"), editable=False)
    full_record = models.TextField(_("full record"), editable=False)
    sha256 = models.CharField(_("SHA-256 of the public record"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("result of a draw")
        verbose_name_plural = _("results of draws")
        constraints = [
            models.CheckConstraint(condition=Q(index__lt=INDEX_BELOW), name="draw_result_index_below_1000"),
        ]

    def __str__(self) -> str:
        return f"{self.draw}: {self.index}"


class CustomaryDraw(MovesThroughStates, models.Model):
    """A draw by a customary way (C14): what was drawn stands in its balls, `outcome` is replayed from them.

    chances: every group's chance beside the fair lottery as it was reckoned at the beginning, {} where it could not be.
    """

    TRANSITIONS: ClassVar = CUSTOMARY_TRANSITIONS

    recruitment = models.ForeignKey(
        Recruitment, on_delete=models.PROTECT, related_name="customary_draws", verbose_name=_("recruitment")
    )
    method = models.CharField(_("way of selection"), max_length=24, choices=Method)
    status = models.CharField(
        _("state"), max_length=10, choices=CustomaryStatus, default=CustomaryStatus.RUNNING, editable=False
    )
    rule = models.JSONField(_("rule"), default=dict)
    pool = models.JSONField(_("pool as it was"), default=dict, editable=False)
    chances = models.JSONField(_("chances beside the fair lottery"), default=dict, blank=True, editable=False)
    started_at = models.DateTimeField(_("begun at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)
    sha256 = models.CharField(_("SHA-256 of the record"), max_length=64, blank=True, editable=False)
    voided_by = models.ForeignKey(
        CommitteeDecision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voided_customary_draws",
        editable=False,
        verbose_name=_("declared void by"),
    )

    class Meta:
        verbose_name = _("customary draw")
        verbose_name_plural = _("customary draws")
        ordering = ["recruitment", "started_at"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CustomaryStatus.values), name="customary_draw_status_known"),
            models.CheckConstraint(
                condition=Q(method__in=[method for method in Method.values if method != Method.LEXIMIN]),
                name="customary_draw_method_known",
            ),
            models.UniqueConstraint(
                fields=["recruitment"],
                condition=~Q(status=CustomaryStatus.VOIDED),
                name="customary_draw_one_stands",
            ),
            models.CheckConstraint(
                condition=~Q(status=CustomaryStatus.VOIDED) | Q(voided_by__isnull=False),
                name="customary_draw_voided_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recruitment} {self.get_method_display()}"

    def get_absolute_url(self) -> str:
        return reverse("councils:customary_draw", args=[self.pk])


class DrawnBall(models.Model):
    """One recorded step of a customary draw: a ball with a number, or an interview's score. Never edited.

    A slip is struck before the next step, with its reason.
    """

    draw = models.ForeignKey(
        CustomaryDraw, on_delete=models.PROTECT, related_name="balls", verbose_name=_("customary draw")
    )
    position = models.PositiveSmallIntegerField(_("place in the draw"))
    number = models.PositiveIntegerField(_("number on the ball"))
    score = models.PositiveIntegerField(_("score"), null=True, blank=True)
    drawn_by = models.CharField(_("drawn by"), max_length=60, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    struck_because = models.CharField(_("struck because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("drawn ball")
        verbose_name_plural = _("drawn balls")
        ordering = ["draw", "position"]
        constraints = [models.UniqueConstraint(fields=["draw", "position"], name="drawn_ball_place_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.number}"
