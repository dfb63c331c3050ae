"""Who did what, when: append-only, chained by hash, without personal data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "core.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - apps name their actions when all are loaded

        actions.register(
            {
                "audit.access_log_reviewed": _("Access log reviewed"),
                "audit.access_entries_forgotten": _("Old entries of the access log deleted"),
            }
        )
