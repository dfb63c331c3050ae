"""Shared fixtures, and the one place that says what happens when a machine lacks something."""

import os
import shutil
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

from config.catalogue import compile_catalogues

REQUIRE_ALL = os.environ.get("MADANG_REQUIRE_ALL") == "1"

# How long an example takes says something about the machine, nothing about the code.
hypothesis.settings.register_profile("madang", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("madang")

# The headless shell is the same browser without windows and draws a page in two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium() -> str | None:
    """The browser that CHROMIUM names, or the first one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


# What takes longest, measured; all of it draws many pages or loads demo towns.
LONGEST = (
    "browser/test_site.py",
    "browser/test_states.py",
    "browser/test_looks.py",
    "browser/test_desk_look.py",
    "bench/test_phone_bench.py",
    "config/test_serve_demo.py",
    "demo/test_loader.py",
    "demo/test_club.py",
    "core/test_headers_markup.py",
    "residents/test_desk_scope.py",
    "councils/test_draw_pages.py",
    "councils/test_drawing_documents.py",
    "councils/test_draws.py",
    "councils/test_verify_script.py",
)


def pytest_configure(config):
    """Tests see the Korean texts as the files have them, whatever was compiled before."""
    compile_catalogues()


def pytest_collection_modifyitems(config, items):
    """What the machine lacks is one counted skip for each test here, and forbidden where MADANG_REQUIRE_ALL is set."""
    from django.conf import settings

    if hasattr(config, "workerinput"):
        put_longest_first(items)
    on_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if item.get_closest_marker("browser") and not chromium() and not REQUIRE_ALL:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL, set DATABASE_URL"))


def put_longest_first(items):
    """Files that take long first, so that no worker waits at the end for the one that met such a file last."""
    tests_in = Counter(item.path for item in items)
    place = {Path(__file__).parent / name: number for number, name in enumerate(LONGEST)}

    def turn(item):
        is_drawn = item.path.parent.name == "browser"
        return place.get(item.path, len(LONGEST)), not is_drawn, -tests_in[item.path], str(item.path)

    items.sort(key=turn)


@pytest.fixture
def plain_error_pages(tmp_path, settings):
    """Errors are answered with their status and an empty page, for tests that ask hundreds of addresses for no more.

    To draw the page of the site takes longer than to refuse. How it looks, tests/browser/test_errors.py says.
    """
    page = tmp_path / "templates" / "errors" / "error.html"
    page.parent.mkdir(parents=True)
    page.touch()
    first, *others = settings.TEMPLATES
    settings.TEMPLATES = [{**first, "DIRS": [page.parents[1], *first["DIRS"]]}, *others]


@pytest.fixture(autouse=True)
def _fresh_site(settings):
    """Each test begins with an empty cache and in Korean, whatever the one before it left.

    Officials who are signed in are taken as having passed the second step; what is about that step asks for it.
    """
    from django.core.cache import caches
    from django.utils import translation

    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    for name in settings.CACHES:
        caches[name].clear()
    translation.activate("ko")
