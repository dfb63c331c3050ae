"""Workers in processes of their own that are killed, and two at once: each message goes out once at most."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from core.notices.sending import LOST_AFTER, note_lost
from tests.core.notices.letters import notice, states

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _nobody_else_sends(monkeypatch):
    """The job that is ordered at commit would run at once in tests."""
    monkeypatch.setattr("core.notices.services.order_sending", lambda *_args, **_kwargs: None)


@pytest.fixture
def start(tmp_path):
    running = []

    def begin(mailing, **environment):
        database = connection.settings_dict
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.notices.worker", str(mailing.pk)],
            cwd=site.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": url,
                "NOTICES_FILE": str(tmp_path / "sent"),
                "MADANG_MODE": "test",
                **environment,
            },
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def sent(tmp_path):
    return lambda: Counter((tmp_path / "sent").read_text().split())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_sends_nothing_twice(start, sent, when):
    mailing = notice(6, at=timezone.now())
    killed = start(mailing, NOTICES_KILL_AT="3", NOTICES_KILL=when)
    assert killed.wait() == -signal.SIGKILL
    assert states(mailing) == ["sent", "sent", "sending", "waiting", "waiting", "waiting"]

    assert start(mailing).wait() == 0
    note_lost(at=timezone.now() + LOST_AFTER + timedelta(seconds=1))
    assert start(mailing).wait() == 0

    assert states(mailing) == ["sent", "sent", "uncertain", "sent", "sent", "sent"]
    assert set(sent().values()) == {1}
    assert ("head2@example.org" in sent()) == (when == "after")


def test_two_workers_at_once_send_each_once(start, sent):
    mailing = notice(60, at=timezone.now())
    workers = [start(mailing), start(mailing)]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert set(states(mailing)) == {"sent"}
    assert sent() == {f"head{number}@example.org": 1 for number in range(60)}
    assert len(set(mailing.deliveries.values_list("lease", flat=True))) == 2
