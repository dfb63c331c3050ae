"""Limits of one request, and pages that say what went wrong."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from config.urls import urlpatterns as site_urls
from core.errors import RuleViolation, error_page, server_error, too_many_sign_ins
from core.limits import client_address
from tests.factories import UserFactory


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


urlpatterns = [
    path("en/buttons-only/", buttons_only),
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
