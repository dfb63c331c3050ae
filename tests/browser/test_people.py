"""Somebody new comes to the town, and somebody leaves it."""

import json
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assemblies.models import Ballot
from assemblies.services import close_poll
from residents.models import Residence, User
from tests.browser.inspection import DESKTOP, inspect
from tests.browser.steps import cast, fill_in_sign_in, heading, press, take_step, to_the_check_page
from tests.browser.town import PASSWORD
from tests.browser.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]

NEW = "haneul@example.org"


def sign_up(page):
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name=ko("Sign in")).click()
    page.get_by_role("link", name=ko("I have no account yet")).click()
    fill_in_sign_up(page)


def fill_in_sign_up(page):
    page.locator("[name=email]").fill(NEW)
    page.locator("[name=name]").fill("임하늘")
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(PASSWORD)
    page.locator("[name=consent]").check()
    press(page, "Make my account")
    expect(heading(page)).to_have_text(ko("Write your details"))


def declare(page, dong):
    page.locator("[name=birth_date]").fill("1951-03-15")
    page.locator("[name=consent]").check()
    press(page, "Save and go on to the dong")
    expect(heading(page)).to_have_text(ko("Say where you belong"))
    page.locator("[name=dong]").select_option(label=dong.local_name)
    page.locator("[name=basis][value=registered]").check()
    press(page, "Declare this dong")
    expect(page.get_by_role("main")).to_contain_text(ko("waiting for a check at the desk"))


def test_somebody_new_signs_up_is_verified_and_votes(visit, town, listener):
    listener.allowed.add(403)
    page = visit()
    sign_up(page)
    declare(page, town.dong)
    # Before the check at the desk the ballot says what is still missing.
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    expect(heading(page)).to_have_text(ko("You are not on the voter roll"))

    desk = visit(town.official, DESKTOP)
    desk.goto("/admin/residents/residence/")
    desk.locator("#result_list").get_by_role("link", name="임*늘").click()
    expect(desk.locator("#content-main")).to_contain_text("임하늘")
    take_step(desk, "Verify the residence", document="주민등록증")
    assert Residence.objects.get(user__email=NEW).status == "verified"

    desk.goto(f"/admin/assemblies/assembly/{town.assembly.pk}/change/")
    desk.locator("#steps a[href$='/add-person/']").click()
    desk.locator("[name=name]").fill("임하늘")
    desk.locator("[name=birth_date]").fill("1951-03-15")
    desk.locator("#content .submit-row button[type=submit]").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("임*늘")

    to_the_check_page(page, town.choose, "골목 쉼터 만들기")
    cast(page, town.choose)
    assert Ballot.objects.filter(poll=town.choose).count() == 1


def erase(page):
    page.goto("/me/data/")
    page.get_by_role("link", name=ko("Erase my account")).click()
    page.locator("form input[type=checkbox]").check()
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Erase my account")


def test_my_data_is_shown_saved_and_erased(visit, town, listener):
    listener.allowed.update({409, 422})
    person = town.residents[0]
    page = visit(person)
    to_the_check_page(page, town.choose, "골목 쉼터 만들기")
    cast(page, town.choose)

    page.goto("/me/")
    page.locator("main a[href='/me/data/']").first.click()
    expect(page.get_by_role("main")).to_contain_text(person.email)
    # What was chosen is known to nobody, so it does not stand here either.
    expect(page.get_by_role("main")).not_to_contain_text("골목 쉼터 만들기")
    with page.expect_download() as saving:
        page.get_by_role("link", name=ko("Save as a file (JSON)")).click()
    with open(saving.value.path(), encoding="utf-8") as file:  # noqa: PTH123 - Playwright gives a place of its own
        text = file.read()
    assert json.loads(text)
    assert person.email in text
    assert "골목 쉼터 만들기" not in text

    # While the vote runs nobody disappears who could come back and vote once more.
    erase(page)
    expect(heading(page)).to_have_text(ko("Your account cannot be erased yet"))
    expect(page.get_by_role("main").get_by_role("link", name=ko("My data"))).to_be_visible()
    assert User.objects.filter(email=person.email).exists()
    for poll in (town.choose, town.answer):
        close_poll(poll_id=poll.pk, actor=town.official, at=timezone.now(), reason="비가 많이 와서 일찍 닫습니다.")
    erase(page)
    expect(page.get_by_role("status")).to_contain_text(ko("Your account and your personal data are erased."))
    assert not User.objects.filter(email=person.email).exists()
    # The vote still counts.
    assert Ballot.objects.filter(poll=town.choose).count() == 1
    page.goto("/accounts/login/")
    fill_in_sign_in(page, person.email)
    expect(page).to_have_url(re.compile("/accounts/login/$"))
    expect(page.get_by_role("alert")).to_be_visible()


