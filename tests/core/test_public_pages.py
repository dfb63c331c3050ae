"""Pages kept for anonymous visitors: fresh after every act, never anybody's own."""

import gzip
import threading

import pytest
from django.contrib import messages
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache, caches
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from config.urls import urlpatterns as site_urls
from core import pages
from core.audit.models import AuditEntry
from core.pages import public_page
from tests.factories import UserFactory

DRAWN = []


@require_safe
@public_page
def page(request):
    DRAWN.append(request.get_full_path())
    return HttpResponse(f"page {len(DRAWN)} for {request.user}, asked {request.GET.get('q', '')}" + " " * 300)


@public_page
def with_token(request):
    DRAWN.append("token")
    return HttpResponse(get_token(request))


@public_page
def with_cookie(request):
    DRAWN.append("cookie")
    response = HttpResponse("cookie")
    response.set_cookie("own", "1")
    return response


@public_page
def with_message(request):
    DRAWN.append("message")
    messages.info(request, "for you alone")
    return HttpResponse("message")


@public_page
def with_session(request):
    DRAWN.append("session")
    request.session["own"] = 1
    return HttpResponse("session")


@public_page
def missing(request):
    DRAWN.append("missing")
    return HttpResponse("missing", status=404)


@public_page
def elsewhere(request):
    DRAWN.append("elsewhere")
    return HttpResponseRedirect("/page/")


@public_page
def unstored(request):
    DRAWN.append("unstored")
    return HttpResponse("unstored", headers={"Cache-Control": "no-store"})


@public_page
def template(request):
    DRAWN.append("template")
    return TemplateResponse(request, "errors/500.html", {"SITE_CONTACT": "help@example.org"})


