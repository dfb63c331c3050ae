"""Limits of one request: its size, and whose address it came from."""

import ipaddress
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _

from core.errors import error_page, page_before

NETWORK_BITS = 64

View = TypeVar("View", bound=Callable[..., Any])


class BodySizeMiddleware:
    """Answers 413 to a body larger than its page takes before anything reads it.

    That is MAX_BODY_BYTES, but for the views named in UPLOAD_VIEWS, which take files: as many bytes as stand there,
    from people who may send files there (`takes_files_from`, or what the desk says).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = _length_of(request)
        if length > settings.MAX_BODY_BYTES and length > _upload_limit(request):
            return self._refusal(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Comes before the token of the form is checked, which reads the whole body whoever sent it."""
        if _length_of(request) <= settings.MAX_BODY_BYTES:
            return None
        if not request.user.is_authenticated:
            return error_page(
                request,
                status=HTTPStatus.FORBIDDEN,
                title=_("Please sign in once more"),
                text=_(
                    "You are not signed in, or not any more, so the file was not taken. Nothing was recorded. "
                    "Please sign in and choose the file again."
                ),
                context={"links": [{"name": _("Sign in"), "url": _sign_in_address(request)}]},
            )
        if not _may_send_files(request, view, kwargs):
            return error_page(
                request,
                status=HTTPStatus.FORBIDDEN,
                title=_("This page is not open to you"),
                text=_("Your account may not send files here. Nothing was recorded."),
            )
        return None

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


def takes_files_from(may: Callable[..., bool]) -> Callable[[View], View]:
    """Marks a view of UPLOAD_VIEWS: `may` gets the request and the parts of its address, and is asked before the body
    is read. It must not touch the body.
    """

    def mark(view: View) -> View:
        view.may_send_files = may  # type: ignore[attr-defined]
        return view

    return mark


def _may_send_files(request: HttpRequest, view: Callable[..., Any], kwargs: dict[str, Any]) -> bool:
    """What the view itself says, or the desk that it is a page of; nobody where neither knows."""
    ask = getattr(view, "may_send_files", None)
    if ask is not None:
        return bool(ask(request, **kwargs))
    desk = getattr(view, "model_admin", None)
    if desk is None or not desk.admin_site.has_permission(request):
        return False
    return bool(desk.has_add_permission(request) or desk.has_change_permission(request))


def _sign_in_address(request: HttpRequest) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"


def _length_of(request: HttpRequest) -> int:
    """What the client says its body takes, in bytes; more than any page takes if that is no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return max([settings.MAX_BODY_BYTES, *settings.UPLOAD_VIEWS.values()]) + 1


def _upload_limit(request: HttpRequest) -> int:
    """What the view behind this address takes if it takes files; 0 for all others."""
    # The language is chosen further in, and addresses are found by it.
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        try:
            view = resolve(request.path_info).view_name
        except Resolver404:
            return 0
    return settings.UPLOAD_VIEWS.get(view, 0)


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


def client_network(request: HttpRequest) -> str:
    """What limits count instead of the address: all of the IPv6 network that one connection has, IPv4 as it is.

    Whoever has such a network (the first 64 bits) could come with a new address for each attempt.
    """
    address = client_address(request)
    if ":" not in address:
        return address
    whole = ipaddress.IPv6Address(address)
    if whole.ipv4_mapped is not None:
        return str(whole.ipv4_mapped)
    return str(ipaddress.IPv6Network((whole, NETWORK_BITS), strict=False).network_address)