def test_errors_take_the_focus_and_lead_to_their_fields(visit, listener, transactional_db):
    listener.allowed.add(422)
    page = visit()
    page.goto("/accounts/signup/")
    page.locator("[name=name]").fill("임하늘")
    press(page, "Make my account")
    expect(page.locator("#form-errors")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("임하늘")
    faults = inspect(page)
    assert not faults, faults
    page.locator("#form-errors").get_by_role("link", name=ko("Please write your mail address.")).click()
    expect(page.locator("[name=email]")).to_be_focused()


def test_a_password_can_be_looked_at(visit, listener, transactional_db):
    page = visit()
    page.goto("/accounts/login/")
    page.locator("[name=password]").fill("sea-saturday-kimchi")
    page.get_by_role("button", name=ko("Show the password")).click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    page.get_by_role("button", name=ko("Show the password")).click()
    expect(page.locator("[name=password]")).to_have_attribute("type", "password")


def test_without_a_script_somebody_new_comes_as_far_as_the_desk(visit, town, listener):
    page = visit(java_script_enabled=False)
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    expect(page.get_by_role("button", name=ko("Show the password"))).to_have_count(0)
    page.get_by_role("link", name=ko("I have no account yet")).click()
    fill_in_sign_up(page)
    declare(page, town.dong)
    expect(page.locator("[aria-current=step]")).to_contain_text(ko("Show your ID at the community centre"))


OWN_PAGES = ["profile/", "residence/", "consents/", "consents/residence/withdraw/", "data/", "data/erase/"]


@pytest.mark.parametrize("path", OWN_PAGES)
def test_ones_own_pages_are_sound(visit, town, listener, path):
    page = visit(town.residents[0])
    page.goto(f"/me/{path}")
    faults = inspect(page)
    assert not faults, faults


def test_who_waits_for_the_check_finds_a_sound_page(visit, town, listener):
    page = visit()
    sign_up(page)
    declare(page, town.dong)
    faults = inspect(page)
    assert not faults, faults
    page.get_by_role("link", name=ko("Take back this declaration")).click()
    expect(heading(page)).to_have_text(ko("Do you want to take back this declaration?"))
    faults = inspect(page)
    assert not faults, faults


def test_after_the_sign_out_nobody_goes_back_to_what_was_shown(visit, town, listener):
    person = town.residents[0]
    page = visit(person)
    page.goto("/me/data/")
    expect(page.get_by_role("main")).to_contain_text(person.email)
    page.goto("/accounts/logout/")
    press(page, "Sign out")
    expect(page.get_by_role("status")).to_contain_text(ko("You are signed out."))
    for _step in range(2):
        page.go_back()
        expect(page.locator("body")).not_to_contain_text(person.email)


def test_who_erases_with_a_wrong_password_stays(visit, town, listener):
    listener.allowed.add(422)
    page = visit(town.residents[0])
    page.goto("/me/data/erase/")
    page.locator("form input[type=checkbox]").check()
    page.locator("[name=password]").fill("not-my-password")
    press(page, "Erase my account")
    expect(page.get_by_role("main")).to_contain_text(ko("The password is not right."))
    assert User.objects.filter(email=town.residents[0].email).exists()
