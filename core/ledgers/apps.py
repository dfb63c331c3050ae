"""Double-entry books in whole won or points that are only ever added to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    name = "core.ledgers"
    label = "ledgers"
    verbose_name = _("Ledgers")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - apps name their actions when all are loaded

        actions.register(
            {
                "ledgers.ledger_opened": _("Ledger opened"),
                "ledgers.account_opened": _("Account of a ledger opened"),
                "ledgers.account_renamed": _("Account of a ledger renamed"),
                "ledgers.transaction_recorded": _("Entry recorded in a ledger"),
                "ledgers.transaction_countered": _("Entry of a ledger taken back"),
            }
        )
