"""Prepare the demo town and serve it: one command, one process to start."""

import errno
import hashlib
import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from config.catalogue import compile_catalogues
from config.site import Site
from demo.accounts import CLOSING, READY, table_of_accounts

PORTS = range(1, 65536)
CALLED_WRONGLY = 2
INTERRUPTED = 130
# Files of libraries that no page of Madang refers to; compressing them takes most of a minute.
NOT_ON_PAGES = ["drf_spectacular_sidecar", "rest_framework"]
LOCAL = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


class Command(BaseCommand):
    help = "Prepare the demo town where that is needed and serve it at http://localhost:PORT/."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("serve_demo is for trying Madang out. In production start gunicorn: docs/operations.md.")
        host, port = options["host"], options["port"]
        _check_address(host, port)
        try:
            self._prepare(reset=options["reset"])
        except KeyboardInterrupt:
            raise CommandError("Stopped. Start again to go on from here.", returncode=INTERRUPTED) from None
        settings.EMBEDDED_WORKER = True
        Site(
            host=host, port=port, when_ready=lambda: self._say_ready(host, port), when_stopping=self._say_stopping
        ).serve()

    def _prepare(self, *, reset: bool) -> None:
        if reset:
            self._reset()
        compile_catalogues()
        self._migrate()
        call_command("load_demo", stdout=self.stdout)
        self._collect_static()
        # The serving process is a fork: it must not inherit an open connection.
        connections.close_all()

    def _reset(self) -> None:
        database = connection.settings_dict
        if connection.vendor != "sqlite":
            raise CommandError(
                "The option --reset deletes only the demo's SQLite database. Empty the one of DATABASE_URL yourself.",
                returncode=CALLED_WRONGLY,
            )
        connections.close_all()
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{database['NAME']}{ending}").unlink(missing_ok=True)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static(self) -> None:
        """Copy and compress static files if any of them changed since the last time."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        print_of_files = _fingerprint_of_static_files()
        if stamp.exists() and stamp.read_text(encoding="ascii") == print_of_files:
            return
        self.stdout.write("Collecting style sheets and scripts …")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_ON_PAGES)
        stamp.write_text(print_of_files, encoding="ascii")

    def _say_ready(self, host: str, port: int) -> None:
        name = "localhost" if host in LOCAL else host
        self.stdout.write(f"\n{table_of_accounts()}\n")
        self.stdout.write(READY.format(address=f"http://{name}:{port}/"))
        self.stdout.flush()

    def _say_stopping(self) -> None:
        self.stdout.write(f"\n{CLOSING}")
        self.stdout.flush()


def _check_address(host: str, port: int) -> None:
    """Find out first whether the address can be had, so that nothing is prepared in vain."""
    if port not in PORTS:
        raise CommandError(f"{port} is not a port. Give a number from 1 to 65535.", returncode=CALLED_WRONGLY)
    try:
        [(family, kind, _protocol, _name, address), *_others] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise CommandError(_why_not(problem, host, port), returncode=CALLED_WRONGLY) from problem


def _why_not(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Choose another one, like: --port {port % 65535 + 1}"
    if problem.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one from 1024 on, like: --port 8001"
    return f"{host}:{port} cannot be listened on: {problem.strerror}"


def _fingerprint_of_static_files() -> str:
    """A digest over names, sizes and times of all files that collectstatic would copy."""
    seen = hashlib.sha256(type(staticfiles_storage).__name__.encode())
    for finder in get_finders():
        for name, storage in finder.list(NOT_ON_PAGES):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
