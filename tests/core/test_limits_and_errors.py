"""Limits of one request, and pages that say what went wrong."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from config.urls import urlpatterns as site_urls
from core.errors import RuleViolation, error_page, server_error, too_many_sign_ins
from core.limits import client_address, client_network, takes_files_from
from residents.states import Role
from tests.factories import UserFactory, official


def refuses(request):
    raise RuleViolation("투표함이 10시에 닫혔습니다.", status=409)


def breaks(request):
    raise RuntimeError


def is_gone(request):
    return error_page(
        request,
        status=410,
        title="<b>없습니다</b>",
        text="옮겼습니다.",
        context={"links": [{"name": "새 곳", "url": "/x/"}]},
    )


def hides(request):
    raise Http404


@require_POST
def buttons_only(request):
    raise AssertionError


def _signed_out(request):
    request.user = AnonymousUser()
    return request


def only_lucky_people(request):
    return request.user.email.startswith("lucky")


@takes_files_from(only_lucky_people)
def takes_files(request):
    """Answers how much came, as a page that takes files would read it."""
    return HttpResponse(str(sum(file.size for file in request.FILES.values())))


def silent(request):
    return takes_files(request)


UPLOAD_VIEWS = dict(settings.UPLOAD_VIEWS)
# What stands in the addresses of those that need something.
PLACES = {"imports:upload": ["residents.office-terms"], "admin:forums_publication_change": [1]}

urlpatterns = [
    path("silent/", silent, name="silent"),
    path("en/buttons-only/", buttons_only),
    path("takes-files/", takes_files, name="takes-files"),
    path("refuses/", refuses),
    path("breaks/", breaks),
    path("gone/", is_gone),
    path("hides/", hides),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class TestBodySize:
    def test_a_body_of_a_megabyte_is_refused_with_a_sentence(self):
        response = Client().post("/en/accounts/login/", data=b"x" * 1024 * 1024, content_type="text/plain")
        assert response.status_code == 413
        assert "Nothing was recorded" in response.content.decode()

    def test_the_refusal_speaks_the_language_of_the_address(self):
        translation.activate("en")
        response = Client().post("/accounts/login/", data=b"x" * 1024 * 1024, content_type="text/plain")
        assert '<html lang="ko">' in response.content.decode()

    @override_settings(MAX_BODY_BYTES=10)
    @pytest.mark.parametrize(("length", "refused"), [("10", False), ("11", True), ("many", True), ("", False)])
    def test_the_limit_is_the_last_size_allowed(self, length, refused):
        response = Client().generic("POST", "/hides/", CONTENT_LENGTH=length)
        assert (response.status_code == 413) is refused


class TestUploads:
    @pytest.fixture(autouse=True)
    def _small_limits(self, settings):
        settings.MAX_BODY_BYTES = 1000
        settings.UPLOAD_VIEWS = {"takes-files": 5000}

    def send(self, size, client=None, address="/takes-files/"):
        client = client or Client()
        return client.post(address, {"file": SimpleUploadedFile("a.txt", b"x" * size)})

    def signed_in(self, name="lucky"):
        client = Client()
        client.force_login(UserFactory(email=f"{name}-{uuid4()}@example.org"))
        return client

    def test_a_page_that_takes_files_takes_more_than_others(self):
        assert self.send(4000, self.signed_in()).content == b"4000"

    def test_but_no_more_than_is_said_for_it(self):
        assert self.send(6000, self.signed_in()).status_code == 413

    def test_other_pages_take_no_more_than_before(self):
        assert self.send(4000, self.signed_in(), "/hides/").status_code == 413
        assert self.send(4000, self.signed_in(), "/nowhere/").status_code == 413

    def test_whoever_is_no_longer_signed_in_is_told_so_and_led_to_sign_in(self):
        response = self.send(4000, address="/takes-files/?of=7")
        assert response.status_code == 403
        assert "/accounts/login/?next=%2Ftakes-files%2F%3Fof%3D7" in response.content.decode()

    def test_whoever_may_not_send_files_there_is_refused_before_they_are_read(self):
        assert self.send(4000, self.signed_in("other")).status_code == 403

    def test_a_page_that_does_not_say_from_whom_takes_none(self, settings):
        settings.UPLOAD_VIEWS = {"silent": 5000}
        assert self.send(4000, self.signed_in(), "/silent/").status_code == 403
        assert self.send(100, self.signed_in(), "/silent/").content == b"100"

    @pytest.mark.parametrize("name", UPLOAD_VIEWS)
    def test_every_page_of_the_site_that_takes_files_asks_before_it_reads(self, name, settings):
        settings.UPLOAD_VIEWS = UPLOAD_VIEWS
        address = reverse(name, args=PLACES.get(name, []))
        refused = self.send(4000, self.signed_in(), address)
        assert (refused.status_code, refused.wsgi_request._read_started) == (403, False)
        secretariat = Client()
        secretariat.force_login(official(Role.CLUB_SECRETARIAT, region=None))
        assert self.send(4000, secretariat, address).status_code != 403

    def test_a_length_that_is_no_number_is_refused(self):
        assert self.signed_in().generic("POST", "/takes-files/", CONTENT_LENGTH="many").status_code == 413


class TestClientAddress:
    def test_without_proxies_headers_are_not_believed(self):
        request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": "198.51.100.7"})
        assert client_address(request) == "192.0.2.1"

    @override_settings(PROXY_COUNT=1)
    def test_with_one_proxy_its_entry_counts_and_not_what_the_client_wrote(self):
        request = RequestFactory().get(
            "/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.9, 198.51.100.7"}
        )
        assert client_address(request) == "198.51.100.7"

    @override_settings(PROXY_COUNT=2)
    def test_too_few_entries_fall_back_to_the_connection(self):
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.9"})
        assert client_address(request) == "10.0.0.1"

    def test_what_is_no_address_is_nothing(self):
        assert client_address(RequestFactory().get("/", REMOTE_ADDR="unix:")) == ""

    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::", "2001:db8:1:2::"),
            ("2001:db8:1:3::6", "2001:db8:1:3::"),
            # An IPv4 client as a server sees it that listens on both: not all of them are one network.
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("fe80::1%eth0", "fe80::"),
            ("unix:", ""),
        ],
    )
    def test_limits_count_networks(self, address, network):
        assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


class TestErrorPages:
    def test_a_rule_violation_is_a_page_with_its_sentence(self):
        response = Client().get("/refuses/")
        assert response.status_code == 409
        assert "투표함이 10시에 닫혔습니다." in response.content.decode()
        assert response["Cache-Control"] == "no-store"

    def test_a_missing_page_has_the_sites_style_and_no_cookie(self):
        response = Client().get("/en/no-such-page/")
        assert response.status_code == 404
        assert "There is no such page" in response.content.decode()
        assert "site-header" in response.content.decode()
        assert not response.cookies

    def test_text_is_escaped_and_links_are_shown(self):
        html = Client().get("/gone/").content.decode()
        assert "&lt;b&gt;없습니다&lt;/b&gt;" in html
        assert '<a href="/x/">새 곳</a>' in html

    def test_an_error_page_for_somebody_signed_in_lets_them_sign_out(self):
        client = Client()
        client.force_login(UserFactory())
        assert "csrfmiddlewaretoken" in client.get("/hides/").content.decode()

    def test_a_broken_view_gives_the_500_page(self):
        client = Client(raise_request_exception=False)
        response = client.get("/breaks/")
        assert response.status_code == 500
        assert "help@example.org" in response.content.decode()

    def test_the_500_page_needs_no_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = server_error(RequestFactory().get("/"))
        assert response.status_code == 500

    @pytest.mark.parametrize(
        ("came_from", "leads_back"),
        [
            ("http://testserver/me/data/?a=1", "/me/data/?a=1"),
            ("http://testserver/", ""),
            ("http://evil.example.net/me/data/", ""),
            ("http://testserver//evil.example.net/me/", ""),
            ("http://testserver/\\evil.example.net/", ""),
            ('http://testserver/me/?"><script>', "/me/?&quot;&gt;&lt;script&gt;"),
            ("javascript:alert(1)", ""),
            ("http://testserver/refuses/", ""),
            ("", ""),
        ],
    )
    def test_a_refusal_leads_back_to_the_page_before(self, came_from, leads_back):
        html = Client().get("/refuses/", headers={"referer": came_from}).content.decode().partition("<main")[2]
        buttons = re.findall(r'class="button button--primary" href="([^"]*)"', html)
        assert buttons == ([leads_back] if leads_back else [])

    def test_a_refusal_leads_who_is_signed_in_to_their_page(self):
        client = Client()
        client.force_login(UserFactory())
        assert 'href="/me/"' in client.get("/refuses/").content.decode().partition("<main")[2]

    def test_a_button_opened_as_a_link_is_a_page(self):
        response = Client().get("/en/buttons-only/")
        assert response.status_code == 405
        assert response["Allow"] == "POST"
        assert "cannot be opened directly" in response.content.decode()

    def test_machines_get_no_page_for_a_405(self):
        response = Client().post("/api/v1/regions/")
        assert response.status_code == 405
        assert response["Content-Type"] == "application/json"

    @override_settings(AXES_COOLOFF_TIME=0.5)
    def test_a_lock_says_when_it_ends(self):
        before = timezone.localtime()
        response = too_many_sign_ins(_signed_out(RequestFactory().post("/accounts/login/")))
        after = timezone.localtime()
        html = response.content.decode()
        assert response["Retry-After"] == "1800"
        assert any(f"{moment + timedelta(minutes=30):%H:%M}" in html for moment in (before, after))
        assert 'href="/accounts/password/reset/"' in html

    def test_a_failed_csrf_check_says_that_nothing_was_recorded(self):
        client = Client(enforce_csrf_checks=True)
        response = client.post("/en/accounts/login/", {"login": "a@example.org", "password": "x"})
        assert response.status_code == 403
        assert "Nothing was recorded" in response.content.decode()


class TestHeaders:
    """No answer may be framed or run foreign scripts, whichever part of the house gave it."""

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/", 200),
            ("/no-such-page/", 404),
            ("/refuses/", 409),
            ("/breaks/", 500),
            ("/admin/", 302),
            ("/accounts/login/", 200),
            ("/healthz", 200),
            ("/api/v1/assemblies/", 200),
            ("/api/v1/nothing/", 404),
            ("/static/favicon.svg", 200),
        ],
    )
    def test_every_answer_has_them(self, address, status):
        response = Client(raise_request_exception=False).get(address)
        assert response.status_code == status
        self._has_them(response)

    def test_a_body_that_is_too_large_gets_them_too(self):
        self._has_them(Client().post("/accounts/login/", data=b"x" * 1024 * 1024, content_type="text/plain"))

    @pytest.mark.parametrize("to_https", [False, True])
    def test_a_foreign_host_gets_them_too(self, settings, to_https):
        settings.SECURE_SSL_REDIRECT = to_https
        response = Client().get("/", headers={"host": "evil.example.org"})
        assert response.status_code == 400
        self._has_them(response)

    @staticmethod
    def _has_them(response):
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"
