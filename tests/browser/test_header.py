"""The header on a phone: two rows for everybody, in both languages and with the largest letters."""

import pytest

from tests.browser.people import somebody
from tests.browser.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]
ROW = 80  # CSS px: one row of targets of 44 with its lines; two would be 96


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town from the first test of this module to the last."""


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("letters", ["", "large", "largest"])
@pytest.mark.parametrize("who", ["anonymous", "dong_official"])
def test_the_menu_is_one_row_on_a_phone(visit, who, letters, prefix):
    page = visit(somebody(who))
    page.goto(f"{prefix}/club/")
    page.evaluate("size => { if (size) document.documentElement.dataset.text = size }", letters)
    rows = page.evaluate("['.site-header__top', '.site-nav'].map(s => document.querySelector(s).offsetHeight)")
    assert max(rows) <= ROW, rows


def test_what_does_not_fit_stands_behind_one_word(visit):
    page = visit(somebody("dong_official"))
    page.goto("/club/")
    menu = page.get_by_role("navigation", name=ko("Main menu"))
    assert not menu.get_by_role("link", name=ko("Help"), exact=True).is_visible()
    page.locator(".site-nav summary").press("Enter")
    for name in (ko("Help"), ko("Officials’ desk")):
        assert menu.get_by_role("link", name=name, exact=True).is_visible()
    page.keyboard.press("Escape")
    assert not menu.get_by_role("link", name=ko("Help"), exact=True).is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
