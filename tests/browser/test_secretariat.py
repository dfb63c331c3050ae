"""The year of the club's secretariat: somebody joins, a forum is planned, published, attended, and becomes a book.

Everybody goes through the pages: an applicant with a phone, the secretariat at the desk, the office of the new member.
"""

import os
import re
import threading
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from core.jobs import beside
from forums.documents import book
from forums.models import Forum, Member
from forums.states import ApplicationStatus
from meetings import door
from meetings.models import Attendance
from meetings.states import CheckInWay
from reports.pdf.fonts import what_is_missing
from residents.states import Office, Role
from tests.browser.inspection import DESKTOP
from tests.browser.steps import heading, press, take_step
from tests.browser.words import ko
from tests.factories import (
    NOON,
    SEOUL,
    MunicipalityFactory,
    OfficeTermFactory,
    ProvinceFactory,
    UserFactory,
    official,
    serving_member,
)
from tests.forums.club import adopt
from tests.reports.sample import foreign_pdf

REQUIRE_ALL = os.environ.get("MADANG_REQUIRE_ALL") == "1"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("without_second_factor"),
    pytest.mark.skipif(bool(what_is_missing()) and not REQUIRE_ALL, reason="no Pango or no font here"),
]

PATIENCE = 60
JOINER = "\u2060"
FIRST, SECOND = date(2026, 6, 19), date(2026, 6, 20)
NAME, HANJA = "박정우", "朴廷禹"
OFFICIAL = "한서윤"
TITLE = "주민자치, 다음 걸음"
IN_ORDER = (("강가람", "姜佳藍"), ("문단오", "文端午"), (NAME, HANJA), ("홍미래", "洪美來"))
HEADS = (("홍미래", "洪美來", "갑구"), ("강가람", "姜佳藍", "을구"), ("문단오", "文端午", "병구"))
THEME = "주민총회에서 예산까지"
LECTURE = "주민이 정한 것을 구청이 하는 법"
SLIDES = "발제 자료"


class Clock:
    """The site's clock, set by hand; it goes on from there."""

    def __init__(self, real):
        self.real, self.ahead = real, timedelta()

    def __call__(self):
        return self.real() + self.ahead

    def set(self, moment):
        self.ahead = moment - self.real()


@pytest.fixture
def clock(monkeypatch):
    """It is the first of June of the year in which the terms of the factories run."""
    clock = Clock(timezone.now)
    clock.set(NOON)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture(autouse=True)
def _own_thread(transactional_db, settings, tmp_path):
    """Jobs run beside the site, as in the demo; files lie in a folder of the test."""
    places = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": places}
    beside.start()
    yield
    beside.stop(PATIENCE)


@pytest.fixture
def at_the_materials(monkeypatch):
    """The book waits at its materials until the test lets it go, so that its progress can be watched."""
    go = threading.Event()
    materials_sections = book.materials_sections

    def waiting(materials):
        go.wait(PATIENCE * 10)
        return materials_sections(materials)

    monkeypatch.setattr(book, "materials_sections", waiting)
    yield go
    # A test that failed leaves the job where it was.
    go.set()


@pytest.fixture
def club(transactional_db, clock):
    """Bylaws, three members with their offices, and a district whose head is none yet."""
    adopt()
    seoul = ProvinceFactory(name="서울특별시", kind="특별시")
    for name, hanja, place in HEADS:
        serving_member(MunicipalityFactory(name=place, parent=seoul), name=name, name_hanja=hanja, area="서울")
    place = MunicipalityFactory(name="정구", parent=seoul)
    OfficeTermFactory(region=place, name=NAME)
    return place


@pytest.fixture
def secretariat(club):
    return official(Role.CLUB_SECRETARIAT, region=None)


# --- what people do ---------------------------------------------------------------------------------------------------


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"#content [name={name}]").fill(value)


def save(page):
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def go(page, label):
    """Follow a link of the main part of the desk that says `label`."""
    page.locator("#content").get_by_role("link", name=ko(label), exact=True).first.click()


def apply(page, place):
    """A head of a district, on a phone and without an account."""
    page.goto("/club/")
    page.get_by_role("link", name=re.compile(re.escape(ko("Join the club")))).click()
    page.get_by_label(ko("regular member: I hold the office today")).check()
    values = {
        "name": NAME,
        "name_hanja": HANJA,
        "organisation": "서울 정구",
        "birth_date": "19680305",
        "mobile": "010-0000-0000",
        "email": "mayor@example.org",
    }
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("[name=region]").select_option(str(place.pk))
    page.locator("[name=office]").select_option(Office.DISTRICT_HEAD)
    page.locator("[name=pledged]").check()
    page.locator("[name=consent]").check()
    press(page, "Send the application")
    expect(page.locator(".notice--success")).to_be_visible()


