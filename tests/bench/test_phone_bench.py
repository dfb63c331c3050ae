"""The benchmark of the phone runs, in small: what comes over the line and the taps are facts, times are not judged."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*options, **environment):
    """The benchmark as `./run bench phone` starts it."""
    return subprocess.run(
        [sys.executable, ROOT / "bench" / "phone.py", *options],
        env=os.environ | {"MADANG_MODE": "demo", "PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.browser
def test_a_vote_is_light_and_takes_few_taps(tmp_path):
    done = run("--rounds", "1", "--json", "--pictures", str(tmp_path))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert 1_000 < figures["first_bytes"] <= 60_000
    assert 500 < figures["next_bytes"] <= 15_000
    assert 5 <= figures["taps"] <= 8
    assert all(
        figures[name] > 0 for name in ("usable_s", "usable_warm_s", "usable_devtools_s", "bare_s", "tap_answer_s")
    )
    visits = {visit["name"]: visit for visit in figures["visits"]}
    assert list(visits) == ["sign-in", "ballot", "check", "receipt", "assembly", "home"]
    # Style sheets come once, under names that change with their content, and are not asked for again.
    sheets = [name for name in visits["sign-in"]["files"] if name.endswith(".css")]
    assert sheets
    assert all(re.search(r"\.[0-9a-f]{12}\.css$", sheet) for sheet in sheets)
    assert not [
        file for name, visit in visits.items() if name != "sign-in" for file in visit["files"] if file in sheets
    ]
    # What comes late must not push away what somebody is about to tap.
    assert all(visit["shift"] < 0.1 for visit in visits.values())
    assert len(list(tmp_path.glob("*.png"))) == len(visits)


def test_without_chromium_it_says_so():
    done = run(CHROMIUM="", PATH="/nowhere")
    assert done.returncode == 2
    assert "needs Chromium" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("rounds", ["0", "16", "many"])
def test_a_run_that_makes_no_sense_is_refused(rounds):
    done = run("--rounds", rounds)
    assert done.returncode == 2
    assert "error" in done.stderr
    assert "Traceback" not in done.stderr
