"""Bring the Korean catalogue up to date with templates and code."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.catalogue import (
    KOREAN,
    ROOT,
    Merge,
    compile_catalogues,
    entries,
    merge,
    other_messages,
    read_catalogue,
    read_translations,
    updated,
    write_catalogue,
)
from config.extraction import messages_of_house


class Command(BaseCommand):
    help = "Collect the texts of templates and code in locale/ko and keep the translations that are still needed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--merge",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE",
            help="Files of lines “msgid TAB msgstr” or “msgid TAB plural TAB msgstr” to fill empty entries with.",
        )
        parser.add_argument("--overwrite", action="store_true", help="Let --merge replace translations too.")

    def handle(self, *_args: Any, **options: Any) -> None:
        messages = [found.message for found in messages_of_house(ROOT)] + other_messages()
        catalogue = updated(read_catalogue(), messages)
        for path in options["merge"]:
            try:
                outcome = merge(catalogue, read_translations(path), overwrite=options["overwrite"])
            except (OSError, ValueError) as problem:
                raise CommandError(str(problem)) from problem
            self._tell(path, outcome)
        changed = write_catalogue(catalogue)
        compile_catalogues()
        known = entries(catalogue)
        empty = sum(not any(entry.string or ()) for entry in known.values())
        self.stdout.write(
            f"{KOREAN.relative_to(ROOT)} {'written' if changed else 'unchanged'}: {len(known)} texts, {empty} empty."
        )

    def _tell(self, path: Path, outcome: Merge) -> None:
        self.stdout.write(f"{path}: {outcome.filled} filled.")
        for text in outcome.unknown:
            self.stdout.write(f"  not in the code: {text!r}")
        for text in outcome.different:
            self.stdout.write(f"  translated differently, kept: {text!r}")
