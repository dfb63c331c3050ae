"""The demo town as its visitors are asked to try it, and the pictures of the README on the way."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from assemblies.models import Ballot, Poll
from assemblies.states import PollStatus
from councils.models import Draw
from councils.states import DrawStatus
from demo.accounts import (
    GEUMHO,
    OFFICES,
    OFFICIALS,
    PASSWORD,
    RESIDENTS,
    SANGMU_APPLICANTS,
    SANGMU_OFFICIAL,
    Standing,
)
from residents.states import Role
from tests.browser.inspection import DESKTOP
from tests.browser.steps import cast, choose, fill_in_sign_in, heading, press, take_step, vote_link
from tests.browser.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]

PICTURES = Path(settings.BASE_DIR, "docs", "images")
LARGEST_PICTURE = 120 * 1024
VOTER = next(one for one in RESIDENTS if one.standing is Standing.VERIFIED)
DONG_OFFICIAL = next(one for one in OFFICIALS if one.role == Role.DONG_OFFICIAL)


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town stays in the database from the first test of this module to the last."""


def picture(page, name):
    """Take a picture for the README, where MADANG_SCREENSHOTS asks for it."""
    if os.environ.get("MADANG_SCREENSHOTS") != "1":
        return
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
    assert (PICTURES / f"{name}.png").stat().st_size <= LARGEST_PICTURE


def sign_in_by_form(page, account, to="/"):
    page.goto(f"/accounts/login/?next={to}")
    fill_in_sign_in(page, account.email, PASSWORD)


def test_a_resident_votes_and_the_official_publishes_the_result(visit):
    poll = Poll.objects.get(status=PollStatus.OPEN, assembly__dong__code=GEUMHO, kind="choose")
    before = Ballot.objects.filter(poll=poll).count()
    phone = visit()
    phone.goto("/")
    expect(phone.locator("#now")).to_be_visible()
    picture(phone, "home-phone")
    visitor = visit(size=DESKTOP)
    visitor.goto("/")
    picture(visitor, "home-desktop")

    sign_in_by_form(phone, VOTER)
    phone.goto(f"/dongs/{GEUMHO}/")
    picture(phone, "dong-phone")
    phone.goto("/")
    phone.locator(f"main a[href$='#poll-{poll.pk}']").first.click()
    expect(heading(phone)).to_have_text(poll.assembly.title)
    phone.evaluate("scrollTo(0, 0)")
    picture(phone, "assembly-phone")
    vote_link(phone, poll).click()
    titles = list(poll.options.values_list("item__title", flat=True))
    choose(phone, titles[0], titles[2])
    phone.evaluate("scrollTo(0, 0)")
    picture(phone, "ballot-phone")
    phone.evaluate("Object.assign(document.documentElement.dataset, { text: 'large', colours: 'contrast' })")
    picture(phone, "ballot-large-phone")
    phone.evaluate("['text', 'colours'].forEach((name) => delete document.documentElement.dataset[name])")
    press(phone, "Check my choice")
    picture(phone, "check-phone")
    cast(phone, poll)
    picture(phone, "receipt-phone")
    assert Ballot.objects.filter(poll=poll).count() == before + 1

    desk = visit(size=DESKTOP)
    sign_in_by_form(desk, DONG_OFFICIAL, to="/admin/")
    expect(desk.locator("#waiting")).to_be_visible()
    picture(desk, "desk-desktop")
    desk.goto(f"/admin/assemblies/poll/{poll.pk}/change/")
    picture(desk, "poll-desk-desktop")
    take_step(desk, "Close voting", reason="총회를 앞당겨 오늘 열고 결과를 발표합니다.")
    take_step(desk, "Count the ballots")
    take_step(desk, "Publish the result")
    assert Poll.objects.get(pk=poll.pk).published_at <= timezone.now()

    phone.goto(f"/polls/{poll.pk}/result/")
    expect(phone.locator(".decision")).to_contain_text(ko("adopted").split()[0])
    picture(phone, "result-phone")
    visitor.goto(f"/polls/{poll.pk}/result/")
    heading(visitor).evaluate("title => scrollTo(0, title.offsetTop - 16)")
    picture(visitor, "result-desktop")


@pytest.mark.parametrize(
    "account",
    [*RESIDENTS, *SANGMU_APPLICANTS, *OFFICIALS, SANGMU_OFFICIAL, *OFFICES],
    ids=lambda account: account.email,
)
def test_every_account_of_the_demo_signs_in(visit, account):
    page = visit(size=DESKTOP)
    sign_in_by_form(page, account)
    expect(page.get_by_role("banner").get_by_role("button", name=ko("Sign out"))).to_be_visible()
    assert bool(page.get_by_role("banner").get_by_role("link", name=ko("Officials’ desk")).count()) == (
        account in {*OFFICIALS, SANGMU_OFFICIAL}
    )


def test_the_secretariat_sees_its_year(visit):
    """The desk's first page, and the programme that everybody reads on a phone."""
    desk = visit(size=DESKTOP)
    sign_in_by_form(desk, next(one for one in OFFICIALS if one.role == Role.CLUB_SECRETARIAT), "/admin/")
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    picture(desk, "secretariat-desktop")
    phone = visit()
    phone.goto("/club/forums/")
    phone.get_by_role("link", name="민선5기 지방자치 혁신, 평가와 전망").first.click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("민선5기 지방자치 혁신")
    picture(phone, "forum-phone")
    phone.goto("/club/bylaws/state/")
    picture(phone, "bylaws-phone")


def test_a_recruitment_from_the_application_to_the_draw_in_the_hall(visit):
    """What an applicant reads on a phone, what the council is afterwards, and the wall of the hall."""
    learner = next(one for one in SANGMU_APPLICANTS if one.applied == "learning")
    phone = visit()
    phone.goto("/recruitments/")
    phone.get_by_role("link", name=ko("See and apply")).first.click()
    expect(phone.get_by_role("link", name=ko("Apply", "for a council"), exact=True)).to_be_visible()
    picture(phone, "recruitment-phone")
    sign_in_by_form(phone, learner, to="/me/")
    phone.locator("#applications + ul a").first.click()
    expect(heading(phone)).to_have_text(ko("My application"))
    picture(phone, "application-phone")
    drawn = Draw.objects.filter(status=DrawStatus.DRAWN).latest("pk")
    phone.goto(drawn.get_absolute_url())
    expect(phone.locator(".draw-numbers li")).to_have_count(drawn.recruitment.seats)
    picture(phone, "draw-phone")
    wall = visit(size=DESKTOP)
    wall.goto(f"{drawn.get_absolute_url()}hall/")
    expect(wall.locator("[data-digit]")).to_have_text(list(drawn.result.digits))
    assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the panel does not fit on the wall"
    picture(wall, "hall-desktop")
