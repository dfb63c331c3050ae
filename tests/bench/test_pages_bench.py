"""The benchmark of pages runs, in small. How fast anything is, is not for a test to say."""

import json

import pytest

from tests.bench.running import left_behind, run_bench

SMALL = ("--rounds", "1", "--seconds", "0.1", "--voters", "4", "--items", "3", "--others", "7", "--connections", "2")
PAGES = ("home", "assembly", "ballot", "result")


@pytest.mark.postgres
def test_it_measures_every_page_and_leaves_nothing_behind():
    done = run_bench("pages", *SMALL, "--json")
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
    assert not left_behind(done)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres://postgres@127.0.0.1:1/nowhere", "No PostgreSQL server answers at 127.0.0.1:1"),
        ("sqlite:///somewhere.sqlite3", "measures on PostgreSQL"),
    ],
)
def test_without_postgresql_it_says_so(url, says):
    done = run_bench("pages", DATABASE_URL=url)
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
    done = run_bench("pages", *options)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Traceback" not in done.stderr
