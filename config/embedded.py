"""A Celery worker and its scheduler as two threads of the site's process, for a site that is one process.

The demo has no broker: its messages lie in the memory of the process, so only a worker in that process sees them. With
REDIS_URL set the same threads take their messages from Redis; then separate workers are the better choice.

This module is also a configuration of gunicorn (`gunicorn --config python:config.embedded`): it has the two hooks.
"""

import os
import threading
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.worker import WorkController, state
from django.conf import settings
from django.db import connections

from config.celery import app as madang

# Seconds between two looks into the queue in memory, which cannot wake its reader.
POLLING_INTERVAL = 0.2
# Seconds that the worker waits for a message before it looks whether it is to stop; celery would wait two, twice.
ATTENTION = 0.2
# Seconds that a task under way is given when the process ends.
PATIENCE = 10.0
# The same for a job: one that takes longer is taken up again when the site starts the next time.
PATIENCE_WITH_JOBS = 2.0


class EmbeddedWorker:
    """The two threads. One task at a time: the demo's database has one writer anyway."""

    def __init__(self, app: Celery = madang, *, with_schedule: bool = True) -> None:
        if app.conf.broker_url.startswith("memory:"):
            app.conf.broker_transport_options = {"polling_interval": POLLING_INTERVAL}
        # The process has run Django's checks already; once is enough.
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
        self._ready = threading.Event()
        self._worker = WorkController(
            app=app,
            hostname=f"embedded-{os.getpid()}@localhost",
            pool_cls="solo",
            concurrency=1,
            loglevel="WARNING",
            ready_callback=self._note_ready,
            use_eventloop=False,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._beat: Any = None
        if with_schedule:
            self._beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")

    def _note_ready(self, consumer: Any) -> None:
        connection = consumer.connection
        drain = connection.drain_events
        connection.drain_events = lambda timeout: drain(timeout=min(timeout, ATTENTION))
        self._ready.set()

    def _work(self) -> None:
        # Tasks are looked up in the current application, which is a matter of each thread.
        self._worker.app.set_current()
        try:
            self._worker.start()
        finally:
            connections.close_all()

    def start(self) -> None:
        self._thread.start()
        if self._beat:
            self._beat.start()

    def wait_until_ready(self, seconds: float = PATIENCE) -> bool:
        """Whether the worker listens within `seconds`."""
        return self._ready.wait(seconds)

    def stop(self) -> None:
        """Take no further task, wait for the one under way, end both threads."""
        # What the signal handlers of a worker of its own do: the worker's loop sees it and leaves by itself.
        state.should_stop = 0  # type: ignore[assignment]
        if self._beat:
            # The scheduler only sleeps until its next round, for minutes perhaps, and has nothing to put away: its
            # thread, a daemon, need not be waited for.
            self._beat.service.stop(wait=False)
        self._thread.join(PATIENCE)
        state.should_stop = None

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()


_running: EmbeddedWorker | None = None


def start() -> None:
    """Start the threads of this process, if the settings ask for them and they do not run yet.

    Jobs have a thread of their own, so that a long one keeps nothing waiting that is due. Messages about jobs that lay
    in the memory of the process before are gone: all that wait are sent again.
    """
    global _running  # noqa: PLW0603 - there is one for a process
    if settings.EMBEDDED_WORKER and _running is None:
        from core.jobs import beside  # noqa: PLC0415 - gunicorn reads this module before the apps are there

        beside.start()
        _running = EmbeddedWorker()
        _running.start()
        in_memory = madang.conf.broker_url.startswith("memory:")
        madang.send_task("core.jobs.tasks.take_up_lost_jobs", kwargs={"messages_lost": in_memory})


def stop() -> None:
    """End the threads of this process, if there are any."""
    global _running  # noqa: PLW0603 - there is one for a process
    if _running is not None:
        from core.jobs import beside  # noqa: PLC0415 - as above

        _running.stop()
        _running = None
        beside.stop(PATIENCE_WITH_JOBS)


def post_worker_init(_worker: Any) -> None:
    """Start in the process that serves: a hook of gunicorn, after the fork."""
    start()


def worker_exit(_server: Any, _worker: Any) -> None:
    """End with the process that serves: a hook of gunicorn."""
    stop()
