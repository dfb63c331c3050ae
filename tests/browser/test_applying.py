"""A resident applies for the council on a phone, follows the application, supplements it and withdraws it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from councils.models import Application
from councils.services.courses import CourseFacts, Lecture, plan_course
from councils.services.eligibility import ask_supplement, confirm_eligibility
from councils.services.recruitment import Dates
from residents.models import ResidentProfile
from tests.browser.inspection import inspect
from tests.browser.steps import heading, press
from tests.browser.words import ko
from tests.councils.recruiting import announced, apply
from tests.factories import UserFactory

pytestmark = pytest.mark.browser

ASKED = "주소를 동과 호수까지 적어 주세요."


def running(now, *, hours=6):
    """A recruitment that takes applications since an hour, with one course in a week."""
    begins = timezone.localtime(now + timedelta(days=7)).replace(hour=14, minute=0, second=0, microsecond=0)
    recruitment = announced(
        hours=hours,
        at=now - timedelta(hours=1),
        dates=Dates(
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=20),
            learning_until=now + timedelta(days=40),
            draw_at=now + timedelta(days=50),
            appoints_on=(now + timedelta(days=60)).date(),
            erase_on=(now + timedelta(days=400)).date(),
        ),
    )
    plan_course(
        recruitment_id=recruitment.pk,
        facts=CourseFacts(
            "주민자치학교 1기",
            "상무2동 행정복지센터 2층",
            (
                Lecture("주민자치의 이해", begins, begins + timedelta(hours=3)),
                Lecture("회의 진행과 토론", begins + timedelta(days=1), begins + timedelta(days=1, hours=3)),
            ),
        ),
        actor=UserFactory(),
        at=now,
    )
    return recruitment


@pytest.fixture
def recruitment(transactional_db):
    return running(timezone.now())


@pytest.fixture
def resident(transactional_db):
    user = UserFactory(name="김하나", email="hana@example.org")
    ResidentProfile.objects.create(
        user=user, birth_date="1946-03-02", sex="female", phone="01000000000", name_key="김하나"
    )
    return user


def test_a_resident_applies_follows_supplements_and_withdraws(visit, recruitment, resident, listener):
    listener.allowed.add(400)
    page = visit(resident)
    page.goto("/recruitments/")
    assert inspect(page) == []
    page.get_by_role("main").locator(".card .button--primary").click()
    expect(heading(page)).to_have_text(recruitment.title)
    assert inspect(page) == []

    # The account's facts stand there already: the address and two taps are all that is missing.
    page.locator(".apply-now .button--primary").click()
    assert inspect(page) == []
    expect(page.locator("[name=name]")).to_have_value("김하나")
    page.locator("[name=address]").fill("상무대로 1")
    page.locator("[name=basis][value=registered]").check()
    press(page, "Save and go on later")
    expect(page.locator("[name=address]")).to_have_value("상무대로 1")
    press(page, "Next: check")

    expect(heading(page)).to_have_text(ko("Is everything right?"))
    assert inspect(page) == []
    press(page, "Send the application")  # without the consent: it says what is missing
    expect(page.locator("#form-errors")).to_be_visible()
    page.locator("[name=consent]").check()
    press(page, "Send the application")

    expect(page).to_have_url(re.compile(r"/mine/receipt/$"))
    expect(page.locator(".own-number")).to_have_text("1")
    assert inspect(page) == []
    page.get_by_role("main").locator(".button--primary").click()
    expect(page.locator(".lessons li")).to_have_count(2)
    assert inspect(page) == []

    application = Application.objects.get()
    ask_supplement(application_id=application.pk, what=ASKED, actor=UserFactory(), at=timezone.now())
    page.reload()
    expect(page.get_by_role("main").get_by_text(ASKED).first).to_be_visible()
    assert inspect(page) == []
    page.locator("[name=address]").fill("상무대로 1, 101동 202호")
    press(page, "Send")
    expect(page.locator(".notice--success")).to_be_visible()
    application.refresh_from_db()
    assert (application.status, application.address) == ("received", "상무대로 1, 101동 202호")

    confirm_eligibility(application_id=application.pk, document="주민등록증", actor=UserFactory(), at=timezone.now())
    page.goto(f"/recruitments/{recruitment.pk}/mine/")
    expect(page.locator(".steps [aria-current=step]")).to_contain_text(ko("Residents’ school"))
    assert inspect(page) == []
    page.goto("/me/")
    expect(page.get_by_role("main").get_by_role("link", name=recruitment.title)).to_be_visible()

    page.goto(f"/recruitments/{recruitment.pk}/mine/withdraw/")
    assert inspect(page) == []
    page.locator("[name=understood]").check()
    press(page, "Withdraw the application")
    expect(page.locator(".notice--success")).to_be_visible()
    application.refresh_from_db()
    assert application.status == "withdrawn"


def test_somebody_without_an_account_finds_the_application_with_the_receipt(visit, recruitment, listener):
    listener.allowed.add(400)
    application = apply(recruitment, name="박두리", at=timezone.now())
    page = visit()
    page.goto("/applications/")
    assert inspect(page) == []
    page.locator("[name=number]").fill(str(application.number))
    page.locator("[name=birth_date]").fill(f"{application.birth_date:%Y%m%d}")
    page.locator("[name=code]").fill("0000 0000")
    press(page, "Find")
    expect(page.locator("#form-errors")).to_be_visible()
    page.locator("[name=code]").fill(f"{application.key.hex[:4]} {application.key.hex[4:8]}")
    press(page, "Find")
    expect(heading(page)).to_have_text(ko("My application"))
    assert inspect(page) == []
