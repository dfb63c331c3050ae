from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    name = "residents"
    verbose_name = _("Residents and regions")

    def ready(self) -> None:
        from residents import permissions  # noqa: F401, PLC0415 - registers the predicates
