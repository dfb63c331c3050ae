"""The benchmark of the search runs, in small. How fast anything is, is not for a test to say."""

import json

import pytest

from tests.bench.running import left_behind, run_bench


@pytest.mark.postgres
def test_it_asks_every_query_and_leaves_nothing_behind():
    done = run_bench("search", "--items", "3000", "--rounds", "1", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    found = {query["typed"]: query["found"] for query in figures["queries"]}
    assert found["주차"] == 300 + 4  # four items of the town around them are about parking too
    assert found["놀이터를"] == found["놀이터"] == 300
    assert found["텃밭에서"] == found["텃밭"] == 3
    assert found["자전거보관대를"] == found["자전거보관대"] == 2
    assert found["우주정거장"] == found["자전거보간대"] == 0
    assert all(query["search_ms"] and query["scan_ms"] and query["page_ms"] for query in figures["queries"])
    assert not left_behind(done)


@pytest.mark.parametrize("options", [("--items", "10"), ("--rounds", "0")])
def test_a_run_that_makes_no_sense_is_refused(options):
    done = run_bench("search", *options)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_postgresql_it_says_so():
    done = run_bench("search", DATABASE_URL="sqlite:///somewhere.sqlite3")
    assert done.returncode == 2
    assert "measures on PostgreSQL" in done.stderr
    assert done.stdout == ""
