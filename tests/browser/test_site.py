"""Every page of the demo town: nothing broken, nothing untranslated, nothing in the way of anybody."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from demo.accounts import GEUMHO, OFFICIALS, RESIDENTS
from residents.models import User
from residents.states import Role
from tests.browser.crawl import Walk, Walked
from tests.browser.inspection import DESKTOP, PHONE, inspect, sideways

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]

EMAIL = {official.role.value: official.email for official in OFFICIALS} | {
    resident.standing.value: resident.email for resident in RESIDENTS
}
RESIDENT_KINDS = ("anonymous", "verified", "voted", "waiting")
DESK_KINDS = [role.value for role in Role]
ENGLISH = re.compile(r"(?:[A-Za-z’']{2,}[ ,;:]+){3,}[A-Za-z’']{2,}")
# How many pages of one kind are opened from where the walk begins.
MOST = {"/": 12, "/en/": 4, "/admin/": 3}
# Whoever is not on the roll follows the link to the ballot and reads there why.
REFUSED_WITH_REASON = {("assemblies:ballot", 403)}
ENGLISH_MEANT = ("Apache License",)


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town stays in the database from the first test of this module to the last."""


def somebody(name):
    return None if name == "anonymous" else User.objects.get(email=EMAIL[name])


def client_of(name):
    client = Client()
    user = somebody(name)
    if user:
        client.force_login(user, backend="residents.backends.EmailBackend")
    return client


@cache
def messages() -> tuple[str, ...]:
    """Every English piece of three words or more of the catalogue that has a Korean text."""
    path = Path(settings.BASE_DIR, "locale/ko/LC_MESSAGES/django.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="ko")
    pieces = set()
    for message in catalogue:
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            for piece in re.split(r"%\(\w+\)[a-z]|%[a-z]|\n", text):
                words = re.sub(r"\s+", " ", piece).strip(" .,:;()“”")
                if len(re.findall(r"[A-Za-z]{2,}", words)) > 2:
                    pieces.add(words)
    return tuple(pieces)


def untranslated(said: str) -> list[str]:
    """English on a Korean page."""
    found = [message for message in messages() if message in said]
    return found + [text for text in ENGLISH.findall(said) if not any(meant in text for meant in ENGLISH_MEANT)]


def faults(walked: Walked, language: str) -> list[str]:
    """What is wrong with one address, in words."""
    said = []
    if walked.response.status_code >= 400 and (walked.kind, walked.response.status_code) not in REFUSED_WITH_REASON:
        said.append(f"answers {walked.response.status_code}")
    page = walked.page
    if page is None:
        return said
    if page.lang != language:
        said.append(f"is in {page.lang!r}")
    if page.h1 != 1:
        said.append(f"has {page.h1} h1")
    doubled = [name for name, count in page.ids.items() if count > 1]
    if doubled:
        said.append(f"has the ids {doubled} twice")
    missing = [link for link in page.links if link.startswith("#") and link[1:] not in page.ids and link != "#"]
    if missing:
        said.append(f"links to {missing} that are not there")
    if language == "ko":
        said.extend(f"says in English: {text}" for text in untranslated(page.said))
    return said


@cache
def walk(name, start, language="ko"):
    """What is wrong on a walk as somebody, and the pages of each kind that it came to; walked once."""
    most = MOST[start]
    problems, pages, known = [], {}, set()
    for walked in Walk(client_of(name), most).from_page(start):
        if walked.page is not None and walked.page.lang != language:
            continue  # the other language's pages are another walk
        wrong = [fault for fault in faults(walked, language) if fault not in known or not fault.startswith("says")]
        known.update(wrong)
        problems.extend(f"{walked.address} (linked from {walked.linked_from}) {fault}" for fault in wrong)
        if walked.page is not None:
            pages.setdefault(walked.kind, []).append(walked.address)
    return problems, pages


@pytest.mark.parametrize("name", RESIDENT_KINDS)
def test_no_link_of_the_site_is_broken(name):
    problems, pages = walk(name, "/")
    assert not problems, "\n".join(problems)
    assert {"portal:home", "portal:dong", "assemblies:assembly", "assemblies:result", "ordinances:rule_set"} <= set(
        pages
    )


def test_no_english_link_is_broken():
    problems, pages = walk("verified", "/en/", "en")
    assert not problems, "\n".join(problems)
    assert "residents:data" in pages


@pytest.mark.parametrize("name", DESK_KINDS)
def test_no_link_of_the_desk_is_broken(name):
    problems, pages = walk(name, "/admin/")
    assert not problems, "\n".join(problems)
    assert "admin:index" in pages


def drawn_faults(page, addresses, *, for_fingers=True):
    """What is wrong with pages as they are drawn; the same fault of a part that many pages share is named once."""
    faults = {}
    for address in addresses:
        page.goto(address)
        for fault in inspect(page, for_fingers=for_fingers):
            faults.setdefault(fault, address)
    return "\n".join(f"{address} {fault}" for fault, address in faults.items())


def one_of_each(pages, most):
    return [address for kind, found in pages.items() if not kind.endswith("?") for address in found[:most]]


@pytest.mark.parametrize(("name", "most"), [("anonymous", 2), ("verified", 1), ("voted", 1), ("waiting", 1)])
def test_every_page_of_the_site_is_for_everybody(visit, listener, name, most):
    listener.allowed.add(403)
    _problems, pages = walk(name, "/")
    addresses = one_of_each(pages, most)
    if name == "anonymous":
        # Assemblies and results look different in each state.
        addresses += [
            address for kind in ("assemblies:assembly", "assemblies:result") for address in pages[kind][most:]
        ]
    else:
        # What looks the same to everybody was seen as a visitor already, except for the header.
        addresses = [address for address in addresses if address.startswith(("/me/", "/polls/", "/accounts/"))] + ["/"]
    faults = drawn_faults(visit(somebody(name)), addresses)
    assert not faults, faults


@pytest.mark.parametrize("colours", [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"contrast": "more"}])
def test_pages_in_other_colours(visit, colours):
    page = visit(somebody("verified"), **colours)
    addresses = ["/en/", f"/en/dongs/{GEUMHO}/", "/en/assemblies/", "/en/me/", "/en/me/residence/"]
    _problems, pages = walk("verified", "/en/", "en")
    addresses += pages["assemblies:assembly"][:1] + pages["assemblies:result"][:2] + pages["assemblies:ballot"][:2]
    faults = drawn_faults(page, addresses)
    assert not faults, faults


@pytest.mark.parametrize("name", ["dong_official", "operator"])
def test_every_page_of_the_desk_is_for_everybody(visit, name):
    """Its lists are dense and Django's own; the verification desk on a phone is in test_desk_pages.py."""
    _problems, pages = walk(name, "/admin/")
    if name != "dong_official":
        _problems, seen = walk("dong_official", "/admin/")
        pages = {kind: found for kind, found in pages.items() if kind not in seen}
    addresses = [address for address in one_of_each(pages, 1) if address.startswith("/admin/")]
    faults = drawn_faults(visit(somebody(name), DESKTOP), addresses, for_fingers=False)
    assert not faults, faults


def test_text_twice_as_large_loses_nothing(visit):
    """A browser set to letters of 32 px: on a phone nothing reaches over the edge, and what is fixed leaves room."""
    _problems, pages = walk("verified", "/")
    page = visit(somebody("verified"), PHONE)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    faults = []
    for address in one_of_each(pages, 1):
        page.goto(address)
        faults.extend(f"{address} {fault}" for fault in sideways(page))
    assert not faults, "\n".join(faults)
