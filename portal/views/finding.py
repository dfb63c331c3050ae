"""Finding a dong: all of them, by name, and by address.

A name comes in the address of the page; what may be a person's address never does: it is posted, read, and forgotten.
"""

from http import HTTPStatus

from allauth.decorators import rate_limit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import error_page
from core.pages import public_page
from portal import queries
from portal.addresses import LONGEST_ADDRESS, Finding, Verdict, Way, find_dongs
from portal.views.shared import page_of
from residents.models import Region

LONGEST_SEARCH = 50
DONGS_ON_A_PAGE = 60


@require_safe
def dongs(request: HttpRequest) -> HttpResponseBase:
    """All dongs, or those that a search for a name finds. Only searches count against the rate."""
    if not request.GET.get("q"):
        return all_dongs(request)
    limited = rate_limit(  # type: ignore[no-untyped-call]
        action="search", config={"search": settings.SEARCH_RATE}, limit_get=True
    )
    response: HttpResponseBase = limited(dong_search)(request)
    return response


@public_page
def all_dongs(request: HttpRequest) -> HttpResponse:
    page = page_of(request, queries.dongs_today(timezone.now()), DONGS_ON_A_PAGE)
    return render(request, "portal/dongs.html", {"page": page, "wanted": ""})


@public_page
def dong_search(request: HttpRequest) -> HttpResponse:
    wanted = request.GET["q"].strip()
    if len(wanted) > LONGEST_SEARCH:
        return _too_long(request, LONGEST_SEARCH)
    page = page_of(request, queries.dongs_called(wanted, timezone.now()), DONGS_ON_A_PAGE)
    return render(request, "portal/dongs.html", {"page": page, "wanted": wanted})


@csrf_exempt  # The form stands on pages from the cache. It changes nothing: it asks, and gets a page (decision 14).
@sensitive_post_parameters()
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponseBase:
    """The dongs of a posted name or address; one that is certain at once. Nothing of it is kept or stands in a URL."""
    if request.method != "POST":
        return redirect("portal:dongs")
    limited = rate_limit(action="search", config={"search": settings.SEARCH_RATE})  # type: ignore[no-untyped-call]
    response: HttpResponseBase = limited(_found)(request)
    return response


@sensitive_variables()
def _found(request: HttpRequest) -> HttpResponse:
    where = request.POST.get("where", "").strip()
    if len(where) > LONGEST_ADDRESS:
        return _too_long(request, LONGEST_ADDRESS)
    now = timezone.now()
    known = {dong.code: dong for dong in queries.dongs_today(now)}
    finding = find_dongs(where, [queries.place_of(dong) for dong in known.values()])
    hits = [known[hit.key] for hit in finding.hits]
    if finding.verdict is Verdict.NOT_AN_ADDRESS:
        # An address in English has the dong first: Geumho 1-dong, Seo-gu, Gwangju.
        hits = queries.dongs_among(known.values(), where) or queries.dongs_among(known.values(), where.split(",")[0])
    is_certain = finding.is_certain or (len(hits) == 1 and finding.verdict is Verdict.NOT_AN_ADDRESS)
    if is_certain:
        return redirect("portal:dong", hits[0].code)
    context = {
        "where": where,
        "verdict": finding.verdict,
        "hits": hits,
        "legal": _legal_names(finding),
        "around": _around(finding, hits, known),
    }
    return render(request, "portal/found.html", context)


def _legal_names(finding: Finding) -> list[str]:
    """The legal dongs that led to the dongs, each once."""
    return list(dict.fromkeys(hit.named for hit in finding.hits if hit.way is Way.LEGAL))


def _around(finding: Finding, hits: list[Region], known: dict[str, Region]) -> list[Region]:
    """The dongs of the area that was named, where that helps: no dong was found, and they fit on a page."""
    return [known[key] for key in finding.around] if not hits and len(finding.around) <= DONGS_ON_A_PAGE else []


def _too_long(request: HttpRequest, most: int) -> HttpResponse:
    return error_page(
        request,
        status=HTTPStatus.BAD_REQUEST,
        title=_("This search is too long"),
        text=_("Please search for a name of at most %(length)s letters.") % {"length": most}
        if most == LONGEST_SEARCH
        else _("Please write at most %(length)s letters: the name of the dong is enough.") % {"length": most},
        context={"links": [{"name": _("Find my dong"), "url": reverse("portal:dongs")}]},
    )
