"""One command leads from an empty folder to a site that answers, and ends cleanly."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
# Loading and compressing take seconds; a machine that runs other tests at the same time may need far longer.
PATIENCE = 300.0
READY = "Madang is ready"
CLOSING = "\n마당을 닫는 중입니다. · Closing Madang …\n"


def environ(var, **more):
    return {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "MADANG_MODE": "demo", "MADANG_VAR_DIR": str(var), **more}


def serve(var, *options, **more):
    return subprocess.run(
        [sys.executable, "manage.py", "serve_demo", *options],
        cwd=ROOT,
        env=environ(var, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Started:
    """The demo as somebody starts it in a terminal; `lines` is what it prints until it is ready."""

    def __init__(self, var):
        self.var, self.port = var, free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_demo", "--port", str(self.port)],
            cwd=ROOT,
            env=environ(var),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.set_blocking(self.process.stdout.fileno(), True)
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line)
            if READY in line:
                break

    def get(self, path):
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()

    def end(self, number):
        self.process.send_signal(number)
        rest = self.process.stdout.read()
        return self.process.wait(PATIENCE), rest


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    started = Started(tmp_path_factory.mktemp("var") / "마당 자료")
    yield started
    if started.process.poll() is None:
        started.process.kill()


def test_the_ready_line_stands_last_and_pages_really_come(first):
    assert f"http://localhost:{first.port}/" in first.lines[-1]
    for path in ("/", "/en/", "/accounts/login/", "/assemblies/"):
        status, page = first.get(path)
        assert status == 200
        assert "<h1" in page


def test_every_account_is_printed_with_what_to_try(first):
    printed = "".join(first.lines)
    for mail in ("bom", "garam", "saem", "eoreusin", "operator", "district", "dong", "council", "club", "auditor"):
        assert f"{mail}@example.org" in printed


def test_the_embedded_worker_seals_the_audit_log(first):
    limit = time.monotonic() + PATIENCE
    with sqlite3.connect(f"file:{first.var}/demo.sqlite3?mode=ro", uri=True) as database:

        def count(table):
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - a name of ours

        while count("audit_auditseal") < count("audit_auditentry") and time.monotonic() < limit:
            time.sleep(0.5)
        assert count("audit_auditseal") == count("audit_auditentry") > 0


def test_a_port_in_use_is_said_clearly(first):
    done = serve(first.var, "--port", str(first.port))
    assert done.returncode == 2
    assert f"Port {first.port} is in use by another program." in done.stderr
    assert done.stdout == ""


def test_it_ends_cleanly_and_starts_again_without_preparing_anew(first):
    assert first.end(signal.SIGINT) == (0, CLOSING)
    again = Started(first.var)
    assert again.get("/")[0] == 200
    assert not [line for line in again.lines if "Loading" in line or "Preparing" in line or "Collecting" in line]
    assert again.end(signal.SIGTERM) == (0, CLOSING)


def test_a_connection_in_reserve_does_not_keep_it_from_ending(first):
    again = Started(first.var)
    with socket.create_connection(("127.0.0.1", again.port)):
        time.sleep(1)
        # Gunicorn would say that it had to kill a process which still waits for the connection.
        assert again.end(signal.SIGINT) == (0, CLOSING)


@pytest.mark.parametrize("port", ["0", "65536"])
def test_what_is_no_port_is_refused_before_anything_is_made(tmp_path, port):
    done = serve(tmp_path / "var", "--port", port)
    assert done.returncode == 2
    assert "is not a port" in done.stderr
    assert not list((tmp_path / "var").iterdir())


def test_production_is_refused(tmp_path):
    done = serve(tmp_path / "var", MADANG_MODE="production")
    assert done.returncode == 1
    assert "In production start gunicorn" in done.stderr


def test_reset_does_not_touch_a_database_that_is_not_its_own(tmp_path):
    done = serve(
        tmp_path / "var", "--port", str(free_port()), "--reset", DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing"
    )
    assert done.returncode == 2
    assert "deletes only the demo's SQLite database" in done.stderr
