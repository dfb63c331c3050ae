from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from reports import certificates, orders, permissions, personal_data  # noqa: F401, PLC0415 - the predicates too
        from reports.actions import ACTIONS  # noqa: PLC0415
        from reports.queries import any_document_for  # noqa: PLC0415
        from residents.desk.shelves import Page, Shelf, put_on_shelf, put_page_on_shelf  # noqa: PLC0415
        from residents.personal_data import register  # noqa: PLC0415

        register("reports", export=personal_data.sections, erase=personal_data.erase)
        actions.register(ACTIONS)
        orders.register()
        certificates.register()
        put_on_shelf(
            Shelf.RECORDS,
            {
                "reports.certificate": _("What was certified of whom; a wrong one is withdrawn here."),
                "reports.officeform": _("Your office’s own forms as HWPX, which Madang fills."),
                "reports.signeddocument": _(
                    "Numbers and dates of letters that were signed in the office’s own system."
                ),
            },
        )
        put_page_on_shelf(
            Shelf.PAPERS,
            Page(
                address="reports:documents",
                name=_("Documents to order"),
                about=_("Minutes, programmes, directories and certificates as files."),
                may_open=any_document_for,
            ),
        )
        put_page_on_shelf(
            Shelf.PAPERS,
            Page(
                address="reports:letter",
                name=_("Draft an official letter"),
                about=_("Numbers the items as offices do, to be copied into the office’s own system."),
                may_open=lambda user: user.has_perm("reports.draft_letter"),
            ),
        )
