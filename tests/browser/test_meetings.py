"""A meeting from its plan to approved minutes, as whoever keeps it goes through the pages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Meeting
from meetings.states import MeetingStatus
from residents.states import Role
from tests.browser.inspection import inspect
from tests.browser.steps import heading
from tests.browser.words import ko
from tests.factories import official
from tests.meetings.kinds import KIND, soon

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]

PEOPLE = ("고남석, 연수구", "김만수, 부천시", "염태영, 수원시")
PASSED = "2025년 결산을 원안대로 승인한다."


@pytest.fixture
def keeper(transactional_db):
    return official(Role.CLUB_SECRETARIAT, region=None)


def go(page, label, name=""):
    """Follow a link of the main part that says `label`, of the thing called `name`."""
    words = re.compile(rf"^{re.escape(ko(label))}\s*:\s*{re.escape(name)}$") if name else ko(label)
    page.get_by_role("main").get_by_role("link", name=words, exact=True).first.click()


def answer(page, **values):
    """Fill in the form of an act and send it; no page on the way breaks a rule of access."""
    assert inspect(page) == []
    form = page.locator("main form[method=post]").last
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button[type=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()


def plan(page):
    now = timezone.localtime()
    page.goto(f"/meetings/new/?kind={KIND.name}")
    answer(
        page,
        title="정기총회",
        starts_at=f"{soon(now):%Y-%m-%dT%H:%M}",
        ends_at=f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        place="시청 대회의실",
    )


def prepare(page):
    """Agenda, list, call."""
    go(page, "Add participants")
    answer(page, lines="\n".join(PEOPLE))
    page.locator("#agenda").get_by_role("link").first.click()
    answer(page, title="2025년 결산 승인", text="결산안은 붙임과 같습니다.")
    go(page, "Call the meeting")
    answer(page)
    assert inspect(page) == []


def check_everybody_in(page):
    """At the door: by the first consonants of a name, then down the list."""
    held = []

    def hold(route):
        held.append(route)

    page.route("**/js/meetings*.js", hold)
    with page.expect_request("**/js/meetings*.js"):
        go(page, "Desk at the door")
    # Somebody types while the page still arrives: that is a search too, once it has.
    page.locator("#wanted").press_sequentially("ㅇㅌㅇ")
    expect(page.locator(".desk-row:visible")).to_have_count(3)
    held[0].continue_()
    page.unroute("**/js/meetings*.js")
    expect(page.locator(".desk-row:visible")).to_have_count(1)
    page.locator("#wanted").fill("")
    expect(page.locator(".desk-row:visible")).to_have_count(3)
    assert inspect(page) == []
    page.locator("#wanted").press_sequentially("ㅇㅌㅇ")
    expect(page.locator(".desk-row:visible")).to_have_count(1)
    page.locator(".desk-row:visible button[value=came]").click()
    for left in (2, 1):
        expect(page.locator("button[value=came]")).to_have_count(left)
        page.locator("button[value=came]").first.click()
    expect(page.locator(".desk-row.is-there")).to_have_count(3)


def test_from_the_plan_to_approved_minutes(visit, keeper):
    page = visit(keeper)
    plan(page)
    prepare(page)
    check_everybody_in(page)
    meeting = Meeting.objects.get()
    page.goto(f"/meetings/{meeting.pk}/hall/")
    expect(page.locator(".is-met")).to_be_visible()
    page.goto(f"/meetings/{meeting.pk}/keep/")
    go(page, "Open the meeting")
    answer(page)
    go(page, "Note what was said", "2025년 결산 승인")
    answer(page, speaker="의장", gist="남은 돈의 쓰임을 물었다.")
    go(page, "Record a vote", "2025년 결산 승인")
    answer(page, text=PASSED, in_favour="2", against="1")
    expect(page.locator(".resolution")).to_contain_text(PASSED)
    go(page, "Close the meeting")
    answer(page)
    assert inspect(page) == []
    go(page, "Draft the minutes")
    answer(page)
    go(page, "Approve the minutes")
    answer(page, signed_by="의장, 고남석")
    assert inspect(page) == []
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.MINUTED
    assert meeting.resolutions.get().outcome == "adopted"


def test_what_is_refused_says_why_and_keeps_what_was_written(visit, keeper, listener):
    listener.allowed |= {400, 409}
    page = visit(keeper)
    plan(page)
    go(page, "Call the meeting")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator("#form-errors")).to_contain_text(ko("There is nobody on the list of participants yet."))
    expect(heading(page)).to_have_text(ko("Call the meeting"))
    assert inspect(page) == []
