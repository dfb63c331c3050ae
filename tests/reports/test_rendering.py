"""One content as HWPX, XLSX and CSV, read back by other libraries than those that wrote it."""

import csv
import io
import struct
import zipfile
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import hwp_hwpx_parser
import openpyxl
import pytest
from django.utils.translation import gettext as _
from hwpx import HwpxDocument
from hwpx.tools.id_integrity import check_id_integrity
from hwpx.tools.package_validator import validate_editor_open_safety
from lxml import etree
from pypdf import PdfReader

from core.errors import RuleViolation
from reports.content import (
    Align,
    Attachment,
    Chart,
    Column,
    Cover,
    Facts,
    Item,
    Items,
    Paragraph,
    Picture,
    Report,
    Run,
    Section,
    Signatures,
    Style,
    Table,
    Tone,
    Unit,
)
from reports.pdf.fonts import what_is_missing
from reports.printable import printable
from reports.registry import Format
from reports.rendering import render
from tests.reports.sample import picture

pytestmark = pytest.mark.once

OUTLINE_1, OUTLINE_2 = "Outline 1", "Outline 2"


def people(rows=3, **options):
    return Table(
        (
            Column("이름", 2),
            Column("회비", unit=Unit.WON),
            Column("취임일", align=Align.CENTRE),
            Column("해", unit=Unit.PLAIN),
        ),
        tuple((f"위원{row} 高南錫", row * 1000, date(2014, 1, 10), 2014) for row in range(rows)),
        **{"caption": "회원 명단", "total": ("합계", 3_160_000, None, None), "note": "2014년 1월 현재", **options},
    )


BOOK = Report(
    title="제24차 정기포럼 자료집",
    subtitle="지방자치와 마을",
    publisher="목민관클럽",
    style=Style.BOOKLET,
    issued_on=date(2014, 1, 10),
    cover=Cover(above=("목민관클럽",), below=("2014. 1. 10.",)),
    contents=True,
    running="제24차 정기포럼",
    imprint=(("펴낸 곳", "목민관클럽"),),
    keywords=("포럼", "자치"),
    sections=(
        Section(
            "취지와 일정",
            (
                Paragraph("첫 문장입니다.", Tone.LEAD),
                Paragraph(
                    (
                        Run("고남석 "),
                        Run("高南錫", bold=True, note="인천 연수구청장입니다."),
                        Run("누리집", link="https://example.org/"),
                    )
                ),
                Items(("하나", Item("둘", ("속의 하나", "속의 둘"))), ordered=True),
                Items(("점 하나",)),
            ),
            (Section("회원", (people(),)),),
        ),
        Section(
            "둘째 장",
            (
                Facts((("구청장", "홍길동"),), caption="개최지"),
                Chart(Table((Column("해", unit=Unit.PLAIN), Column("명")), ((2014, 31), (2015, 4)), caption="참석"), 1),
                Picture(picture(), "마을 사진", caption="마을"),
                Signatures((("공동대표", "고남석"),), "2014. 1. 10."),
                Attachment("발표 자료", "x.pdf", "a" * 64, 12, "김발표"),
            ),
        ),
    ),
)


def silent(_percent, _step):
    pass


@pytest.fixture
def written(tmp_path):
    def write(report, file_format):
        target = tmp_path / f"made.{file_format.value}"
        render(report, file_format, target, silent)
        return target

    return write


@pytest.fixture
def hwpx(written):
    return written(BOOK, Format.HWPX)


# --- HWPX -------------------------------------------------------------------------------------------------------------


def read(path: Path):
    with hwp_hwpx_parser.Reader(str(path)) as reader:
        return reader.extract_text(), reader.get_tables()


def test_a_second_library_reads_texts_and_hanja(hwpx):
    text, _tables = read(hwpx)
    for words in (
        "제24차 정기포럼 자료집",
        "취지와 일정",
        "첫 문장입니다.",
        "高南錫",
        "누리집",
        "점 하나",
        "발표 자료",
    ):
        assert words in text
    assert "1. 하나" in text
    assert "가. 속의 하나" in text


def test_a_second_library_reads_the_tables(hwpx):
    _text, tables = read(hwpx)
    rows = next(table.rows for table in tables if table.rows[0][0] == "이름")
    assert rows[0] == ["이름", "회비", "취임일", "해"]
    assert rows[2] == ["위원1 高南錫", "1,000원", "2014. 1. 10.", "2014"]
    assert rows[-1][:2] == ["합계", "3,160,000원"]
    assert ["구청장", "홍길동"] in [row for table in tables for row in table.rows]


