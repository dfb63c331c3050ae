"""A benchmark as `./run bench` starts it, in small, and what it left behind."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    process_id: int
    returncode: int
    stdout: str
    stderr: str


def run_bench(name, *options, **environment):
    """Run bench/<name>.py to its end, at most four minutes."""
    with subprocess.Popen(
        [sys.executable, ROOT / "bench" / f"{name}.py", *options],
        env=os.environ | {"MADANG_MODE": "demo", "PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said, complained = process.communicate(timeout=240)
        finally:
            process.kill()
        return Done(process.pid, process.returncode, said, complained)


def left_behind(done):
    """The databases of this run that are still on the server of the tests; others may be measuring at the same time."""
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    with psycopg2.connect(f"{server}/postgres") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [f"madang_bench_{done.process_id}"])
        return cursor.fetchall()
