"""How soon an ordered job is done, and how fast a notice goes to many, against a bare loop, on PostgreSQL.

`./run bench jobs` prints a table, `./run bench jobs --json` one JSON object as its last line. With `--redis URL` the
jobs are done by a Celery worker on that Redis besides; without it by the worker in the site's own process only.
"""

import argparse
import json
import os
import platform
import signal
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

from bench.pages import database

ROOT = Path(__file__).resolve().parent.parent
MAILS, FEWEST_MAILS = 1_000, 10
ORDERS, FEWEST_ORDERS = 20, 3
LONGEST = 60.0  # seconds that one job is waited for
LOOK = 0.01  # seconds between two looks
PATIENCE = 20.0  # seconds that a worker is given to begin or to end


def main() -> int:
    options = read_options()
    signal.signal(signal.SIGTERM, _stop)
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, database() as url, sink() as port:
        for name in ("DEBUG", "ALLOWED_HOSTS", "REDIS_URL", "EMBEDDED_WORKER"):
            os.environ.pop(name, None)
        os.environ |= {"DATABASE_URL": url, "MADANG_MODE": "demo", "MADANG_VAR_DIR": folder, "EMBEDDED_WORKER": "true"}
        os.environ |= {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "NOTICE_RATE": "0"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
        if options.redis:
            os.environ["REDIS_URL"] = options.redis
        import django  # noqa: PLC0415 - the environment stands only now

        django.setup()
        from django.db import connections  # noqa: PLC0415

        try:
            figures = measure(options, port)
        finally:
            connections.close_all()
    print_table(figures)
    if options.json:
        print(json.dumps(figures))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench jobs", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--mails", type=int, default=MAILS, help=f"recipients of the notice ({MAILS})")
    parser.add_argument("--orders", type=int, default=ORDERS, help=f"jobs, one after the other ({ORDERS})")
    parser.add_argument("--redis", default="", help="address of an empty Redis database for a worker of its own")
    options = parser.parse_args()
    if options.mails < FEWEST_MAILS or options.orders < FEWEST_ORDERS:
        parser.error(f"at least {FEWEST_MAILS} mails and {FEWEST_ORDERS} orders are needed to say something")
    return options


def _stop(_number: int, _frame: object) -> NoReturn:
    """Leave through the cleaning up: the database and the processes go."""
    sys.exit(143)


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server in a process of its own, which takes everything."""
    with subprocess.Popen([sys.executable, ROOT / "bench" / "_sink.py"], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline()) if server.stdout else 0
        finally:
            server.terminate()


# --- Measuring --------------------------------------------------------------------------------------------------------


def measure(options: argparse.Namespace, port: int) -> dict[str, Any]:
    """A worker does small jobs ordered one after the other; then a notice is sent, and the same by the bare loop."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    with worker(on_redis=bool(options.redis)):
        waits = [seconds_until_done() for _turn in range(options.orders + 1)][1:]
    sent = notice(options.mails)
    loop = bare_loop(options.mails, port)
    return {
        "benchmark": "jobs",
        "worker": "redis" if options.redis else "embedded",
        "orders": options.orders,
        "seconds_until_done": {
            "middle": round(statistics.median(waits), 3),
            "longest": round(max(waits), 3),
        },
        "mails": options.mails,
        "ordered_seconds": round(sent[0], 2),
        "mails_a_second": round(options.mails / sent[1]),
        "loop_mails_a_second": round(options.mails / loop),
        "times_the_loop_takes": round(sent[1] / loop, 1),
        "python": platform.python_version(),
    }


@contextmanager
def worker(*, on_redis: bool) -> Iterator[None]:
    """Somebody who does the jobs: the threads of this process, or a Celery worker in a process of its own."""
    if not on_redis:
        from config import embedded  # noqa: PLC0415

        embedded.start()
        try:
            yield
        finally:
            embedded.stop()
        return
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "-l", "ERROR"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def seconds_until_done() -> float:
    """Order the smallest job there is, one of an import that is gone, and wait for it."""
    from django.utils import timezone  # noqa: PLC0415

    from core.jobs.models import Job  # noqa: PLC0415
    from core.jobs.services import order_job  # noqa: PLC0415
    from core.jobs.states import JobStatus  # noqa: PLC0415

    began = time.perf_counter()
    job = order_job(kind="imports", title="bench", parameters={"run": str(uuid4())}, owner=None, at=timezone.now())
    while not Job.objects.filter(pk=job.pk, status=JobStatus.DONE).exists():
        if time.perf_counter() - began > LONGEST:
            print("A job was not done in time.", file=sys.stderr)
            sys.exit(1)
        time.sleep(LOOK)
    return time.perf_counter() - began


def notice(count: int) -> tuple[float, float]:
    """Seconds for ordering a notice to `count` addresses, and for sending it as its job does."""
    from django.utils import timezone  # noqa: PLC0415

    from core.notices.sending import send_mailing  # noqa: PLC0415
    from core.notices.services import Recipient, send_notice  # noqa: PLC0415

    told = {"title": "포럼", "when": "2026-06-01", "place": "오산", "path": "/", "waits": False}
    recipients = [Recipient(f"p{number}@example.org", name="홍길동", context=told) for number in range(count)]
    began = time.perf_counter()
    mailing = send_notice(kind="forums.registration_confirmed", recipients=recipients, actor=None, at=timezone.now())
    ordered = time.perf_counter()
    counts = send_mailing(mailing, lambda _percent, _step: None)
    if counts.sent != count:
        print(f"{counts.sent} of {count} mails were sent.", file=sys.stderr)
        sys.exit(1)
    return ordered - began, time.perf_counter() - ordered


def bare_loop(count: int, port: int) -> float:
    """Seconds of the plain loop: it notes nothing, so after a kill nobody knows who got the mail."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            mail = EmailMessage()
            mail["Subject"], mail["From"], mail["To"] = "포럼", "madang@example.org", f"p{number}@example.org"
            mail.set_content("안녕하십니까.\n" * 20)
            server.send_message(mail)
    return time.perf_counter() - began


# --- Saying -----------------------------------------------------------------------------------------------------------


def print_table(figures: dict[str, Any]) -> None:
    waits = figures["seconds_until_done"]
    print(
        f"{figures['orders']} jobs, {figures['worker']} worker: done {waits['middle']:.3f} s after the order "
        f"in the middle, {waits['longest']:.3f} s at the longest"
    )
    print(
        f"{figures['mails']} mails: ordered in {figures['ordered_seconds']:.2f} s, sent {figures['mails_a_second']} a "
        f"second; the bare loop {figures['loop_mails_a_second']}, so {figures['times_the_loop_takes']} times as long"
    )


if __name__ == "__main__":
    sys.exit(main())
