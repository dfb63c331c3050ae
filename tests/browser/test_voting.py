"""A resident votes on a phone: the straight way, and every way that goes astray."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assemblies.models import Ballot, Participation
from assemblies.services import close_poll
from tests.browser.inspection import inspect
from tests.browser.steps import (
    cast,
    choose,
    expect_receipt,
    fill_in_sign_in,
    heading,
    press,
    take_back,
    to_the_check_page,
    vote_link,
)
from tests.browser.words import ko

pytestmark = pytest.mark.browser

CHOICE = ("골목 쉼터 만들기", "밤길 바닥 조명")


def votes(town):
    """The choices of all ballots, and how many took part."""
    ballots = Ballot.objects.filter(poll=town.choose).values_list("choices", flat=True)
    return list(ballots), Participation.objects.filter(poll=town.choose).count()


def option(town, title):
    return town.choose.options.get(item__title=title).pk


def test_from_the_start_page_to_the_receipt(visit, town):
    """Home → find my dong → assembly → sign in → ballot → check → cast → receipt."""
    page = visit()
    page.goto("/")
    page.locator("main [name=where]").fill("금호")
    press(page, "Find")
    expect(heading(page)).to_contain_text("금호1동")
    page.get_by_role("main").get_by_role("link", name="금호1동 주민총회").first.click()
    expect(heading(page)).to_have_text("금호1동 주민총회")

    vote_link(page, town.choose).click()
    fill_in_sign_in(page, town.residents[0].email)

    expect(heading(page)).to_have_text("내년 사업 우선순위 투표")
    choose(page, *CHOICE)
    press(page, "Check my choice")
    expect(page.locator(".chosen__title")).to_have_text(["골목 쉼터 만들기", "밤길 바닥 조명"])
    assert votes(town) == ([], 0)

    cast(page, town.choose)
    ballots, took_part = votes(town)
    assert [sorted(ballot) for ballot in ballots] == [
        sorted([option(town, "골목 쉼터 만들기"), option(town, "밤길 바닥 조명")])
    ]
    assert took_part == 1
    # The second poll of the assembly is offered on the receipt.
    vote_link(page, town.answer).click()
    page.locator(".answers label", has_text=ko("Against")).click()
    press(page, "Check my choice")
    press(page, "Cast my vote")
    expect(page).to_have_url(re.compile(rf"/polls/{town.answer.pk}/receipt/$"))
    assert Ballot.objects.get(poll=town.answer).choices == {str(town.answer.options.get().pk): "against"}


def test_the_bar_counts_and_says_what_is_too_much(visit, town, listener):
    listener.allowed.add(422)
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    bar = page.get_by_role("status")
    choose(page, *CHOICE)
    expect(bar).to_contain_text("3")
    expect(bar).to_contain_text("1")
    within = bar.inner_text()
    choose(page, "토요일 골목 음악회", "초등학교 앞 불법 주정차 막기")
    assert bar.inner_text() != within
    press(page, "Check my choice")
    # Nothing is lost: the ballot stands there as it was filled in, with the sentence.
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    take_back(page, "토요일 골목 음악회")
    press(page, "Check my choice")
    cast(page, town.choose)


def test_changing_the_choice_on_the_check_page_loses_nothing(visit, town):
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    press(page, "Change my choice")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    take_back(page, "밤길 바닥 조명")
    press(page, "Check my choice")
    cast(page, town.choose)
    assert votes(town) == ([[option(town, "골목 쉼터 만들기")]], 1)


def test_reloading_the_receipt_changes_nothing(visit, town):
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    cast(page, town.choose)
    number = page.locator(".receipt__number").inner_text()
    page.reload()
    expect(page.locator(".receipt__number")).to_have_text(number)
    assert votes(town)[1] == 1


def test_a_double_click_casts_once(visit, town):
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    page.get_by_role("button", name=ko("Cast my vote")).dblclick()
    expect_receipt(page, town.choose)
    ballots, took_part = votes(town)
    assert (len(ballots), took_part) == (1, 1)


def test_the_back_button_after_casting_leads_to_the_receipt(visit, town):
    """Never the browser's own question whether to send the ballot again."""
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    # Each page has arrived in full before it is left: without its script the browser does ask.
    page.wait_for_load_state()
    press(page, "Change my choice")
    expect(heading(page)).to_have_text(town.choose.title)
    page.wait_for_load_state()
    press(page, "Check my choice")
    expect(heading(page)).to_have_text(ko("Is this your choice?"))
    page.wait_for_load_state()
    cast(page, town.choose)
    for _step in range(4):
        page.go_back()
        expect_receipt(page, town.choose)
    ballots, took_part = votes(town)
    assert (len(ballots), took_part) == (1, 1)


