"""The desk in Chromium: nothing that the content security policy refuses, and no accessibility violation."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import expect

from residents.states import Role
from tests.browser.inspection import DESKTOP, PHONE
from tests.factories import DongFactory, official
from tests.residents.town import accounts, places, residence, things

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("without_second_factor"),
]


@pytest.mark.parametrize("name", ["operator", "district"])
def test_no_page_of_the_desk_breaks_the_policy(visit, listener, name):
    """Every list on the first page, and of each kind of thing a page with all that hangs below it, history and acts.

    What the console says of a violation fails the test (see conftest).
    """
    where = places()
    who = accounts(where)
    what = things(where, who)
    page = visit(who[name], DESKTOP)
    for address in _addresses(page, listener, what):
        assert page.goto(address).status == 200, address
    # The next page comes before the icon of the one before has.
    listener.problems[:] = [problem for problem in listener.problems if "favicon.svg net::ERR_ABORTED" not in problem]


def _addresses(page, listener, what):
    page.goto("/admin/")
    links = page.locator("#content-main a[href^='/admin/']").evaluate_all("all => all.map(a => a.pathname)")
    found = dict.fromkeys(links)
    by_type = {type(thing): thing for thing in what.values() if type(thing) in admin.site._registry}
    # Things out of this official's reach answer 404 here, as they should.
    listener.allowed.add(404)
    for model, thing in by_type.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[thing.pk])
        if page.goto(address).status == 200:
            below = page.locator("#content-main a[href]").evaluate_all("all => all.map(a => a.pathname)")
            found |= dict.fromkeys(path for path in below if path.startswith(address.removesuffix("change/")))
    listener.allowed.remove(404)
    return list(found)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_verification_desk_is_accessible(visit, size):
    dong = DongFactory()
    row = residence(dong, "declared")
    page = visit(official(Role.DONG_OFFICIAL, dong), size)
    for address in (
        "/admin/",
        "/admin/residents/residence/",
        "/admin/residents/residence/find/",
        f"/admin/residents/residence/{row.pk}/change/",
        f"/admin/residents/residence/{row.pk}/verify/",
        f"/admin/residents/residence/{row.pk}/history/",
    ):
        page.goto(address)
        # Preloading would put the style sheets into the page, which the policy refuses.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert not found, (address, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])


def test_a_resident_is_verified_by_keyboard_alone(visit):
    dong = DongFactory()
    row = residence(dong, "declared")
    page = visit(official(Role.DONG_OFFICIAL, dong), DESKTOP)
    page.goto(f"/admin/residents/residence/{row.pk}/verify/")
    field = page.locator("[name=document]")
    for _step in range(60):
        page.keyboard.press("Tab")
        if field.evaluate("element => element === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.type("주민등록증")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    row.refresh_from_db()
    assert row.status == "verified"


def test_without_script_the_desk_works_too(visit):
    dong = DongFactory()
    row = residence(dong, "declared")
    page = visit(official(Role.DONG_OFFICIAL, dong), PHONE, java_script_enabled=False)
    page.goto("/admin/residents/residence/")
    page.locator(f"a[href*='/residence/{row.pk}/change/']").first.click()
    page.locator(f"a[href$='/residence/{row.pk}/refuse/']").click()
    page.locator("[name=reason]").fill("주소가 다른 동입니다")
    page.locator("#content button[type=submit]").click()
    page.wait_for_url("**/change/")
    row.refresh_from_db()
    assert row.status == "refused"
