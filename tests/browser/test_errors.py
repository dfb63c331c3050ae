"""Every page that says what went wrong belongs to the site: its style, one heading, a sentence, and a way on."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from playwright.sync_api import expect

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from config.urls import urlpatterns as site_urls
from core.errors import RuleViolation, too_many_sign_ins
from tests.browser.inspection import inspect
from tests.browser.steps import fill_in_sign_in, heading

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


def forbids(request):
    raise PermissionDenied


def hides(request):
    raise Http404


def refuses(request):
    raise RuleViolation("투표함이 10시에 닫혔습니다. 9시 58분에 보낸 투표는 접수되었습니다.")


def breaks(request):
    raise RuntimeError


urlpatterns = [
    path("forbids/", forbids),
    path("hides/", hides),
    path("refuses/", refuses),
    path("holds-up/", too_many_sign_ins),
    path("breaks/", breaks),
    *site_urls,
]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/forbids/", 403), ("/hides/", 404), ("/refuses/", 409), ("/holds-up/", 429), ("/breaks/", 500)],
)
def test_an_error_is_a_page_of_the_site(visit, listener, transactional_db, address, status):
    listener.allowed.add(status)
    page = visit()
    answer = page.goto(address)
    assert answer.status == status
    expect(heading(page)).to_be_visible()
    # Its style has come: system black on white in Times would be another family.
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Pretendard GOV"')
    assert len(page.get_by_role("main").inner_text()) > 30
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()
    faults = inspect(page)
    assert not faults, faults


def test_a_form_that_is_too_large_says_so(visit, listener, town):
    listener.allowed.add(413)
    page = visit(town.residents[0])
    page.goto("/me/profile/")
    page.locator("[name=phone]").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value = '1'.repeat(3e5) }"
    )
    page.locator("[name=phone]").evaluate("field => field.form.submit()")
    expect(heading(page)).to_be_visible()
    expect(page.locator(".error-page__status")).to_contain_text("413")


def test_the_tenth_wrong_password_says_how_long_to_wait(visit, listener, town):
    listener.allowed.update({422, 429})
    page = visit()
    page.goto("/accounts/login/")
    for _time in range(10):
        fill_in_sign_in(page, town.residents[0].email, "not-my-password")
    expect(page.locator(".error-page__status")).to_contain_text("429")
    expect(page.get_by_role("main")).to_contain_text("15")


def test_an_old_form_says_what_to_do(visit, listener, town):
    """A form without its token, as after signing in again in another tab."""
    listener.allowed.add(403)
    page = visit(town.residents[0])
    page.goto(f"/polls/{town.choose.pk}/ballot/")
    page.locator("main [name=csrfmiddlewaretoken]").evaluate("field => field.remove()")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-page__status")).to_contain_text("403")
