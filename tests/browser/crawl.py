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


class PageReader(HTMLParser):
    """What a page links to, and what it says to its reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.fragments: set[str] = set()
        self.text: list[str] = []
        self.lang = ""
        self.h1 = 0
        self.ids: Counter[str] = Counter()
        # Text in another language than the page's is marked so, and left out.
        self._hidden: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if found.get("id"):
            self.ids[found["id"]] += 1
        if tag == "html":
            self.lang = found.get("lang") or ""
        elif tag == "h1":
            self.h1 += 1
        elif tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag not in VOID and (self._hidden or tag in UNSEEN or (tag != "html" and found.get("lang"))):
            self._hidden.append(tag)
        elif not self._hidden:
            self.text.extend(found[name] for name in ("placeholder", "title", "aria-label", "alt") if found.get(name))

    def handle_endtag(self, tag):
        if self._hidden and tag not in VOID:
            self._hidden.pop()

    def handle_data(self, data):
        if not self._hidden:
            self.text.append(data)

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
