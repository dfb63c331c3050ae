"""What machines ask."""

from datetime import UTC, timedelta
from typing import NoReturn

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

DAY = 24 * 3600
VALID_FOR = timedelta(days=180)
# Somebody's own, the officials' or a machine's; "*" stands for any key. Pages whose address holds a key of somebody are
# not here: they say "noindex" in their header, which a search engine that is not let in would never read.
NOT_FOR_SEARCH_ENGINES = (
    "/accounts/",
    "/admin/",
    "/me/",
    "/jobs/",
    "/display/",
    "/search/",
    "/polls/*/ballot/",
    "/polls/*/receipt/",
    "/imports/",
    "/documents/",
    "/letters/",
    "/meetings/new/",
    "/meetings/*/keep/",
    "/meetings/*/check-in/",
    "/meetings/*/door",
    "/meetings/*/hall/",
    "/meetings/*/pass.svg",
    "/meetings/*/poster",
    "/meetings/*/state.json",
    "/club/directory/",
    "/club/dues/",
)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 if the process answers and the database does."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
@cache_control(public=True, max_age=DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public pages. In the demo nothing, because its town is invented."""
    del request
    if settings.PRODUCTION:
        closed = [f"{prefix}{address}" for prefix in ("", "/en") for address in NOT_FOR_SEARCH_ENGINES]
    else:
        closed = ["/"]
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=DAY)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a hole. Source: RFC 9116, which wants an end less than a year away."""
    contact = settings.SECURITY_CONTACT
    contact = contact if "://" in contact else f"mailto:{contact}"
    expires = (timezone.now() + VALID_FOR).astimezone(UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: ko, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address where an answer is no page and names no sign."""
    del request
    return HttpResponseRedirect(static("favicon.svg"))


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers look. Source: W3C, A Well-Known URL for Changing Passwords."""
    del request
    return HttpResponseRedirect(reverse("account_change_password"))


@extend_schema(exclude=True)
@api_view(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def no_such_address(_request: Request, /, **_rest: str) -> NoReturn:
    """Machines get JSON below /api/ wherever they go, never a page."""
    raise NotFound
