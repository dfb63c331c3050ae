"""What machines ask."""

from typing import NoReturn

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 if the process answers and the database does."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@extend_schema(exclude=True)
@api_view(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def no_such_address(_request: Request, /, **_rest: str) -> NoReturn:
    """Machines get JSON below /api/ wherever they go, never a page."""
    raise NotFound
