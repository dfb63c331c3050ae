"""What every answer carries besides its body: who may run, embed, keep and hear of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import path
from django.utils import timezone

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from config.urls import urlpatterns as site_urls
from residents.states import Role
from tests.factories import DongFactory, UserFactory, official

ROOT = Path(__file__).resolve().parents[2]


def breaks(request):
    raise RuntimeError


urlpatterns = [path("breaks/", breaks), *site_urls]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ANSWERS = [
    ("/", 200),
    ("/en/", 200),
    ("/accounts/login/", 200),
    ("/me/", 302),
    ("/no-such-page/", 404),
    ("/breaks/", 500),
    ("/admin/", 302),
    ("/admin/no-such-page/", 302),
    ("/healthz", 200),
    ("/robots.txt", 200),
    ("/favicon.ico", 302),
    ("/.well-known/security.txt", 200),
    ("/.well-known/change-password", 302),
    ("/api/v1/assemblies/", 200),
    ("/api/v1/assemblies/999/", 404),
    ("/api/v1/schema/", 200),
    ("/static/favicon.svg", 200),
    ("/static/css/madang.css", 200),
    ("/static/no-such-file.css", 404),
]


def directives(response):
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def assert_guarded(response):
    policy = directives(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "*" not in response["Content-Security-Policy"]
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in response["Permissions-Policy"]
    assert response["Referrer-Policy"] in {"same-origin", "strict-origin"}
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response


class TestEveryAnswer:
    @pytest.mark.parametrize(("address", "status"), ANSWERS)
    def test_is_guarded(self, address, status):
        response = Client(raise_request_exception=False).get(address)
        assert response.status_code == status
        assert_guarded(response)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_a_body_that_is_too_large_is_guarded_too(self):
        response = Client().post("/accounts/login/", data=b"x" * 1024 * 1024, content_type="text/plain")
        assert response.status_code == 413
        assert_guarded(response)

    @pytest.mark.parametrize("to_https", [False, True])
    def test_a_foreign_host_is_guarded_too(self, settings, to_https):
        settings.SECURE_SSL_REDIRECT = to_https
        response = Client().get("/", headers={"host": "evil.example.org"})
        assert response.status_code == 400
        assert_guarded(response)

    def test_a_refused_form_is_guarded_too(self):
        response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
        assert response.status_code == 403
        assert_guarded(response)

    def test_too_many_requests_are_guarded_too(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
        client = Client()
        for _time in range(2):
            response = client.post("/accounts/password/reset/", {"email": "a@example.org"})
        assert response.status_code == 429
        assert_guarded(response)

    def test_the_desk_is_guarded_too(self, settings):
        settings.OFFICIALS_NEED_SECOND_FACTOR = False
        client = Client()
        client.force_login(official(Role.DONG_OFFICIAL, DongFactory()), backend="residents.backends.EmailBackend")
        response = client.get("/admin/")
        assert response.status_code == 200
        assert_guarded(response)
        assert "no-store" in response["Cache-Control"]


class TestScripts:
    def test_make_no_markup_from_text_on_pages(self):
        policy = directives(Client().get("/"))
        assert policy["require-trusted-types-for"] == ["'script'"]
        assert policy["trusted-types"] == ["'none'"]

    def test_of_the_desk_may_because_jquery_does(self):
        assert "require-trusted-types-for" not in directives(Client().get("/admin/"))

    def test_no_page_but_the_second_factor_shows_pictures_from_its_own_text(self):
        client = Client()
        assert directives(client.get("/"))["img-src"] == ["'self'"]
        client.post("/accounts/login/", {"login": UserFactory().email, "password": "correct-horse-battery"})
        client.post("/accounts/reauthenticate/", {"password": "correct-horse-battery"})
        response = client.get("/accounts/2fa/totp/activate/")
        assert response.status_code == 200
        assert directives(response)["img-src"] == ["'self'", "data:"]
        assert "data:image/svg" in response.content.decode()


class TestReferrer:
    def test_other_sites_hear_nothing(self):
        assert Client().get("/")["Referrer-Policy"] == "same-origin"

    def test_an_address_with_a_key_goes_nowhere_not_even_into_our_own_logs(self):
        user = UserFactory()
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        client = Client()
        mailed = client.get(f"/accounts/password/reset/key/{key}/")
        assert mailed.status_code == 302
        assert mailed["Referrer-Policy"] == "strict-origin"
        assert client.get(mailed["Location"])["Referrer-Policy"] == "strict-origin"
        assert client.get("/accounts/confirm-email/abc:def/")["Referrer-Policy"] == "strict-origin"


class TestKeeping:
    @pytest.mark.parametrize(
        "address", ["/accounts/login/", "/me/", "/no-such-page/", "/breaks/", "/healthz", "/api/v1/assemblies/999/"]
    )
    def test_what_is_somebodys_own_or_a_refusal_is_not_kept(self, address):
        response = Client(raise_request_exception=False).get(address)
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize(
        "address", ["/", "/en/", "/help/", "/assemblies/", "/api/v1/assemblies/", "/api/v1/schema/"]
    )
    def test_what_is_public_is_asked_for_again_with_its_etag(self, address):
        response = Client().get(address)
        assert response["Cache-Control"] == "no-cache"
        again = Client().get(address, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == response["ETag"]
        assert_guarded(again)

    def test_a_packed_answer_of_the_api_matches_its_etag_too(self):
        client = Client(headers={"accept-encoding": "gzip"})
        response = client.get("/api/v1/schema/")
        assert response["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response["Vary"]
        assert client.get("/api/v1/schema/", headers={"if-none-match": response["ETag"]}).status_code == 304

    def test_an_answer_of_the_api_that_changed_comes_anew(self):
        response = Client().get("/api/v1/regions/")
        DongFactory()
        again = Client().get("/api/v1/regions/", headers={"if-none-match": response["ETag"]})
        assert again.status_code == 200
        assert again["ETag"] != response["ETag"]

    def test_what_the_api_tells_somebody_is_kept_by_their_own_browser_alone(self):
        client = Client()
        client.force_login(UserFactory(), backend="residents.backends.EmailBackend")
        assert client.get("/api/v1/assemblies/")["Cache-Control"] == "private, no-cache"

    def test_a_broken_page_is_not_kept(self):
        assert Client(raise_request_exception=False).get("/breaks/")["Cache-Control"] == "no-store"


class TestAddressesThatProgramsTry:
    def test_search_engines_read_nothing_of_an_invented_town(self):
        assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"

    def test_search_engines_read_public_pages_only(self, settings):
        settings.PRODUCTION = True
        lines = Client().get("/robots.txt").content.decode().splitlines()
        assert "Disallow: /" not in lines
        for address in ("/admin/", "/en/me/", "/polls/*/ballot/", "/en/accounts/"):
            assert f"Disallow: {address}" in lines
        for address in ("/jobs/", "/imports/", "/en/documents/", "/meetings/*/keep/", "/club/directory/"):
            assert f"Disallow: {address}" in lines

    @pytest.mark.parametrize("address", ["/m/", "/notices/", "/verify/", "/club/join/", "/meetings/"])
    def test_search_engines_may_read_that_an_address_with_a_key_is_not_for_them(self, settings, address):
        settings.PRODUCTION = True
        assert f"Disallow: {address}" not in Client().get("/robots.txt").content.decode().splitlines()

    @pytest.mark.parametrize("address", ["/m/abc/", "/meetings/pass/abc/", "/notices/stop/abc/", "/verify/ABCD/"])
    def test_an_address_with_a_key_is_not_for_search_engines(self, address):
        assert Client().get(address)["X-Robots-Tag"] == "noindex, nofollow"

    def test_a_public_page_is_for_search_engines(self):
        assert "X-Robots-Tag" not in Client().get("/help/")

    def test_who_finds_a_hole_learns_where_to_report_it(self, settings):
        settings.SECURITY_CONTACT = "safe@example.org"
        text = Client().get("/.well-known/security.txt").content.decode()
        assert "Contact: mailto:safe@example.org\n" in text
        assert "Canonical: http://testserver/.well-known/security.txt\n" in text
        [expires] = [line.removeprefix("Expires: ") for line in text.splitlines() if line.startswith("Expires")]
        left = timezone.datetime.fromisoformat(expires) - timezone.now()
        assert 0 < left.days < 365

    def test_a_page_can_be_the_place_to_report_too(self, settings):
        settings.SECURITY_CONTACT = "https://example.org/security"
        assert b"Contact: https://example.org/security\n" in Client().get("/.well-known/security.txt").content

    def test_password_managers_find_the_page_to_change_a_password(self):
        response = Client().get("/.well-known/change-password")
        assert response["Location"] == "/accounts/password/change/"

    def test_the_sign_of_the_site_is_found_without_a_page(self):
        response = Client().get("/favicon.ico", follow=True)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/svg+xml"
        assert len(response.getvalue()) < 1024


ASKED = """
import django; django.setup()
from django.test import Client
for secure in (True, False):
    response = Client().get("/robots.txt", secure=secure, headers={"host": "madang.example.org"})
    print(response.status_code, *(f"{name}: {value}" for name, value in response.headers.items()), sep="|")
"""


def answers_of_production(**variables):
    environ = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MADANG_MODE": "production",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "madang.example.org",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "madang@example.org",
        "SITE_OWNER": "Seo-gu",
        "SITE_CONTACT": "help@example.org",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=True
    )
    return done.stdout.splitlines()[-2:]


class TestProduction:
    def test_insists_on_https(self):
        over_https, over_http = answers_of_production()
        assert over_https.startswith("200|")
        assert "Strict-Transport-Security: max-age=31536000" in over_https
        assert "upgrade-insecure-requests" in over_https
        assert "default-src 'none'" in over_https
        assert "camera=()" in over_https
        assert over_http.startswith("301|")
        assert "Location: https://madang.example.org/robots.txt" in over_http
        assert "default-src 'none'" in over_http

    def test_without_a_certificate_pages_ask_for_plain_files(self):
        [over_http] = answers_of_production(SECURE_SSL_REDIRECT="false")[1:]
        assert over_http.startswith("200|")
        assert "upgrade-insecure-requests" not in over_http

    def test_booths_may_have_the_camera(self):
        [over_https, _over_http] = answers_of_production(CAMERA_ALLOWED="on")
        assert "camera=(self)" in over_https
        assert "microphone=()" in over_https
