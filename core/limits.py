"""Limits of one request: its size, and whose address it came from."""

import ipaddress
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _

from core.errors import error_page, page_before


class BodySizeMiddleware:
    """Answers 413 to a body larger than MAX_BODY_BYTES before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = settings.MAX_BODY_BYTES + 1
        if length > settings.MAX_BODY_BYTES:
            return self._refusal(request)
        return self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse:
        # The language is chosen further in; until then the one of an earlier request may still be active.
        with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
            return error_page(
                request,
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                title=_("This is too large"),
                text=_("More was sent than this form takes. Nothing was recorded."),
                context={"before": page_before(request)},
            )


def client_address(request: HttpRequest) -> str:
    """The address of the client: the one that the outermost of our own PROXY_COUNT proxies saw.

    Whatever a client writes into X-Forwarded-For itself stands further left and is not believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(forwarded) >= settings.PROXY_COUNT:
            address = forwarded[-settings.PROXY_COUNT]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""
