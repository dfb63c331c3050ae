"""The benchmark of the book, in small: pages are facts, times are not judged."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.pdf.fonts import what_is_missing

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


def run(*options, **environment):
    """The benchmark as `./run bench pdf` starts it."""
    return subprocess.run(
        [sys.executable, ROOT / "bench" / "pdf.py", *options],
        env=os.environ
        | {"MADANG_MODE": "demo", "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(
    bool(what_is_missing()) and os.environ.get("MADANG_REQUIRE_ALL") != "1", reason="no Pango or no font here"
)
def test_both_print_the_same_book(tmp_path):
    done = run("--rounds", "1", "--chapters", "1", "--json", "--keep", str(tmp_path / "book.pdf"))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["pages"] == figures["reference_pages"] > 10
    assert all(figures[name] > 0 for name in ("seconds", "reference_seconds", "ratio", "peak_mb", "reference_peak_mb"))
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")


def test_without_the_font_it_says_so(tmp_path):
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    done = run(FONTCONFIG_FILE=str(config))
    assert done.returncode == 2
    assert "fonts-nanum" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("options", [("--rounds", "0"), ("--rounds", "9"), ("--chapters", "0"), ("--rounds", "many")])
def test_wrong_numbers_are_refused(options):
    done = run(*options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
