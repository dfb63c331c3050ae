"""Whether a certificate is genuine: for whoever has its code, and for nobody else."""

from http import HTTPStatus
from typing import Any

from allauth.decorators import rate_limit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from reports.certificates import verdict_on
from reports.codes import as_typed, grouped
from reports.models import Certificate

PAGE = "reports/verify.html"


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponseBase:
    """The form for the code; sent, the way to the page of that code."""
    if request.method != "POST":
        return _hidden(render(request, PAGE, {}))
    typed = request.POST.get("code", "")
    code = as_typed(typed)
    if not code:
        return _hidden(render(request, PAGE, {"is_no_code": True, "typed": typed[:60]}, status=HTTPStatus.BAD_REQUEST))
    return redirect("reports:verified", grouped(code))


@cache_control(private=True, no_store=True)
@require_safe
def verified_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the certificate with this code says, the name masked. Attempts are limited, so that nobody tries codes."""
    limited: Any = rate_limit(  # type: ignore[no-untyped-call]
        action="verify", config={"verify": settings.VERIFY_RATE}, limit_get=True
    )
    response: HttpResponseBase = limited(_verified)(request, code)
    return response


def _verified(request: HttpRequest, code: str) -> HttpResponse:
    typed = as_typed(code)
    found = Certificate.objects.filter(code=typed).first() if typed else None
    if found is None:
        return _hidden(render(request, PAGE, {"is_unknown": True, "typed": code[:60]}, status=HTTPStatus.NOT_FOUND))
    return _hidden(render(request, PAGE, {"verdict": verdict_on(found), "typed": grouped(found.code)}))


def _hidden(response: HttpResponse) -> HttpResponse:
    """No page with a code in its address belongs into a search engine."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
