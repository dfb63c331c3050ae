"""Notices by mail, and ports for text messages and messengers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "core.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - apps name their actions when all are loaded
        from core.jobs.kinds import JobKind, register_kind  # noqa: PLC0415
        from core.notices import ordering, sending  # noqa: PLC0415

        register_kind(JobKind(name=ordering.JOB_KIND, title=_("Sending notices"), run=sending.run))

        actions.register(
            {
                "notices.mailing_ordered": _("Notice ordered"),
                "notices.failed_sent_again": _("Failed notices sent again"),
                "notices.uncertain_sent_again": _("Uncertain notices sent again"),
                "notices.uncertain_taken_as_sent": _("Uncertain notices taken as sent"),
                "notices.category_refused": _("Notices of a kind refused"),
                "notices.category_accepted": _("Notices of a kind wanted again"),
                "notices.addresses_forgotten": _("Addresses of old notices deleted"),
            }
        )
