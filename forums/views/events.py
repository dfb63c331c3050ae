"""Forums and other events for readers: the list, the programme with what goes on now, its versions, its calendar.

What is public is the last published version; the tables hold the draft of the next one, which the secretariat sees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import make_naive
from django.views.decorators.http import require_safe

from core.pages import public_page
from forums.event_calendar import as_calendar
from forums.models import Forum, Material, ProgrammeVersion
from forums.permissions import keeps_the_club, members_of
from forums.programme import PersonLine, Programme, SessionLine, ThemeLine, VenueLine, change_from_data, from_data
from forums.programme import changes as differences
from forums.programme_wording import change_in_words, days_in_words, event_label
from forums.queries.forums import (
    as_published,
    dropped_sessions,
    forum_with_programme,
    programme_of,
    public_forums,
    terms_of_public_forums,
)
from forums.readiness import missing_in
from forums.states import PUBLIC_FORUMS, EventKind, ForumStatus, Part, SessionKind
from forums.timetable import at_moment, marked_spans

LIST_SIZE = 30


@dataclass(slots=True)
class ShownSession:
    """A line of the timetable as the page has it. begins and finishes: what the marker goes by, in ISO 8601."""

    line: SessionLine
    kind: str
    venue: VenueLine | None
    themes: list[ThemeLine]
    is_now: bool
    is_first_now: bool
    begins: str
    finishes: str


@dataclass(slots=True)
class ShownDay:
    day: date
    number: int
    sessions: list[ShownSession]


@dataclass(slots=True)
class ShownTheme:
    """A theme with its people by part, and the materials of their presentations."""

    line: ThemeLine
    people: list[tuple[str, list[PersonLine]]]
    materials: list[Material]


def _days(programme: Programme, now: datetime | None) -> list[ShownDay]:
    """The timetable; what goes on at `now` is marked, unless it is None."""
    slots = {slot.key: slot for slot in programme.slots()}
    moments = {slot.key: (begins, finishes) for slot, begins, finishes in marked_spans(slots.values())}
    moment = at_moment(slots.values(), make_naive(now)) if now else None
    going_on = [slot.key for slot in moment.now] if moment else []
    venues = {venue.key: venue for venue in programme.venues}
    themes = {theme.key: theme for theme in programme.themes}

    def shown(line: SessionLine) -> ShownSession:
        begins, finishes = moments[line.key]
        return ShownSession(
            line=line,
            kind=str(SessionKind(line.kind).label),
            venue=venues.get(line.venue) if line.venue else None,
            themes=sorted((themes[key] for key in line.themes if key in themes), key=lambda theme: theme.number),
            is_now=line.key in going_on,
            is_first_now=line.key in going_on[:1],
            begins=timezone.make_aware(begins).isoformat(timespec="minutes"),
            finishes=timezone.make_aware(finishes).isoformat(timespec="minutes"),
        )

    return [
        ShownDay(day, (day - programme.starts_on).days + 1, [shown(line) for line in lines])
        for day, lines in programme.days()
    ]


def by_part(people: Iterable[PersonLine]) -> list[tuple[str, list[PersonLine]]]:
    """People under the name of their part, presenters first."""
    found: dict[str, list[PersonLine]] = {}
    for person in people:
        found.setdefault(person.part, []).append(person)
    return [(str(Part(part).label), found[part]) for part in Part.values if part in found]


def _visible_materials(request: HttpRequest, forum: Forum) -> list[Material]:
    """What this visitor may download, in order."""
    found = forum.materials.select_related("contribution").order_by("position", "pk")
    if not (keeps_the_club(request.user) or members_of(request.user)):
        found = found.filter(is_public=True)
    return list(found)


def _programme_facts(request: HttpRequest, forum: Forum, programme: Programme, *, is_live: bool) -> dict[str, Any]:
    """What the page of a programme shows, of a version or of the draft."""
    now = timezone.now()
    today = timezone.localdate(now)
    is_on = is_live and forum.status == ForumStatus.PUBLISHED and programme.starts_on <= today <= programme.ends_on
    materials = _visible_materials(request, forum)
    of_theme: dict[int | None, list[Material]] = {}
    for material in materials:
        of_theme.setdefault(material.contribution.theme_id if material.contribution else None, []).append(material)
    themes = [
        ShownTheme(theme, by_part(theme.people), of_theme.get(theme.key, []))
        for theme in sorted(programme.themes, key=lambda theme: theme.number)
    ]
    with_theme = {material.pk for theme in themes for material in theme.materials}
    return {
        "forum": forum,
        "programme": programme,
        "label": event_label(programme.kind, programme.term, programme.number),
        "when": days_in_words(programme.starts_on, programme.ends_on),
        "days": _days(programme, now if is_on else None),
        "themes": themes,
        "people": by_part(programme.people),
        "other_materials": [material for material in materials if material.pk not in with_theme],
        "is_on": is_on,
        "profile": getattr(forum, "profile", None),
        "keeps": keeps_the_club(request.user),
    }


# --- The list ---------------------------------------------------------------------------------------------------------


@require_safe
@public_page
def forum_list(request: HttpRequest) -> HttpResponse:
    """Events by term, the latest first. `?term=` and `?kind=` narrow it down; unknown ones are 404."""
    terms = terms_of_public_forums()
    term, kind = request.GET.get("term", ""), request.GET.get("kind", "")
    if (term and term not in terms) or (kind and kind not in EventKind.values):
        raise Http404
    found = public_forums()
    found = found.filter(term=term) if term else found
    found = found.filter(kind=kind) if kind else found
    page = Paginator(found, LIST_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    lines = [
        {
            "forum": forum,
            "label": event_label(forum.kind, forum.term, forum.number),
            "when": days_in_words(forum.starts_on, forum.ends_on),
            "is_ahead": forum.status == ForumStatus.PUBLISHED and forum.ends_on >= today,
        }
        for forum in as_published(page.object_list)
    ]
    drafts: list[Forum] = []
    if keeps_the_club(request.user):
        drafts = list(Forum.objects.filter(status=ForumStatus.DRAFT).order_by("starts_on", "pk")[:LIST_SIZE])
    context = {
        "page": page,
        "lines": lines,
        "terms": terms,
        "kinds": EventKind.choices,
        "term": term,
        "kind": kind,
        "drafts": drafts,
    }
    return render(request, "forums/forum_list.html", context)


# --- One event --------------------------------------------------------------------------------------------------------


def _public_forum(pk: int) -> tuple[Forum, ProgrammeVersion | None]:
    """A public event with its last version. Raises Http404; one called off as a draft never was public."""
    forum = Forum.objects.select_related("host__parent", "profile").filter(pk=pk, status__in=PUBLIC_FORUMS).first()
    if forum is None:
        raise Http404
    version = forum.versions.order_by("-number").first()
    if version is None and forum.status == ForumStatus.CANCELLED:
        raise Http404
    return forum, version


@require_safe
@public_page
def forum_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme as it was published last; to the secretariat a draft that has not been, marked as such."""
    if keeps_the_club(request.user) and Forum.objects.filter(pk=pk, versions=None).exists():
        return _draft(request, pk)
    forum, version = _public_forum(pk)
    if version is None:
        raise Http404
    facts = _programme_facts(request, forum, from_data(version.snapshot), is_live=True)
    changes = [change_in_words(change_from_data(change)) for change in version.changes]
    context = {**facts, "version": version, "changes": changes}
    if facts["keeps"] and forum.status == ForumStatus.PUBLISHED:
        context["has_draft"] = bool(differences(facts["programme"], programme_of(forum_with_programme().get(pk=pk))))
    return render(request, "forums/forum.html", context)


