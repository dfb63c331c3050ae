"""The words of ledgers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """What one whole unit of a ledger is."""

    WON = "won", _("won")
    POINTS = "points", _("points")


class AccountKind(models.TextChoices):
    ASSET = "asset", _("asset")
    LIABILITY = "liability", _("liability")
    INCOME = "income", _("income")
    EXPENSE = "expense", _("expense")
    EQUITY = "equity", _("equity")


# What these hold grows with debits (positive postings); what the others hold grows with credits.
DEBIT_KINDS = frozenset({AccountKind.ASSET, AccountKind.EXPENSE})
