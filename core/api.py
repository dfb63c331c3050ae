"""What all of the API shares: refusals are JSON with a stable code and a sentence, and nothing is ignored silently.

DRF loads this while it loads itself: views stand elsewhere.
"""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView, exception_handler

from core.errors import RuleViolation

AnyModel = TypeVar("AnyModel", bound=Model)
FORMAT = str(api_settings.URL_FORMAT_OVERRIDE)


# --- Refusals ---------------------------------------------------------------------------------------------------------


def refusal(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to `exception` as {"code", "detail"}; what is wrong with single fields stands in "fields".

    None for what is no refusal but a fault of ours, which becomes Django's 500.
    """
    if isinstance(exception, RuleViolation):
        return Response({"code": exception.code, "detail": exception.text}, status=exception.status)
    response = exception_handler(exception, context)
    if response is None:
        return None
    if isinstance(exception, exceptions.ValidationError):
        text = _("Something in this request is not valid. “fields” says what.")
        fields = response.data if isinstance(response.data, dict) else {"": response.data}
        response.data = {"code": "invalid", "detail": text, "fields": fields}
    else:
        detail = response.data["detail"]
        code = getattr(detail, "code", "error")
        response.data = {"code": code, "detail": _sentences(exception).get(code, str(detail))}
    return response


def _sentences(exception: Exception) -> dict[str, str]:
    """Our own sentences for DRF's refusals, by code: it has none in Korean for the language code “ko”."""
    seconds = max(1, int(getattr(exception, "wait", None) or 1))
    return {
        "not_found": _("There is nothing at this address, or it is not public."),
        "permission_denied": _("Your account may not see or do this. Nothing was changed."),
        "method_not_allowed": _("This address can only be read. Nothing was changed."),
        "not_acceptable": _("Answers come as JSON only."),
        "throttled": ngettext(
            "Too many requests came from here. Please ask again in %(seconds)d second.",
            "Too many requests came from here. Please ask again in %(seconds)d seconds.",
            seconds,
        )
        % {"seconds": seconds},
    }


# --- Lists ------------------------------------------------------------------------------------------------------------


class NumberedPages(PageNumberPagination):
    """Pages of PAGE_SIZE rows; a page that is not there is a 404 of its own."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.NotFound(_("This list has no such page."), code="no_such_page") from error


class KnownFilters(DjangoFilterBackend):
    """Filters of lists. A parameter that is none is refused: a misspelt filter must not answer with everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[AnyModel], view: APIView) -> QuerySet[AnyModel]:
        if getattr(view, "detail", False):
            return queryset
        filters = self.get_filterset_class(view, queryset)
        paginator = getattr(view, "pagination_class", None)
        known = {*(filters.base_filters if filters else ()), getattr(paginator, "page_query_param", ""), FORMAT}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise exceptions.ValidationError({name: [_("There is no such filter.")] for name in unknown})
        narrowed: QuerySet[AnyModel] = super().filter_queryset(request, queryset, view)
        return narrowed
