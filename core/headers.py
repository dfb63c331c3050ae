"""Headers that every answer carries, whichever part of the house gave it: pages, files, errors, the API, the desk.

Libraries write the rest: django-csp the content security policy, django-permissions-policy the permissions policy,
Django nosniff, HSTS and the opener policy, WhiteNoise how long static files are kept. `docs/operations.md` lists all.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Only the name of the site goes out as the referrer, to pages of the site itself too, and with it no key into our logs.
# "no-referrer" would be stricter, but browsers then send forms with the origin "null", which the CSRF check refuses.
REFERRER_OF_KEYS = "strict-origin"


class HeadersMiddleware:
    """Adds what no library knows: who may embed an answer, and how long it may be kept where it does not say so itself.

    Stands inside of django-csp, which writes the policy that this class chose for a page, and outside of all that may
    answer in a view's place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", _kept(request, response))
        match = request.resolver_match
        view = match.view_name if match else ""
        if view in settings.VIEWS_WITH_KEYS:
            response["Referrer-Policy"] = REFERRER_OF_KEYS
            response["X-Robots-Tag"] = "noindex, nofollow"
        else:
            # Django's own is missing where Django refuses the request before that.
            response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        exceptions = _exceptions(view)
        if exceptions:
            response._csp_replace = exceptions  # type: ignore[attr-defined] # as the decorators of django-csp do
        return response


def _kept(request: HttpRequest, response: HttpResponseBase) -> str:
    """Only good answers with an ETag are kept and asked for again; those to somebody by their own browser alone."""
    if not response.has_header("ETag") or response.status_code not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        return "no-store"
    return "private, no-cache" if settings.SESSION_COOKIE_NAME in request.COOKIES else "no-cache"


def _exceptions(view: str) -> dict[str, Any]:
    """The directives that the policy of this page replaces; most pages have none."""
    found: dict[str, dict[str, Any]] = settings.CONTENT_SECURITY_EXCEPTIONS
    return found.get(view) or found.get(view.partition(":")[0] + ":", {})
