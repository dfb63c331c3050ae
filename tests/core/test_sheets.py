"""Lists as XLSX: what a value becomes in its cell, read back by another library."""

from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from core.sheets import EXACT_UP_TO, LONGEST_TEXT, Column, Form, Sheet, safe_sheet_name, write_workbook


def written(*rows, columns=("하나",), forms=None, about=()):
    """The workbook with these rows, opened again."""
    target = BytesIO()
    shown = [Column(name, (forms or {}).get(name, Form.COUNT)) for name in columns]
    sheet = Sheet(title="목록", columns=shown, about_title="안내", about=about, yes="예", no="아니요")
    count = write_workbook(target, sheet, iter(rows), zone=ZoneInfo("Asia/Seoul"), made="Madang")
    assert count == len(rows)
    return openpyxl.load_workbook(target)


def cell(value, **options):
    return written([value], **options)["목록"]["A2"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "123", "http://example.org", "]]>&<b>"]
)
def test_a_text_stays_a_text(text):
    found = cell(text)
    assert (found.value, found.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["=1+1", "+82 10", "-", "@x"])
def test_a_text_that_looks_like_a_formula_stays_one_when_the_cell_is_edited(text):
    assert cell(text).quotePrefix
    assert not cell("글").quotePrefix


def test_marks_of_the_library_itself_are_no_way_into_the_file():
    """It copies text between <r> and </r> as it is; unescaped, the file would not open."""
    assert cell("<r><t>&</r>").value.strip() == "<r><t>&</r>"


def test_a_text_too_long_for_a_cell_is_cut():
    assert len(cell("가" * (LONGEST_TEXT + 5)).value) == LONGEST_TEXT


def test_moments_are_dates_in_korean_time():
    found = cell(datetime(2026, 6, 1, 15, 30, tzinfo=UTC))
    assert (found.value, found.is_date) == (datetime(2026, 6, 2, 0, 30), True)  # noqa: DTZ001 - cells have no zone


def test_days_are_dates():
    found = cell(date(2026, 6, 1))
    assert (found.value.date(), found.is_date) == (date(2026, 6, 1), True)


def test_days_before_those_that_excel_knows_are_texts():
    assert cell(date(1899, 2, 1)).value == "1899-02-01"


def test_amounts_are_numbers_shown_in_won():
    found = cell(30_000_000, forms={"하나": Form.WON})
    assert (found.value, found.number_format) == (30_000_000, '#,##0"원"')


def test_a_number_that_excel_would_round_stays_exact():
    assert cell(EXACT_UP_TO + 1).value == str(EXACT_UP_TO + 1)


@pytest.mark.parametrize(("value", "shown"), [(True, "예"), (False, "아니요"), (None, None), ("", None)])
def test_truth_and_nothing(value, shown):
    assert cell(value).value == shown


def test_the_header_stays_and_filters():
    page = written([1, 2], [3, 4], columns=("하나", "둘"))["목록"]
    assert [heading.value for heading in page[1]] == ["하나", "둘"]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:B3")


def test_columns_are_as_wide_as_what_stands_in_them_within_bounds():
    page = written(["가나다라마바사아자차" * 2, "x" * 500], columns=("하나", "둘"))["목록"]
    assert 40 <= page.column_dimensions["A"].width <= 45
    assert page.column_dimensions["B"].width <= 62


def test_a_sheet_before_it_says_what_it_is_and_the_list_is_opened():
    book = written([1], about=[("목록", "=x"), ("건수", 1)])
    assert book.sheetnames == ["안내", "목록"]
    assert [[found.value for found in row] for row in book["안내"].iter_rows()] == [["목록", "=x"], ["건수", 1]]
    assert book.active.title == "목록"


def test_names_of_sheets_are_such_as_excel_takes():
    assert safe_sheet_name("[주민]/목록:*?") == "주민목록"
    assert len(safe_sheet_name("가" * 40)) == 31
    assert safe_sheet_name("''") == "1"
