"""An official of the dong runs an assembly from the first draft to the published result; everybody sees it."""

import csv
import io
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assemblies.models import Assembly, Poll
from assemblies.services import cast_ballot
from assemblies.states import AssemblyStatus, PollStatus
from residents.states import Role
from tests.browser.inspection import DESKTOP
from tests.browser.steps import heading, take_step
from tests.browser.town import ITEMS, make_dong
from tests.browser.words import ko
from tests.factories import official, resident

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]


class Clock:
    """The site's clock, to be put forward: nobody waits for the opening of a vote."""

    def __init__(self, real):
        self.real, self.ahead = real, timedelta()

    def __call__(self):
        return self.real() + self.ahead


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(timezone.now)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"#content [name={name}]").fill(value)


def save(page):
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def draft(page):
    """Make an assembly, found from the desk's first page."""
    page.goto("/admin/")
    page.locator(".model-assembly a.addlink").click()
    # Where only one dong and one rule set are possible, they are chosen already.
    fill(page, title="금호1동 가을 주민총회", purpose="내년 마을 사업의 순서를 정합니다.", place="금호1동 행정복지센터")
    fill(page, held_at=local(timezone.now() + timedelta(days=30)))
    save(page)
    return Assembly.objects.get()


def add_item(page, item):
    title, gain, category, cost = item
    page.locator("#agenda a.button").click()
    fill(page, title=title, gain=gain, proposer="주민자치회", cost=f"{cost:,}" if cost else "")
    page.locator("[name=category]").select_option(category)
    save(page)


def add_poll(page):
    page.locator("#polls a.button").click()
    fill(
        page,
        title="사업 우선순위 투표",
        question="먼저 했으면 하는 사업을 골라 주세요.",
        max_choices="2",
        adopted_count="2",
    )
    page.locator("[name=kind]").select_option("choose")
    opens = timezone.now() + timedelta(hours=1)
    fill(page, opens_at=local(opens), closes_at=local(opens + timedelta(days=10)))
    save(page)
    return Poll.objects.get()


def test_from_the_first_draft_to_the_published_result(visit, transactional_db, clock):
    dong = make_dong()
    people = [resident(dong, name=name) for name in ("김봄이", "박가람", "최단오")]
    page = visit(official(Role.DONG_OFFICIAL, dong), DESKTOP)

    assembly = draft(page)
    expect(page.locator("#missing")).to_contain_text(ko("The agenda is still empty."))
    for item in ITEMS[:3]:
        add_item(page, item)
    expect(page.locator("#agenda tbody tr")).to_have_count(3)
    poll = add_poll(page)

    # What is missing stands there as links; following them mends it.
    page.goto(f"/admin/assemblies/poll/{poll.pk}/change/")
    missing = page.locator("#missing")
    expect(missing.get_by_role("link", name=ko("Nobody stands on the voter roll yet."))).to_be_visible()
    missing.get_by_role("link", name=ko("The assembly has not been announced yet.")).click()
    page.goto(f"/admin/assemblies/assembly/{assembly.pk}/change/")
    take_step(page, "Announce the assembly")
    take_step(page, "Build the voter roll")
    assert assembly.roll.count() == 3
    page.goto(f"/admin/assemblies/poll/{poll.pk}/change/")
    expect(page.locator("#missing")).to_contain_text(ko("Nothing is missing."))
    take_step(page, "Announce the poll")
    assert not page.get_by_role("link", name=ko("Open voting")).count()
    clock.ahead = timedelta(hours=2)
    page.reload()
    take_step(page, "Open voting")

    for person, places in zip(people[:2], ([0, 1], [0]), strict=True):
        options = list(poll.options.values_list("pk", flat=True))
        cast_ballot(
            poll_id=poll.pk,
            voter=person,
            choices=[options[place] for place in places],
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
    page.reload()
    expect(page.locator("#turnout")).to_contain_text("2명")
    # Before the count there is no result on any page of the desk.
    expect(page.locator("#content")).not_to_contain_text(ko("Votes"))

    take_step(page, "Close voting", reason="태풍이 와서 앞당겨 닫습니다.")
    take_step(page, "Count the ballots")
    visitor = visit()
    visitor.goto(f"/polls/{poll.pk}/result/")
    expect(visitor.get_by_role("main")).not_to_contain_text("2표")
    take_step(page, "Publish the result")
    assert Poll.objects.get().status == PollStatus.PUBLISHED
    assert Assembly.objects.get().status == AssemblyStatus.ANNOUNCED

    visitor.reload()
    expect(heading(visitor)).to_have_text("사업 우선순위 투표")
    expect(visitor.locator(".decision")).to_contain_text(ITEMS[0][0])
    expect(visitor.get_by_role("main")).to_contain_text("태풍이 와서 앞당겨 닫습니다.")
    expect(visitor.get_by_role("row").nth(1)).to_contain_text(re.compile(rf"1.*{ITEMS[0][0]}.*2표", re.DOTALL))
    with visitor.expect_download() as saving:
        visitor.get_by_role("link", name=re.compile(re.escape(ko("Table of the result")))).click()
    with open(saving.value.path(), encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - a place of Playwright's
        rows = list(csv.reader(io.StringIO(file.read())))
    assert len(rows) == 4
    assert ITEMS[0][0] in rows[1]
