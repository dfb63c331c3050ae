"""A draw as it is held: an official with a tablet, a follower at home, the wall of the hall, and who verifies it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from councils.models import Draw
from councils.services.beacons import enter_beacon
from councils.states import DrawStatus
from tests.browser.inspection import DESKTOP, axe_violations, inspect, sideways
from tests.browser.words import ko
from tests.councils.drawing_town import agreed, frozen, runner
from tests.councils.recruiting import settled

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]

TABLET = (820, 1180)
NUMBERS = {"numbers": [3, 7, 12, 24, 33, 41], "bonus": 9}


def press(page, label):
    page.get_by_role("main").get_by_role("button", name=ko(label), exact=True).click()


def let_the_event_happen(draw):
    """As if it had been frozen nine days ago: what is frozen says when, the row when it may be read."""
    Draw.objects.filter(pk=draw.pk).update(
        frozen_at=draw.frozen_at - timedelta(days=9), beacon_at=timezone.now() - timedelta(hours=1)
    )


def test_from_the_freeze_to_the_verified_panel(visit, transactional_db):
    recruitment = settled()
    page = visit(runner(recruitment), size=TABLET)
    desk = f"/recruitments/{recruitment.pk}/draw/"
    page.goto(desk)
    assert inspect(page) == []
    press(page, "Compute the lottery")
    page.goto(desk)
    page.locator("input[name=kind][value=lotto]").check()
    page.locator("input[name=at]").fill(f"{timezone.localtime() + timedelta(hours=26):%Y-%m-%dT%H:%M}")
    assert inspect(page) == []
    press(page, "Freeze and write to everybody in the pool")
    expect(page.locator(".notice--success")).to_be_visible()
    draw = Draw.objects.get()
    assert draw.status == DrawStatus.FROZEN
    let_the_event_happen(draw)

    page.goto(desk)
    page.locator("input[name=numbers]").fill("41 33 24 12 7 3")
    page.locator("input[name=bonus]").fill("9")
    assert inspect(page) == []
    press(page, "Record my reading")
    enter_beacon(draw_id=draw.pk, value=NUMBERS, actor=runner(recruitment), at=timezone.now())

    home = visit(None)
    home.goto(f"/draws/{draw.pk}/")
    assert inspect(home) == []
    wall = visit(None, size=DESKTOP)
    wall.goto(f"/draws/{draw.pk}/hall/")
    assert axe_violations(wall) + sideways(wall) == []
    page.goto(desk)
    for digit in "417":
        page.locator(f".draw-keys button[value='{digit}']").click()
        expect(page.locator("[data-digit]").filter(has_text=digit)).to_be_visible()
    expect(home.locator("[data-digits]")).to_have_text("417", use_inner_text=False)
    press(page, "Draw the panel")
    expect(page.locator(".draw-numbers li")).to_have_count(recruitment.seats)
    expect(home.locator(".draw-numbers li").first).to_be_visible()
    assert inspect(home) == []
    expect(wall.locator(".draw-numbers--stage li")).to_have_count(recruitment.seats)
    assert axe_violations(wall) + sideways(wall) == []

    home.goto(f"/draws/{draw.pk}/verify/")
    home.locator("[data-start]").click()
    expect(home.locator("[data-summary]")).to_have_class("notice notice--success")
    assert inspect(home) == []


# The questions that a page asks, answered by the test: later ones before earlier ones.
ASKED = """
  window.asked = [];
  window.fetch = () => new Promise((resolve) => {
    asked.push((state) => resolve(new Response(JSON.stringify(state))));
  });
"""


def test_on_a_slow_line_no_older_digit_comes_back_and_the_page_is_asked_for_once(visit, transactional_db):
    """Answers overtake each other, and the page that follows takes longer to come than the next question."""
    draw = agreed(frozen())
    page = visit(None, size=DESKTOP)
    page.add_init_script(ASKED)
    page.clock.install()
    page.goto(f"/draws/{draw.pk}/hall/")
    # As long as the page that follows does not come.
    page.route(f"**/draws/{draw.pk}/hall/", lambda route: route.fulfill(status=204))
    older, newer, over = (
        {"phase": phase, "digits": [*shown, "", "", ""][:3]}
        for phase, shown in (("digits", "4"), ("digits", "41"), ("drawn", "417"))
    )
    page.clock.run_for(4000)
    page.evaluate("([older, newer]) => { asked[1](newer); asked[0](older); }", [older, newer])
    page.clock.run_for(2000)
    expect(page.locator("[data-digits]")).to_have_text("41–", use_inner_text=False)
    with page.expect_request(f"**/draws/{draw.pk}/hall/"):
        page.evaluate("over => asked[2](over)", over)
        page.clock.run_for(100)
    page.clock.run_for(6000)
    assert page.evaluate("asked.length") == 3
