from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "councils"
    verbose_name = _("Residents’ councils")

    def ready(self) -> None:
        from councils import permissions  # noqa: F401, PLC0415 - registers the predicates
