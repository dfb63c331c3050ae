"""The way to a council from three sides: who applies, who runs it at the desk, and who verifies it from outside.

Weeks pass on the way, so the clock of the site is moved; everything else is pages.
"""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from councils.drawing import choose, read_document
from councils.models import Application, Draw, Member, Recruitment
from councils.queries.draws import panels_with
from councils.services.appointing import appoint_members
from councils.services.beacons import enter_beacon
from councils.services.courses import CourseFacts, Lecture, plan_course
from councils.services.draws import compute_draw
from councils.services.eligibility import confirm_eligibility
from councils.services.panels import draw_panel, enter_digit, prepare_draw
from councils.services.pool import settle_pool
from councils.services.recruitment import Dates
from councils.states import ApplicationStatus, DrawStatus, RecruitmentStatus
from meetings.services.attendance import check_out
from tests.browser.inspection import DESKTOP, inspect
from tests.browser.steps import heading, press, take_step
from tests.browser.words import ko
from tests.councils.drawing_town import balls, drawn, frozen
from tests.councils.recruiting import announced, confirmed, rule_set
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory, official, resident

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]

TABLET = (820, 1180)
SEATS, HOURS, OTHERS = 6, 3, 13
COUNTED = "641728"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """The clock of the site, which can be moved on."""

    def __init__(self, monkeypatch):
        self._now, self._ahead = timezone.now, timedelta()
        monkeypatch.setattr(timezone, "now", lambda: self._now() + self._ahead)

    def go_to(self, moment):
        """Nothing goes back."""
        assert moment > timezone.now()
        self._ahead += moment - timezone.now()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def council():
    seogu = MunicipalityFactory(code="2914000000", name="서구", kind="자치구")
    return CouncilFactory(dong=DongFactory(code="2914075200", name="상무2동", parent=seogu), status="converting")


def dates():
    """Applications for three weeks from an hour ago, then a week until the pool, then a week until the draw."""
    opens = timezone.now().replace(second=0, microsecond=0) - HOUR
    return Dates(
        opens_at=opens,
        closes_at=opens + 21 * DAY,
        learning_until=opens + 28 * DAY,
        draw_at=opens + 35 * DAY,
        appoints_on=timezone.localdate(opens + 42 * DAY),
        erase_on=timezone.localdate(opens + 400 * DAY),
    )


def neighbours_apply(recruitment, number=OTHERS):
    """The others, taken in at the counter, with the hours from elsewhere."""
    for place in range(number):
        recommended = {"track": "recommended", "organisation": "통장협의회"} if place % 4 == 3 else {}
        confirmed(
            recruitment,
            at=timezone.now(),
            minutes=HOURS * 60,
            sex=("female", "male")[place % 2],
            age=(62, 55, 33)[place % 3],
            **recommended,
        )


def link(page, label, context=""):
    page.get_by_role("main").get_by_role("link", name=ko(label, context), exact=True).first.click()


def digits_for(draw, number):
    """Three digits with which the panel holds `number`: what the balls of this test show."""
    document = read_document(draw.prepared.encode())
    return next(three for three in map("{:03}".format, range(1000)) if number in choose(document, three)["panel"])


# --- a resident -------------------------------------------------------------------------------------------------------


