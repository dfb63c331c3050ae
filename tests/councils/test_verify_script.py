"""The one-file programme for verifying, run as a stranger runs it: another process, an empty folder, no packages."""

import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from councils.drawing import Lotto, draw, is_verified, verify_bytes, with_alternates, write_document
from tests.councils.drawing_pools import frozen

pytestmark = pytest.mark.once

SCRIPT = Path(__file__).resolve().parents[2] / "councils/verifier/verify_draw.py"
LOTTO = Lotto(1250)
VALUE = {"numbers": [3, 7, 12, 24, 33, 41], "bonus": 9}


def run(folder, *files):
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={"PYTHONIOENCODING": "utf-8"},
    )


def found(folder, data):
    (folder / "draw.json").write_bytes(data)
    return run(folder, "draw.json")


@pytest.fixture(scope="module")
def drawn():
    document, _openings = frozen()
    return draw(document, {"seed": "00ff"}, digits="417")


@pytest.fixture(scope="module")
def withheld():
    """Quotas without room, most attributes withheld, a beacon with a time."""
    before = LOTTO.happens_at() - timedelta(days=2)
    document, openings = frozen(room=0, group_size=5, beacon=LOTTO, frozen_at=before, notice_hours=24)
    return draw(document, VALUE, digits="123", openings=openings), openings


def test_a_draw_verifies(drawn, tmp_path):
    answer = found(tmp_path, write_document(drawn))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "FAILED" not in answer.stdout
    assert f"panel {drawn['chosen']}: {' '.join(drawn['panel'])}" in answer.stdout


def test_a_freeze_verifies(tmp_path):
    document, _openings = frozen()
    for data in (document, with_alternates(document)):
        assert found(tmp_path, write_document(data)).returncode == 0


def test_one_of_a_household_verifies(tmp_path):
    document, _openings = frozen(households=True)
    answer = found(tmp_path, write_document(draw(document, {"seed": "01"}, digits="000")))
    assert answer.returncode == 0, answer.stdout


def test_what_is_sealed_is_called_open(withheld, tmp_path):
    document, openings = withheld
    answer = found(tmp_path, write_document(document))
    assert answer.returncode == 0, answer.stdout
    assert answer.stdout.count("\nopen ") == 7
    (tmp_path / "openings.json").write_text(json.dumps(openings))
    opened = run(tmp_path, "draw.json", "openings.json")
    assert opened.returncode == 0, opened.stdout
    assert opened.stdout.count("\nopen ") == 1


def test_a_lie_about_what_is_sealed_is_found(withheld, tmp_path):
    document, openings = withheld
    first = next(iter(openings))
    lied = {**openings, first: {**openings[first], "attributes": {**openings[first]["attributes"], "tong": "9"}}}
    (tmp_path / "draw.json").write_bytes(write_document(document))
    (tmp_path / "openings.json").write_text(json.dumps(lied))
    assert run(tmp_path, "draw.json", "openings.json").returncode == 1


def test_a_freeze_later_than_its_beacon_is_refused(tmp_path):
    late = LOTTO.happens_at() + timedelta(hours=1)
    document, _openings = frozen(beacon=LOTTO, frozen_at=late, notice_hours=24)
    answer = found(tmp_path, write_document(document))
    assert answer.returncode == 1
    assert "frozen too late" in answer.stdout


def test_script_and_command_find_the_same_changes(drawn, tmp_path):
    data = write_document(drawn)
    chance = random.Random(8)
    places = [chance.randrange(len(data)) for _ in range(6)]
    places += [data.index(f'"{key}":'.encode()) + len(key) + 4 for key in ("value", "digits", "freeze", "certificate")]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1
        assert not is_verified(verify_bytes(bytes(changed))), place
        assert found(tmp_path, bytes(changed)).returncode in {1, 2}, place


def test_a_planted_order_of_alternates_is_refused(drawn, tmp_path):
    alternates = [list(order) for order in drawn["alternates"]]
    alternates[17].reverse()
    answer = found(tmp_path, write_document({**drawn, "alternates": alternates}))
    assert answer.returncode == 1
    assert "panel 17" in answer.stdout


@pytest.mark.parametrize("data", [b"", b"[]\n", b"{}\n", b'{"format":"madang-draw/1"}\n', b"\xff", b"[" * 5000])
def test_what_is_no_draw_is_said_to_be_none(tmp_path, data):
    answer = found(tmp_path, data)
    assert answer.returncode in {1, 2}
    assert "Traceback" not in answer.stderr


def test_it_says_how_it_is_called(tmp_path):
    assert run(tmp_path).returncode == 2
    assert run(tmp_path, "nothing.json").returncode == 2


def test_it_needs_nothing_but_the_standard_library_of_python_3_8():
    import ast

    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
