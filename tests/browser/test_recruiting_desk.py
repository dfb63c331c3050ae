"""An official prepares a recruitment's papers, takes an application at the counter, and asks the quota doctor."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from councils.models import Application
from residents.states import Role
from tests.browser.inspection import inspect
from tests.browser.steps import heading
from tests.browser.test_applying import running
from tests.councils.recruiting import confirmed, prepared
from tests.factories import official

pytestmark = pytest.mark.browser


@pytest.fixture
def recruitment(transactional_db, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    return running(timezone.now())


def test_an_application_at_the_counter_by_keyboard(visit, recruitment, listener):
    listener.allowed.add(400)
    page = visit(official(Role.DONG_OFFICIAL, recruitment.council.dong))
    page.goto(reverse("councils:counter", args=[recruitment.pk]))
    assert inspect(page) == []

    # The cursor stands in the first field; the date is typed as it stands on the card.
    page.keyboard.type("이영자")
    page.keyboard.press("Tab")
    page.keyboard.type("19450315")
    page.locator("[name=sex][value=female]").check()
    page.locator("[name=phone]").fill("062-123-4567")
    page.locator("[name=address]").fill("상무대로 1")
    page.locator("[name=basis][value=registered]").check()
    page.locator("[name=consent]").check()
    page.get_by_role("main").locator("form button[type=submit]").last.click()

    expect(page.locator(".own-number")).to_have_text("1")
    assert inspect(page) == []
    assert Application.objects.get().name == "이영자"


def test_the_desk_of_a_recruitment(visit, recruitment):
    for number in range(12):
        confirmed(recruitment, sex="female" if number % 4 else "male", age=60, at=timezone.now())
    page = visit(official(Role.DONG_OFFICIAL, recruitment.council.dong))
    page.goto(reverse("admin:councils_recruitment_change", args=[recruitment.pk]))
    assert inspect(page) == []
    page.goto(reverse("admin:councils_recruitment_doctor", args=[recruitment.pk]))
    assert inspect(page) == []
    page.locator("a.button[href*='relax']").first.click()
    expect(heading(page)).to_be_visible()
    assert inspect(page) == []


def test_quotas_in_lines(visit, transactional_db, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    made = prepared()
    page = visit(official(Role.DONG_OFFICIAL, made.council.dong))
    for name in ("quotas", "committee"):
        page.goto(reverse(f"admin:councils_recruitment_{name}", args=[made.pk]))
        assert inspect(page) == []
