from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal.search.database import add_functions  # noqa: PLC0415 - models are there only now

        connection_created.connect(add_functions, dispatch_uid="portal.search")
