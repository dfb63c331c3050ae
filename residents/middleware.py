"""A form that was not accepted answers 422, a link that is no longer valid 404: on allauth's pages too."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

ACCOUNT_PAGES = ("account/", "mfa/")


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
