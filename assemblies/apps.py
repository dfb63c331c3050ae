from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Residents’ assemblies")

    def ready(self) -> None:
        from assemblies import permissions, personal_data  # noqa: F401, PLC0415 - registers the predicates
        from assemblies.actions import ACTIONS  # noqa: PLC0415
        from assemblies.waiting import assembly_work  # noqa: PLC0415 - models are loaded by now
        from core.audit import actions  # noqa: PLC0415
        from residents.desk.waiting import register_waiting  # noqa: PLC0415
        from residents.personal_data import register  # noqa: PLC0415

        register("assemblies", export=personal_data.sections, erase=personal_data.erase, need=personal_data.need)
        actions.register(ACTIONS)
        register_waiting(assembly_work)
