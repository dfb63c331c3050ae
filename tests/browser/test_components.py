"""The components of the style guide in Chromium: in every colour, by keyboard, with and without script."""

import threading
from importlib import import_module

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assemblies.models import Participation
from core.display import keep_display
from tests.browser.inspection import DESKTOP, PHONE, axe_violations, inspect, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 60


@pytest.fixture
def guide(settings, visit):
    """The style guide as a page: guide(**options of the window)."""
    settings.DEBUG = True

    def opened(address="/styleguide/", **options):
        page = visit(**options)
        assert page.goto(address).status == 200
        return page

    return opened


def choose(page, name, value):
    page.context.add_cookies([{"name": name, "value": value, "url": page.url}])
    page.reload()


@pytest.mark.parametrize("address", ["/styleguide/", "/en/styleguide/"])
def test_every_component_is_for_everybody(guide, address):
    faults = inspect(guide(address))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("colours", ["light", "dark", "contrast"])
@pytest.mark.parametrize("device", ["light", "dark"])
def test_every_component_in_the_colours_somebody_chose(guide, colours, device):
    page = guide(size=DESKTOP, color_scheme=device)
    choose(page, "madang_display", f"normal.{colours}")
    faults = axe_violations(page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("text", ["large", "largest"])
def test_large_letters_lose_nothing_on_a_phone(guide, text):
    page = guide()
    before = page.locator("h1").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    choose(page, "madang_display", f"{text}.auto")
    assert page.locator("h1").evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > before * 1.15
    faults = sideways(page) + axe_violations(page)
    assert not faults, "\n".join(faults)


def test_letters_grow_on_a_ballot_and_what_was_ticked_stays(visit, town):
    page = visit(town.residents[0])
    page.goto(reverse("assemblies:ballot", args=[town.choose.pk]))
    ticked = page.locator("input[name=option]").nth(1)
    page.locator(".choice label").nth(1).click()
    expect(ticked).to_be_checked()
    page.locator("details[data-menu] summary").first.click()
    with page.expect_response("**/display/") as answer:
        page.locator("[data-menu] button[name=text][value=largest]").click()
    assert answer.value.status == 302
    assert page.locator("html").get_attribute("data-text") == "largest"
    expect(page.locator("[data-menu] button[value=largest]")).to_have_attribute("aria-pressed", "true")
    expect(ticked).to_be_checked()
    assert not Participation.objects.exists()
    page.goto("/")
    assert page.locator("html").get_attribute("data-text") == "largest"


def test_a_choice_that_waits_for_the_one_before_is_not_lost_with_the_page(visit, monkeypatch):
    """On a slow line: letters, colours, and on to the next page before the site has answered the first."""
    told, both_told = [], threading.Event()

    def slow(response, display):
        told.append(display.cookie)
        if len(told) > 1:
            both_told.set()
        assert both_told.wait(PATIENCE)
        keep_display(response, display)

    monkeypatch.setattr(import_module("portal.views.display"), "keep_display", slow)
    page = visit()
    page.goto("/display/")
    for name, value in (("text", "large"), ("colours", "dark")):
        page.locator(f"main [name={name}][value={value}]").click()
    page.goto("/dongs/")
    assert both_told.wait(PATIENCE)
    assert told == ["large.auto", "large.dark"]


def test_without_script_letters_grow_too(visit):
    page = visit(java_script_enabled=False)
    page.goto("/dongs/")
    page.locator("details[data-menu] summary").first.click()
    page.locator("[data-menu] button[name=text][value=large]").click()
    assert page.url.endswith("/dongs/")
    assert page.locator("html").get_attribute("data-text") == "large"


def test_the_menu_closes_by_escape_and_gives_the_focus_back(visit):
    page = visit(size=PHONE)
    page.goto("/")
    summary = page.locator("details[data-menu] summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu__panel").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".menu__panel").first).to_be_hidden()
    expect(summary).to_be_focused()


def test_tabs_are_walked_by_arrow_keys(guide):
    page = guide()
    first, second = page.get_by_role("tab").all()
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.locator("#tab-two")).to_be_visible()
    expect(page.locator("#tab-one")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#tab-one")).to_be_focused()


def test_without_script_tabs_are_links_to_sections_that_all_show(guide):
    page = guide(java_script_enabled=False)
    expect(page.locator("#tab-one")).to_be_visible()
    expect(page.locator("#tab-two")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)


def test_a_dialog_keeps_the_focus_and_gives_it_back(guide):
    page = guide()
    opener = page.locator("[data-dialog]")
    expect(page.locator("[data-instead]")).to_have_count(0)
    opener.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert not axe_violations(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_without_script_the_dialogs_link_leads_to_a_page(guide):
    page = guide(java_script_enabled=False)
    expect(page.locator("[data-dialog]")).to_be_hidden()
    expect(page.locator("[data-instead]")).to_have_attribute("href", "/help/")


def test_cards_of_a_table_stay_a_table_for_screen_readers(guide):
    page = guide()
    table = page.get_by_role("table").first
    expect(table.get_by_role("rowheader")).to_have_count(3)
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("cell")).to_have_count(6)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_shows_the_content_in_black_on_white(guide, scheme):
    page = guide(size=DESKTOP, color_scheme=scheme)
    page.emulate_media(media="print", color_scheme=scheme)
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("h1").evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
