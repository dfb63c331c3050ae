"""What an account may do in this session; and answers that say by their status how a form or link fared.

A role counts only in a session with the second step, on every page and not only at the desk: whoever has no more than
an official's password is a resident to the site. A form that was not accepted answers 422, a link that is no longer
valid 404: on allauth's pages too.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject

from residents.models import User

ACCOUNT_PAGES = ("account/", "mfa/")


def entered_with_second_factor(request: HttpRequest, user: Any) -> bool:
    """Whether this session was opened, or confirmed later, with the second factor and not only the password."""
    if not isinstance(user, User):
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


class SecondStepMiddleware:
    """Leaves the roles of an account outside until the session has the second step.

    Stands right behind Django's AuthenticationMiddleware. The account is still loaded only when somebody asks for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.OFFICIALS_NEED_SECOND_FACTOR:
            request.user = SimpleLazyObject(lambda: _with_roles_if_proven(request))  # type: ignore[assignment]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Where the second step may be all that is missing, ask for it, and lead back afterwards."""
        if request.method not in {"GET", "HEAD"} or not isinstance(exception, PermissionDenied | Http404):
            return None
        user = request.user
        if not isinstance(user, User) or not user.roles_are_locked or not user.is_staff:
            return None
        from residents.desk.site import gate  # noqa: PLC0415 - the desk needs apps that are not loaded with settings

        return gate(request)


def _with_roles_if_proven(request: HttpRequest) -> Any:
    user = get_user(request)
    if isinstance(user, User) and not entered_with_second_factor(request, user):
        user.roles_are_locked = True
    return user


class FormErrorStatusMiddleware:
    """Gives pages of forms and links the status that fits what they say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        context = response.context_data or {}
        if response.status_code != HTTPStatus.OK:
            return response
        if request.method == "POST" and _was_refused(context):
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        if context.get("token_fail") or ("can_confirm" in context and not context["can_confirm"]):
            response.status_code = HTTPStatus.NOT_FOUND
        if _names(response).startswith(ACCOUNT_PAGES):
            response["Cache-Control"] = "no-store"
        return response


def _was_refused(context: dict[str, Any]) -> bool:
    """A form with errors; or none at all, as allauth has it when the second step came without its field."""
    form = context.get("form", ...)
    return form is None or (isinstance(form, BaseForm) and form.is_bound and bool(form.errors))


def _names(response: TemplateResponse) -> str:
    """The first template's name; "" for a template object."""
    names = response.template_name
    first = names[0] if isinstance(names, list | tuple) and names else names
    return first if isinstance(first, str) else ""
