"""A resident votes on a phone: the straight way, and every way that goes astray."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assemblies.models import Ballot, Participation
from assemblies.services import close_poll
from tests.browser.town import PASSWORD
from tests.browser.words import ko

pytestmark = pytest.mark.browser

RECEIPT = re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$")


def choose(page, *titles):
    """Tap on the rows, as people do."""
    for title in titles:
        page.locator(".choice label", has_text=title).click()
        expect(page.get_by_role("checkbox", name=title)).to_be_checked()


def take_back(page, title):
    page.locator(".choice label", has_text=title).click()
    expect(page.get_by_role("checkbox", name=title)).not_to_be_checked()


def vote_link(page, poll):
    return page.get_by_role("link", name=re.compile(rf"^{ko('Vote')}\s*: {poll.title}$"))


def to_the_check_page(page, town, *titles):
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    choose(page, *(titles or ("골목 쉼터 만들기", "밤길 바닥 조명")))
    page.get_by_role("button", name=ko("Check my choice")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("Is this your choice?"))


def cast_button(page):
    return page.get_by_role("button", name=ko("Cast my vote"))


def expect_receipt(page, town):
    expect(page).to_have_url(re.compile(rf"/polls/{town.choose.pk}/receipt/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("Your vote has been recorded"))
    expect(page.locator(".receipt__number")).to_have_text(RECEIPT)


def votes(town):
    """The choices of all ballots, and how many took part."""
    ballots = Ballot.objects.filter(poll=town.choose).values_list("choices", flat=True)
    return list(ballots), Participation.objects.filter(poll=town.choose).count()


def option(town, title):
    return town.choose.options.get(item__title=title).pk


def test_from_the_start_page_to_the_receipt(visit, town):
    """Home → my dong → assembly → sign in → ballot → check → cast → receipt."""
    page = visit()
    page.goto("/")
    page.get_by_role("main").get_by_role("searchbox").fill("금호")
    page.get_by_role("main").get_by_role("button", name=ko("Search")).click()
    page.get_by_role("main").get_by_role("link", name="금호1동").click()
    page.get_by_role("main").get_by_role("link", name="금호1동 주민총회").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("금호1동 주민총회")

    vote_link(page, town.choose).click()
    page.locator("[name=login]").fill(town.residents[0].email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=ko("Sign in")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("내년 사업 우선순위 투표")
    choose(page, "골목 쉼터 만들기", "밤길 바닥 조명")
    page.get_by_role("button", name=ko("Check my choice")).click()
    expect(page.locator(".chosen__title")).to_have_text(["골목 쉼터 만들기", "밤길 바닥 조명"])
    assert votes(town) == ([], 0)

    cast_button(page).click()
    expect_receipt(page, town)
    ballots, took_part = votes(town)
    assert [sorted(ballot) for ballot in ballots] == [
        sorted([option(town, "골목 쉼터 만들기"), option(town, "밤길 바닥 조명")])
    ]
    assert took_part == 1
    # The second poll of the assembly is offered on the receipt.
    vote_link(page, town.answer).click()
    page.locator(".answers label", has_text=ko("Against")).click()
    page.get_by_role("button", name=ko("Check my choice")).click()
    cast_button(page).click()
    expect(page).to_have_url(re.compile(rf"/polls/{town.answer.pk}/receipt/$"))
    assert Ballot.objects.get(poll=town.answer).choices == {str(town.answer.options.get().pk): "against"}


def test_the_bar_counts_and_says_what_is_too_much(visit, town, listener):
    listener.allowed.add(422)
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    bar = page.get_by_role("status")
    choose(page, "골목 쉼터 만들기", "밤길 바닥 조명")
    expect(bar).to_contain_text("3")
    expect(bar).to_contain_text("1")
    within = bar.inner_text()
    choose(page, "토요일 골목 음악회", "초등학교 앞 불법 주정차 막기")
    assert bar.inner_text() != within
    page.get_by_role("button", name=ko("Check my choice")).click()
    # Nothing is lost: the ballot stands there as it was filled in, with the sentence.
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    take_back(page, "토요일 골목 음악회")
    page.get_by_role("button", name=ko("Check my choice")).click()
    cast_button(page).click()
    expect_receipt(page, town)


def test_changing_the_choice_on_the_check_page_loses_nothing(visit, town):
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    page.get_by_role("button", name=ko("Change my choice")).click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    take_back(page, "밤길 바닥 조명")
    page.get_by_role("button", name=ko("Check my choice")).click()
    cast_button(page).click()
    expect_receipt(page, town)
    assert votes(town) == ([[option(town, "골목 쉼터 만들기")]], 1)


def test_reloading_the_receipt_changes_nothing(visit, town):
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    cast_button(page).click()
    expect_receipt(page, town)
    number = page.locator(".receipt__number").inner_text()
    page.reload()
    expect(page.locator(".receipt__number")).to_have_text(number)
    assert votes(town)[1] == 1


def test_a_double_click_casts_once(visit, town):
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    cast_button(page).dblclick()
    expect_receipt(page, town)
    ballots, took_part = votes(town)
    assert (len(ballots), took_part) == (1, 1)


def test_the_back_button_after_casting_leads_to_the_receipt(visit, town):
    """Never the browser's own question whether to send the ballot again."""
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    page.get_by_role("button", name=ko("Change my choice")).click()
    page.get_by_role("button", name=ko("Check my choice")).click()
    cast_button(page).click()
    expect_receipt(page, town)
    for _step in range(4):
        page.go_back()
        expect_receipt(page, town)
    ballots, took_part = votes(town)
    assert (len(ballots), took_part) == (1, 1)