@pytest.mark.skipif(bool(what_is_missing()), reason="no Pango or no font on this machine")
def test_a_cell_says_the_same_in_every_printed_format(written):
    cells = ("가", True, 1234, date(2014, 1, 10), datetime(2014, 1, 10, 15, 30, tzinfo=UTC), datetime(2014, 1, 11, 9))  # noqa: DTZ001
    table = Table(columns=tuple(Column(f"열{place}") for place in range(len(cells))), rows=(cells,))
    report = Report(title="보고", sections=(Section("", (table,)),))
    _text, (found,) = read(written(report, Format.HWPX))
    row = found.rows[1]
    assert row == ["가", _("yes"), "1,234", "2014. 1. 10.", "2014. 1. 11. 00:30", "2014. 1. 11. 09:00"]
    on_paper = PdfReader(written(report, Format.PDF)).pages[0].extract_text().replace("\n", " ")
    assert " ".join(row) in " ".join(on_paper.split())


def test_the_package_is_one_that_the_word_processor_opens(hwpx):
    with zipfile.ZipFile(hwpx) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read("mimetype") == b"application/hwp+zip"
        for name in package.namelist():
            if name.endswith((".xml", ".hpf", ".rdf")):
                etree.fromstring(package.read(name))
    report = validate_editor_open_safety(hwpx.read_bytes())
    assert report.reopen_ok
    assert report.blocking_package_errors == ()
    document = HwpxDocument.open(hwpx)
    assert document.validate().issues == ()
    assert check_id_integrity(document).dangling == []


def test_headings_stand_in_the_outline_without_numbers_of_the_program(hwpx):
    document = HwpxDocument.open(hwpx)
    styles = {paragraph.text: document.styles.get(paragraph.style_id_ref).eng_name for paragraph in document.paragraphs}
    assert styles["취지와 일정"] == OUTLINE_1
    assert styles["회원"] == OUTLINE_2
    assert styles["첫 문장입니다."] == "Body"
    header = zipfile.ZipFile(hwpx).read("Contents/header.xml").decode()
    assert "^1." not in header


def test_the_contents_list_chapters_and_parts_with_pages(hwpx):
    document = HwpxDocument.open(hwpx)
    texts = [paragraph.text for paragraph in document.paragraphs]
    at = texts.index(_("Contents"))
    entries = [text.split("\t") for text in texts[at + 1 : at + 4]]
    assert [entry[0] for entry in entries] == ["취지와 일정", "\u3000회원", "둘째 장"]
    pages = [int(entry[1]) for entry in entries]
    assert pages == sorted(pages)
    assert pages[0] > 1
    assert pages[2] > pages[0]


def test_a_table_repeats_its_head_and_its_columns_have_their_widths(hwpx):
    table = next(found for found in HwpxDocument.open(hwpx).tables.all if found.cell(0, 0).text == "이름")
    assert table.element.get("repeatHeader") == "1"
    assert not table.treat_as_char
    assert table.cell(0, 0).element.get("header") == "1"
    widths = [cell.width for cell in table.rows[0].cells]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.01)
    assert sum(widths) == pytest.approx(142 * 7200 / 25.4, rel=0.01)


def test_the_note_stands_at_the_foot_of_its_page_and_not_behind_the_last_chapter(hwpx):
    section = zipfile.ZipFile(hwpx).read("Contents/section0.xml").decode()
    assert section.count("<hp:footNote ") == 1
    assert "<hp:endNote " not in section
    assert "인천 연수구청장입니다." in section


def test_a_note_in_a_block_of_facts_is_not_lost(written):
    facts = Facts((("구청장", (Run("고남석", note="2014년 1월까지"), Run(" 외"))),))
    text, _tables = read(written(Report(title="글", sections=(Section("장", (facts,)),)), Format.HWPX))
    assert "고남석(2014년 1월까지) 외" in text


def test_no_link_leads_into_the_reader_s_machine(written):
    links = tuple(Run(f"글{place}", link=link) for place, link in enumerate(("javascript:x", "file:///etc", "C:\\x")))
    path = written(Report(title="글", sections=(Section("장", (Paragraph(links),)),)), Format.HWPX)
    assert "HYPERLINK" not in zipfile.ZipFile(path).read("Contents/section0.xml").decode()


