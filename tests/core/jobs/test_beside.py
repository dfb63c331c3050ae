"""In the site's own process jobs have a thread of their own, so that nothing that is due waits for a long one."""

import threading

import pytest

from core.jobs import beside
from core.jobs.states import JobStatus
from core.jobs.tasks import run_job
from tests.core.jobs.kinds import known
from tests.factories import JobFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _own_thread():
    beside.start()
    yield
    beside.stop(60)


@pytest.mark.usefixtures("_own_thread")
def test_the_worker_is_free_while_a_job_runs():
    begun, go, names = threading.Event(), threading.Event(), []

    def work_on(_work):
        names.append(threading.current_thread().name)
        begun.set()
        assert go.wait(60)

    with known("test", work_on):
        first, second = JobFactory(), JobFactory()
        assert run_job(str(first.pk))
        assert run_job(str(second.pk))
        assert begun.wait(60)
        go.set()
        # The one under way is finished, the one behind it waits for the next start.
        beside.stop(60)
    first.refresh_from_db()
    assert first.status == JobStatus.DONE
    assert set(names) == {"jobs"}


def test_without_such_a_thread_the_worker_does_it_itself():
    with known("test", lambda _work: None):
        job = JobFactory()
        run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == JobStatus.DONE
