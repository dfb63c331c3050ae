"""What the policy would refuse stands in no template, in no script and on no page: nothing breaks silently."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from demo.accounts import PASSWORD
from demo.loader import load
from tests.browser.crawl import Walk

# What stands in the markup comes from the templates, whatever database is behind the page.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
IN_TEMPLATES = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=|<style\b|<script\b(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:|\|json_script""",
    re.IGNORECASE,
)
IN_SCRIPTS = re.compile(
    r"\beval\(|\bFunction\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\.cssText|"
    r"""setAttribute\(["'](?:style|on\w+)|set(?:Timeout|Interval)\(\s*["'`]|\bimport\("""
)


class Reader(HTMLParser):
    """Collects what the content security policy refuses."""

    def __init__(self):
        super().__init__()
        self.refused = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        shown = f"<{tag} {attrs}>"
        foreign = [found.get(name) or "" for name in ("src", "srcset", "action", "formaction", "poster")]
        if tag == "link":
            foreign.append(found.get("href") or "")
        if (
            tag in {"style", "base", "iframe", "object", "embed", "applet", "frame"}
            or (tag == "script" and not found.get("src") and found.get("type") != "application/json")
            or any(name == "style" or name.startswith("on") for name in found)
            or any((value or "").strip().lower().startswith("javascript:") for value in found.values())
            or any(value.startswith(("http:", "https:", "//")) for value in foreign)
        ):
            self.refused.append(shown)


def refused(html):
    reader = Reader()
    reader.feed(html)
    return reader.refused


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_a_style_or_script(template):
    assert not IN_TEMPLATES.findall(template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_code_or_markup_from_text(script):
    assert not IN_SCRIPTS.findall(script.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<button onclick=go()>",
        "<script>go()</script>",
        "<style>p{}</style>",
        '<a href="javascript:go()">',
        '<img src="https://elsewhere.example/x.png">',
        '<link rel="stylesheet" href="//elsewhere.example/x.css">',
        '<form action="https://elsewhere.example/">',
        "<iframe></iframe>",
    ],
)
def test_the_reader_finds_what_is_refused(html):
    assert refused(html)


def test_the_reader_lets_data_and_links_pass():
    assert not refused(
        '<script src="/static/js/x.js"></script><script type="application/json">{}</script>'
        '<a href="https://www.law.go.kr/">x</a><a href="mailto:help@example.org">y</a>'
    )


@pytest.mark.django_db
def test_no_page_of_the_demo_town_holds_what_is_refused(settings):
    """A page of each kind, as a visitor and a resident see it, and of the desk."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    assert load(now=timezone.now())
    for name, start in [(None, "/"), ("bom", "/me/"), ("district", "/admin/"), ("operator", "/admin/")]:
        client = Client()
        if name:
            signed_in = client.post("/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD})
            assert signed_in.status_code == 302
        pages = [walked for walked in Walk(client, most=1, most_filtered=1).from_page(start) if walked.page]
        assert len(pages) > 10, (name, start)
        for walked in pages:
            assert not refused(walked.response.content.decode()), walked.address
