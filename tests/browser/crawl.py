"""Walks the site as somebody: every link on every page, up to so many pages of one kind."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

UNSEEN = {"script", "style", "template", "head"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Link:
    """Where a link leads and what it says, as a screen reader lists it."""

    to: str
    name: str = ""
    says: str = ""

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", self.name or self.says).strip()


@dataclass
class Form:
    """Where a form sends, and what it sends without being filled in."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


class PageReader(HTMLParser):
    """What a page links to, what it sends and loads, and what it says to its reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.named_links: list[Link] = []
        self.forms: list[Form] = []
        self.files: list[str] = []
        self.text: list[str] = []
        self.lang = ""
        self.title = ""
        self.h1 = 0
        self.ids: Counter[str] = Counter()
        self._link: Link | None = None
        self._in_title = False
        # Text that is marked as being in another language than the page is left out.
        self._hidden: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if found.get("id"):
            self.ids[found["id"]] += 1
        if tag == "html":
            self.lang = found.get("lang") or ""
        elif tag == "h1":
            self.h1 += 1
        elif tag == "title":
            self._in_title = True
        self._note_way_out(tag, found)
        if tag not in VOID and (self._hidden or tag in UNSEEN or found.get("lang") not in {None, "", self.lang}):
            self._hidden.append(tag)
        elif not self._hidden:
            self.text.extend(found[name] for name in ("placeholder", "title", "aria-label", "alt") if found.get(name))

    def _note_way_out(self, tag, found):
        # The desk's script makes buttons of links that lead nowhere.
        is_a_button = found.get("role") == "button" and found.get("href") == "#"
        if tag == "a" and found.get("href") and not is_a_button:
            self._link = Link(found["href"], name=found.get("aria-label") or "")
            self.named_links.append(self._link)
        elif tag == "img" and self._link:
            self._link.says += found.get("alt") or ""
        elif tag == "form":
            self.forms.append(Form(found.get("action") or "", (found.get("method") or "get").lower()))
        elif tag == "input" and found.get("type") == "hidden" and found.get("name") and self.forms:
            self.forms[-1].values[found["name"]] = found.get("value") or ""
        if tag in {"link", "script", "img", "source", "use"}:
            self.files.extend(found[name] for name in ("href", "src", "srcset") if found.get(name))

    def handle_endtag(self, tag):
        if tag == "a":
            self._link = None
        elif tag == "title":
            self._in_title = False
        if self._hidden and tag not in VOID:
            self._hidden.pop()

    def handle_data(self, data):
        if self._in_title:
            self.title += data
        if self._link:
            self._link.says += data
        if not self._hidden:
            self.text.append(data)

    @property
    def links(self) -> list[str]:
        return [link.to for link in self.named_links]

    @property
    def said(self) -> str:
        return re.sub(r"\s+", " ", "\n".join(self.text))


def read(html: str) -> PageReader:
    reader = PageReader()
    reader.feed(html)
    return reader


@dataclass
class Walked:
    """One address that was opened, and where its link stood."""

    address: str
    kind: str
    linked_from: str
    response: HttpResponse
    page: PageReader | None = None


@dataclass
class Walk:
    """A walk through the site; `most` pages of one kind are opened, and `most_filtered` with a query."""

    client: Client
    most: int
    most_filtered: int = 6
    seen: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)

    def from_page(self, start: str) -> Iterator[Walked]:
        waiting = deque([(start, "")])
        self.seen.add(start)
        while waiting:
            address, source = waiting.popleft()
            kind = kind_of(address)
            self.kinds[kind] += 1
            if self.kinds[kind] > (self.most_filtered if kind.endswith("?") else self.most):
                continue
            response = self.client.get(address)
            walked = Walked(address, kind, source, response)
            if response.get("Content-Type", "").startswith("text/html") and response.status_code == 200:
                walked.page = read(response.content.decode())
            yield walked
            links = (
                [response["Location"]] if response.has_header("Location") else walked.page.links if walked.page else []
            )
            for link in links:
                there = inside(urljoin(address, link))
                if there and there not in self.seen:
                    self.seen.add(there)
                    waiting.append((there, address))


def inside(link: str) -> str:
    """The address on this site that a link leads to, or "" if it leads elsewhere."""
    parts = urlsplit(urldefrag(link).url)
    if parts.scheme or parts.netloc or parts.path.startswith("/static/"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def kind_of(address: str) -> str:
    """The view behind an address, with a mark if the address has a query: filters combine without end."""
    parts = urlsplit(address)
    try:
        # Below /en/ addresses are only known while English is active.
        with translation.override("en" if parts.path.startswith("/en/") else "ko"):
            view = resolve(parts.path).view_name
    except Resolver404:
        view = "nowhere"
    return f"{view}?" if parts.query else view
