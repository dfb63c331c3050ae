"""What went wrong, said so that the person understands it.

`RuleViolation` carries a sentence that is safe to show. Pages show it on a page of the site with a 4xx, the API
answers with its code, the desk shows it as a message.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

NO_PAGES = ("/api/", "/static/")


class RuleViolation(Exception):  # noqa: N818 - the house's word for it
    """A rule says no. `text` is shown to the person, `code` is stable, `status` is the HTTP status."""

    def __init__(self, text: str, *, code: str = "rule_violation", status: int = HTTPStatus.CONFLICT) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.status = int(status)


def error_page(
    request: HttpRequest, *, status: int, title: str, text: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    """A page of the site that says what happened, what is safe and what to do."""
    html = render_to_string(
        "errors/error.html", {"status": status, "title": title, "text": text, **(context or {})}, request
    )
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def page_before(request: HttpRequest) -> str:
    """The page of this site that the visitor came from, as path and query.

    "" if there is none, or it is this one, or the start page: every error page leads there anyway, and pages whose
    address holds a key tell no more of it than the site's name.
    """
    came_from = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(came_from)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_this_one = address == request.get_full_path() and request.method in {"GET", "HEAD"}
    # A path such as //elsewhere.example/ on this site would be another site in a link.
    is_a_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_a_path and not is_this_one and address != "/" else ""


class RuleViolationMiddleware:
    """Turns a RuleViolation that a view lets through into its page, and an empty 405 of a page's address too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not request.path_info.startswith(NO_PAGES):
            return method_not_allowed(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleViolation):
            title = _("This is not possible now")
            ways_on = {"before": page_before(request)}
            return error_page(request, status=exception.status, title=title, text=exception.text, context=ways_on)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return error_page(
        request,
        status=HTTPStatus.BAD_REQUEST,
        title=_("This request could not be understood"),
        text=_("Something in the address or the form was not as it should be. Nothing was changed."),
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = str(exception) if isinstance(exception, PermissionDenied) and str(exception) else ""
    return error_page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("This page is not open to you"),
        text=text or _("Your account may not see or do this. Nothing was changed."),
    )


def method_not_allowed(request: HttpRequest, refusal: HttpResponseNotAllowed) -> HttpResponse:
    """A button's address opened as a link, as after signing in again in between: a page instead of an empty answer."""
    page = error_page(
        request,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        title=_("This address cannot be opened directly"),
        text=_("Nothing was changed. Please go to the page that you need and press its button once more."),
        context={"before": page_before(request)},
    )
    page["Allow"] = refusal["Allow"]
    return page


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return error_page(
        request,
        status=HTTPStatus.NOT_FOUND,
        title=_("There is no such page"),
        text=_("The address may be mistyped, or the page is no longer here."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without a database and without context processors: whatever failed may still be failing."""
    del request
    html = render_to_string("errors/500.html", {"SITE_NAME": settings.SITE_NAME, "SITE_CONTACT": settings.SITE_CONTACT})
    return HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return error_page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("The form could not be checked"),
        text=_(
            "This page stood open for long, or you signed in again meanwhile. Nothing was recorded. "
            "Please open the page again and send it once more. If this comes again, please allow cookies."
        ),
        context={"before": page_before(request), "again": True},
    )


def too_many_sign_ins(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """The answer of axes to too many failed sign-ins, with the moment from which one can try again at the latest."""
    wait = timedelta(hours=settings.AXES_COOLOFF_TIME)
    response = error_page(
        request,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        title=_("Too many attempts"),
        text=_("The sign-in failed too often. For your safety it is locked for a while. Your account is safe."),
        context={"free_from": timezone.now() + wait, "minutes": int(wait.total_seconds() // 60)},
    )
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
