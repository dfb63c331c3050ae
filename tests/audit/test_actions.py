"""Every action that the code records has a name for the screen."""

import ast
import re
from pathlib import Path

import pytest

from core.audit.actions import label_of

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "residents", "ordinances", "councils", "assemblies", "portal", "demo")
ACTION = re.compile(r"[a-z]+\.[a-z_]+")


def recorded_actions():
    """Texts handed to `action=` or, as the first argument, to an app's own `_record`."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                values = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
                if isinstance(node.func, ast.Name) and node.func.id == "_record":
                    values += node.args[:1]
                for value in values:
                    if isinstance(value, ast.Constant) and ACTION.fullmatch(str(value.value)):
                        yield value.value


@pytest.mark.parametrize("action", sorted(set(recorded_actions())))
def test_every_recorded_action_has_a_name(action):
    assert label_of(action) != action
