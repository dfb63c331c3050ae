"""Load the demo town."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import RuleViolation
from demo.club_year import send_into_nowhere
from demo.loader import load

STEPS = {
    "places": "regions, heads of local governments, rules",
    "history": "assemblies of the past",
    "residents": "residents",
    "assemblies": "assemblies of these days",
    "councils": "the council of Sangmu 2-dong",
    "club": "the mayors’ club",
}


class Command(BaseCommand):
    help = "Load the demo town, if it is not there yet."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo town is not for production.")
        begun = time.monotonic()
        try:
            loaded = load(now=timezone.now(), tell=self._tell)
        except RuleViolation as problem:
            raise CommandError(problem.text) from problem
        if loaded:
            send_into_nowhere()
            self.stdout.write(f"The demo town is loaded ({time.monotonic() - begun:.1f} s).")

    def _tell(self, step: str) -> None:
        self.stdout.write(f"Loading {STEPS[step]} …")
        self.stdout.flush()
