"""Compile the catalogues that changed, without gettext programs."""

from typing import Any

from django.core.management.base import BaseCommand

from config.catalogue import ROOT, compile_catalogues


class Command(BaseCommand):
    help = "Compile the message catalogues that are newer than their .mo files."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        for path in compile_catalogues():
            self.stdout.write(f"Compiled {path.relative_to(ROOT)}.")