def admit(page):
    """From what waits at the desk: check the application against the bylaws, approve it."""
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile(re.escape(ko("Applications for membership to check")))).first.click()
    expect(page.locator("#content")).to_contain_text(NAME)
    # The term of office that the application is for is found and chosen already.
    take_step(page, "Note the check")
    take_step(page, "Approve")


def let_act(page, member, email):
    page.goto(f"/admin/forums/member/{member.pk}/change/")
    go(page, "Let an account act for them")
    fill(page, email=email)
    page.locator("[name=is_head]").check()
    page.locator("#content").get_by_role("button", name=ko("Let an account act for them"), exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def names_in_the_directory(page):
    page.goto("/club/directory/")
    expect(heading(page)).to_have_text(ko("Directory of members"))
    return [" ".join(name.split()) for name in page.locator(".directory__name").all_inner_texts()]


def row(page, number, **values):
    """Fill in a line of a table; lists to choose from by what they say."""
    line = page.locator(".planning__row").nth(number)
    for name, value in values.items():
        field = line.locator(f"[name$='-{name}']").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    return line


def plan(page, slides):
    """A forum of two days, from the desk's first page."""
    page.goto("/admin/")
    page.locator(".model-forum a.addlink").click()
    fill(
        page,
        term="민선8기",
        number="25",
        title=TITLE,
        intent="주민이 정한 일을 어떻게 이루는지 나눕니다.",
        place="갑구청",
    )
    fill(page, starts_on=FIRST.isoformat(), ends_on=SECOND.isoformat())
    page.locator("[name=host]").select_option(label="서울특별시 갑구")
    save(page)
    expect(page.locator("#missing li")).to_have_count(2)
    go(page, "Add a venue")
    fill(page, name="갑구청 대강당", address="서울특별시 갑구 가운데로 1")
    save(page)
    go(page, "Add a theme")
    fill(page, title=THEME, minutes="60", points="누가 정하나요?\n누가 하나요?")
    save(page)
    choose_people(page)
    timetable(page)
    go(page, "Add a file")
    page.locator("[name=upload]").set_input_files(slides)
    fill(page, title=SLIDES, author="강가람 을구청장")
    page.locator("[name=in_book]").check()
    save(page)


def choose_people(page):
    go(page, "Choose people")
    row(page, 0, part=ko("presentation"), member="강가람", title=LECTURE)
    row(page, 1, part=ko("panel member"), member=NAME)
    row(page, 2, part=ko("panel member"), printed_as="윤하늘 연구소장")
    page.get_by_role("button", name=ko("Save"), exact=True).click()
    expect(page.locator("#themes")).to_contain_text(LECTURE)
    expect(page.locator("#themes")).to_contain_text(NAME)


def timetable(page):
    """Both days; what was missing is gone."""
    page.locator("#missing").get_by_role("link").first.click()
    row(page, 0, ends="13:00", kind=ko("arrival and registration"), title="접수")
    line = row(page, 1, starts="13:30", ends="15:00", kind=ko("presentation"), title="주제 발표", venue="갑구청 대강당")
    line.locator("summary").click()
    line.get_by_role("checkbox", name=f"1. {THEME}").check()
    row(page, 2, starts="18:30", kind=ko("meal"), title="저녁과 이야기")
    page.get_by_role("button", name=ko("Save"), exact=True).click()
    page.locator("#missing").get_by_role("link").first.click()
    row(page, 0, starts="09:30", ends="11:30", kind=ko("discussion"), title="종합토론")
    page.get_by_role("button", name=ko("Save"), exact=True).click()
    expect(page.locator("#missing")).to_have_count(0)


def answer(page, forum):
    """The member's office: the head comes, and an official along."""
    page.goto("/club/forums/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("main").get_by_role("link", name=ko("Register", "for an event"), exact=True).click()
    page.get_by_label(ko("The head comes")).check()
    page.locator("[name=staff-0-name]").fill(OFFICIAL)
    page.locator("[name=staff-0-position]").fill("자치행정과장")
    press(page, "Send the answer")
    expect(page.locator(".answered li")).to_have_count(2)
    assert forum.registrations.count() == 2


# --- on the day -------------------------------------------------------------------------------------------------------


def check_in_at_the_desk(page, forum):
    """The secretariat finds the official by initial consonants, among those who are registered."""
    page.goto(f"/club/forums/{forum.pk}/")
    page.get_by_role("main").get_by_role("link", name=ko("Check in"), exact=True).click()
    expect(page.locator(".desk-row")).to_have_count(2)
    # An event has no quorum: nobody is a guest among members.
    expect(page.locator(".desk-list")).not_to_contain_text(ko("guest"))
    page.locator("#wanted").press_sequentially("ㅎㅅㅇ")
    expect(page.locator(".desk-row:visible")).to_have_count(1)
    page.locator(".desk-row:visible button[value=came]").click()
    expect(page.locator(".desk-row.is-there")).to_contain_text(OFFICIAL)


def check_in_by_the_code(page, hall, forum):
    """The head scans what the projector in the hall shows; the secretariat finds it from the desk at the door."""
    hall.goto(f"/meetings/{forum.meeting_id}/check-in/")
    hall.get_by_role("link", name=TITLE).click()
    hall.get_by_role("link", name=ko("Code for the projector"), exact=True).click()
    expect(hall.get_by_role("img", name=ko("QR code that leads to checking in"))).to_be_visible()
    code = door.token(forum.meeting.checkin_secret, forum.meeting_id, timezone.now())
    page.goto(reverse("meetings:door_link", args=[code]))
    expect(page.get_by_role("main")).to_contain_text(NAME)
    press(page, "I am here")
    expect(page.get_by_role("main")).to_contain_text(ko("You are checked in. Nothing more is needed."))


# --- the book ---------------------------------------------------------------------------------------------------------


def order_book(page, forum, go):
    """One click; the page says how far it is, and offers the file when it is made."""
    page.goto(f"/club/forums/{forum.pk}/")
    press(page, "Make the book (PDF)")
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.evaluate("window.stayed = true")
    expect(page.locator(".job__step")).to_contain_text(ko("Materials"))
    go.set()
    # A book takes some seconds, more on a busy machine.
    expect(page.get_by_role("link", name=ko("Download the file"))).to_be_visible(timeout=PATIENCE * 3000)
    assert page.evaluate("window.stayed")
    with page.expect_download() as download:
        page.get_by_role("link", name=ko("Download the file")).click()
    assert download.value.suggested_filename.endswith(".pdf")
    return PdfReader(download.value.path())


def check_the_book(reader):
    """The contents name the pages on which the headings stand; the new member is in the directory, with hanja."""
    pages = [page.extract_text().replace(JOINER, "") for page in reader.pages]
    contents = next(number for number, text in enumerate(pages) if text.startswith(ko("Contents")))
    listed = dict(re.findall(r"^(.+?)[ ·]*(\d+)$", pages[contents], re.MULTILINE))
    chapters = {ko("Programme"), ko("Attendees"), ko("Materials"), ko("Directory of members"), ko("Bylaws of the club")}
    assert chapters < set(listed)
    # Where the headings stand, found without the contents: each opens its page. A file of somebody else has none.
    stands = {title: number for number, text in enumerate(pages) for title in chapters if text.startswith(title)}
    stands[SLIDES] = next(number for number, text in enumerate(pages) if "Slide 1" in text)
    labels = reader.page_labels
    assert {title: listed[title] for title in stands} == {title: labels[number] for title, number in stands.items()}

    directory = pages[stands[ko("Directory of members")]]
    places = [directory.index(f"{name}({hanja})") for name, hanja in IN_ORDER]
    assert places == sorted(places)
    attendees = pages[stands[ko("Attendees")]]
    assert all(name in attendees for name in (NAME, OFFICIAL))
    # Lines of tables are broken anywhere between words.
    programme = "".join(pages[stands[ko("Programme")]].split())
    for words in (THEME, LECTURE, "갑구청 대강당", "13:30~15:00", "18:30~", f"{NAME} 구청장", "종합토론"):
        assert "".join(words.split()) in programme, words
    assert any("Slide 2" in text for text in pages)


def test_from_an_application_to_the_book_of_the_forum(visit, secretariat, club, clock, at_the_materials, tmp_path):
    applicant = visit()
    apply(applicant, club)
    desk = visit(secretariat, DESKTOP)
    admit(desk)
    applicant.reload()
    expect(applicant.get_by_role("main")).to_contain_text(str(ApplicationStatus.APPROVED.label))
    member = Member.objects.get(name=NAME)
    assert member.joined_on == NOON.date()

    office = UserFactory(name=NAME)
    let_act(desk, member, office.email)
    phone = visit(office)
    assert names_in_the_directory(phone) == [f"{name} {hanja}" for name, hanja in IN_ORDER]

    plan(desk, foreign_pdf(tmp_path / "slides.pdf", pages=2))
    forum = Forum.objects.get()
    take_step(desk, "Publish the programme")
    applicant.goto("/club/forums/")
    applicant.get_by_role("link", name=TITLE).click()
    expect(applicant.get_by_role("main")).to_contain_text(LECTURE)
    answer(phone, forum)

    # On the day nobody is signed in any more from nearly three weeks ago.
    clock.set(datetime.combine(FIRST, time(13), tzinfo=SEOUL))
    forum.refresh_from_db()
    desk, phone = visit(secretariat, DESKTOP), visit(office)
    check_in_at_the_desk(desk, forum)
    check_in_by_the_code(phone, visit(secretariat, DESKTOP), forum)
    came = Attendance.objects.filter(participant__meeting=forum.meeting)
    assert set(came.values_list("participant__name", "way")) == {(NAME, CheckInWay.QR), (OFFICIAL, CheckInWay.DESK)}

    check_the_book(order_book(desk, forum, at_the_materials))
