"""The benchmark of pages runs, in small. How fast anything is, is not for a test to say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--rounds", "1", "--seconds", "0.1", "--voters", "4", "--items", "3", "--others", "7", "--connections", "2")
PAGES = ("home", "assembly", "ballot", "result")


def run(*options, **environment):
    """The benchmark as `./run bench pages` starts it."""
    return subprocess.run(
        [sys.executable, ROOT / "bench" / "pages.py", *options],
        env=os.environ | {"MADANG_MODE": "demo", "PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def databases():
    """Names of all databases on the server of the tests."""
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    with psycopg2.connect(f"{server}/postgres") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [r"madang\_bench\_%"])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.postgres
def test_it_measures_every_page_and_leaves_nothing_behind():
    before = databases()
    done = run(*SMALL, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["failures"] == 0
    assert figures["empty_rps"] > 0
    for page in PAGES:
        assert figures[f"{page}_rps"] > 0
        assert figures[f"{page}_ratio"] > 0
        assert figures[f"{page}_bytes"] > 500
    for page in ("empty", *PAGES):
        assert any(line.startswith(page) for line in done.stdout.splitlines())
    assert databases() <= before


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres://postgres@127.0.0.1:1/nowhere", "No PostgreSQL server answers at 127.0.0.1:1"),
        ("sqlite:///somewhere.sqlite3", "measures on PostgreSQL"),
    ],
)
def test_without_postgresql_it_says_so(url, says):
    done = run(DATABASE_URL=url)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        ("--rounds", "0"),
        ("--seconds", "0"),
        ("--seconds", "60"),
        ("--workers", "3"),
        ("--items", "1"),
        ("--others", "-1"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(options):
    done = run(*options)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Traceback" not in done.stderr
