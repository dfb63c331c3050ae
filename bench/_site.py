"""The site as it runs in production, for a benchmark: gunicorn on a free port of this machine."""

import gzip
import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
THREADS = 8
READY_WITHIN = 30.0
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where gunicorn's heartbeat never waits for a disk


def stop_cleanly() -> None:
    """Let a signal that ends the benchmark leave through the cleaning up: the server stops, its data goes."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(_number: int, _frame: object) -> NoReturn:
    sys.exit(143)


def refuse(text: str) -> NoReturn:
    print(text, file=sys.stderr)
    sys.exit(2)


@contextmanager
def server(environment: dict[str, str], workers: int, folder: Path) -> Iterator[int]:
    """Gunicorn as the site runs it, on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "gunicorn.log"
    command = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--chdir", str(ROOT)),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", str(workers)),
        *("--threads", str(THREADS), "--keep-alive", "30", "--log-level", "warning", "--no-control-socket"),
    ]
    if SHARED_MEMORY.is_dir():
        command += ["--worker-tmp-dir", str(SHARED_MEMORY)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            _wait_until_ready(port, process, log)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + READY_WITHIN
    while time.monotonic() < limit and process.poll() is None:
        try:
            if fetch(port, "/healthz")[0] == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    print(log.read_text(errors="replace"), file=sys.stderr)
    print("The site did not start; its log stands above.", file=sys.stderr)
    sys.exit(1)


def fetch(port: int, address: str, cookies: str = "") -> tuple[int, bytes, list[str]]:
    """Status, unpacked body, and cookies that are set, of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN)
    headers = {"Host": "localhost", "Accept-Encoding": "gzip"} | ({"Cookie": cookies} if cookies else {})
    try:
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return response.status, body, [line.partition(";")[0] for line in response.headers.get_all("Set-Cookie", [])]
