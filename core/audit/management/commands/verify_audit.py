"""Verify the chain of the audit log."""

import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.audit.chain import Head, Verdict, head_from
from core.audit.sealing import pending_entries, verify_log
from core.audit.wording import fault_in_words


def _head(text: str) -> Head:
    try:
        return head_from(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class Command(BaseCommand):
    help = (
        "Walks the whole chain. Exits with 0 and prints how many entries are sealed and the head, or with 1 and names "
        "the first broken link. Write the head down elsewhere and give it back with --expect-head: only so a cut-off "
        "end shows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect-head", type=_head, metavar="POSITION:DIGEST", help="a head printed earlier")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, **options: Any) -> None:
        verdict = verify_log(expected=options["expect_head"])
        waiting = pending_entries().count()
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(verdict, waiting)))
        else:
            self._say(verdict, waiting)
        if not verdict.is_whole:
            sys.exit(1)

    def _say(self, verdict: Verdict, waiting: int) -> None:
        if verdict.broken:
            entry = f" (entry {verdict.broken.entry_id})" if verdict.broken.entry_id else ""
            self.stderr.write(f"{verdict.broken.fault}: {fault_in_words(verdict.broken)}{entry}")
            self.stderr.write(f"whole up to {verdict.head}")
        else:
            self.stdout.write(f"{verdict.count} entries sealed, {waiting} waiting, chain whole")
            self.stdout.write(f"head {verdict.head}")


def _as_json(verdict: Verdict, waiting: int) -> dict[str, Any]:
    broken = verdict.broken
    return {
        "whole": verdict.is_whole,
        "sealed": verdict.count,
        "waiting": waiting,
        "head": str(verdict.head),
        "broken": {"position": broken.position, "fault": broken.fault, "entry": broken.entry_id} if broken else None,
    }
