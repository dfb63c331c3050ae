"""Tables that people bring: told apart by content, read row by row, never an exception but UnreadableError."""

import io
import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import tables
from core.tables import Flaw, Reason, UnreadableError, address, open_table


def book_of(rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(content):
    with open_table(io.BytesIO(content)) as table:
        return [(row.number, *row.cells) for row in table.rows]


def refusal(content):
    with pytest.raises(UnreadableError) as error:
        read(content)
    return error.value.reason


def with_sheet(xml):
    """A workbook whose first sheet has this XML."""
    return with_part("xl/worksheets/sheet1.xml", lambda _before: xml)


def with_part(changed, change):
    """A workbook of one cell, one part of it changed."""
    plain, target = io.BytesIO(book_of([["x"]])), io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            content = source.read(name)
            made.writestr(name, change(content) if name == changed else content)
    return target.getvalue()


def with_texts(texts, place="xl/texts.xml"):
    """A workbook whose one cell has the first of these texts, which lie in a part of their own."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/{place}" ContentType="{kind}"/></Types>'.encode()
    changes = {
        "xl/worksheets/sheet1.xml": lambda _before: sheet_of('<row><c t="s"><v>0</v></c></row>').encode(),
        "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", named),
    }
    plain, target = io.BytesIO(book_of([["x"]])), io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            if "sharedStrings" not in name:
                content = changes.get(name, lambda same: same)(source.read(name))
                made.writestr(name, re.sub(rb"<Override[^>]*/xl/sharedStrings.xml[^>]*/>", b"", content))
        made.writestr(place, f'<sst xmlns="{MAIN}">{texts}</sst>')
    return target.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_of(cells):
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{head}{cells}</sheetData></worksheet>"


class TestCells:
    def test_values_keep_their_types(self):
        row = ["글", 7, 2.5, True, date(2018, 7, 1), datetime(2018, 7, 1, 9, 30), time(9, 30)]  # noqa: DTZ001
        assert read(book_of([row])) == [(1, *row)]

    def test_leading_zeros_of_texts_stay(self):
        assert read(book_of([["007"]])) == [(1, "007")]

    def test_whole_numbers_are_whole(self):
        assert read(with_sheet(sheet_of('<row r="1"><c r="A1"><v>7.0</v></c></row>'))) == [(1, 7)]

    def test_errors_of_the_table_program_are_flaws(self):
        assert read(with_sheet(sheet_of('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'))) == [(1, Flaw.ERROR)]

    def test_a_formula_gives_its_result(self):
        cell = '<c r="A1"><f>1+1</f><v>2</v></c>'
        assert read(with_sheet(sheet_of(f'<row r="1">{cell}</row>'))) == [(1, 2)]

    def test_a_formula_without_result_is_a_flaw_and_no_empty_cell(self):
        assert read(book_of([["=1+1"]])) == [(1, Flaw.NO_RESULT)]

    def test_a_day_that_does_not_exist_is_a_flaw(self):
        def change(book):
            book.active["A1"].number_format = "yyyy-mm-dd"

        assert read(book_of([[99_999_999_999]], change)) == [(1, Flaw.ERROR)]

    def test_of_merged_cells_the_first_has_the_value(self):
        content = book_of([["가", None, "나"]], lambda book: book.active.merge_cells("A1:B1"))
        assert read(content) == [(1, "가", None, "나")]

    def test_cells_merged_with_one_above_are_no_empty_cells(self):
        rows = [["지역", "이름"], ["서울", "가"], [None, "나"], [None, None], [None, "다"], [None, "라"]]
        content = book_of(rows, lambda book: book.active.merge_cells("A2:A5"))
        assert read(content) == [
            (1, "지역", "이름"),
            (2, "서울", "가"),
            (3, Flaw.MERGED, "나"),
            (5, Flaw.MERGED, "다"),
            (6, None, "라"),
        ]

    def test_more_merged_cells_than_anybody_makes(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_MERGED", 2)
        content = book_of([["x"]], lambda book: [book.active.merge_cells(f"A{n}:A{n + 1}") for n in (3, 5, 7)])
        assert refusal(content) == Reason.TOO_LARGE

    def test_how_a_text_is_pronounced_is_left_out(self):
        runs = '<r><t>東</t></r><r><t>京</t></r><rPh sb="0" eb="1"><t>トウ</t></rPh>'
        cells = f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}</is></c></row>'
        assert read(with_sheet(sheet_of(cells))) == [(1, "東京")]

    @pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u200e", "\u202a", "\u202c", "\u2060", "\u2069"])
    def test_signs_that_nobody_sees_make_no_other_name(self, unseen):
        written = f"{unseen} 홍길{unseen}동 {unseen},{unseen}\n"
        assert read(f"이름,비고\n{written}x,y\n".encode())[1] == (2, "홍길동")

    def test_space_around_and_line_ends(self):
        assert read(book_of([["  가 \u3000"], ["나\r\n다"]])) == [(1, "가"), (2, "나\n다")]

    def test_a_stray_cell_far_below_costs_nothing(self):
        cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'
        assert read(with_sheet(sheet_of(cells))) == [(1, 1), (1_048_576, 2)]

    def test_formats_far_to_the_right_are_no_columns(self):
        assert read(with_sheet(sheet_of('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'))) == [(1, 1)]

    def test_control_signs_are_flaws(self):
        assert read("이름\n가\x01\n".encode()) == [(1, "이름"), (2, Flaw.UNPRINTABLE)]

    @pytest.mark.parametrize(("place", "name"), [(0, "A7"), (25, "Z7"), (26, "AA7"), (701, "ZZ7"), (702, "AAA7")])
    def test_addresses_are_those_of_excel(self, place, name):
        assert address(place, 7) == name


class TestSheets:
    def test_the_sheet_in_front_is_read(self):
        def change(book):
            book.create_sheet("둘")["A1"] = "앞"
            book.active = 1

        assert read(book_of([["뒤"]], change)) == [(1, "앞")]

    def test_hidden_sheets_are_passed_over(self):
        def change(book):
            book.create_sheet("둘")["A1"] = "보임"
            book.worksheets[0].sheet_state = "hidden"
            book.active = 0

        assert read(book_of([["숨김"]], change)) == [(1, "보임")]


class TestTexts:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_letters_and_separators_are_found_out(self, encoding, delimiter):
        text = delimiter.join(["이름", "직위"]) + "\r\n" + delimiter.join(["홍길동", '"구청장' + delimiter + '대행"'])
        assert read(text.encode(encoding)) == [(1, "이름", "직위"), (2, "홍길동", f"구청장{delimiter}대행")]

    def test_empty_lines_count_as_rows(self):
        assert read(b"a,b\n\n\nc,d\n") == [(1, "a", "b"), (4, "c", "d")]

    def test_one_column_needs_no_separator(self):
        assert read("이름\n홍길동\n".encode()) == [(1, "이름"), (2, "홍길동")]


class TestRefusals:
    def test_what_is_no_table(self):
        assert refusal(b"") == Reason.EMPTY
        assert refusal(b" \n\n") == Reason.EMPTY
        assert refusal(b"%PDF-1.7\0\xff") == Reason.NOT_A_TABLE
        assert refusal(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") == Reason.NOT_A_TABLE
        assert refusal(b"\xff\xfe\xfd,\x81\x81\xff") in {Reason.ENCODING, Reason.NOT_A_TABLE}
        assert refusal(b"\x80\x81\xff,\xfe") == Reason.ENCODING
        assert refusal("이름,직위\n".encode("utf-32")) == Reason.ENCODING

    def test_old_and_locked_workbooks(self):
        assert refusal(tables.OLE_SIGN + b"\0" * 600) == Reason.OLD_FORMAT
        assert refusal(tables.OLE_SIGN + b"\0" * 600 + tables.ENCRYPTED_OLE) == Reason.ENCRYPTED

    def test_macros(self):
        target = io.BytesIO(book_of([["x"]]))
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr("xl/vbaProject.bin", "x")
        assert refusal(target.getvalue()) == Reason.MACROS

    def test_archives_that_are_no_workbook(self):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("content.xml", "<x/>")
        assert refusal(target.getvalue()) == Reason.NOT_A_TABLE

    def test_what_is_far_larger_than_it_looks(self, monkeypatch):
        monkeypatch.setattr(tables, "LARGEST_SHEET", 1000)
        content = with_sheet(sheet_of(" " * 100_000))
        assert len(content) < 20_000
        assert refusal(content) == Reason.TOO_LARGE

    def test_too_many_columns(self):
        assert refusal(b",".join([b"a"] * 201)) == Reason.TOO_WIDE
        assert refusal(book_of([["a"] * 201])) == Reason.TOO_WIDE

    def test_a_damaged_workbook(self):
        content = book_of([["a"] * 20] * 50)
        assert refusal(content[:-200]) == Reason.DAMAGED
        assert refusal(with_sheet("<worksheet><row>")) == Reason.DAMAGED

    def test_a_quotation_mark_that_is_never_closed(self):
        content = b'a,b\n"c,' + b"d\n" * 100_000
        with pytest.raises(UnreadableError) as error:
            read(content)
        assert (error.value.reason, error.value.row) == (Reason.OPEN_QUOTE, 2)

    def test_entities_do_not_grow(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        bomb += "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        xml = bomb + "]>" + sheet_of('<row r="1"><c r="A1" t="str"><v>&j;</v></c></row>')
        assert refusal(with_sheet(xml)) == Reason.DAMAGED

    def test_entities_are_refused_in_any_letters(self):
        xml = '<!DOCTYPE x [<!ENTITY a "1">]>' + sheet_of('<row r="1"><c r="A1"><v>&a;</v></c></row>')
        assert refusal(with_sheet(xml)) == Reason.DAMAGED
        assert refusal(with_sheet(f'<?xml version="1.0" encoding="UTF-16"?>{xml}'.encode("utf-16"))) == Reason.DAMAGED
        # Cut in two by the pieces in which the file is read.
        assert refusal(with_sheet(f"<!--{' ' * (16 * 1024 - 12)}-->{xml}")) == Reason.DAMAGED

    def test_a_few_kilobytes_of_empty_rows(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_ROWS", 1000)
        assert refusal(with_sheet(sheet_of("<row/>" * 1001))) == Reason.TOO_LARGE

    def test_a_row_beyond_the_last_one(self):
        assert refusal(with_sheet(sheet_of('<row r="1048577"><c><v>1</v></c></row>'))) == Reason.DAMAGED

    @pytest.mark.parametrize("inside", [f"<row>{'<c/>' * 500}</row>", f"</sheetData><cols>{'<col/>' * 400}</cols>"])
    def test_much_between_two_rows(self, monkeypatch, inside):
        monkeypatch.setattr(tables, "LARGEST_GAP", 1000)
        xml = sheet_of(inside).replace("<sheetData></sheetData>", "")
        assert refusal(with_sheet(xml)) == Reason.TOO_LARGE

    def test_a_sheet_that_does_not_state_its_size_is_not_read_to_find_out(self, monkeypatch):
        """As often as it is named: a few kilobytes kept the site busy for hours."""
        monkeypatch.setattr(tables, "MOST_ROWS", 10)
        with open_table(io.BytesIO(with_sheet(sheet_of("<row/>" * 50)))) as table:
            assert table.sheet == "Sheet"
        content = with_part("xl/workbook.xml", lambda xml: xml.replace(b"sheetId", b"sheetId=''" * 2001))
        assert refusal(content) == Reason.TOO_LARGE

    def test_marks_without_end_in_what_holds_no_rows(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_MARKS", 1000)
        content = with_part("xl/styles.xml", lambda xml: xml.replace(b"</cellXfs>", b"<xf/>" * 1000 + b"</cellXfs>"))
        assert refusal(content) == Reason.TOO_LARGE

    def test_texts_without_end(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_TEXTS", 10)
        assert refusal(with_texts("<si/>" * 11)) == Reason.TOO_LARGE

    def test_texts_that_call_themselves_a_picture(self, monkeypatch):
        monkeypatch.setattr(tables, "LARGEST_TEXTS", 1000)
        assert refusal(with_texts(" " * 2000, place="xl/media/picture.png")) == Reason.TOO_LARGE

    def test_how_a_text_is_pronounced_is_no_part_of_it(self):
        texts = "<si><r><t>高</t></r><r><t>南錫</t></r><rPh sb='0' eb='1'><t>고남석</t></rPh></si>"
        assert read(with_texts(texts)) == [(1, "高南錫")]


class TestWhatOtherProgramsSave:
    @pytest.mark.parametrize(
        "page",
        [
            "<html><body><table><tr><td>성명</td></tr></table></body></html>",
            "\ufeff\r\n<!DOCTYPE html>\r\n<html></html>",
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n<table border="1"></table>',
            '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
            '<div class="list"><table><tr><td>성명</td></tr></table></div>',
            'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_x"\r\n\r\n------=_x\r\n',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_a_page_that_is_only_called_xls_is_no_list_of_its_marks(self, page, encoding):
        assert refusal(page.encode(encoding)) == Reason.OLD_FORMAT

    def test_a_heading_in_angle_brackets_is_no_page(self):
        assert read("<성명>,<지역>\n홍길동,서구\n".encode()) == [(1, "<성명>", "<지역>"), (2, "홍길동", "서구")]

    @pytest.mark.parametrize("content", [b"%PDF-1.4\n1 0 obj", b"{\\rtf1\\ansi text}"])
    def test_papers(self, content):
        assert refusal(content) == Reason.NOT_A_TABLE

    def test_a_locked_book_whose_directory_lies_at_its_end(self):
        content = tables.OLE_SIGN + b"\0" * (3 * 1024 * 1024) + tables.ENCRYPTED_OLE
        assert refusal(content) == Reason.ENCRYPTED

    def test_cells_in_another_order_lose_nothing(self):
        row = '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>'
        assert read(with_sheet(sheet_of(row))) == [(1, 1, 2, 3)]

    def test_signs_that_excel_writes_by_their_number(self):
        texts = "<si><t>서울_x000D_\n중구</t></si>"
        assert read(with_texts(texts)) == [(1, "서울\n중구")]
        assert read(with_texts("<si><t>_x005F_x000D_</t></si>")) == [(1, "_x000D_")]
        assert read(with_texts("<si><t>a_x0001_</t></si>")) == [(1, Flaw.UNPRINTABLE)]

    def test_a_quotation_mark_that_swallows_the_last_rows(self):
        with pytest.raises(UnreadableError) as error:
            read('성명,지역\n고남석,연수\n"홍길동,서구\n김철수,중구\n'.encode())
        assert (error.value.reason, error.value.row) == (Reason.OPEN_QUOTE, 3)

    @pytest.mark.parametrize("end", ["", "\n", "\r\n"])
    def test_a_quotation_mark_that_is_closed(self, end):
        assert read(f'a,"b ""c""\nd"{end}'.encode()) == [(1, "a", 'b "c"\nd')]

    def test_a_part_packed_in_a_way_that_breaks(self):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book_of([["x"]]))) as source, zipfile.ZipFile(target, "w") as made:
            for name in source.namelist():
                made.writestr(name, source.read(name), zipfile.ZIP_LZMA if name == "xl/workbook.xml" else None)
            place = made.getinfo("xl/workbook.xml").header_offset
        content = bytearray(target.getvalue())
        content[place + 60 : place + 80] = b"\xff" * 20
        assert refusal(bytes(content)) == Reason.DAMAGED

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
    def test_a_part_that_breaks_off(self, part):
        assert refusal(with_part(part, lambda xml: xml[: len(xml) // 2])) == Reason.DAMAGED


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ends_well(content):
    """Rows, or UnreadableError; anything else is a fault of ours."""
    try:
        rows = read(content)
    except UnreadableError:
        return
    assert all(number >= 1 for number, *_cells in rows)


@QUICK
@given(st.binary(max_size=400))
def test_whatever_bytes_come(content):
    ends_well(content)


@QUICK
@given(st.binary(max_size=60), st.integers(0, 5000), st.booleans())
def test_whatever_happens_to_a_workbook_on_its_way(noise, place, is_sheet):
    if is_sheet:
        xml = bytearray(sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>1</f></c></row>').encode())
        xml[place % len(xml) : place % len(xml) + len(noise)] = noise
        ends_well(with_sheet(bytes(xml)))
        return
    content = bytearray(book_of([["가", 1, date(2018, 7, 1)]] * 3))
    content[place % len(content) : place % len(content) + len(noise)] = noise
    ends_well(bytes(content))


@QUICK
@given(st.text(max_size=300))
def test_whatever_text_comes(text):
    ends_well(text.encode("utf-8", "surrogatepass"))


@QUICK
@given(
    st.sampled_from(["s", "n", "b", "e", "d", "str", "inlineStr", "?"]),
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<>&"), max_size=20),
    st.sampled_from(["A1", "1", "A", "ZZZZ1", "A0", "", "a1", "XFD9"]),
    st.sampled_from(["0", "1", "99", "x", "-1"]),
)
def test_whatever_a_cell_says(kind, text, place, style):
    ends_well(with_sheet(sheet_of(f'<row r="1"><c r="{place}" t="{kind}" s="{style}"><v>{text}</v></c></row>')))


@QUICK
@given(
    st.sampled_from(["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]),
    st.binary(max_size=12),
    st.integers(0, 5000),
)
def test_whatever_a_part_of_the_book_says(part, noise, place):
    def change(xml):
        at = place % len(xml)
        return xml[:at] + noise + xml[at + len(noise) :]

    ends_well(with_part(part, change))
