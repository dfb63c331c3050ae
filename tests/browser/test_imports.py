"""A list of heads is brought, its wrong rows are taken along, mended and brought again."""

import io
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import expect

from residents.models import OfficeTerm
from residents.states import Role
from tests.browser.inspection import inspect
from tests.browser.steps import heading, press
from tests.browser.town import make_dong
from tests.browser.words import ko
from tests.core.imports.tables import HEADINGS, term, xlsx
from tests.factories import official

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]

UPLOAD = "/imports/new/residents.office-terms/"
TO_MEND = "Download the rows to be mended (XLSX)"


@pytest.fixture
def secretariat(transactional_db, settings, tmp_path):
    """Files lie in a folder of the test."""
    places = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": places}
    make_dong()
    return official(Role.CLUB_SECRETARIAT, region=None)


def rows():
    """Thirty terms after each other, of which one ends before it begins and one is of a place that does not exist."""
    years = range(1960, 1990)
    made = [term("광주광역시 서구", since=date(year, 7, 1), until=date(year + 1, 7, 1)) for year in years]
    made[3][6] = date(1950, 1, 1)
    made[7][0] = "없는구"
    return made


def bring(page, content):
    """From the page that takes a file to the preview."""
    page.goto(UPLOAD)
    page.set_input_files("input[type=file]", {"name": "heads.xlsx", "mimeType": "", "buffer": content})
    press(page, "Upload the file")
    expect(page.get_by_role("heading", name=ko("Match the columns"))).to_be_visible()
    assert inspect(page) == []
    press(page, "Check all rows")
    expect(page.get_by_role("heading", name=ko("Your decision"))).to_be_visible()


def mended(path):
    """The table of wrong rows as somebody saves it who mended both."""
    sheet = openpyxl.load_workbook(path).worksheets[-1]
    head = [cell.value for cell in sheet[1]]
    assert len(head) == 2 + len(HEADINGS)
    sheet.cell(2, head.index(ko("until")) + 1).value = date(1964, 7, 1)
    sheet.cell(3, head.index(ko("region")) + 1).value = "광주광역시 서구"
    target = io.BytesIO()
    sheet.parent.save(target)
    return target.getvalue()


def test_wrong_rows_are_seen_taken_along_mended_and_brought_again(visit, secretariat, tmp_path):
    page = visit(secretariat)
    bring(page, xlsx(rows()))
    assert inspect(page) == []
    page.get_by_role("link", name=ko("Show only the rows to be mended")).click()
    expect(page.locator(".import-rows tbody tr")).to_have_count(2)
    assert inspect(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name=ko(TO_MEND)).click()
    download.value.save_as(tmp_path / "wrong.xlsx")
    page.locator("button[name=rows]").click()
    expect(page.get_by_role("link", name=ko("Download the report (XLSX)"))).to_be_visible()
    assert inspect(page) == []
    assert OfficeTerm.objects.count() == 28

    bring(page, mended(tmp_path / "wrong.xlsx"))
    expect(page.get_by_role("link", name=ko(TO_MEND))).to_have_count(0)
    page.locator("button[name=rows]").click()
    expect(page.locator(".decision")).to_contain_text("2")
    assert OfficeTerm.objects.count() == 30


def test_an_import_that_was_thrown_away_leaves_nothing(visit, secretariat):
    page = visit(secretariat)
    bring(page, xlsx(rows()))
    press(page, "Throw the import away")
    expect(heading(page)).to_have_text(ko("Import"))
    assert not OfficeTerm.objects.exists()


def test_a_file_that_is_no_table_is_refused_in_words(visit, secretariat, listener):
    listener.allowed.add(400)
    page = visit(secretariat)
    page.goto(UPLOAD)
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n\0"}
    page.set_input_files("input[type=file]", picture)
    press(page, "Upload the file")
    expect(page.locator("#id_file_error")).to_be_visible()
    assert inspect(page) == []
