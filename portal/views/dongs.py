"""All dongs, finding one, and the page of one dong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from allauth.decorators import rate_limit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assemblies.models import Assembly, Poll
from assemblies.queries import open_polls
from assemblies.states import AssemblyStatus
from core.errors import error_page
from core.pages import public_page
from core.templatetags.madang import day_text
from portal import queries
from portal.views.shared import DECISIONS_SHOWN, ROWS_ON_A_PAGE, decisions, page_of
from residents.models import Region
from residents.states import RegionLevel

LONGEST_SEARCH = 50
DONGS_ON_A_PAGE = 60


@require_safe
def dongs(request: HttpRequest) -> HttpResponseBase:
    """All dongs, or those that a search finds. Only searches count against the rate."""
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
        return error_page(
            request,
            status=HTTPStatus.BAD_REQUEST,
            title=_("This search is too long"),
            text=_("Please search for a name of at most %(length)s letters.") % {"length": LONGEST_SEARCH},
            context={"links": [{"name": _("Find my dong"), "url": reverse("portal:dongs")}]},
        )
    page = page_of(request, queries.dongs_called(wanted, timezone.now()), DONGS_ON_A_PAGE)
    return render(request, "portal/dongs.html", {"page": page, "wanted": wanted})


@dataclass(frozen=True, slots=True)
class NextDate:
    """The next thing that happens in a dong."""

    at: datetime
    what: str
    url: str


def next_date(polls: Iterable[Poll], to_come: Iterable[Poll], assemblies: Iterable[Assembly]) -> NextDate | None:
    """The earliest of: a vote closes, a vote opens, an assembly is held."""
    dates = [NextDate(poll.closes_at, _("Voting closes"), poll.assembly.get_absolute_url()) for poll in polls]
    dates += [NextDate(poll.opens_at, _("Voting opens"), poll.assembly.get_absolute_url()) for poll in to_come]
    dates += [NextDate(held.held_at, str(held), held.get_absolute_url()) for held in assemblies]
    return min(dates, key=lambda date: date.at, default=None)


@require_safe
@public_page
def dong(request: HttpRequest, code: str) -> HttpResponse:
    """One dong: next date, open votes, council, assemblies and decisions."""
    now = timezone.now()
    if "\0" in code:
        # PostgreSQL takes this sign in no text, not even to look for it.
        raise Http404
    place = get_object_or_404(Region.objects.select_related("parent__parent"), code=code, level=RegionLevel.DONG)
    today = timezone.localdate(now)
    if place.valid_from and place.valid_from > today:
        raise Http404
    if place.valid_until and place.valid_until <= today:
        return _dong_of_the_past(request, place)
    ids = queries.ids_of_history(place)
    polls = list(open_polls(now).filter(assembly__dong_id__in=ids)[:ROWS_ON_A_PAGE])
    to_come = list(queries.polls_to_come(now).filter(assembly__dong_id__in=ids)[:ROWS_ON_A_PAGE])
    assemblies = queries.assemblies_of(ids)
    announced = list(assemblies.filter(status=AssemblyStatus.ANNOUNCED, held_at__gt=now).order_by("held_at")[:1])
    context = {
        "now": now,
        "dong": place,
        "polls": polls,
        "to_come": to_come,
        "next_date": next_date(polls, to_come, announced),
        "council": queries.council_of(place),
        "page": page_of(request, assemblies, ROWS_ON_A_PAGE),
        "decisions": decisions(queries.decided_polls().filter(assembly__dong_id__in=ids)[:DECISIONS_SHOWN]),
    }
    return render(request, "portal/dong.html", context)


def _dong_of_the_past(request: HttpRequest, place: Region) -> HttpResponse:
    successors = place.successors.select_related("parent")
    return error_page(
        request,
        status=HTTPStatus.GONE if successors else HTTPStatus.NOT_FOUND,
        title=_("%(dong)s no longer exists") % {"dong": place.local_name},
        text=_("It was changed on %(day)s.") % {"day": day_text(place.valid_until)},
        context={
            "links": [
                {
                    "name": _("Go to %(dong)s") % {"dong": successor.full_name},
                    "url": reverse("portal:dong", args=[successor.code]),
                }
                for successor in successors
            ]
        },
    )
