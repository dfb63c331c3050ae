"""Ledgers, their accounts, and transactions that are only ever added."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit.models import AppendOnly, AppendOnlyQuerySet
from core.ledgers.states import DEBIT_KINDS, AccountKind, Unit


class Ledger(models.Model):
    """One set of books: `kind` names whose books and for what ("forums.dues"), `key` which of them ("8")."""

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, default=Unit.WON)
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="ledger_once"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="ledger_unit_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Account(models.Model):
    """One account of a ledger. `floor` is the least it may hold; without one it may hold anything."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("ledger"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind)
    floor = models.BigIntegerField(_("may not fall below"), null=True, blank=True)

    class Meta:
        verbose_name = _("account of a ledger")
        verbose_name_plural = _("accounts of a ledger")
        ordering = ["ledger", "code"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "code"], name="ledger_account_code_once"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="ledger_account_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def sign(self) -> int:
        """1 if postings above zero raise what the account holds (assets, expenses), else -1."""
        return 1 if self.kind in DEBIT_KINDS else -1


class Transaction(AppendOnly):
    """What moved between accounts on one day, in postings that sum to zero. Never changed; corrected by its opposite.

    `size` is the number of postings, so that none can be added afterwards. `key` is "" or given once in a ledger: the
    same order sent twice is recorded once. `actor` is a pseudonym. Neither `text` nor `reference` name persons.
    """

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="transactions", verbose_name=_("ledger"))
    occurred_on = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded at"))
    text = models.CharField(_("text"), max_length=300)
    reference = models.CharField(_("voucher"), max_length=120, blank=True)
    key = models.CharField(_("key of the order"), max_length=120, blank=True)
    actor = models.UUIDField(_("recorded by (pseudonym)"), null=True, blank=True)
    size = models.PositiveSmallIntegerField(_("number of postings"))
    counters = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="countered_by",
        verbose_name=_("takes back"),
    )

    objects = AppendOnlyQuerySet["Transaction"].as_manager()

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["occurred_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "key"], condition=~Q(key=""), name="ledger_transaction_key_once"),
            models.CheckConstraint(condition=~Q(text=""), name="ledger_transaction_says_what"),
            models.CheckConstraint(condition=Q(size__gte=2), name="ledger_transaction_has_two_sides"),
            models.CheckConstraint(
                condition=Q(counters__isnull=True) | ~Q(counters=F("id")), name="ledger_transaction_counters_another"
            ),
        ]
        indexes = [models.Index(fields=["ledger", "occurred_on"], name="ledger_transaction_day")]

    def __str__(self) -> str:
        return f"{self.occurred_on:%Y-%m-%d} {self.text}"


class Posting(AppendOnly):
    """One side of a transaction: positive is a debit, negative a credit, in whole units."""

    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, related_name="postings", verbose_name=_("transaction")
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings", verbose_name=_("account"))
    amount = models.BigIntegerField(_("amount"))

    objects = AppendOnlyQuerySet["Posting"].as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["transaction", "id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="ledger_posting_not_zero")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount:+}"