def test_a_resident_applies_learns_follows_the_draw_and_is_appointed(visit, council, clock):
    when = dates()
    recruitment = announced(
        council=council,
        rules=rule_set(council.dong.parent, hours=HOURS),
        seats=SEATS,
        at=when.opens_at,
        dates=when,
    )
    office = official(region=council.dong.parent)
    # In the afternoon: an arrival belongs to the day of its lecture, and tests run at midnight too.
    begins = timezone.localtime(when.opens_at + 7 * DAY).replace(hour=14, minute=0)
    lecture = Lecture("주민자치의 이해", begins, begins + HOURS * HOUR)
    facts = CourseFacts("주민자치학교", "상무2동 행정복지센터 2층", (lecture,))
    course = plan_course(recruitment_id=recruitment.pk, facts=facts, actor=office, at=timezone.now())
    person = resident(council.dong, name="김하나", email="hana@example.org")
    neighbours_apply(recruitment)

    apply_on_the_phone(visit(person), recruitment)
    application = Application.objects.get(user=person)
    confirm_eligibility(application_id=application.pk, document="주민등록증", actor=office, at=timezone.now())

    clock.go_to(begins - HOUR / 2)
    learn(visit, person, office, course, application)
    clock.go_to(when.learning_until + HOUR)
    settle_pool(recruitment_id=recruitment.pk, actor=office, at=timezone.now())
    draw = compute_draw(recruitment_id=recruitment.pk, actor=office, at=timezone.now())
    draw = frozen(
        draw, beacon=balls((timezone.now() + 30 * HOUR).replace(microsecond=0)), actor=office, at=timezone.now()
    )
    application.refresh_from_db()
    phone = see_the_own_number(visit(person), recruitment, application)

    clock.go_to(draw.beacon_at + HOUR)
    follow_the_draw(phone, visit, draw, application)
    recruitment.refresh_from_db()
    assert recruitment.status == RecruitmentStatus.DRAWN

    clock.go_to(when.draw_at + 8 * DAY)
    appoint_members(
        recruitment_id=recruitment.pk,
        starts_on=timezone.localdate(),
        ends_on=None,
        number=None,
        actor=office,
        at=timezone.now(),
    )
    phone = visit(person)
    phone.goto(f"/recruitments/{recruitment.pk}/mine/")
    expect(phone.locator(".own-state .badge")).to_have_text(ko("appointed", "council application"))
    assert inspect(phone) == []
    phone.goto(f"/councils/{council.pk}/members/")
    expect(phone.get_by_role("main")).to_contain_text("김하나")


def apply_on_the_phone(phone, recruitment):
    """Found from the home page, applied in two pages, with a receipt at the end."""
    phone.goto("/")
    phone.locator("section[aria-labelledby=recruitments] .card .button--primary").first.click()
    expect(heading(phone)).to_have_text(recruitment.title)
    phone.locator(".apply-now .button--primary").click()
    expect(phone.locator("[name=name]")).to_have_value("김하나")
    phone.locator("[name=sex][value=female]").check()
    phone.locator("[name=phone]").fill("010-1234-5678")
    phone.locator("[name=address]").fill("상무대로 1")
    phone.locator("[name=basis][value=registered]").check()
    press(phone, "Next: check")
    phone.locator("[name=consent]").check()
    press(phone, "Send the application")
    expect(phone).to_have_url(re.compile(r"/mine/receipt/$"))


def learn(visit, person, office, course, application):
    """Checked in with the digits on the wall, out at the end; then the hours stand on the own page."""
    door = visit(office, size=DESKTOP)
    door.goto(f"/meetings/{course.meeting_id}/door/")
    phone = visit(person)
    phone.goto(f"/recruitments/{application.recruitment_id}/mine/")
    expect(phone.locator(".steps [aria-current=step]")).to_contain_text(ko("Residents’ school"))
    phone.locator(".lessons a").click()
    phone.get_by_role("main").locator(f"a[href='/meetings/{course.meeting_id}/arrive/']").click()
    phone.locator("[name=digits]").fill(door.locator("[data-shown=digits]").inner_text())
    # The wall is dark by the time that the weeks have passed.
    door.close()
    press(phone, "I am here")
    expect(phone.locator(".meeting-said--good")).to_be_visible()
    participant = application.learning.get().participant
    ends = course.meeting.sittings.get().ends_at
    check_out(participant_id=participant.pk, actor=office, at=ends)


def see_the_own_number(phone, recruitment, application):
    """The number, and in how many of the panels it is."""
    assert application.status == ApplicationStatus.POOL
    phone.goto(f"/recruitments/{recruitment.pk}/mine/")
    expect(phone.locator(".own-number")).to_have_text(str(application.pool_number))
    expect(phone.locator("section[aria-labelledby=pool]")).to_contain_text(str(panels_with(application)))
    assert inspect(phone) == []
    return phone


