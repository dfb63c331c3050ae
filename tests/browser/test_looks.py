"""A sample of pages and states in every way of looking at them beside a phone by daylight."""

import pytest
from playwright.sync_api import expect

from tests.browser.inspection import DESKTOP, LAYOUT, STRUCTURE, axe_violations, inspect, look
from tests.browser.states import BY_NAME, SAMPLE, complete_the_town, person
from tests.browser.tabbing import tab_through

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]
COLOURS = {"dark": {"color_scheme": "dark"}, "contrast": {"contrast": "more"}, "forced": {"forced_colors": "active"}}
NOT_ON_PAPER = ".site-header, .site-nav, .skip-link, .ballot-bar, .breadcrumb"


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town, and the states that it lacks, from the first test of this module to the last."""
    complete_the_town()


def none(faults):
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.parametrize("colours", COLOURS)
def test_the_page_in_other_colours(come_to, name, colours):
    page = come_to(name, **COLOURS[colours])
    none(axe_violations(page) + tab_through(page, only_seen=True))


@pytest.mark.parametrize("name", SAMPLE)
def test_the_page_on_a_desktop(come_to, name):
    none(inspect(come_to(name, size=DESKTOP), size=DESKTOP))


@pytest.mark.parametrize("name", SAMPLE)
def test_the_page_at_400_percent(come_to, name):
    """1280 pixels at 400 % are 320: nothing is lost and nothing scrolls sideways (WCAG 1.4.10)."""
    none(look(come_to(name, size=(320, 256)), *LAYOUT))


@pytest.mark.parametrize("name", SAMPLE)
def test_the_page_at_200_percent(come_to, name):
    """A desktop of 1280 pixels whose browser enlarges everything twice."""
    none(inspect(come_to(name, size=(640, 400), device_scale_factor=2), size=(640, 400)))


# What is done on a page is told by its Korean words; these are opened only.
@pytest.mark.parametrize("name", [name for name in SAMPLE if BY_NAME[name].act is None])
def test_the_page_in_english(come_to, name):
    page = come_to(name, prefix="/en")
    assert page.locator("html").get_attribute("lang") == "en"
    none(inspect(page))


@pytest.mark.parametrize(("text", "colours"), [("largest", "contrast"), ("largest", "dark"), ("large", "light")])
def test_pages_in_the_chosen_display(visit, listener, text, colours):
    """As chosen on the site itself, not in the browser."""
    listener.allowed.add(404)
    page = visit(person("verified"))
    page.goto("/display/")
    for name, value in (("text", text), ("colours", colours)):
        button = page.locator(f"main [name={name}][value={value}]")
        # The choice is shown at once and told to the site meanwhile.
        with page.expect_response("**/display/"):
            button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    faults = []
    for name in SAMPLE:
        state = BY_NAME[name]
        if state.who not in {"verified", "anonymous"} or state.status != 200:
            continue
        state.open(page)
        root = page.locator("html")
        assert (root.get_attribute("data-text"), root.get_attribute("data-colours")) == (text, colours)
        faults += [f"{name}: {fault}" for fault in look(page, *STRUCTURE, *LAYOUT) + axe_violations(page)]
    none(faults)


@pytest.mark.parametrize("name", ["assembly for a resident who may vote", "result with a tie", "receipt"])
def test_the_page_on_paper(come_to, name):
    """What people keep is printed without what only a screen needs, black on white, whatever they look at it with."""
    page = come_to(name, color_scheme="dark", size=(794, 1123))
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert len(page.locator("main").inner_text()) > 100
    assert [one.evaluate("it => it.className") for one in page.locator(NOT_ON_PAPER).all() if one.is_visible()] == []
    ground, words = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert ground in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    assert words == "rgb(0, 0, 0)"
    none(look(page, "sideways"))
