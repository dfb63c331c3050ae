"""The desk replaces Django's admin site; the wiring app carries the commands that start and check the house."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "residents.desk.DeskSite"


class WiringConfig(AppConfig):
    name = "config"
    label = "wiring"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 - registers the system checks
