"""The whole vote without a mouse: Tab, Space, Enter and the arrows within a group of answers."""

import pytest
from playwright.sync_api import expect

from assemblies.models import Ballot
from tests.browser.steps import expect_receipt, heading
from tests.browser.town import PASSWORD
from tests.browser.words import ko

pytestmark = pytest.mark.browser

# What the keyboard is on: its name, whether a ring of 2 px is drawn around it or its row, and whether it can be seen.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  let ring = false;
  for (let around = one, steps = 0; around && steps < 3; around = around.parentElement, steps += 1) {
    const style = getComputedStyle(around);
    ring ||= style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  }
  const area = one.getBoundingClientRect();
  const x = area.left + area.width / 2, y = area.top + area.height / 2;
  const top = document.elementFromPoint(x, y);
  const row = one.closest(".choice") ?? one;
  const seen = top !== null && (row.contains(top) || top.contains(one));
  return {
    name: (one.labels?.[0]?.innerText ?? one.getAttribute("aria-label") ?? one.innerText ?? "").trim(),
    field: one.name ?? "", id: one.id, ring, seen, html: one.outerHTML.slice(0, 120),
  };
}"""
MOST_STOPS = 60


def tab_to(page, *, name="", field=""):
    """Press Tab until the keyboard is on what is wanted; each stop on the way must be visible and ringed."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            continue
        assert stop["ring"], f"no ring on {stop['html']} of {page.url}"
        assert stop["seen"], f"hidden: {stop['html']} of {page.url}"
        if (name and stop["name"].startswith(name)) or (field and stop["field"] == field):
            return
    pytest.fail(f"the keyboard does not reach {name or field} on {page.url}")


def test_the_whole_vote_by_keyboard(visit, town):
    page = visit()
    page.goto(f"/assemblies/{town.assembly.pk}/")
    tab_to(page, name=ko("Vote"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(ko("Sign in"))
    tab_to(page, field="login")
    page.keyboard.type(town.residents[0].email)
    tab_to(page, field="password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text(town.choose.title)
    for title in ("골목 쉼터 만들기", "밤길 바닥 조명"):
        tab_to(page, name=title)
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", name=title)).to_be_checked()
    tab_to(page, name=ko("Check my choice"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(ko("Is this your choice?"))
    tab_to(page, name=ko("Cast my vote"))
    page.keyboard.press("Space")
    expect_receipt(page, town.choose)
    assert Ballot.objects.filter(poll=town.choose).count() == 1


def test_answers_for_or_against_by_keyboard(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.answer.pk}/ballot/")
    tab_to(page, name=ko("For"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name=ko("Against"))).to_be_checked()
    tab_to(page, name=ko("Check my choice"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(ko("Is this your choice?"))
    tab_to(page, name=ko("Cast my vote"))
    page.keyboard.press("Enter")
    expect_receipt(page, town.answer)


@pytest.mark.parametrize("address", ["/", "/assemblies/", "/accounts/login/"])
def test_the_first_stop_skips_to_the_content(visit, town, address):
    page = visit()
    page.goto(address)
    page.keyboard.press("Tab")
    first = page.evaluate(STOP)
    assert first["name"] == ko("Skip to the content")
    assert first["ring"]
    assert first["seen"]
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
