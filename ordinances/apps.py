from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdinancesConfig(AppConfig):
    name = "ordinances"
    verbose_name = _("Ordinances and rule sets")

    def ready(self) -> None:
        from ordinances import permissions  # noqa: F401, PLC0415 - registers the predicates
