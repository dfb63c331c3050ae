"""What everybody may read of a council: who serves, since when, what its meetings decided; and other bodies."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import public_page
from councils.models import Council
from councils.queries.meetings import decided_meetings, next_meeting
from councils.queries.members import other_bodies
from councils.queries.published import roster_of, terms_of
from councils.queries.subcommittees import subcommittees_of

MEETINGS_ON_A_PAGE = 10
BODIES_ON_A_PAGE = 50


def _council(pk: int) -> Council:
    return get_object_or_404(Council.objects.select_related("dong__parent__parent"), pk=pk)


@require_safe
@public_page
def members_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One term, the running one without `?term=`; 404 for a number that the council has no term of."""
    council = _council(pk)
    terms = terms_of(council)
    asked = request.GET.get("term", "")
    if asked:
        chosen = next((term for term in terms if str(term.number) == asked), None)
        if chosen is None:
            raise Http404
    else:
        day = timezone.localdate()
        begun = [term for term in terms if term.starts_on <= day]
        chosen = begun[0] if begun else (terms[-1] if terms else None)
    context = {
        "council": council,
        "terms": terms,
        "roster": roster_of(chosen, timezone.localdate()) if chosen else None,
        "subcommittees": list(subcommittees_of(council)),
    }
    return render(request, "councils/members.html", context)


@require_safe
@public_page
def meetings_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The next meeting, and what meetings decided whose minutes are approved."""
    council = _council(pk)
    try:
        page = Paginator(decided_meetings(council), MEETINGS_ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    context = {"council": council, "page": page, "next": next_meeting(council, timezone.now())}
    return render(request, "councils/meetings.html", context)


@require_safe
@public_page
def bodies_page(request: HttpRequest) -> HttpResponse:
    """Bodies that are formed by the same means as councils."""
    try:
        page = Paginator(other_bodies(), BODIES_ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    return render(request, "councils/bodies.html", {"page": page})