def follow_the_draw(phone, visit, draw, application):
    """The phone at home and the wall of the hall show each digit and then the panel, without a reload."""
    officials = [official(region=draw.recruitment.council.dong.parent) for _number in range(2)]
    for one in officials:
        enter_beacon(draw_id=draw.pk, value={"digits": COUNTED}, actor=one, at=timezone.now())
    prepare_draw(draw_id=draw.pk)
    draw.refresh_from_db()
    three = digits_for(draw, str(application.pool_number))
    phone.goto(f"/draws/{draw.pk}/")
    wall = visit(None, size=DESKTOP)
    wall.goto(f"/draws/{draw.pk}/hall/")
    for place, digit in enumerate(three):
        enter_digit(draw_id=draw.pk, place=place, digit=int(digit), actor=officials[0], at=timezone.now())
    expect(phone.locator("[data-digits]")).to_have_text(three, use_inner_text=False)
    draw_panel(draw_id=draw.pk, digits=three, actor=officials[0], at=timezone.now())
    expect(phone.locator(".draw-numbers li")).to_have_count(SEATS)
    expect(wall.locator(".draw-numbers--stage li")).to_have_count(SEATS)
    mine = re.compile(rf"^{application.pool_number}$")
    expect(phone.locator(".draw-numbers li").filter(has_text=mine)).to_have_count(1)
    # Signed in anew: the session of before the freeze is over.
    own = visit(application.user)
    own.goto(f"/recruitments/{draw.recruitment_id}/mine/")
    expect(own.locator(".own-state .badge")).to_have_text(ko("selected", "council application"))


# --- officials --------------------------------------------------------------------------------------------------------


def test_an_official_runs_it_end_to_end_on_a_tablet(visit, council, clock):
    rules = rule_set(council.dong.parent, hours=HOURS)
    first, second = (official(region=council.dong.parent) for _number in range(2))
    when = dates()
    desk = visit(first, size=TABLET)
    recruitment = prepare_and_announce(desk, council, rules, when)
    neighbours_apply(recruitment)
    take_in_at_the_counter(desk, recruitment)

    clock.go_to(when.learning_until + HOUR)
    desk = visit(first, size=TABLET)
    desk.goto(f"/admin/councils/recruitment/{recruitment.pk}/change/")
    take_step(desk, "Settle the pool")
    assert recruitment.applications.filter(status=ApplicationStatus.POOL).count() == OTHERS + 1
    draw = compute_and_freeze(desk, recruitment)

    clock.go_to(draw.beacon_at + HOUR)
    tablets = [visit(one, size=TABLET) for one in (first, second)]
    for tablet in tablets:
        tablet.goto(f"/recruitments/{recruitment.pk}/draw/")
        tablet.locator("[name=digits]").fill(COUNTED)
        press(tablet, "Record my reading")
        expect(tablet.locator(".notice--success")).to_be_visible()
    desk = tablets[0]
    desk.goto(f"/recruitments/{recruitment.pk}/draw/")
    for digit in "083":
        desk.locator(f".draw-keys button[value='{digit}']").click()
        expect(desk.locator("[data-digit]").filter(has_text=digit).first).to_be_visible()
    press(desk, "Draw the panel")
    expect(desk.locator(".draw-numbers li")).to_have_count(SEATS)

    clock.go_to(when.draw_at + 7 * DAY)
    appoint_and_hand_out_letters(visit(first, size=TABLET), recruitment)


def prepare_and_announce(desk, council, rules, when):
    """From the empty form to the announcement: dates, the quotas that the rules ask for, the announcement."""
    desk.goto("/admin/councils/recruitment/add/")
    for name, chosen in (("council", council.pk), ("rule_set", rules.pk), ("method", "leximin")):
        desk.locator(f"select[name={name}]").select_option(str(chosen))
    texts = {
        "title": "상무2동 주민자치회 위원 모집",
        "seats": str(SEATS),
        "place": "상무2동 행정복지센터",
        "contact": "062-000-0000",
        **{
            name: f"{timezone.localtime(getattr(when, name)):%Y-%m-%dT%H:%M}"
            for name in ("opens_at", "closes_at", "learning_until", "draw_at")
        },
        **{name: f"{getattr(when, name):%Y-%m-%d}" for name in ("appoints_on", "erase_on")},
    }
    for name, text in texts.items():
        desk.locator(f"[name={name}]").fill(text)
    desk.locator("[name=_save]").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    take_step(desk, "Set the quotas that the rules ask for")
    desk.goto(f"/admin/councils/recruitment/{Recruitment.objects.get().pk}/change/")
    take_step(desk, "Announce the recruitment")
    recruitment = Recruitment.objects.get()
    assert recruitment.status == RecruitmentStatus.ANNOUNCED
    return recruitment


