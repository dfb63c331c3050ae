"""Chromium in front of the running site: one browser for the whole run, a fresh window for each visit.

Every page that a test opens is listened to: an error or warning on its console (a violation of the content security
policy is one), an error in a script, a request that fails, and an answer from 400 on that the test did not announce
fail the test, also when its own steps went well.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from demo.loader import load
from tests.browser.inspection import PHONE
from tests.browser.states import BY_NAME, person
from tests.browser.town import Town, make_town
from tests.conftest import chromium

# The console repeats what the answer's status says already, and statuses are judged by themselves.
ECHO_OF_STATUS = re.compile(r"^Failed to load resource: the server responded with a status of \d+")
# For `visit`: whether the test failed.
FAILED = pytest.StashKey[bool]()
# Milliseconds that a step may take. Nothing waits that long but on a machine that is very busy.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests, the machine's own."""
    found = chromium()
    assert found, "no Chromium on this machine: install chromium, or name one in CHROMIUM"
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright keeps an event loop in this thread; Django would take every query after it for one in an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def site(django_db_setup) -> Iterator[str]:
    """The address of the running site.

    Not pytest-django's `live_server`: that one empties the database after every test, and tests that only look share
    one demo town.
    """
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@dataclass
class Listener:
    """What the pages of one test said that they should not have."""

    allowed: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message) -> None:
        if message.type in {"error", "warning"} and not ECHO_OF_STATUS.match(message.text):
            self.problems.append(f"console: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.problems.append(f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request) -> None:
        # A page that is left while it loads, and one that turns out to be a download, are aborted by the browser.
        # What the browser gives up because the visitor goes on to the next page is no fault of the site.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.problems.append(f"failed: {request.method} {request.url} {request.failure}")


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    assert not listener.problems, "\n".join(listener.problems)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Let `visit` know whether the test failed."""
    outcome = yield
    if call.when == "call":
        item.stash[FAILED] = outcome.get_result().failed


def describe(page: Page) -> str:
    """Where a page stands, for the report of a failed test."""
    return f"{page.url}\n{page.locator('body').inner_text(timeout=1000)[:2000]}"


def copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Make `target` what `source` is; that of the two which is not Django's is closed."""
    source.backup(target)
    for one in (source, target):
        if one is not connection.connection:
            one.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(request, browser, site, listener) -> Iterator[Visit]:
    """visit(user=None, size=PHONE, **options of the window) → a page in a window of its own."""
    # Set up before, so that the windows close first: a page that asks again and again would meet an emptied database.
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
    contexts = []

    def in_a_window_of_its_own(user=None, size=PHONE, **options) -> Page:
        width, height = size
        options = {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "reduced_motion": "reduce", **options}
        context = browser.new_context(base_url=site, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        listener.attach(context)
        contexts.append(context)
        if user is not None:
            sign_in(context, site, user)
        return context.new_page()

    yield in_a_window_of_its_own
    for context in contexts:
        if request.node.stash.get(FAILED, False):
            for page in context.pages:
                print(describe(page))  # noqa: T201 - pytest shows it with the failure
        context.close()


def sign_in(context: BrowserContext, site: str, user) -> None:
    """Give the window the session of somebody who signed in. Signing in itself is tested where it is the subject."""
    client = Client()
    client.force_login(user, backend="residents.backends.EmailBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site, "httpOnly": True}])


@pytest.fixture
def without_second_factor(settings) -> None:
    """Officials enter the desk with the password alone, as in the demo."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def town(transactional_db) -> Town:
    """금호1동 with an assembly whose polls are open, for tests that write."""
    return make_town()


@pytest.fixture(scope="session")
def kept_town(tmp_path_factory) -> Path:
    """Where the first module of a run leaves a copy of the loaded town for the next ones."""
    return tmp_path_factory.mktemp("demo-town") / "town.sqlite3"


@pytest.fixture(scope="module")
def demo_town(django_db_setup, django_db_blocker, kept_town) -> Iterator[None]:
    """The demo town for a module: loaded, or copied back where the database is a file.

    A module that wants it calls it `transactional_db` (see test_site.py): by that name pytest-django knows that the
    test database is needed, and its own emptying after each test stays away.
    """
    with django_db_blocker.unblock():
        connection.ensure_connection()
        if kept_town.exists():
            copy(sqlite3.connect(kept_town), connection.connection)
            ContentType.objects.clear_cache()
        else:
            assert load(now=timezone.now()), "the test database was not empty"
            if connection.vendor == "sqlite":
                copy(connection.connection, sqlite3.connect(kept_town))
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def come_to(visit, listener):
    """come_to(state, **window) → the page in that state; a refusal that belongs to it is no problem."""

    def opened(name, prefix="", **options):
        state = BY_NAME[name]
        listener.allowed |= {state.status} - {200}
        page = visit(person(state.who), **options)
        answers = []
        page.on("response", lambda answer: answer.request.is_navigation_request() and answers.append(answer.status))
        state.open(page, prefix)
        assert answers[-1] == state.status, f"{page.url} answers {answers}"
        return page

    return opened
