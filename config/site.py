"""The demo's web server: gunicorn with one process, because the cache and the queue lie in its memory, and threads."""

import contextlib
import http.client
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers import gthread

from config import embedded

THREADS = 8
# Seconds after which a serving process that was told to stop is killed. What it waits for has limits of its own, which
# are shorter; this one is for a machine that is very busy.
PATIENCE = 30
# Seconds that a thread waits on a connection a browser opened in reserve, without asking anything: five are gunicorn's
# own, which would hold up the end of the site. Afterwards the connection waits without a thread.
RESERVE = 1.0
ANSWERS_WITHIN = 30.0
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where gunicorn's heartbeat never waits for a disk


class Keeper(Arbiter):
    """Gunicorn's first process, which says that it stops before it waits for anything."""

    def __init__(self, site: BaseApplication, when_stopping: Callable[[], None]) -> None:
        self._when_stopping: Callable[[], None] | None = when_stopping
        super().__init__(site)  # type: ignore[no-untyped-call]

    def stop(self, graceful: bool = True) -> None:
        """Called once or twice for each end, by gunicorn."""
        tell, self._when_stopping = self._when_stopping, None
        if tell:
            # A terminal that is gone must not keep the site from stopping.
            with contextlib.suppress(OSError):
                tell()
        super().stop(graceful)  # type: ignore[no-untyped-call]


class Site(BaseApplication):
    """Serves until it is stopped.

    Calls `when_ready` in the serving process once a page really comes, `when_stopping` in the first one.
    """

    def __init__(
        self, *, host: str, port: int, when_ready: Callable[[], None], when_stopping: Callable[[], None]
    ) -> None:
        self._host, self._port = host, port
        self._when_ready, self._when_stopping = when_ready, when_stopping
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        host = f"[{self._host}]" if ":" in self._host else self._host
        wanted: dict[str, Any] = {
            "bind": f"{host}:{self._port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "preload_app": False,
            "timeout": 60,
            "graceful_timeout": PATIENCE,
            "loglevel": "warning",
            "control_socket_disable": True,
            # ./run demo --reset looks here whether somebody still uses the database.
            "pidfile": str(settings.VAR_DIR / f"serving-{self._port}.pid"),
            "post_worker_init": self._serving,
            "worker_exit": embedded.worker_exit,
        }
        if SHARED_MEMORY.is_dir():
            wanted["worker_tmp_dir"] = str(SHARED_MEMORY)
        for name, value in wanted.items():
            self.cfg.set(name, value)  # type: ignore[union-attr]

    def serve(self) -> None:
        """Serve until a signal ends it; leaves by SystemExit."""
        gthread.DEFAULT_WORKER_DATA_TIMEOUT = RESERVE
        Keeper(self, self._when_stopping).run()  # type: ignore[no-untyped-call]

    def load(self) -> WSGIHandler:
        from config.wsgi import application  # noqa: PLC0415 - loaded in the process that serves

        return application

    def _serving(self, worker: Any) -> None:
        embedded.post_worker_init(worker)
        # A worker that replaces a lost one is not announced again.
        if worker.age == 1:
            threading.Thread(target=self._announce, name="announce", daemon=True).start()

    def _announce(self) -> None:
        limit = time.monotonic() + ANSWERS_WITHIN
        while time.monotonic() < limit:
            if self._answers():
                self._when_ready()
                return
            time.sleep(0.05)

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 - read, not bound
        connection = http.client.HTTPConnection(host, self._port, timeout=ANSWERS_WITHIN)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