def _draft(request: HttpRequest, pk: int) -> HttpResponse:
    forum = forum_with_programme().select_related("profile").get(pk=pk)
    programme = programme_of(forum)
    facts = _programme_facts(request, forum, programme, is_live=False)
    return render(request, "forums/forum.html", {**facts, "is_draft": True, "missing": missing_in(forum, programme)})


@require_safe
def forum_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What the next version would say, for the secretariat."""
    if not keeps_the_club(request.user) or not Forum.objects.filter(pk=pk).exists():
        raise Http404
    return _draft(request, pk)


@require_safe
@public_page
def forum_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every published version with what changed in it, the latest first."""
    forum, last = _public_forum(pk)
    versions = [
        (version, [change_in_words(change_from_data(change)) for change in version.changes])
        for version in forum.versions.defer("snapshot").order_by("-number")
    ]
    (shown,) = as_published([forum])
    return render(request, "forums/forum_versions.html", {"forum": shown, "versions": versions, "last": last})


@require_safe
@public_page
def forum_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier version as it was published; the last one is the page of the event itself."""
    forum, last = _public_forum(pk)
    version = forum.versions.filter(number=number).first()
    if version is None or last is None:
        raise Http404
    is_last = version.pk == last.pk
    facts = _programme_facts(request, forum, from_data(version.snapshot), is_live=is_last)
    changes = [change_in_words(change_from_data(change)) for change in version.changes]
    context = {**facts, "version": version, "changes": changes, "newer": None if is_last else last}
    return render(request, "forums/forum.html", context)


@require_safe
@public_page
def forum_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The published programme as a calendar file."""
    forum, version = _public_forum(pk)
    if version is None:
        raise Http404
    body = as_calendar(
        from_data(version.snapshot),
        key=forum.pk,
        version=version.number,
        published_at=version.published_at,
        made_at=timezone.now(),
        dropped=dropped_sessions(forum, version),
        url=request.build_absolute_uri(forum.get_absolute_url()),
        host=request.get_host(),
        is_cancelled=forum.status == ForumStatus.CANCELLED,
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{forum.pk}.ics"'
    return response
