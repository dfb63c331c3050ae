"""Hold the Korean catalogue against templates and code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.catalogue import ROOT, other_messages, problems, read_catalogue
from config.extraction import messages_of_house, strays_of_house


class Command(BaseCommand):
    help = "List texts whose Korean is missing or wrong, and Hangul where an English message id belongs."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        house = messages_of_house(ROOT)
        places = {found.message.key: f"{found.path}:{found.line}" for found in reversed(house)}
        messages = [found.message for found in house] + other_messages()
        complaints = [
            f"{places.get(key, 'locale/others.txt')}: {key.singular!r} {sentence}"
            for key, sentence in problems(read_catalogue(), messages)
        ]
        complaints += [
            f"{stray.path}:{stray.line}: Hangul outside of the catalogue: {stray.text!r}"
            for stray in strays_of_house(ROOT)
        ]
        for complaint in complaints:
            self.stderr.write(complaint)
        if complaints:
            raise CommandError(f"{len(complaints)} texts need attention.")
