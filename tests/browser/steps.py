"""What people do again and again on the pages, the way they do it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.town import PASSWORD
from tests.browser.words import ko

RECEIPT = re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def press(page: Page, label: str) -> None:
    """Press the button of the main part that says `label`, a message of ours."""
    page.get_by_role("main").get_by_role("button", name=ko(label), exact=True).click()


def fill_in_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    press(page, "Sign in")


def vote_link(page: Page, poll) -> Locator:
    """The link to the ballot; what it is about follows for those who do not see where it stands."""
    return page.get_by_role("link", name=re.compile(rf"^{ko('Vote')}\s*: {re.escape(poll.title)}$"))


def choose(page: Page, *titles: str) -> None:
    """Tap on the rows of a ballot, as people do."""
    for title in titles:
        page.locator(".choice label", has_text=title).click()
        expect(page.get_by_role("checkbox", name=title)).to_be_checked()


def take_back(page: Page, title: str) -> None:
    page.locator(".choice label", has_text=title).click()
    expect(page.get_by_role("checkbox", name=title)).not_to_be_checked()


def to_the_check_page(page: Page, poll, *titles: str) -> None:
    page.goto(f"/polls/{poll.pk}/ballot/")
    choose(page, *titles)
    press(page, "Check my choice")
    expect(heading(page)).to_have_text(ko("Is this your choice?"))


def cast(page: Page, poll) -> None:
    press(page, "Cast my vote")
    expect_receipt(page, poll)


def expect_receipt(page: Page, poll) -> None:
    expect(page).to_have_url(re.compile(rf"/polls/{poll.pk}/receipt/$"))
    expect(heading(page)).to_have_text(ko("Your vote has been recorded"))
    expect(page.locator(".receipt__number")).to_have_text(RECEIPT)


def take_step(page: Page, label: str, **values: str) -> None:
    """At the desk: press a step of a thing, answer what it asks, confirm it."""
    page.locator("#content-main, #content").get_by_role("link", name=ko(label), exact=True).first.click()
    expect(heading(page)).to_contain_text(ko(label))
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("#content").get_by_role("button", name=ko(label), exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
