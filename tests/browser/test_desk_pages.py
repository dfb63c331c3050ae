"""The desk in Chromium: nothing that the content security policy refuses, no error, and no accessibility violation."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse

from residents.states import Role
from tests.factories import DongFactory, RoleFactory, official
from tests.residents.town import accounts, places, residence, things

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(browser, live_server, client, settings):
    """Open the desk as somebody, at a width; gives the page and the list of what its console said."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    contexts = []

    def as_somebody(user, width=1280):
        client.force_login(user, backend="residents.backends.EmailBackend")
        context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900}, locale="ko")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on(
            "response", lambda answer: said.append(f"{answer.status} {answer.url}") if answer.status > 399 else None
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        return page, said

    yield as_somebody
    for context in contexts:
        context.close()


def test_no_page_of_the_desk_breaks_the_policy(enter):
    """Every list, form and confirmation that an operator and a district official can open."""
    where = places()
    who = accounts(where)
    what = things(where, who)
    for name in ("operator", "district"):
        page, said = enter(who[name])
        addresses = _addresses(page, what)
        said.clear()
        for address in addresses:
            response = page.goto(address)
            assert response.status == 200, address
            assert not said, (address, said)


def _addresses(page, what):
    """The desk's first page, every list on it, and of each kind of thing one page with all that hangs below it."""
    page.goto("/admin/")
    links = page.locator("#content-main a[href^='/admin/']").evaluate_all("all => all.map(a => a.pathname + a.search)")
    found = ["/admin/", *dict.fromkeys(links)]
    by_type = {type(thing): thing for thing in what.values() if type(thing) in admin.site._registry}
    for model, thing in by_type.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[thing.pk])
        if page.goto(address).status == 200:
            below = page.locator("#content-main a[href]").evaluate_all("all => all.map(a => a.pathname)")
            found += [address, *(path for path in below if path.startswith(address.removesuffix("change/")))]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("width", [360, 1280])
def test_the_verification_desk_is_accessible(enter, width):
    dong = DongFactory()
    row = residence(dong, "declared")
    page, said = enter(official(Role.DONG_OFFICIAL, dong), width)
    for address in (
        "/admin/",
        "/admin/residents/residence/",
        "/admin/residents/residence/find/",
        f"/admin/residents/residence/{row.pk}/change/",
        f"/admin/residents/residence/{row.pk}/verify/",
        f"/admin/residents/residence/{row.pk}/history/",
    ):
        page.goto(address)
        assert not said, (address, said)
        # Preloading would put the style sheets into the page, which the policy refuses.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert not found, (address, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    assert not said


def test_a_resident_is_verified_by_keyboard_alone(enter):
    dong = DongFactory()
    row = residence(dong, "declared")
    page, _said = enter(RoleFactory(role=Role.DONG_OFFICIAL, region=dong).user)
    page.goto(f"/admin/residents/residence/{row.pk}/verify/")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "document":
            break
    page.keyboard.type("주민등록증")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    row.refresh_from_db()
    assert row.status == "verified"