def test_a_second_tab_that_comes_later_is_told_that_the_vote_stands(visit, town, listener):
    listener.allowed.add(409)
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    later = page.context.new_page()
    to_the_check_page(later, town.choose, "토요일 골목 음악회")
    cast(page, town.choose)

    press(later, "Cast my vote")
    expect(heading(later)).to_have_text(ko("You have already voted"))
    later.get_by_role("link", name=ko("To the receipt of your vote")).click()
    expect_receipt(later, town.choose)
    ballots, took_part = votes(town)
    assert took_part == 1
    assert [sorted(ballot) for ballot in ballots] == [
        sorted([option(town, "골목 쉼터 만들기"), option(town, "밤길 바닥 조명")])
    ]


def test_who_was_signed_out_meanwhile_is_told_and_can_vote_after_signing_in(visit, town, listener):
    listener.allowed.add(403)
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    other = page.context.new_page()
    other.goto("/accounts/logout/")
    press(other, "Sign out")
    expect(other.get_by_role("banner").get_by_role("link", name=ko("Sign in"))).to_be_visible()

    press(page, "Cast my vote")
    expect(heading(page)).to_have_text(ko("You are signed out"))
    assert votes(town) == ([], 0)
    page.get_by_role("link", name=ko("Sign in and vote")).click()
    fill_in_sign_in(page, town.residents[0].email)
    choose(page, "토요일 골목 음악회")
    press(page, "Check my choice")
    cast(page, town.choose)
    assert votes(town) == ([[option(town, "토요일 골목 음악회")]], 1)


def test_a_vote_that_comes_after_closing_is_told_so(visit, town, listener):
    listener.allowed.add(409)
    page = visit(town.residents[0])
    to_the_check_page(page, town.choose, *CHOICE)
    close_poll(poll_id=town.choose.pk, actor=town.official, at=timezone.now(), reason="태풍으로 앞당겨 닫습니다.")
    press(page, "Cast my vote")
    expect(heading(page)).to_have_text(ko("You cannot vote now"))
    assert votes(town) == ([], 0)


def test_the_whole_vote_without_javascript(visit, town, listener):
    listener.allowed.add(422)
    page = visit(java_script_enabled=False)
    page.goto(f"/assemblies/{town.assembly.pk}/")
    vote_link(page, town.choose).click()
    fill_in_sign_in(page, town.residents[0].email)
    choose(page, "골목 쉼터 만들기", "밤길 바닥 조명", "토요일 골목 음악회", "초등학교 앞 불법 주정차 막기")
    press(page, "Check my choice")
    expect(page.get_by_role("alert")).to_be_visible()
    take_back(page, "토요일 골목 음악회")
    press(page, "Check my choice")
    cast(page, town.choose)
    assert votes(town)[1] == 1


def test_every_step_of_the_vote_is_for_everybody(visit, town, listener):
    listener.allowed.update({400, 409})
    page = visit(town.residents[0])
    faults = {}
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    press(page, "Check my choice")
    faults["ballot sent empty"] = inspect(page)
    to_the_check_page(page, town.choose, *CHOICE)
    faults["check"] = inspect(page)
    later = page.context.new_page()
    to_the_check_page(later, town.choose, *CHOICE)
    cast(page, town.choose)
    faults["receipt"] = inspect(page)
    press(later, "Cast my vote")
    faults["voted already"] = inspect(later)
    assert not any(faults.values()), faults


