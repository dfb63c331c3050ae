from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Residents’ assemblies")

    def ready(self) -> None:
        from assemblies import permissions  # noqa: F401, PLC0415 - registers the predicates
