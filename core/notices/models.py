"""Mailings, their deliveries, and who does not want which kind of notice."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.notices.states import DELIVERY_TRANSITIONS, ChannelName, DeliveryStatus, Problem
from core.states import MovesThroughStates


class Mailing(models.Model):
    """One notice to one person or many. `kind` names what it is (core.notices.kinds), `subject_key` about what thing.

    Its jobs are those of the kind "notices.mailing" with its number as their order. `scope` is the path of the region
    concerned, "" for the whole site.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    subject_key = models.CharField(_("about"), max_length=120, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mailings",
        verbose_name=_("ordered by"),
    )
    scope = models.CharField(_("region (path of codes)"), max_length=200, blank=True)
    ordered_at = models.DateTimeField(_("ordered at"), db_index=True)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-ordered_at"]
        indexes = [models.Index(fields=["kind", "subject_key"], name="mailing_about")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What this kind of notice is called; the kind itself if its app is gone."""
        from core.notices.kinds import kind_called  # noqa: PLC0415 - kinds name their templates' models

        try:
            return str(kind_called(self.kind).title)
        except KeyError:
            return self.kind


class Delivery(MovesThroughStates, models.Model):
    """One message to one address.

    Claimed and committed as "sending" before the sending, "sent" after it. Address, name and context are emptied some
    days afterwards; `address_key` (a digest) stays, so that the token still stops what this address does not want.
    """

    TRANSITIONS: ClassVar = DELIVERY_TRANSITIONS

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("mailing"))
    channel = models.CharField(_("by"), max_length=10, choices=ChannelName, default=ChannelName.MAIL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("account"),
    )
    address = models.CharField(_("address"), max_length=254, blank=True)
    address_key = models.CharField(_("digest of the address"), max_length=64, db_index=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ko")
    context = models.JSONField(_("particulars"), default=dict, blank=True)
    token = models.CharField(_("key for stopping"), max_length=43, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    problem = models.CharField(_("problem"), max_length=20, choices=Problem, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(_("claimed by"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True, db_index=True)
    due_at = models.DateTimeField(_("not before"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("address deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["mailing", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"),
            models.CheckConstraint(condition=Q(channel__in=ChannelName.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=Q(problem__in=["", *Problem.values]), name="delivery_problem_known"),
            models.CheckConstraint(condition=Q(language__in=["ko", "en"]), name="delivery_language_known"),
            models.CheckConstraint(
                condition=~Q(status=DeliveryStatus.SENDING) | Q(lease__isnull=False, claimed_at__isnull=False),
                name="delivery_sending_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(status=DeliveryStatus.FAILED) | ~Q(problem=""), name="delivery_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(address="", name=""), name="delivery_forgotten_is_empty"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[DeliveryStatus.WAITING, DeliveryStatus.SENDING]) | ~Q(address=""),
                name="delivery_under_way_has_address",
            ),
        ]
        indexes = [models.Index(fields=["mailing", "status"], name="delivery_of_mailing")]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.pk}"


class Refusal(models.Model):
    """Somebody does not want the notices of one category: an account, or an address without one (by its digest)."""

    category = models.CharField(_("category"), max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refused_notices",
        verbose_name=_("account"),
    )
    address_key = models.CharField(_("digest of the address"), max_length=64, blank=True)
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("refused kind of notices")
        verbose_name_plural = _("refused kinds of notices")
        ordering = ["category", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "user"], condition=Q(user__isnull=False), name="refusal_user_once"
            ),
            models.UniqueConstraint(
                fields=["category", "address_key"], condition=Q(user__isnull=True), name="refusal_address_once"
            ),
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(address_key="")) | (Q(user__isnull=True) & ~Q(address_key="")),
                name="refusal_user_or_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.user_id or self.address_key[:12]}"