def controls(page):
    """What a voice says of the ballot: (role, name, description) of its controls, from the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]

    def said(node, what):
        return node.get(what, {}).get("value", "")

    wanted = {"checkbox", "radio", "group", "button"}
    return [
        (said(node, "role"), said(node, "name"), said(node, "description"))
        for node in nodes
        if not node["ignored"] and said(node, "role") in wanted
    ]


def test_a_voice_says_item_gain_and_cost_of_each_choice(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    heard = controls(page)
    boxes = {name: description for role, name, description in heard if role == "checkbox"}
    assert list(boxes) == [option.item.title for option in town.choose.options.order_by("position")]
    assert "2,600만 원" in boxes["골목 쉼터 만들기"]
    assert "걷다가 쉴 자리가 생깁니다." in boxes["골목 쉼터 만들기"]
    assert [name for role, name, _description in heard if role == "group" and "3" in name]

    page.goto(f"/polls/{town.answer.pk}/ballot/")
    heard = controls(page)
    assert [name for role, name, _description in heard if role == "radio"] == [ko("For"), ko("Against"), ko("Abstain")]
    assert "주차장 나눠 쓰기 협약" in [name for role, name, _description in heard if role == "group"]


def test_the_bar_is_written_once_for_each_change(visit, town):
    """A live region that is written twice is read out twice."""
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    page.evaluate("""() => {
      window.written = [];
      const bar = document.querySelector(".ballot-bar__count");
      new MutationObserver(() => window.written.push(bar.textContent)).observe(bar, { childList: true });
    }""")
    choose(page, *CHOICE)
    written = page.evaluate("window.written")
    assert len(written) == 2
    assert written[-1] == page.get_by_role("status").inner_text()


def test_on_a_phone_the_one_button_stays_under_the_thumb(visit, town):
    page = visit(town.residents[0])
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"/assemblies/{town.assembly.pk}/")
    link = vote_link(page, town.choose)
    for place in (0, 0.5, 1):
        page.evaluate("(place) => window.scrollTo(0, place * document.body.scrollHeight)", place)
        area = link.bounding_box()
        assert area["y"] > 780 / 2
        assert area["y"] + area["height"] <= 780
    footer = page.get_by_role("contentinfo").bounding_box()
    assert footer["y"] + footer["height"] <= area["y"], "the bar covers the end of the page"


def test_at_most_one_primary_button_is_in_view(visit, town):
    page = visit(town.residents[0])
    page.set_viewport_size({"width": 1280, "height": 800})
    for address in (f"/assemblies/{town.assembly.pk}/", f"/polls/{town.choose.pk}/ballot/"):
        page.goto(address)
        expect(page.locator(".button--primary:visible")).to_have_count(1)


def test_larger_letters_lose_no_choice(visit, town):
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    choose(page, *CHOICE)
    page.locator("header summary").click()
    page.locator("header form[data-display] [name=text][value=largest]").click()
    expect(page.locator("html")).to_have_attribute("data-text", "largest")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    press(page, "Check my choice")
    expect(page.locator(".chosen__title")).to_have_text(list(CHOICE))


def test_items_are_compared_without_a_script(visit, town, listener):
    listener.allowed.add(400)
    page = visit(java_script_enabled=False)
    page.goto(f"/assemblies/{town.assembly.pk}/")
    boxes = page.locator(".agenda [name=item]")
    for index in range(4):
        boxes.nth(index).check()
    press(page, "Compare the ticked items")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    page.get_by_role("checkbox", checked=True).first.uncheck()
    press(page, "Compare the ticked items")
    expect(page.get_by_role("columnheader")).to_have_count(3)
