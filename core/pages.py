"""Public pages: drawn once for all anonymous visitors, fresh as soon as something public happened.

The key of a stored page holds the number of the newest audit entry, because every act that changes something public
records one; so a page is drawn again after the next act, in every process, also where each has a cache of its own.
Days left and the like change without an act: the key also holds the time in steps of ten seconds. That bounds too
what an entry could miss that is committed after one with a higher number. And it holds how the visitor wants the site
shown (core.display), the only cookies such a page may depend on.
"""

import gzip
import hashlib
import json
import re
import threading
import time
import zlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from core.audit.models import AuditEntry
from core.display import display_of

Params = ParamSpec("Params")
View = Callable[Concatenate[HttpRequest, Params], HttpResponseBase]

# Of their own: pages with ever new addresses must push nothing else out.
CACHE = "pages"
SECONDS_IN_STEP = 10
SECONDS_KEPT = 2 * SECONDS_IN_STEP
LARGEST_STORED = 1024 * 1024
NEWEST_ENTRY = f"SELECT MAX(id) FROM {AuditEntry._meta.db_table}"  # noqa: S608 - the table is ours
# Pages whose keys fall together share a lock and may wait for each other. A view never draws another public page.
DRAWING = tuple(threading.Lock() for _number in range(64))
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


def public_page(view: View[Params]) -> View[Params]:
    """Serve `view` to anonymous visitors from the cache, with an ETag that browsers ask again with.

    For pages that look the same to all anonymous visitors: GET and HEAD, no form with a CSRF token. Whoever brings a
    session or a waiting message gets the view itself, marked private.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or _is_somebody(request):
            return _private(view(request, *args, **kwargs))
        key, pages = _key(request), caches[CACHE]
        stored = pages.get(key)
        if stored is not None:
            return _answer(request, stored)
        # Whoever comes while the page is drawn waits for it instead of drawing the same page too.
        with DRAWING[zlib.crc32(key.encode()) % len(DRAWING)]:
            stored = pages.get(key)
            if stored is None:
                response = _drawn(view(request, *args, **kwargs))
                stored = _storable(request, response)
                if stored is None:
                    return response
                pages.set(key, stored, SECONDS_KEPT)
        return _answer(request, stored)

    return wrapped


def _is_somebody(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or CookieStorage.cookie_name in request.COOKIES


def _private(response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ["Cookie"])
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _drawn(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response


def _newest_entry() -> int:
    """The number of the newest audit entry, 0 before the first. Asked past the ORM: a stored page costs little else."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_ENTRY)
        return int(cursor.fetchone()[0] or 0)


def _key(request: HttpRequest) -> str:
    step = int(time.time()) // SECONDS_IN_STEP
    display = display_of(request)
    shown_as = [get_language(), display.cookie, display.dong_code]
    address = [*shown_as, request.scheme, request.get_host(), request.get_full_path()]
    digest = hashlib.sha256(json.dumps(address).encode()).hexdigest()
    return f"page:{_newest_entry()}:{step}:{digest}"


def _storable(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any] | None:
    """What of the answer is kept; None if it must not be: an error, a stream, or anything meant for one visitor."""
    session = getattr(request, "session", None)
    messages = getattr(request, "_messages", None)
    if (
        response.status_code != HTTPStatus.OK
        or not isinstance(response, HttpResponse)
        or response.cookies
        or response.has_header("Content-Encoding")
        or "no-store" in response.headers.get("Cache-Control", "")
        or "private" in response.headers.get("Cache-Control", "")
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or (session is not None and session.modified)
        or (messages is not None and messages.added_new)
        or len(response.content) > LARGEST_STORED
    ):
        return None
    body = response.content
    return {
        "headers": {**response.headers, "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'},
        "plain": body,
        "gzip": gzip.compress(body, compresslevel=6, mtime=0),
    }


def _answer(request: HttpRequest, stored: dict[str, Any]) -> HttpResponseBase:
    packed = bool(ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")))
    response = HttpResponse(stored["gzip" if packed else "plain"], headers=stored["headers"])
    if packed:
        response["Content-Encoding"] = "gzip"
    response.headers.setdefault("Cache-Control", "no-cache")
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    conditional = get_conditional_response(request, etag=stored["headers"]["ETag"], response=response)
    return response if conditional is None else conditional