def take_in_at_the_counter(desk, recruitment):
    """Somebody without an account: the form, the receipt, the check, the hours of another school."""
    desk.goto(f"/admin/councils/recruitment/{recruitment.pk}/change/")
    desk.locator("#board a[href$='/counter/']").click()
    desk.locator("[name=name]").fill("이영자")
    desk.locator("[name=birth_date]").fill("1951 3 15")
    desk.locator("[name=sex][value=female]").check()
    desk.locator("[name=phone]").fill("062-123-4567")
    desk.locator("[name=address]").fill("상무대로 9")
    desk.locator("[name=basis][value=registered]").check()
    desk.locator("[name=consent]").check()
    desk.get_by_role("main").locator("form button[type=submit]").last.click()
    expect(desk.locator(".slip .own-number")).to_have_text(str(OTHERS + 1))
    application = recruitment.applications.get(name="이영자")
    desk.goto(f"/admin/councils/application/{application.pk}/change/")
    take_step(desk, "Confirm the eligibility", document="주민등록증")
    desk.goto(f"/admin/councils/application/{application.pk}/change/")
    take_step(desk, "Credit hours from elsewhere", hours=str(HOURS), reason="치평동 주민자치학교 수료증")
    application.refresh_from_db()
    assert application.status == ApplicationStatus.LEARNING


def compute_and_freeze(desk, recruitment):
    """The lottery by a job, then the freeze on balls that are drawn before the audience."""
    desk.goto(f"/recruitments/{recruitment.pk}/draw/")
    press(desk, "Compute the lottery")
    desk.goto(f"/recruitments/{recruitment.pk}/draw/")
    desk.locator("[name=kind][value=balls]").check()
    desk.locator("[name=at]").fill(f"{timezone.localtime() + 26 * HOUR:%Y-%m-%dT%H:%M}")
    press(desk, "Freeze and write to everybody in the pool")
    expect(desk.locator(".notice--success")).to_be_visible()
    draw = Draw.objects.get()
    assert draw.status == DrawStatus.FROZEN
    return draw


def appoint_and_hand_out_letters(desk, recruitment):
    desk.goto(f"/admin/councils/recruitment/{recruitment.pk}/change/")
    take_step(desk, "Appoint those who were drawn", starts_on=f"{timezone.localdate():%Y-%m-%d}")
    member = Member.objects.order_by("pk").first()
    assert Member.objects.filter(letter__isnull=False).count() == SEATS
    desk.goto(f"/admin/councils/member/{member.pk}/change/")
    desk.locator(f"a[href*='certificate={member.letter_id}']").click()
    expect(heading(desk)).to_be_visible()
    assert inspect(desk, size=TABLET) == []


# --- a stranger -------------------------------------------------------------------------------------------------------


def test_a_stranger_verifies_the_draw_with_the_script(visit, tmp_path):
    draw = drawn()
    page = visit(None, size=DESKTOP)
    page.goto("/draws/")
    page.get_by_role("main").locator(f"a[href='/draws/{draw.pk}/']").first.click()
    link(page, "Verify it yourself")
    page.locator("[data-start]").click()
    expect(page.locator("[data-summary]")).to_have_class("notice notice--success")
    for address, name in (("/record.json", "record.json"), ("/verify_draw.py", "verify_draw.py")):
        with page.expect_download() as download:
            page.get_by_role("main").locator(f"a[href$='{address}']").first.click()
        download.value.save_as(tmp_path / name)

    assert (tmp_path / "record.json").read_text() == draw.result.record
    answer = verify(tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    data = bytearray((tmp_path / "record.json").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "record.json").write_bytes(data)
    assert verify(tmp_path).returncode != 0


def verify(folder):
    """As the page says: the script and the record in one folder, nothing else."""
    command = [sys.executable, "-I", "-S", "verify_draw.py", "record.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
