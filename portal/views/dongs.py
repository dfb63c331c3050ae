"""The page of one dong, and choosing it as the one that the site speaks of first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from assemblies.models import Assembly, Poll
from assemblies.queries import open_polls
from assemblies.states import RESULT_PUBLIC, AssemblyStatus
from core.display import display_of, keep_dong
from core.errors import RuleViolation, error_page
from core.pages import public_page
from core.templatetags.madang import day_text, starts_in, time_left
from councils.queries import calls
from portal import queries
from portal.places import own_dong_of
from portal.views.shared import DECISIONS_SHOWN, ROWS_ON_A_PAGE, decisions, page_of
from portal.year import Happening, Kind, path_of
from residents.models import Region
from residents.states import RegionLevel


@require_safe
@public_page
def dong(request: HttpRequest, code: str) -> HttpResponse:
    """One dong: next date, open votes, the path and the money of the year, council, assemblies and decisions."""
    now = timezone.now()
    place = _region(code)
    today = timezone.localdate(now)
    if place.valid_from and place.valid_from > today:
        raise Http404
    if place.valid_until and place.valid_until <= today:
        return _dong_of_the_past(request, place)
    ids = queries.ids_of_history(place)
    polls = list(open_polls(now).filter(assembly__dong_id__in=ids)[:ROWS_ON_A_PAGE])
    to_come = list(queries.polls_to_come(now).filter(assembly__dong_id__in=ids)[:ROWS_ON_A_PAGE])
    year = list(queries.assemblies_of_year(ids, today.year))
    announced = [held for held in year if held.status == AssemblyStatus.ANNOUNCED and held.held_at > now]
    recruitments = calls.recruitments_in(place, now)
    own = own_dong_of(request)
    context = {
        "now": now,
        "year": today.year,
        "dong": place,
        "polls": polls,
        "to_come": to_come,
        "next_date": next_date(polls, to_come, announced, now),
        "steps": path_of_year(year, now),
        "money": money_of(ids, today.year),
        "council": queries.council_of(place),
        "recruitments": recruitments,
        "to_apply_for": [one for one in recruitments if calls.is_open(one, now)],
        "page": page_of(request, queries.assemblies_of(ids), ROWS_ON_A_PAGE),
        "decisions": decisions(queries.decided_polls().filter(assembly__dong_id__in=ids)[:DECISIONS_SHOWN]),
        "is_own": own == place,
        "is_chosen": own is None and display_of(request).dong_code == place.code,
        "may_choose": own is None,
    }
    return render(request, "portal/dong.html", context)


@csrf_exempt  # The form stands on pages from the cache, and all it changes is which dong this browser sees first.
@require_POST
@never_cache
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Keep this dong as the one the site speaks of first in this browser, or forget it; back to its page.

    Raises RuleViolation if another site sent the form: nobody else decides what a browser sees first.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise RuleViolation(_("This came from another site. Nothing was changed."), status=HTTPStatus.FORBIDDEN)
    place = _region(code)
    response = redirect("portal:dong", place.code)
    keep_dong(response, "" if "forget" in request.POST else place.code)
    return response


def _region(code: str) -> Region:
    """The dong of this code, of any time. Raises Http404."""
    if "\0" in code:
        # PostgreSQL takes this sign in no text, not even to look for it.
        raise Http404
    return get_object_or_404(Region.objects.select_related("parent__parent"), code=code, level=RegionLevel.DONG)


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


# --- What comes next --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextDate:
    """The next thing that happens in a dong, what its people can do about it, and how far away it is."""

    at: datetime
    what: str
    assembly: Assembly
    url: str
    action: str
    distance: str
    is_open: bool = False


def next_date(
    polls: Iterable[Poll], to_come: Iterable[Poll], assemblies: Iterable[Assembly], now: datetime
) -> NextDate | None:
    """The end of an open vote, because it can be acted on; else the next opening or assembly, whichever comes first."""
    closing = [
        NextDate(
            at=poll.closes_at,
            what=_("Voting closes"),
            assembly=poll.assembly,
            url=f"{poll.assembly.get_absolute_url()}#poll-{poll.pk}",
            action=_("See the agenda and vote"),
            distance=time_left(poll.closes_at, now),
            is_open=True,
        )
        for poll in polls
    ]
    coming = [
        _coming(poll.opens_at, _("Voting opens"), poll.assembly, starts_in(poll.opens_at, now)) for poll in to_come
    ]
    coming += [_coming(held.held_at, _("Day of the assembly"), held, "") for held in assemblies]
    return min(closing or coming, key=lambda date: date.at, default=None)


def _coming(at: datetime, what: str, assembly: Assembly, distance: str) -> NextDate:
    return NextDate(at, what, assembly, assembly.get_absolute_url(), _("See what will be decided"), distance)


# --- The year ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path as the page shows it, see components/steps.html."""

    name: str
    state: str
    when: str
    note: str = ""
    url: str = ""