def test_it_says_its_title_and_nobody_s_name(hwpx):
    package = zipfile.ZipFile(hwpx).read("Contents/content.hpf").decode()
    assert "<opf:title>제24차 정기포럼 자료집</opf:title>" in package
    assert "목민관클럽" in package
    assert "synthetic" not in package
    assert "2014-01-10" in package


def test_a_letter_has_no_page_numbers_and_a4(written):
    letter = Report(
        title="증명서", sections=(Section("", (Paragraph("본문"),)),), style=Style.LETTER, serial="제2026-0001호"
    )
    document = HwpxDocument.open(written(letter, Format.HWPX))
    size = document.page.size()
    assert (round(size.width / 283.465), round(size.height / 283.465)) == (210, 297)
    assert (
        "footer"
        not in zipfile.ZipFile(written(letter, Format.HWPX)).read("Contents/section0.xml").decode().split("secPr>")[1]
    )
    assert "제2026-0001호" in document.text.plain()


def test_a_directory_is_set_in_two_columns(written):
    report = Report(title="명부", sections=(Section("회원", (people(40),), columns=2),), style=Style.DIRECTORY)
    path = written(report, Format.HWPX)
    assert 'colCount="2"' in zipfile.ZipFile(path).read("Contents/section0.xml").decode()
    assert validate_editor_open_safety(path.read_bytes()).blocking_package_errors == ()


ODD_TEXTS = [
    *("", "<b>&\"'", "한\n줄", "\x00\x0b", "가\ud800나", "\ud83d", "\x85\u2028", "\ufffe", "😀", "가 " * 2500, "]]>"),
    "<script>alert(1)</script>",
]


def full_of(text):
    """A document that holds `text` wherever it can hold one."""
    runs = (Run(text, bold=True, note=text, link=f"https://example.org/{text[:20]}"), Run(text, link=text))
    table = Table((Column(text), Column("명")), ((text, 1),), caption=text, total=(text, 1), note=text)
    return Report(
        title=text or "제목",
        subtitle=text,
        publisher=text,
        running=text,
        cover=Cover((text,), (text,)),
        contents=True,
        imprint=((text, text),),
        serial=text,
        code=text,
        keywords=(text,),
        sections=(
            Section(
                text,
                (
                    *(Paragraph(text), Paragraph(runs), Items((text, Item(text, (text,)))), table),
                    *(Facts(((text, text), (text, runs)), caption=text), Chart(table, 1)),
                    *(Picture(picture(), text, caption=text), Signatures(((text, text),), text)),
                ),
                (Section(text, (Paragraph(text),), short=text),),
            ),
        ),
    )


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_gives_a_file_that_opens(written, text):
    path = written(full_of(text), Format.HWPX)
    assert validate_editor_open_safety(path.read_bytes()).reopen_ok


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_gives_a_workbook_that_opens(written, text):
    assert openpyxl.load_workbook(written(full_of(text), Format.XLSX)).sheetnames


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_gives_a_table_for_programs(written, text):
    written(one_table((text, 1)), Format.CSV).read_text(encoding="utf-8-sig")


@pytest.mark.skipif(bool(what_is_missing()), reason="no Pango or no font on this machine")
@pytest.mark.parametrize("text", ["\x00\x0b", "가\ud800나", "\ufffe", "<script>alert(1)</script>"])
def test_any_text_gives_pages(written, text):
    assert PdfReader(written(full_of(text), Format.PDF)).pages


def test_what_cannot_be_printed_goes_and_the_rest_stays():
    report = full_of("가\x00나\r\n다\u2028라\ud800")
    cleaned = printable(report)
    assert cleaned.title == "가나\n다\n라"
    assert cleaned.tables()[0].rows == (("가나\n다\n라", 1),)
    assert cleaned.sections[0].blocks[1].text[0].note == "가나\n다\n라"
    assert printable(cleaned) is cleaned


def test_the_file_of_an_attachment_is_found_whatever_its_path_holds():
    attached = Attachment("발표\x00", "/a/\udcff.pdf", "a" * 64, 1)
    found = printable(Report(title="글", sections=(Section("장", (attached,)),))).attachments()[0]
    assert (found.title, found.path) == ("발표", "/a/\udcff.pdf")


