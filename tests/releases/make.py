"""Keeps a small town as a release left it: a dump for SQLite, one for PostgreSQL, and what that release says of it.

    .venv/bin/python tests/releases/make.py COMMIT [--postgres postgres://postgres@127.0.0.1:5432/]

COMMIT is a commit or tag of this repository that was released. Its code is unpacked into a folder of its own and makes
the town there with `town.py`, so that what is kept is its own work and not ours. The environment is the one that runs
this script: run it before the requirements move on. docs/testing.md says when.
"""

import argparse
import lzma
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

HERE = Path(__file__).resolve().parent
MOST = 200 * 1024  # bytes of one dump as it is kept
DATABASE = "madang_release"


def main() -> None:
    parser = argparse.ArgumentParser(description="Keep a small town as a release left it.")
    parser.add_argument("commit")
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432/")
    options = parser.parse_args()
    kept = HERE / options.commit
    kept.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder, "code")
        unpack(options.commit, code)
        database = Path(folder, "town.sqlite3")
        make_town(code, f"sqlite:///{database}", kept / "sqlite.json")
        with sqlite3.connect(database) as connection:
            keep(kept / "sqlite.sql.xz", "\n".join(connection.iterdump()))
        with empty_database(options.postgres) as url:
            make_town(code, url, kept / "postgresql.json")
            keep(kept / "postgresql.sql.xz", dump_of(url))


def unpack(commit: str, code: Path) -> None:
    code.mkdir()
    archive = code.with_suffix(".tar")
    subprocess.run(["git", "archive", "--output", archive, commit], cwd=HERE.parents[1], check=True)
    with tarfile.open(archive) as tar:
        tar.extractall(code, filter="data")


def make_town(code: Path, url: str, facts: Path) -> None:
    """Run the release's migrations and `town.py` on an empty database, as the demo does it: with its own code."""
    shutil.copy(HERE / "town.py", code / "make_release_town.py")
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment |= {"MADANG_MODE": "demo", "DATABASE_URL": url, "MADANG_VAR_DIR": str(code / "var")}
    for command in (["manage.py", "compile_messages"], ["manage.py", "migrate", "-v0"]):
        subprocess.run([sys.executable, *command], cwd=code, env=environment, check=True)
    subprocess.run([sys.executable, "make_release_town.py", str(facts)], cwd=code, env=environment, check=True)


class empty_database:  # noqa: N801 - used as a function is
    """A fresh database on the server, dropped again at the end."""

    def __init__(self, server: str) -> None:
        self.server = server

    def __enter__(self) -> str:
        self._run(f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
        return self.server + DATABASE

    def __exit__(self, *_error: object) -> None:
        self._run(f"DROP DATABASE {DATABASE} WITH (FORCE)")

    def _run(self, *statements: str) -> None:
        connection = psycopg2.connect(self.server + "postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()


def dump_of(url: str) -> str:
    """The database as statements that any connection can run, without the commands of psql's own."""
    parts = urlsplit(url)
    command = ["pg_dump", "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges"]
    command += ["-h", parts.hostname or "", "-p", str(parts.port or 5432), "-U", parts.username or "", parts.path[1:]]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"^\\.*\n", "", dump, flags=re.MULTILINE)


def keep(path: Path, dump: str) -> None:
    packed = lzma.compress(dump.encode(), preset=9 | lzma.PRESET_EXTREME)
    if len(packed) > MOST:
        sys.exit(f"{path.name} would have {len(packed)} bytes, more than {MOST}: make the town of town.py smaller.")
    path.write_bytes(packed)
    print(f"{path.relative_to(HERE)}: {len(packed)} bytes")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
