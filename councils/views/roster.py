"""The roster of councils, and one council."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import public_page
from councils.models import Council
from councils.queries import municipalities_with_councils, roster
from councils.queries.meetings import decided_meetings, next_meeting
from councils.queries.members import other_bodies
from councils.queries.published import council_at_work
from councils.queries.subcommittees import subcommittees_of
from councils.states import PUBLIC_RECRUITMENTS, CouncilType, RecruitmentStatus
from residents.models import Region

ROWS_ON_A_PAGE = 50
DECIDED_SHOWN, RECRUITMENTS_SHOWN = 3, 3
OPEN_TO_SEE = PUBLIC_RECRUITMENTS - {RecruitmentStatus.CANCELLED}


def _municipality(request: HttpRequest, offered: list[Region]) -> Region | None:
    """The municipality that `?in=` names by its code; 404 for one that has no council here."""
    code = request.GET.get("in", "")
    if not code:
        return None
    for region in offered:
        if region.code == code:
            return region
    raise Http404


def _council_type(request: HttpRequest) -> str:
    """The type that `?type=` names, "" for all; 404 for one that does not exist."""
    council_type = request.GET.get("type", "")
    if council_type and council_type not in CouncilType.values:
        raise Http404
    return council_type


@require_safe
@public_page
def roster_page(request: HttpRequest) -> HttpResponse:
    offered = list(municipalities_with_councils())
    chosen = _municipality(request, offered)
    council_type = _council_type(request)
    try:
        page = Paginator(roster(chosen, council_type), ROWS_ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    context = {
        "page": page,
        "municipalities": offered,
        "chosen": chosen,
        "types": CouncilType.choices,
        "council_type": council_type,
        "has_bodies": other_bodies().exists(),
    }
    return render(request, "councils/roster.html", context)


@require_safe
@public_page
def council_page(request: HttpRequest, pk: int) -> HttpResponse:
    council = get_object_or_404(Council.objects.select_related("dong__parent__parent"), pk=pk)
    now = timezone.now()
    context = {
        "council": council,
        "now": now,
        "at_work": council_at_work(council, timezone.localdate(now)),
        "next": next_meeting(council, now),
        "decided": list(decided_meetings(council)[:DECIDED_SHOWN]),
        "subcommittees": list(subcommittees_of(council)),
        "recruitments": list(
            council.recruitments.filter(status__in=OPEN_TO_SEE).order_by("-opens_at")[:RECRUITMENTS_SHOWN]
        ),
    }
    return render(request, "councils/council.html", context)
