"""Tasks that the site publishes run in the site's own process, and the threads end when it does."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from celery import Celery

from config import embedded
from config.embedded import EmbeddedWorker

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def celery_app():
    app = Celery("embedded-test", broker="memory://localhost/", set_as_current=False)
    app.conf.task_ignore_result = True
    app.conf.worker_redirect_stdouts = False
    app.conf.worker_hijack_root_logger = False
    return app


def wait_for(condition, seconds=60.0):
    limit = time.monotonic() + seconds
    while not condition() and time.monotonic() < limit:
        time.sleep(0.02)
    return condition()


def test_a_task_published_by_another_thread_runs_in_the_worker_thread(celery_app):
    ran = []

    @celery_app.task(name="note")
    def note(number):
        ran.append((number, threading.current_thread().name))

    worker = EmbeddedWorker(celery_app, with_schedule=False)
    worker.start()
    assert worker.wait_until_ready()
    publisher = threading.Thread(target=note.delay, args=(7,))
    publisher.start()
    publisher.join()
    try:
        assert wait_for(lambda: ran)
    finally:
        worker.stop()
    assert ran == [(7, "worker")]
    assert not worker.is_running


def test_the_schedule_publishes_what_is_due(celery_app):
    ran = []

    @celery_app.task(name="tick")
    def tick():
        ran.append(1)

    celery_app.conf.beat_schedule = {"tick": {"task": "tick", "schedule": 0.2}}
    worker = EmbeddedWorker(celery_app)
    worker.start()
    try:
        assert wait_for(lambda: len(ran) > 1)
    finally:
        worker.stop()
    assert not worker.is_running


def test_a_task_under_way_is_finished_before_the_end(celery_app):
    started, finished = threading.Event(), threading.Event()

    @celery_app.task(name="slow")
    def slow():
        started.set()
        time.sleep(0.5)
        finished.set()

    worker = EmbeddedWorker(celery_app, with_schedule=False)
    worker.start()
    slow.delay()
    assert started.wait(60)
    worker.stop()
    assert finished.is_set()


def test_a_failing_task_does_not_end_the_worker(celery_app, caplog):
    ran = []

    @celery_app.task(name="bad")
    def bad():
        raise ValueError("a bad task")

    @celery_app.task(name="good")
    def good():
        ran.append(1)

    worker = EmbeddedWorker(celery_app, with_schedule=False)
    worker.start()
    bad.delay()
    good.delay()
    try:
        assert wait_for(lambda: ran)
    finally:
        worker.stop()


def test_without_the_setting_nothing_starts(settings):
    settings.EMBEDDED_WORKER = False
    before = set(threading.enumerate())
    embedded.start()
    assert set(threading.enumerate()) <= before
    embedded.stop()


SITE = """
import os, sys, time
os.environ.update(MADANG_MODE="demo", EMBEDDED_WORKER="on", DJANGO_SETTINGS_MODULE="config.settings")
import django
django.setup()
import signal, threading
from celery import shared_task
from config import embedded

before = signal.getsignal(signal.SIGTERM), sys.stdout
ran = threading.Event()

@shared_task
def say(word):
    print("ran", word, flush=True)
    ran.set()

embedded.post_worker_init(None)
embedded.post_worker_init(None)
say.delay("once")
assert ran.wait(60)
time.sleep(0.5)
embedded.worker_exit(None, None)
assert (signal.getsignal(signal.SIGTERM), sys.stdout) == before
print("over", flush=True)
"""


def test_the_real_application_runs_in_a_process_and_leaves_signals_and_output_alone(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SITE],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "MADANG_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.splitlines() == ["ran once", "over"], done.stderr
