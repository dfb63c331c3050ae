"""The site while Redis is away, or says nothing."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
ORDER = """
import django; django.setup()
from kombu.exceptions import OperationalError
from core.jobs.tasks import run_job
try:
    run_job.delay("0a0a0a0a-0000-4000-8000-000000000000")
except OperationalError:
    print("not sent")
"""


@pytest.fixture
def silent():
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def pages_on(settings, address):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "core.caches.PagesOnRedis",
            "LOCATION": address,
            "OPTIONS": {"socket_connect_timeout": 0.1, "socket_timeout": 0.1},
        },
    }


@pytest.mark.django_db
def test_public_pages_are_drawn_while_redis_is_away(settings):
    pages_on(settings, "redis://127.0.0.1:1/0")
    assert Client().get("/").status_code == 200


@pytest.mark.django_db
def test_public_pages_are_drawn_while_redis_says_nothing(settings, silent):
    pages_on(settings, silent)
    caches["pages"].set("a", 1)
    assert caches["pages"].get("a", "nothing") == "nothing"


def test_an_order_waits_for_no_silent_redis(silent):
    """The order stands in the database; what was not sent, the schedule sends."""
    environ = {**os.environ, "MADANG_MODE": "demo", "REDIS_URL": silent, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ORDER], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=True
    )
    assert "not sent" in done.stdout


def test_sessions_need_no_redis():
    code = "from django.conf import settings; print(settings.SESSION_ENGINE)"
    environ = {
        **os.environ,
        "MADANG_MODE": "demo",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == "django.contrib.sessions.backends.db"