def path_of_year(assemblies: Collection[Assembly], now: datetime) -> list[Step]:
    """The path of the year with today on it; the assembly is named where there are several."""
    happenings = [happening for held in assemblies for happening in happenings_of(held)]
    names = {
        Kind.ANNOUNCED: _("Announced"),
        Kind.OPENS: _("Voting opens"),
        Kind.CLOSES: _("Voting closes"),
        Kind.HELD: _("Day of the assembly"),
        Kind.PUBLISHED: _("Result published"),
    }
    return [
        Step(
            name=names[happening.kind],
            state=station.state,
            when=day_text(happening.at) if happening.at else _("after the count"),
            note=happening.title if len(assemblies) > 1 else "",
            url=happening.url,
        )
        if (happening := station.happening)
        else Step(name=_("Today"), state=station.state, when=day_text(now), note=_today(assemblies, now))
        for station in path_of(happenings, now)
    ]


def happenings_of(assembly: Assembly) -> list[Happening]:
    """What happens in the life of an assembly, with its day; of one that is over only the day and the result.

    Needs its polls. The result has no day while it is being waited for.
    """
    polls = list(assembly.polls.all())
    title, url = assembly.title, assembly.get_absolute_url()
    found = [Happening(Kind.HELD, assembly.held_at, title, url)]
    if assembly.status == AssemblyStatus.ANNOUNCED:
        found.append(Happening(Kind.ANNOUNCED, assembly.announced_at, title, url))
        if polls:
            found.append(Happening(Kind.OPENS, min(poll.opens_at for poll in polls), title, url))
            found.append(Happening(Kind.CLOSES, max(poll.closes_at for poll in polls), title, url))
    if polls:
        published = [poll.published_at for poll in polls if poll.status in RESULT_PUBLIC and poll.published_at]
        is_whole = len(published) == len(polls)
        result = reverse("assemblies:result", args=[polls[0].pk]) if is_whole and len(polls) == 1 else url
        found.append(Happening(Kind.PUBLISHED, max(published) if is_whole else None, title, result))
    return found


def _today(assemblies: Iterable[Assembly], now: datetime) -> str:
    """What can be done today: how long an open vote lasts."""
    closing = [poll.closes_at for assembly in assemblies for poll in assembly.polls.all() if poll.takes_ballots(now)]
    return _("Voting is open: %(left)s") % {"left": time_left(min(closing), now)} if closing else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One item that was decided, and its estimated cost in won."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class YearMoney:
    """What the items decided in a year are estimated to cost, in won, and how many of them have no estimate."""

    parts: tuple[Part, ...]
    total: int
    without_estimate: int


def money_of(dong_ids: Collection[int], year: int) -> YearMoney | None:
    """The money of the year; None where nothing with an estimate was decided."""
    items = list(queries.items_decided_in(dong_ids, year))
    parts = tuple(Part(item.title, item.cost) for item in items if item.cost is not None)
    if not parts:
        return None
    return YearMoney(parts, sum(part.amount for part in parts), len(items) - len(parts))
