from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Residents’ assemblies")

    def ready(self) -> None:
        from assemblies import permissions, personal_data  # noqa: F401, PLC0415 - registers the predicates
        from assemblies.actions import ACTIONS  # noqa: PLC0415
        from assemblies.waiting import assembly_work, next_dates, running_polls  # noqa: PLC0415 - models are loaded by now
        from assemblies.yearly import years_with_assembly  # noqa: PLC0415
        from core.audit import actions  # noqa: PLC0415
        from councils import yearly_assemblies  # noqa: PLC0415
        from residents.desk.shelves import Shelf, put_on_shelf  # noqa: PLC0415
        from residents.desk.waiting import register_coming, register_running, register_waiting  # noqa: PLC0415
        from residents.personal_data import register  # noqa: PLC0415

        register("assemblies", export=personal_data.sections, erase=personal_data.erase, need=personal_data.need)
        actions.register(ACTIONS)
        register_waiting(assembly_work)
        yearly_assemblies.register(years_with_assembly)
        register_running(running_polls)
        register_coming(next_dates)
        put_on_shelf(
            Shelf.MEETINGS,
            {
                "assemblies.assembly": _("From the first draft to the published result, all on one page."),
                "assemblies.poll": _("Open, watch, count and publish votes."),
                "assemblies.agendaitem": _("What the residents vote on."),
                "assemblies.rollentry": _("Who may vote in which assembly."),
            },
        )