urlpatterns = [
    path("page/", page),
    path("with_token/", with_token),
    path("with_cookie/", with_cookie),
    path("with_message/", with_message),
    path("with_session/", with_session),
    path("missing/", missing),
    path("elsewhere/", elsewhere),
    path("unstored/", unstored),
    path("template/", template),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _nothing_drawn(monkeypatch):
    DRAWN.clear()
    caches[pages.CACHE].clear()
    monkeypatch.setattr(pages.time, "time", lambda: 1_000_000.0)


def some_act():
    AuditEntry.objects.create(at=timezone.now(), action="tests.thing_done", target_type="t", target_id="1")


def signed_in():
    client = Client()
    client.force_login(UserFactory(name="로그인한 사람"))
    return client


def test_a_second_visitor_gets_the_stored_page_for_one_query(django_assert_num_queries):
    first = Client().get("/page/")
    with django_assert_num_queries(1):
        second = Client().get("/page/")
    assert second.content == first.content
    assert len(DRAWN) == 1


def test_a_page_is_drawn_again_after_an_act():
    Client().get("/page/")
    some_act()
    Client().get("/page/")
    assert len(DRAWN) == 2


def test_another_process_draws_it_again_too():
    Client().get("/page/")
    caches[pages.CACHE].clear()  # the memory of another process does not hold it
    some_act()
    assert b"page 2" in Client().get("/page/").content


def test_pages_with_ever_new_addresses_push_out_nothing_that_limits_attempts(settings):
    cache.set("attempts", 9, 900)
    room = settings.CACHES[pages.CACHE].get("OPTIONS", {}).get("MAX_ENTRIES", 300)
    for number in range(room + 20):
        Client().get(f"/page/?x={number}")
    assert len(DRAWN) == room + 20
    assert cache.get("attempts") == 9


def test_a_page_is_drawn_again_when_time_has_passed(monkeypatch):
    Client().get("/page/")
    monkeypatch.setattr(pages.time, "time", lambda: 1_000_010.0)
    Client().get("/page/")
    assert len(DRAWN) == 2


def test_each_query_is_a_page_of_its_own():
    assert b"asked one" in Client().get("/page/?q=one").content
    assert b"asked two" in Client().get("/page/?q=two").content


def test_each_language_is_a_page_of_its_own(rf):
    for language in ("ko", "en"):
        with override(language):
            keys = pages._key(rf.get("/page/"))
        DRAWN.append(keys)
    assert len(set(DRAWN)) == 2


def test_each_host_is_a_page_of_its_own():
    Client().get("/page/", headers={"host": "localhost"})
    Client().get("/page/", headers={"host": "127.0.0.1"})
    assert len(DRAWN) == 2


def test_a_long_address_has_a_short_key(rf):
    assert len(pages._key(rf.get("/page/?q=" + "가" * 2000))) < 120


def test_a_signed_in_visitor_bypasses_the_store():
    Client().get("/page/")
    response = signed_in().get("/page/")
    assert "로그인한 사람" in response.content.decode()
    assert response["Cache-Control"] == "private, no-cache"
    assert "ETag" not in response


def test_a_signed_in_page_never_reaches_an_anonymous_visitor():
    signed_in().get("/page/")
    assert "로그인한 사람" not in Client().get("/page/").content.decode()


def test_a_stale_session_cookie_bypasses_too():
    client = Client()
    client.cookies["sessionid"] = SessionStore().session_key or "gone"
    client.get("/page/")
    assert client.get("/page/")["Cache-Control"] == "private, no-cache"
    assert len(DRAWN) == 2


def test_a_waiting_message_bypasses():
    client = Client()
    client.cookies["messages"] = "something"
    client.get("/page/")
    assert not Client().get("/page/").content.startswith(b"page 1")


@pytest.mark.parametrize(
    "address", ["with_token", "with_cookie", "with_message", "with_session", "missing", "elsewhere", "unstored"]
)
def test_what_is_meant_for_one_visitor_is_not_stored(address):
    Client().get(f"/{address}/")
    Client().get(f"/{address}/")
    assert [address.removeprefix("with_")] * 2 == DRAWN


def test_browsers_ask_again_and_get_304():
    client = Client()
    response = client.get("/page/")
    assert response["Cache-Control"] == "no-cache"
    again = client.get("/page/", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == response["ETag"]


def test_after_an_act_the_old_etag_does_not_match():
    client = Client()
    response = client.get("/page/")
    some_act()
    assert client.get("/page/", headers={"if-none-match": response["ETag"]}).status_code == 200


def test_the_answer_varies_by_cookie_and_encoding():
    vary = Client().get("/page/")["Vary"]
    assert "Cookie" in vary
    assert "Accept-Encoding" in vary


def test_it_is_packed_once_for_browsers_that_unpack():
    plain = Client().get("/page/")
    packed = Client().get("/page/", headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]


def test_head_has_the_headers_and_no_body():
    response = Client().head("/page/")
    assert response.status_code == 200
    assert response.content == b""
    assert response["ETag"] == Client().get("/page/")["ETag"]
    assert len(DRAWN) == 1


def test_post_reaches_the_view_and_is_not_stored():
    assert Client().post("/page/").status_code == 405
    assert DRAWN == []


def test_a_template_response_is_rendered_and_stored():
    assert b"500" in Client().get("/template/").content
    Client().get("/template/")
    assert DRAWN == ["template"]


def test_whoever_comes_while_a_page_is_drawn_waits_for_it(rf, monkeypatch):
    monkeypatch.setattr(pages, "_newest_entry", lambda: 1)
    begun, finish = threading.Event(), threading.Event()

    @public_page
    def slow(_request):
        DRAWN.append("slow")
        begun.set()
        finish.wait(60)
        return HttpResponse("slow")

    first, second = (threading.Thread(target=slow, args=[rf.get("/slow/")]) for _number in range(2))
    first.start()
    begun.wait(60)
    second.start()
    second.join(0.1)
    assert second.is_alive()
    finish.set()
    first.join(60)
    second.join(60)
    assert DRAWN == ["slow"]
