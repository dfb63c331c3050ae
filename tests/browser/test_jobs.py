"""A job is watched on a phone: how far it is, what came of it, all without loading the page again."""

import threading

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.jobs import beside
from core.jobs.services import order_job
from residents.states import Role
from tests.browser.inspection import inspect
from tests.browser.steps import heading
from tests.core.jobs.kinds import known
from tests.factories import RoleFactory, UserFactory

pytestmark = pytest.mark.browser

PATIENCE = 60
SECONDS = 1000


@pytest.fixture
def person(transactional_db):
    return UserFactory(name="고다은")


@pytest.fixture(autouse=True)
def _own_thread(transactional_db, settings, tmp_path):
    """Jobs run beside the site, as in the demo; what they make lies in a folder of the test."""
    places = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": places}
    beside.start()
    yield
    beside.stop(PATIENCE)


class Steps:
    """A kind of job whose steps the test lets go one by one."""

    def __init__(self, tmp_path):
        self.path = tmp_path / "made.txt"
        self.go = threading.Semaphore(0)

    def run(self, work):
        for percent, step in ((30, "first step"), (60, "second step")):
            work.tell(percent, step)
            while not self.go.acquire(timeout=0.1):
                work.tell(percent, step)
        self.path.write_text("made")
        work.keep(self.path, name="명부.txt", content_type="text/plain", pages=2)
        work.say("All members are in it.")


@pytest.fixture
def steps(tmp_path):
    steps = Steps(tmp_path)
    with known("test", steps.run):
        yield steps
        # A test that failed leaves the job where it was.
        steps.go.release(2)


def order(person, title="Directory of members"):
    return order_job(kind="test", title=title, parameters={}, owner=person, at=timezone.now())


def test_from_the_order_to_the_file_without_loading_the_page_again(visit, person, steps):
    job = order(person)
    page = visit(person)
    page.goto(f"/en/jobs/{job.pk}/")
    page.evaluate("window.stayed = true")
    expect(page.get_by_text("first step")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Directory of members")).to_have_attribute("value", "30")
    assert inspect(page) == []
    steps.go.release()
    expect(page.get_by_text("60 %")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="50 %")).to_have_count(1)
    steps.go.release()
    expect(page.get_by_role("heading", name="명부.txt")).to_be_visible()
    expect(page.get_by_text("All members are in it.")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert inspect(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.suggested_filename == "명부.txt"
    assert page.evaluate("window.stayed")


def test_a_running_job_is_cancelled(visit, person, steps):
    job = order(person)
    page = visit(person)
    page.goto(f"/en/jobs/{job.pk}/")
    expect(page.get_by_text("first step")).to_be_visible()
    page.get_by_role("button", name="Cancel this job").click()
    expect(page.get_by_text("It was stopped as you asked.")).to_be_visible(timeout=PATIENCE * SECONDS)
    expect(page.get_by_role("button", name="Cancel this job")).to_have_count(0)


def test_the_list_is_fresh_too(visit, person, steps):
    job = order(person, title="<img src=x onerror=alert(1)>")
    page = visit(person)
    page.goto("/en/jobs/")
    expect(page.get_by_text("first step")).to_be_visible()
    assert inspect(page) == []
    steps.go.release()
    steps.go.release()
    expect(page.get_by_role("link", name="Download the file")).to_be_visible()
    page.get_by_role("link", name=job.title, exact=True).click()
    expect(heading(page)).to_have_text(job.title)


def test_without_script_the_page_loads_itself_again(visit, person, steps):
    job = order(person)
    page = visit(person, java_script_enabled=False)
    page.goto(f"/en/jobs/{job.pk}/")
    steps.go.release()
    steps.go.release()
    expect(page.get_by_text("All members are in it.")).to_be_visible(timeout=PATIENCE * SECONDS)


def test_the_corner_of_the_desk_counts(visit, person, steps, without_second_factor):

    operator = RoleFactory(role=Role.OPERATOR, region=None).user
    order(operator)
    page = visit(operator)
    page.goto("/en/admin/")
    corner = page.locator("[data-jobs]")
    expect(corner).to_contain_text("1")
    steps.go.release()
    steps.go.release()
    expect(corner.locator("[data-count]")).to_be_hidden(timeout=PATIENCE * SECONDS)
    corner.click()
    expect(heading(page)).to_have_text("My jobs")
