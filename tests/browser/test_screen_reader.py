"""The ballot as somebody hears it who does not see it: names, descriptions, groups and states of its controls."""

import pytest
from playwright.sync_api import expect

from core.templatetags.madang import won_short
from tests.browser.hearing import heard_as, tree
from tests.browser.steps import cast, choose, heading, press
from tests.browser.words import ko

pytestmark = pytest.mark.browser


def items_of(poll):
    return [option.item for option in poll.options.select_related("item").order_by("position")]


def plain(text):
    """Without what only eyes need: numbers are said alike with and without spaces."""
    return text.replace(" ", "").replace("\u00a0", "")


def test_the_choices_of_a_ballot_are_heard_whole(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    boxes = heard_as(page, "checkbox")
    items = items_of(town.choose)
    assert [box.name for box in boxes] == [item.title for item in items]
    for box, item in zip(boxes, items, strict=True):
        assert item.gain in box.description
        cost = ko("not yet estimated") if item.cost is None else won_short(item.cost)
        assert plain(cost) in plain(box.description)
        # The nearest group says what to do: how many may be chosen.
        assert "3" in box.groups[0]
        assert box.states["checked"] == "false"


def test_a_chosen_item_and_the_count_are_heard(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    title = items_of(town.choose)[1].title
    choose(page, title)
    assert [box.name for box in heard_as(page, "checkbox") if box.states["checked"] == "true"] == [title]
    # The counting bar speaks up by itself when it changes, without taking the keyboard away.
    bar = page.get_by_role("main").get_by_role("status")
    expect(bar).to_contain_text("1")
    (status,) = [one for one in heard_as(page, "status") if one.states.get("live") == "polite"]
    assert status.states["atomic"]
    before = bar.inner_text()
    choose(page, items_of(town.choose)[2].title)
    expect(bar).not_to_have_text(before)


def test_one_too_many_is_heard(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    for label in page.locator(".choice label").all():
        label.click()
    # Five are chosen where three are possible: two have to go.
    said = page.get_by_role("main").get_by_role("status").inner_text()
    assert {"5", "2", "3"} <= set(said)
    (status,) = [one for one in heard_as(page, "status") if one.states.get("live") == "polite"]
    assert said in " ".join(one.name for one in tree(page) if one.role == "StaticText")
    assert not status.states.get("busy")


def test_answers_for_or_against_are_heard_with_their_item(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.answer.pk}/ballot/")
    radios = heard_as(page, "radio")
    for item in items_of(town.answer):
        own = [radio for radio in radios if radio.groups[0] == item.title]
        assert [radio.name for radio in own] == [ko("For"), ko("Against"), ko("Abstain")]
        assert not any(radio.states["checked"] == "true" for radio in own)
    assert len(radios) == 3 * len(items_of(town.answer))
    page.locator(".choice label", has_text=ko("Against")).click()
    chosen = [radio.name for radio in heard_as(page, "radio") if radio.states["checked"] == "true"]
    assert chosen == [ko("Against")]


def test_buttons_of_the_vote_are_verbs(visit, town):
    """On each page of the vote the main part's buttons say what they do, and nothing else is called a button."""
    page = visit(town.residents[0])

    def buttons():
        return (
            page.get_by_role("main").get_by_role("button").evaluate_all("all => all.map((one) => one.innerText.trim())")
        )

    page.goto(f"/polls/{town.choose.pk}/ballot/")
    assert buttons() == [ko("Check my choice")]
    choose(page, items_of(town.choose)[0].title)
    press(page, "Check my choice")
    expect(heading(page)).to_have_text(ko("Is this your choice?"))
    page.wait_for_load_state()
    assert sorted(buttons()) == sorted([ko("Cast my vote"), ko("Change my choice")])
    cast(page, town.choose)


def test_each_page_of_the_vote_says_where_one_is(visit, town):
    """One heading of level 1, a title that begins like it, and steps that name the one that is now."""
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    for expected in (town.choose.title, ko("Is this your choice?"), ko("Your vote has been recorded")):
        expect(heading(page)).to_have_text(expected)
        headings = heard_as(page, "heading")
        assert [one.name for one in headings if one.states["level"] == 1] == [expected]
        assert page.title().strip()
        if expected == town.choose.title:
            assert town.choose.title in page.title()
            choose(page, items_of(town.choose)[0].title)
            press(page, "Check my choice")
        elif expected == ko("Is this your choice?"):
            press(page, "Cast my vote")


def test_what_is_missing_is_heard_at_once(visit, listener, town):
    """A ballot that was sent empty comes back with an alert, and the title says so too."""
    listener.allowed.add(400)
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    press(page, "Check my choice")
    alerts = page.get_by_role("main").get_by_role("alert")
    expect(alerts).to_have_count(1)
    assert alerts.inner_text().strip()
    assert page.title().startswith(ko("Error"))


def test_the_receipt_is_heard_as_text(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    choose(page, items_of(town.choose)[0].title)
    press(page, "Check my choice")
    cast(page, town.choose)
    number = page.locator(".receipt__number").inner_text().strip()
    assert number in " ".join(one.name for one in tree(page) if one.role == "StaticText")
