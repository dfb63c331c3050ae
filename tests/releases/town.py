"""Runs inside a release (see make.py): its demo town, smaller, and what the release says of it, as JSON.

Everything is made through the release's own loader and services; only how many people there are is less.
"""

import csv
import hashlib
import io
import json
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django

sys.path.insert(0, str(Path.cwd()))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone, translation  # noqa: E402
from django.utils.translation import gettext  # noqa: E402

from assemblies.models import Participation, Poll  # noqa: E402
from assemblies.states import RESULT_PUBLIC  # noqa: E402
from core.audit.sealing import seal_pending, verify_log  # noqa: E402
from demo import loader, people  # noqa: E402
from demo.accounts import OFFICIALS, PASSWORD, RESIDENTS, Standing  # noqa: E402

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))
FIGURES = ["rank", "number", "item", "votes", "share in %", "took part", "on the roll"]
PEOPLE, ON_PAPER, VOTERS = 24, 24, 18


def small(plan):
    """The same assembly with fewer people; where the votes are given one by one, with as many as before."""
    if any(poll.votes for poll in plan.polls):
        return plan
    polls = tuple(replace(poll, voters=min(poll.voters, VOTERS)) for poll in plan.polls)
    return replace(plan, references=plan.references[:ON_PAPER], polls=polls)


def load() -> None:
    people.INVENTED = PEOPLE
    hold = loader.hold
    loader.hold = lambda town, plan, **who: hold(town, small(plan), **who)
    timezone.now = lambda: NOW
    loader.load(now=NOW)
    seal_pending(at=NOW)
    call_command("clearsessions")


def result_of(visitor: Client, poll: Poll) -> list[list[str]]:
    """The figures of the result as anybody can save them, by message: headings may be worded better one day."""
    answer = visitor.get(f"/polls/{poll.pk}/result.csv")
    assert answer.status_code == 200, answer
    with translation.override("ko"):
        heads = [gettext(figure) for figure in FIGURES]
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return [[row[head] for head in heads] for row in rows]


def migrations() -> dict[str, str]:
    """Our migrations by name, with the SHA-256 of each file: what was released is never edited."""
    found = {}
    for config in apps.get_app_configs():
        folder = Path(config.path, "migrations")
        if folder.is_relative_to(Path.cwd()):
            for file in sorted(folder.glob("0*.py")):
                found[f"{config.label}.{file.stem}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def facts() -> dict:
    """What must hold after every upgrade to come."""
    visitor = Client()
    polls = {}
    for poll in Poll.objects.order_by("pk"):
        polls[poll.pk] = {
            "title": str(poll.title),
            "status": poll.status,
            "participations": poll.participations.count(),
            "ballots": poll.ballots.count(),
            "result": result_of(visitor, poll) if poll.status in RESULT_PUBLIC else None,
        }
    voted = next(one for one in RESIDENTS if one.standing is Standing.VOTED)
    not_yet = next(one for one in RESIDENTS if one.standing is Standing.VERIFIED)
    receipts = Participation.objects.filter(entry__user__email=voted.email).order_by("poll")
    return {
        "migrations": migrations(),
        "figures": FIGURES,
        "at": NOW.isoformat(),
        "password": PASSWORD,
        "accounts": [one.email for one in (*RESIDENTS, *OFFICIALS)],
        "desk": [one.email for one in OFFICIALS],
        "voted": voted.email,
        "not_yet": not_yet.email,
        "receipts": {receipt.poll_id: receipt.receipt for receipt in receipts},
        "polls": polls,
        "audit_head": str(verify_log().head),
        "audit_sealed": verify_log().count,
    }


load()
Path(sys.argv[1]).write_text(json.dumps(facts(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
