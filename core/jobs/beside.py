"""A thread for jobs beside the worker in the site's own process.

That worker does one task at a time. A book that takes two minutes must not keep it from closing a vote when it is due,
so there its task only passes the job's number on to this thread, which runs one job after the other.
"""

import logging
import threading
from queue import SimpleQueue

from django.db import Error, connections

from core.jobs import running

logger = logging.getLogger("madang.jobs")


class JobThread:
    """Runs the jobs whose numbers it is given. A daemon: a process that ends loses the job; recovery takes it up."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, job_id: str) -> None:
        self._waiting.put(job_id)

    def stop(self, patience: float) -> None:
        """Begin no further job and give the one under way `patience` seconds."""
        while not self._waiting.empty():
            self._waiting.get()
        self._waiting.put(None)
        self._thread.join(patience)

    def _work(self) -> None:
        try:
            while (job_id := self._waiting.get()) is not None:
                try:
                    running.run(job_id)
                except Error as error:
                    # The job stands in the database as it is; recovery looks after it.
                    logger.error("job %s: %s", job_id, running.without_values(error))  # noqa: TRY400 - no values
                    connections.close_all()
        finally:
            connections.close_all()


# The thread of this process, where there is one.
_thread: JobThread | None = None


def start() -> None:
    """From now on this process runs its jobs in a thread of their own."""
    global _thread  # noqa: PLW0603 - there is one for a process
    _thread = JobThread()
    _thread.start()


def stop(patience: float) -> None:
    global _thread  # noqa: PLW0603 - there is one for a process
    if _thread is not None:
        _thread.stop(patience)
        _thread = None


def takes(job_id: str) -> bool:
    """Whether a thread of this process has taken over the job with this number."""
    if _thread is None:
        return False
    _thread.put(job_id)
    return True
