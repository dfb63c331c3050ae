"""The benchmark of imports runs, in small. How fast anything is, is not for a test to say."""

import json

import pytest

from tests.bench.running import left_behind, run_bench


@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_it_checks_and_writes_every_row_and_leaves_nothing_behind(kind):
    done = run_bench("imports", "--rows", "1000", "--kind", kind, "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["rows"], figures["kind"]) == (1000, kind)
    assert set(figures["seconds"]) == {"upload", "check", "write", "report", "check_again"}
    assert all(figures[name] > 0 for name in ("check_and_write_seconds", "rows_a_second", "loop_rows_a_second"))
    assert figures["times_the_loop"] > 0
    assert figures["memory_mb"]["after"] >= figures["memory_mb"]["before"] > 0
    assert not left_behind(done)


@pytest.mark.parametrize("options", [("--rows", "10"), ("--rows", "many"), ("--kind", "pdf")])
def test_a_run_that_makes_no_sense_is_refused(options):
    done = run_bench("imports", *options)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgres://postgres@127.0.0.1:1/nowhere", "No PostgreSQL server answers at 127.0.0.1:1"),
        ("sqlite:///somewhere.sqlite3", "measures on PostgreSQL"),
    ],
)
def test_without_postgresql_it_says_so(url, says):
    done = run_bench("imports", DATABASE_URL=url)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
