"""The search over everything that is public."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from allauth.decorators import rate_limit
from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.errors import error_page
from core.pages import public_page
from portal.places import dong_of
from portal.search.finding import Search, shown
from portal.search.marking import Piece, marked, snippet
from portal.search.sources import SOURCES, Shown
from portal.search.words import Word
from portal.views.shared import ROWS_ON_A_PAGE
from residents.models import Region

DONGS = "dongs"
LONGEST_SEARCH = 50
SHOWN_OF_EACH = 3
SEARCH_PAGE = "portal/search.html"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, with the words marked."""

    title: list[Piece]
    text: list[Piece]
    url: str
    dong: str
    when: date | None
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of thing: how many were found, and those that are shown."""

    code: str
    name: str | Promise
    found: int
    hits: list[Hit]


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """The search's page, or what a search finds. Only searches count against the rate."""
    if not request.GET.get("q", "").strip():
        return empty_search(request)
    limited = rate_limit(  # type: ignore[no-untyped-call]
        action="search", config={"search": settings.SEARCH_RATE}, limit_get=True
    )
    response: HttpResponseBase = limited(results)(request)
    return response


@public_page
def empty_search(request: HttpRequest) -> HttpResponse:
    return render(request, SEARCH_PAGE, {"wanted": "", "longest": LONGEST_SEARCH})


@public_page
def results(request: HttpRequest) -> HttpResponse:
    """Hits of one kind page by page, or the first of each kind; where there are none, what sounds alike."""
    wanted = unicodedata.normalize("NFC", request.GET["q"].strip())
    if len(wanted) > LONGEST_SEARCH or "\0" in wanted:
        return _refused(request, wanted)
    kind = request.GET.get("kind", "")
    if kind not in {"", DONGS, *(source.code for source in SOURCES)}:
        raise Http404
    own = dong_of(request)
    context: dict[str, Any] = {"wanted": wanted, "kind": kind, "longest": LONGEST_SEARCH}
    asked = Search.of(wanted, at=timezone.now(), own=own.pk if own else None)
    if asked is None:
        return render(request, SEARCH_PAGE, context | {"says_nothing": True})
    found = _Found(asked, kind)
    if not found.total and asked.bare is not None:
        # 길을 is found nowhere: then 길 is meant, which mostly it is not (마을, 회의).
        without = _Found(asked.bare, kind)
        if without.total:
            found = without
            context["instead"] = " ".join(word.typed for word in without.search.words)
    context |= {"total": found.total, "counts": found.counts()}
    if kind and found.total:
        page = found.page(request.GET.get("page", "1"))
        context |= {"page": page, "sections": [found.section(kind, page.object_list)]}
    elif found.total:
        context["sections"] = found.overview()
    else:
        context["alike"] = _alike(asked)
        context["words"] = [word.typed for word in asked.words] if len(asked.words) > 1 else []
    return render(request, SEARCH_PAGE, context)


def _refused(request: HttpRequest, wanted: str) -> HttpResponse:
    if "\0" in wanted:
        title = _("This search could not be understood")
        text = _("There is a sign in it that cannot be typed. Please type the words anew.")
    else:
        title = _("This search is too long")
        text = _("Please search with at most %(length)s letters: one or two words are enough.") % {
            "length": LONGEST_SEARCH
        }
    links = [{"name": _("Search"), "url": reverse("portal:search")}]
    return error_page(request, status=HTTPStatus.BAD_REQUEST, title=title, text=text, context={"links": links})


class _Found:
    """The hits of a search by kind, each counted once."""

    def __init__(self, search: Search, kind: str) -> None:
        self.search = search
        self.kind = kind
        keys: dict[str, Any] = {DONGS: search.dongs()} | {source.code: search.keys(source) for source in SOURCES}
        self.pages = {code: Paginator(found, ROWS_ON_A_PAGE) for code, found in keys.items()}
        self.total = sum(pages.count for pages in self.pages.values())

    def page(self, number: str) -> Page[Any]:
        """A page of the chosen kind; 404 if there is none of that number."""
        try:
            return self.pages[self.kind].page(number)
        except InvalidPage as error:
            raise Http404 from error

    def counts(self) -> list[Section]:
        """The kinds in which something is found, and the chosen one."""
        every = [Section(code, NAMES[code], pages.count, []) for code, pages in self.pages.items()]
        return [section for section in every if section.found or section.code == self.kind]

    def section(self, code: str, keys: Iterable[int]) -> Section:
        things = _dongs(list(keys)) if code == DONGS else shown(BY_CODE[code], list(keys))
        return Section(code, NAMES[code], self.pages[code].count, [_hit(thing, self.search.words) for thing in things])

    def overview(self) -> list[Section]:
        """The first hits of each kind; kinds that have a word in a title come first."""
        found = {code: pages for code, pages in self.pages.items() if pages.count}
        most = SHOWN_OF_EACH if len(found) > 1 else ROWS_ON_A_PAGE
        sections = [self.section(code, pages.object_list[:most]) for code, pages in found.items()]
        return sorted(sections, key=lambda section: not any(piece.hit for piece in section.hits[0].title))


def _hit(thing: Shown, words: Sequence[Word]) -> Hit:
    return Hit(
        title=marked(thing.title, words),
        text=snippet(thing.texts, words),
        url=thing.url,
        dong=thing.dong,
        when=thing.when,
        state=thing.state,
        tone=thing.tone,
    )


def _dongs(keys: list[int]) -> list[Shown]:
    rows = {row.pk: row for row in Region.objects.filter(pk__in=keys).select_related("parent__parent")}
    return [
        Shown(title=rows[key].full_name, url=reverse("portal:dong", args=[rows[key].code]), dong="", when=None)
        for key in keys
        if key in rows
    ]


def _alike(search: Search) -> list[Section]:
    """What sounds like the words, by kind. Nothing is marked: the words themselves stand nowhere."""
    dongs = _dongs(search.dongs_alike())
    found = [(DONGS, dongs)] + [(source.code, shown(source, search.alike(source))) for source in SOURCES]
    return [
        Section(code, NAMES[code], len(things), [_hit(thing, []) for thing in things])
        for code, things in found
        if things
    ]


BY_CODE = {source.code: source for source in SOURCES}
NAMES = {DONGS: gettext_lazy("Dongs")} | {source.code: source.name for source in SOURCES}