def bomb():
    """A PNG of some kilobytes that says it is 30,000 pixels wide and high."""
    head = struct.pack(">II5B", 30_000, 30_000, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@pytest.mark.parametrize("data", [b"no picture", picture()[:200], bomb()])
def test_a_picture_that_cannot_be_used_is_refused_as_in_the_pdf(written, data, tmp_path):
    report = Report(title="제목", sections=(Section("장", (Picture(data, "마을 사진"), Paragraph("뒤"))),))
    with pytest.raises(RuleViolation, match="마을 사진"):
        written(report, Format.HWPX)
    assert not list(tmp_path.iterdir())


def test_tables_too_long_for_the_format_are_refused_before_anything_is_written(written, monkeypatch, tmp_path):
    monkeypatch.setattr("reports.hwpx.MOST_CELLS", 11)
    with pytest.raises(RuleViolation):
        written(Report(title="글", sections=(Section("장", (people(3),)),)), Format.HWPX)
    assert not list(tmp_path.iterdir())


def test_contents_without_pages_still_list_everything(written, monkeypatch):
    monkeypatch.setattr("reports.hwpx.PAGES_ESTIMATED_UP_TO", 0)
    texts = [paragraph.text for paragraph in HwpxDocument.open(written(BOOK, Format.HWPX)).paragraphs]
    at = texts.index(_("Contents"))
    assert [text.strip() for text in texts[at + 1 : at + 4]] == ["취지와 일정", "회원", "둘째 장"]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def test_each_table_is_a_sheet_after_the_one_that_says_what_this_is(written):
    book = openpyxl.load_workbook(written(BOOK, Format.XLSX))
    assert book.sheetnames == [_("About this document"), "회원 명단", "참석"]
    about = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert about[_("Document")] == "제24차 정기포럼 자료집"
    sheet = book["회원 명단"]
    assert [cell.value for cell in sheet[3]] == ["위원1 高南錫", 1000, datetime(2014, 1, 10), 2014]  # noqa: DTZ001 - a cell has no zone
    assert sheet["B3"].number_format.endswith('"원"')
    assert sheet["D3"].number_format == "0"
    assert sheet.auto_filter.ref == "A1:D4"
    assert sheet["B6"].value == 3_160_000


def test_sheets_with_the_same_name_are_told_apart(written):
    tables = tuple(people(caption=caption) for caption in ("회원", "회원", "A" * 40, "a" * 40))
    book = openpyxl.load_workbook(written(Report(title="글", sections=(Section("장", tables),)), Format.XLSX))
    assert book.sheetnames[1:3] == ["회원", "회원 (2)"]
    assert len({name.casefold() for name in book.sheetnames}) == 5


def test_no_table_no_workbook(written):
    with pytest.raises(RuleViolation):
        written(Report(title="글", sections=(Section("장", (Paragraph("글"),)),)), Format.XLSX)


# --- CSV --------------------------------------------------------------------------------------------------------------


def one_table(*rows):
    columns = tuple(Column(f"열{place}") for place in range(len(rows[0])))
    return Report(title="표", sections=(Section("장", (Table(columns, rows),)),))


def test_csv_has_the_mark_and_ends_its_lines_as_the_standard_says(written):
    made = written(one_table(("가", 1000, date(2014, 1, 10), None)), Format.CSV).read_bytes()
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig") == "열0,열1,열2,열3\r\n가,1000,2014-01-10,\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_csv_keeps_texts_from_being_calculated(written, text):
    made = written(one_table((text, -5)), Format.CSV).read_bytes().decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(made, newline="")))[1]
    assert row == [f"'{text}", "-5"]


def test_csv_tells_moments_in_korean_time(written):
    made = written(one_table((datetime(2026, 1, 1, 15, 30, tzinfo=UTC),)), Format.CSV).read_text(encoding="utf-8-sig")
    assert "2026-01-02 00:30" in made


def test_truth_is_a_word_in_tables_for_programs_too(written):
    report = one_table((True, False))
    made = written(report, Format.CSV).read_bytes().decode("utf-8-sig")
    assert made.splitlines()[1] == f"{_('yes')},{_('no')}"
    sheet = openpyxl.load_workbook(written(report, Format.XLSX)).worksheets[-1]
    assert [one.value for one in sheet[2]] == [_("yes"), _("no")]


def test_csv_takes_exactly_one_table(written):
    with pytest.raises(RuleViolation, match="2"):
        written(Report(title="글", sections=(Section("장", (people(), people())),)), Format.CSV)


def test_a_card_cannot_be_rendered_from_content(written):
    with pytest.raises(RuleViolation):
        written(BOOK, Format.VCF)
