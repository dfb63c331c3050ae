from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "councils"
    verbose_name = _("Residents’ councils")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from councils import permissions  # noqa: F401, PLC0415 - registers the predicates
        from councils.waiting import councils_without_figures  # noqa: PLC0415
        from residents.desk.shelves import Shelf, put_on_shelf  # noqa: PLC0415
        from residents.desk.waiting import register_waiting  # noqa: PLC0415

        actions.register(
            {
                "councils.council_established": _("Residents’ council established"),
                "councils.conversion_started": _("Conversion of a residents’ council begun"),
                "councils.conversion_finished": _("Conversion of a residents’ council finished"),
                "councils.figures_updated": _("Figures of a residents’ council updated"),
                "councils.council_dissolved": _("Residents’ council dissolved"),
            }
        )
        register_waiting(councils_without_figures)
        put_on_shelf(Shelf.BODIES, {"councils.council": _("Seats, members and main work of each council.")})
