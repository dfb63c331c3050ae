"""The benchmark of jobs runs, in small. How fast anything is, is not for a test to say."""

import json

import pytest

from tests.bench.running import left_behind, run_bench


@pytest.mark.postgres
def test_it_waits_for_jobs_sends_a_notice_and_leaves_nothing_behind():
    done = run_bench("jobs", "--mails", "10", "--orders", "3", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["worker"], figures["orders"], figures["mails"]) == ("embedded", 3, 10)
    assert figures["seconds_until_done"]["longest"] >= figures["seconds_until_done"]["middle"] > 0
    assert all(figures[name] > 0 for name in ("mails_a_second", "loop_mails_a_second", "times_the_loop_takes"))
    assert not left_behind(done)


@pytest.mark.parametrize("options", [("--mails", "1"), ("--orders", "1"), ("--mails", "many")])
def test_a_run_that_makes_no_sense_is_refused(options):
    done = run_bench("jobs", *options)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_postgresql_it_says_so():
    done = run_bench("jobs", DATABASE_URL="postgres://postgres@127.0.0.1:1/nowhere")
    assert done.returncode == 2
    assert "No PostgreSQL server answers at 127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr
