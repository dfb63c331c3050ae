"""Every process of an installation refuses to start with values that only a demo may have."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
# Beat deletes a schedule file that it cannot read, also a device: it gets a file of the test's own.
SCHEDULE = "schedule"
PROCESSES = [
    ["manage.py", "check"],
    ["-m", "gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:0"],
    ["-m", "celery", "--app", "config", "worker", "--pool", "solo"],
    ["-m", "celery", "--app", "config", "beat", "--schedule", SCHEDULE],
]


@pytest.mark.parametrize("command", PROCESSES, ids=lambda command: command[-1])
def test_process_without_settings_lists_what_is_missing(command: list[str], tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "MADANG_MODE": "production"}
    arguments = [str(tmp_path / part) if part is SCHEDULE else part for part in command]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    output = done.stdout + done.stderr
    assert done.returncode != 0
    for missing in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"):
        assert f"{missing} must" in output, output
