"""Style sheets and scripts as production serves them: under names of their content, packed, kept for good."""

import gzip
import re
from html.parser import HTMLParser

import brotli
import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from config.checks import check_static_files
from config.management.commands.serve_demo import NOT_ON_PAGES
from residents.states import Role
from tests.factories import DongFactory, official

NAME_OF_CONTENT = re.compile(r"/static/[\w/-]+\.[0-9a-f]{12}\.\w+$")

pytestmark = pytest.mark.django_db


class Files(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        address = found.get("src") if tag in {"script", "img"} else found.get("href") if tag == "link" else None
        if address and address.startswith("/static/"):
            self.found.append(address)


def files_of(response):
    reader = Files()
    reader.feed(response.content.decode())
    return reader.found


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What collectstatic leaves, without the files of libraries that are large and the same."""
    folder = tmp_path_factory.mktemp("static")
    packed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with override_settings(
        STORAGES={"default": default, "staticfiles": packed}, STATIC_ROOT=folder, WHITENOISE_USE_FINDERS=False
    ):
        call_command(
            "collectstatic", interactive=False, verbosity=0, ignore_patterns=[*NOT_ON_PAGES, "select2*", "xregexp*"]
        )
        yield folder


@pytest.fixture
def page(collected):
    return Client().get("/")


def test_every_file_of_a_page_has_a_name_of_its_content(page):
    files = files_of(page)
    assert any(name.endswith(".css") for name in files)
    assert all(NAME_OF_CONTENT.search(name) for name in files), files


def test_such_a_file_is_kept_for_good(page):
    for name in files_of(page):
        response = Client().get(name)
        assert response.status_code == 200
        seconds = int(re.search(r"max-age=(\d+), public, immutable", response["Cache-Control"])[1])
        assert seconds >= 365 * 24 * 3600


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("identity", None, bytes)],
)
def test_it_comes_packed_as_the_browser_can_unpack_it(page, accepted, encoding, unpack):
    [sheet] = [name for name in files_of(page) if "/css/madang." in name]
    plain = Client().get(sheet).getvalue()
    response = Client().get(sheet, headers={"accept-encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert response["Vary"] == "Accept-Encoding"
    assert response["Content-Type"] == 'text/css; charset="utf-8"'
    body = response.getvalue()
    assert int(response["Content-Length"]) == len(body)
    assert unpack(body) == plain
    if encoding:
        assert len(body) < len(plain) / 2


def test_a_file_without_the_name_of_its_content_is_asked_for_again(collected):
    """The page for a broken site names such a file: looking up the other name may be what failed."""
    response = Client().get("/static/css/madang.css")
    assert response["Cache-Control"] == "max-age=60, public"
    again = Client().get("/static/css/madang.css", headers={"if-modified-since": response["Last-Modified"]})
    assert again.status_code == 304


def test_the_desk_is_served_so_too(collected, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client = Client()
    client.force_login(official(Role.DONG_OFFICIAL, DongFactory()), backend="residents.backends.EmailBackend")
    response = client.get("/admin/")
    assert response.status_code == 200
    files = files_of(response)
    assert any(name.endswith(".css") for name in files)
    assert all(NAME_OF_CONTENT.search(name) for name in files), files


def test_production_is_told_when_they_were_not_collected(collected, settings, tmp_path):
    assert check_static_files(None) == []
    settings.PRODUCTION = True
    assert check_static_files(None) == []
    settings.STATIC_ROOT = tmp_path
    assert [problem.id for problem in check_static_files(None)] == ["madang.E011"]
