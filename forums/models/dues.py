"""Dues by month, and costs that participating members share. The money itself stands in a ledger (core.ledgers)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ledgers.models import Transaction
from forums.models.forums import Forum
from forums.models.members import Member
from meetings.models import Resolution


class DuesRate(models.Model):
    """Dues of one month, set by the committee (bylaws, article 8); the one that began last holds."""

    amount = models.PositiveBigIntegerField(_("amount in won"))
    from_month = models.DateField(_("from the month"), unique=True, help_text=_("The first day of the month."))
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="dues", verbose_name=_("resolution")
    )
    basis = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("monthly dues")
        verbose_name_plural = _("monthly dues")
        ordering = ["-from_month"]
        constraints = [
            models.CheckConstraint(condition=Q(from_month__day=1), name="dues_rate_from_the_first_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.from_month:%Y-%m}"


class DuesCharge(models.Model):
    """A month's dues that a member owes; countered in the ledger where it was an error.

    One a month is in force: the ledger's key sees to that, and a second one follows only on one that was taken back.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="charges", verbose_name=_("member"))
    month = models.DateField(_("month"))
    amount = models.PositiveBigIntegerField(_("amount in won"))
    transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, related_name="dues_charge", verbose_name=_("booking")
    )

    class Meta:
        verbose_name = _("dues of a month")
        verbose_name_plural = _("dues of the months")
        ordering = ["month", "member"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="dues_charge_names_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.month:%Y-%m}"


class Payment(models.Model):
    """Money that came from a member; what it pays, oldest first, is reckoned by `forums.dues`."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="payments", verbose_name=_("member"))
    amount = models.PositiveBigIntegerField(_("amount in won"))
    received_on = models.DateField(_("received on"))
    note = models.CharField(_("note"), max_length=100, blank=True)
    transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, related_name="club_payment", verbose_name=_("booking")
    )

    class Meta:
        verbose_name = _("payment of a member")
        verbose_name_plural = _("payments of members")
        ordering = ["-received_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="club_payment_of_something")]

    def __str__(self) -> str:
        return f"{self.member} {self.received_on}"


class Refund(models.Model):
    """Money that went back to a member: paid twice, or by who left or owes nothing any more."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("member"))
    amount = models.PositiveBigIntegerField(_("amount in won"))
    paid_on = models.DateField(_("given back on"))
    reason = models.CharField(_("reason"), max_length=200)
    transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, related_name="club_refund", verbose_name=_("booking")
    )

    class Meta:
        verbose_name = _("refund to a member")
        verbose_name_plural = _("refunds to members")
        ordering = ["-paid_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="club_refund_of_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="club_refund_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.paid_on}"


class CostShare(models.Model):
    """Costs of an event, split equally among the members that took part (bylaws, article 8)."""

    forum = models.ForeignKey(
        Forum, on_delete=models.PROTECT, null=True, blank=True, related_name="cost_shares", verbose_name=_("event")
    )
    title = models.CharField(_("title"), max_length=120)
    total = models.PositiveBigIntegerField(_("total in won"))
    # How the won that do not divide were assigned: a rule of core.ledgers.splitting.
    rule = models.CharField(_("rule for the remainder"), max_length=30)
    remainder = models.PositiveIntegerField(_("remainder in won"))
    split_on = models.DateField(_("split on"))
    transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, related_name="cost_share", verbose_name=_("booking")
    )

    class Meta:
        verbose_name = _("shared costs")
        verbose_name_plural = _("shared costs")
        ordering = ["-split_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(total__gt=0), name="cost_share_of_something")]

    def __str__(self) -> str:
        return self.title


class CostShareLine(models.Model):
    share = models.ForeignKey(CostShare, on_delete=models.CASCADE, related_name="lines", verbose_name=_("shared costs"))
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cost_shares", verbose_name=_("member"))
    amount = models.PositiveBigIntegerField(_("amount in won"))

    class Meta:
        verbose_name = _("share of a member")
        verbose_name_plural = _("shares of members")
        ordering = ["member__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["share", "member"], name="cost_share_once_for_a_member")]

    def __str__(self) -> str:
        return str(self.member)
