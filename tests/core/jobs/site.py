"""A site of its own process for tests that kill it: `python -m tests.core.jobs.site embedded`, or as a Celery app.

Kind "slow" writes a line into the diary named in its parameters whenever it is begun. At the first attempt it works for
minutes, later it makes a file at once.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from config import embedded  # noqa: E402 - Django first
from config.celery import app  # noqa: E402
from core.jobs.kinds import JobKind, register_kind  # noqa: E402

__all__ = ["app"]

LONG = 240


def slow(work):
    diary = Path(work.job.parameters["diary"])
    with diary.open("a") as lines:
        lines.write(f"begun {work.job.attempts}\n")
    if work.job.attempts == 1 and work.job.parameters.get("hangs", True):
        until = time.monotonic() + LONG
        while time.monotonic() < until:
            work.tell(30, "first attempt")
            time.sleep(0.05)
    path = diary.with_suffix(".txt")
    path.write_text("made")
    work.keep(path, name="made.txt", content_type="text/plain")


register_kind(JobKind(name="slow", title="slow", run=slow))
register_kind(JobKind(name="once", title="once", run=slow, max_attempts=1))

if __name__ == "__main__" and sys.argv[1:] == ["embedded"]:
    embedded.start()
    time.sleep(LONG)