def test_a_second_tab_that_comes_later_is_told_that_the_vote_stands(visit, town, listener):
    listener.allowed.add(409)
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    later = page.context.new_page()
    to_the_check_page(later, town, "토요일 골목 음악회")
    cast_button(page).click()
    expect_receipt(page, town)

    cast_button(later).click()
    expect(later.get_by_role("heading", level=1)).to_have_text(ko("You have already voted"))
    later.get_by_role("link", name=ko("To the receipt of your vote")).click()
    expect_receipt(later, town)
    ballots, took_part = votes(town)
    assert took_part == 1
    assert [sorted(ballot) for ballot in ballots] == [
        sorted([option(town, "골목 쉼터 만들기"), option(town, "밤길 바닥 조명")])
    ]


def test_who_was_signed_out_meanwhile_is_told_and_can_vote_after_signing_in(visit, town, listener):
    listener.allowed.add(403)
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name=ko("Sign out")).click()
    expect(other.get_by_role("banner").get_by_role("link", name=ko("Sign in"))).to_be_visible()

    cast_button(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("You are signed out"))
    assert votes(town) == ([], 0)
    page.get_by_role("link", name=ko("Sign in and vote")).click()
    page.locator("[name=login]").fill(town.residents[0].email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=ko("Sign in")).click()
    choose(page, "토요일 골목 음악회")
    page.get_by_role("button", name=ko("Check my choice")).click()
    cast_button(page).click()
    expect_receipt(page, town)
    assert votes(town) == ([[option(town, "토요일 골목 음악회")]], 1)


def test_a_vote_that_comes_after_closing_is_told_so(visit, town, listener):
    listener.allowed.add(409)
    page = visit(town.residents[0])
    to_the_check_page(page, town)
    close_poll(poll_id=town.choose.pk, actor=town.official, at=timezone.now(), reason="태풍으로 앞당겨 닫습니다.")
    cast_button(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("You cannot vote now"))
    assert votes(town) == ([], 0)


def test_the_whole_vote_without_javascript(visit, town, listener):
    listener.allowed.add(422)
    page = visit(java_script_enabled=False)
    page.goto(f"/assemblies/{town.assembly.pk}/")
    vote_link(page, town.choose).click()
    page.locator("[name=login]").fill(town.residents[0].email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=ko("Sign in")).click()
    choose(page, "골목 쉼터 만들기", "밤길 바닥 조명", "토요일 골목 음악회", "초등학교 앞 불법 주정차 막기")
    page.get_by_role("button", name=ko("Check my choice")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    take_back(page, "토요일 골목 음악회")
    page.get_by_role("button", name=ko("Check my choice")).click()
    cast_button(page).click()
    expect_receipt(page, town)
    assert votes(town)[1] == 1
