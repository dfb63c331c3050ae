"""What went wrong, said so that the person understands it.

`RuleViolation` carries a sentence that is safe to show. Pages show it on a page of the site with a 4xx, the API
answers with its code, the desk shows it as a message.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


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


class RuleViolationMiddleware:
    """Turns a RuleViolation that a view lets through into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleViolation):
            title = _("This is not possible now")
            return error_page(request, status=exception.status, title=title, text=exception.text)
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
    html = render_to_string("errors/500.html", {"SITE_CONTACT": settings.SITE_CONTACT})
    return HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return error_page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("The form could not be checked"),
        text=_(
            "This form has expired, or it came from another page, or cookies are switched off. "
            "Nothing was recorded. Please go back, reload the page and send it again."
        ),
    )


def too_many_sign_ins(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """The answer of axes to too many failed sign-ins."""
    response = error_page(
        request,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        title=_("Too many attempts"),
        text=_("The sign-in failed too often. Please wait 15 minutes and try again, or set a new password."),
    )
    response["Retry-After"] = "900"
    return response
