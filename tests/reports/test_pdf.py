"""Documents as PDF: what stands where, read back from the file."""

import logging
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageChops
from pypdf import PdfReader

from core.errors import RuleViolation
from reports.content import Chart, Column, Cover, Paragraph, Picture, Report, Run, Section, Style, Table, Unit
from reports.pdf import render_pdf
from reports.pdf.fonts import what_is_missing
from reports.pdf.render import _shelf
from tests.reports import sample

REQUIRE_ALL = os.environ.get("MADANG_REQUIRE_ALL") == "1"
JOINER = "\u2060"

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(bool(what_is_missing()) and not REQUIRE_ALL, reason="no Pango or no font on this machine"),
]
needs_poppler = pytest.mark.skipif(
    not shutil.which("pdftoppm") and not REQUIRE_ALL, reason="no pdftoppm on this machine (poppler-utils)"
)


def say_nothing(_percent, _step):
    pass


def printed(report, tmp_path, name="made.pdf"):
    pages = render_pdf(report, tmp_path / name, say_nothing).pages
    reader = PdfReader(tmp_path / name)
    assert len(reader.pages) == pages
    return reader


def texts(reader):
    return [page.extract_text() for page in reader.pages]


def one_section(*blocks, **more):
    return Report(title="보고", sections=(Section(title="본문", blocks=blocks),), **more)


def target_page(reader, link):
    """The number, from 1, of the page that a link annotation leads to."""
    name = link.get("/Dest") or link["/A"]["/D"]
    destination = reader.named_destinations[name] if isinstance(name, str) else None
    return reader.get_destination_page_number(destination) + 1


def links(page):
    return [
        annotation.get_object()
        for annotation in page.get("/Annots", [])
        if annotation.get_object()["/Subtype"] == "/Link"
    ]


def outline(reader, items=None):
    """(level, title, page from 1) of every bookmark."""
    found = []

    def walk(nodes, level):
        for node in nodes:
            if isinstance(node, list):
                walk(node, level + 1)
            else:
                found.append((level, node.title, reader.get_destination_page_number(node) + 1))

    walk(reader.outline, 1)
    return found


# --- Where things stand -----------------------------------------------------------------------------------------------


def test_the_contents_name_the_pages_where_chapters_begin(tmp_path):
    reader = printed(sample.book(chapters=3), tmp_path)
    pages = texts(reader)
    listed = re.findall(r"^(제\d장 주민참여의 길|목민관클럽 임원 및 조직 구성).*?(\d+)$", pages[2], re.MULTILINE)
    assert [title for title, _page in listed] == [
        *(f"제{number}장 주민참여의 길" for number in (1, 2, 3)),
        "목민관클럽 임원 및 조직 구성",
    ]
    for title, number in listed:
        assert pages[int(number) - 1].startswith(title)
    # A tap on a line leads to the page whose number stands there.
    said = [int(number) for number in re.findall(r"(\d+)$", pages[2], re.MULTILINE)]
    assert list(dict.fromkeys(target_page(reader, link) for link in links(reader.pages[2]))) == said[:-1]


def test_chapters_of_a_book_begin_on_right_hand_pages(tmp_path):
    bookmarks = outline(printed(sample.book(chapters=3), tmp_path))
    assert all(page % 2 == 1 for level, _title, page in bookmarks if level == 1)


def test_a_book_has_cover_and_imprint_before_its_contents(tmp_path):
    cover, imprint, contents, *_rest = texts(printed(sample.book(), tmp_path))
    assert "민선5기 지방자치 혁신" in cover
    assert "지역, 희망을 디자인하다" in cover
    assert "member@example.org" in imprint
    assert contents.startswith(_("Table of contents"))


def test_running_headers_name_book_and_chapter_but_not_where_a_chapter_begins(tmp_path):
    long = replace(sample.book(), sections=(replace(sample.chapter(1, paragraphs=30), parts=()),))
    pages = texts(printed(long, tmp_path))
    opening, left, right = pages[4], pages[5], pages[6]
    assert "1. 주민참여" not in opening
    assert "목민관클럽 제24차 정기포럼" in left
    assert "1. 주민참여" in right
    assert opening.endswith("5")
    assert right.endswith("7")


@pytest.mark.parametrize("unbroken", ["가나다라마바사아", "가·나(다"])
def test_a_running_header_is_cut_and_the_title_is_not(tmp_path, unbroken):
    """A header that is wider than its page costs squared time on every page: a title of 1,500 signs took minutes."""
    title = unbroken * 200
    report = replace(one_section(*[Paragraph("쪽마다 머리글이 있다. " * 200)] * 3), title=title)
    pages = ["".join(text.split()) for text in texts(printed(report, tmp_path))]
    assert sum(page.count(unbroken) for page in pages[:-1]) >= 200
    assert pages[-1].count(unbroken) == 39 // len(unbroken)
    assert f"{title[:39]}…" in pages[-1]


def test_bookmarks_follow_the_sections(tmp_path):
    reader = printed(sample.book(), tmp_path)
    bookmarks = outline(reader)
    assert [(level, title) for level, title, _page in bookmarks] == [
        (1, _("Table of contents")),
        (1, "제1장 주민참여의 길"),
        (2, "참석자와 발제"),
        (1, "제2장 주민참여의 길"),
        (2, "참석자와 발제"),
        (1, "목민관클럽 임원 및 조직 구성"),
    ]
    pages = texts(reader)
    assert all(title in pages[page - 1] for _level, title, page in bookmarks)


def test_notes_stand_at_the_end_of_their_chapter_and_lead_back(tmp_path):
    reader = printed(sample.book(), tmp_path)
    pages = texts(reader)
    note = "연수구의회 회의록, 2013. 12. 3."
    referring = [number for number, text in enumerate(pages, 1) if "담았습니다" in text]
    at_end = [number for number, text in enumerate(pages, 1) if note in text]
    assert len(referring) == len(at_end) == 2
    for there, back in zip(referring, at_end, strict=True):
        assert there < back
        assert back in [target_page(reader, link) for link in links(reader.pages[there - 1]) if "/URI" not in str(link)]
        assert there in [target_page(reader, link) for link in links(reader.pages[back - 1])]


def test_a_letter_is_one_page_with_its_number_and_code(tmp_path):
    (text,) = texts(printed(sample.letter(), tmp_path))
    assert "제2026-0001호" in text
    assert "K7QM-2XHD-P4RW" in text
    assert "(관인)" in text


@pytest.mark.parametrize("serial", ["", "제2026-0001호"])
def test_a_letter_that_is_longer_than_a_page_is_printed_whole(tmp_path, serial):
    paragraphs = tuple(Paragraph(f"{sample.SENTENCE} {number}번째") for number in range(60))
    report = replace(sample.letter(), serial=serial, sections=(Section(title="", blocks=paragraphs),))
    pages = texts(printed(report, tmp_path))
    assert len(pages) > 2
    assert re.findall(r"(\d+)번째", " ".join(pages)) == [str(number) for number in range(60)]


def test_a_directory_stands_in_two_columns(tmp_path):
    reader = printed(sample.directory(), tmp_path)
    assert reader.pages[0].extract_text().count("고남석 (高南錫)") > 10
    side_by_side = reader.pages[0].extract_text(extraction_mode="layout")
    assert any(line.count("고남석") == 2 for line in side_by_side.splitlines())


# --- Tables and charts ------------------------------------------------------------------------------------------------


def long_table(rows=90):
    return Table(
        columns=(Column("번호"), Column("내용", width=4)),
        rows=tuple((f"시작{row}", f"{sample.SENTENCE * 2} 끝{row}번") for row in range(rows)),
        caption="긴 표",
    )


def test_the_head_of_a_table_stands_on_each_of_its_pages_and_no_row_is_split(tmp_path):
    pages = texts(printed(one_section(long_table()), tmp_path))
    assert len(pages) > 4
    assert all(page.count("내용") == 1 for page in pages)
    for row in range(90):
        (of_beginning,) = [n for n, page in enumerate(pages) if re.search(rf"시작{row}\b", page)]
        (of_end,) = [n for n, page in enumerate(pages) if f"끝{row}번" in page]
        assert of_beginning == of_end


def test_a_row_that_is_longer_than_a_page_is_printed_whole(tmp_path):
    table = Table(columns=(Column("가"), Column("나", width=5)), rows=(("긴 행", f"{sample.SENTENCE * 60} 마지막"),))
    pages = texts(printed(one_section(table), tmp_path))
    assert "마지막" in pages[-1]
    assert sum(page.count("뒷받침해야") for page in pages) == 60


def test_the_total_is_not_alone_on_a_page(tmp_path):
    for rows in range(27, 34, 2):
        pages = texts(printed(one_section(sample.attendance(rows)), tmp_path))
        (last,) = [page for page in pages if "합계" in page]
        assert re.search(r"20\d\d\. \d+\. 10\.", last)


def test_tables_are_numbered_through_the_document_with_those_of_charts(tmp_path):
    plain = sample.attendance(2, caption="첫째")
    report = one_section(
        plain,
        Chart(sample.attendance(3, caption="둘째"), value=4),
        replace(plain, caption="세지 않는 표", numbered=False),
        replace(plain, caption=""),
        replace(plain, caption="셋째"),
    )
    text = "\n".join(texts(printed(report, tmp_path)))
    for number, caption in enumerate(("첫째", "둘째", "셋째"), start=1):
        assert re.search(rf"{re.escape(_('Table %(number)s') % {'number': number})}\s+{caption}", text)
    pattern = re.escape(_("Table %(number)s") % {"number": 7}).replace("7", r"\d")
    assert len(re.findall(pattern, text)) == 3


def test_a_chart_shows_the_values_and_the_table_below_it_too(tmp_path):
    reader = printed(one_section(Chart(sample.attendance(3), value=4)), tmp_path)
    text = reader.pages[0].extract_text()
    assert text.count("122") == 2
    assert text.count("서울 성북구") == 1


# --- Words and signs --------------------------------------------------------------------------------------------------


@needs_poppler
def test_the_longest_value_of_a_chart_stands_inside_the_drawing(tmp_path):
    columns = (Column("이름"), Column("금액", unit=Unit.WON))
    table = Table(columns=columns, rows=(("가", 1_234_567_890_000), ("나", 1)))
    (page,) = printed(one_section(Chart(table=table, value=1)), tmp_path).pages
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "made.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    ends = [float(end) for end in re.findall(r'xMax="([0-9.]+)"[^>]*>1,234,567,890,000', boxes)]
    assert len(ends) == 2
    assert max(ends) < float(page.mediabox.width) - 23 / 25.4 * 72


def test_a_chart_without_values_is_its_table_alone(tmp_path):
    table = Table(columns=(Column("이름"), Column("수")), rows=(), caption="빈 표")
    assert "표 1 빈 표" in " ".join(texts(printed(one_section(Chart(table=table, value=1)), tmp_path))[0].split())


def test_no_chapter_stands_at_the_foot_of_the_contents_without_its_first_part(tmp_path):
    chapters = tuple(
        Section(f"제{number}장", parts=tuple(Section(f"{number}장 {part}절") for part in range(1, 2 + number % 4)))
        for number in range(1, 41)
    )
    report = Report(title="책", sections=chapters, cover=Cover(), contents=True)
    reader = printed(report, tmp_path)
    entries = [re.findall(r"^(.+?)[\s·]*·\s*\d+$", text, re.MULTILINE) for text in texts(reader)]
    pages = [of_page for of_page in entries if of_page]
    assert sum(map(len, pages)) == 40 + 100
    assert not [of_page[-1] for of_page in pages[:-1] if of_page[-1].startswith("제")]


@needs_poppler
def test_a_long_title_of_a_book_runs_into_nothing_on_the_cover(tmp_path):
    title = "주민이 정한 일은 어떻게 되었나 " * 11
    cover = Cover(below=("오산시",))
    reader = printed(replace(one_section(style=Style.BOOKLET, cover=cover), title=title.strip()), tmp_path)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", str(tmp_path / "made.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    titles = [float(end) for end in re.findall(r'yMax="([0-9.]+)">되었나', boxes)]
    (below,) = [float(top) for top in re.findall(r'yMin="([0-9.]+)"[^>]*>오산시', boxes)]
    assert len(reader.pages[0].extract_text().split("되었나")) == 12
    assert max(titles) < below


def test_korean_words_are_whole_and_copied_text_is_clean(tmp_path):
    text = sample.SENTENCE * 8 + "고남석(高南錫)은 2014년 1월 10일에 제24차 정기포럼을 열었습니다."
    (page,) = texts(printed(one_section(Paragraph(text)), tmp_path))
    lines = page[page.index("주민자치는") :].splitlines()[:-1]
    assert len(lines) > 8
    known = set(text.split())
    assert [word for line in lines for word in line.split() if word not in known] == []
    assert JOINER not in page


def test_words_that_reach_over_bold_type_are_whole_too(tmp_path):
    runs = tuple(run for number in range(40) for run in (Run("목민관클럽", bold=True), Run(f"에서는{number % 10} ")))
    (page,) = texts(printed(one_section(Paragraph(runs)), tmp_path))
    lines = page[page.index("목민관클럽") :].splitlines()[:-1]
    assert len(lines) > 4
    assert all(line.startswith("목민관클럽에서는") for line in lines)


def test_what_is_longer_than_a_line_is_broken_and_not_cut_off(tmp_path):
    address = "https://example.org/" + "a1b2c3d4/" * 40
    word = "가나다라마바사아자차카타파하" * 20
    reader = printed(one_section(Paragraph(address), Paragraph(word)), tmp_path)
    text = "".join(texts(reader)).replace("\n", "")
    assert address in text
    assert word in text


def test_texts_are_texts_whatever_they_look_like(tmp_path):
    wild = '<script>alert(1)</script> & <img src="file:///etc/passwd"> \x00\x08\ufffe{{ report }} </p>'
    report = Report(
        title=wild,
        subtitle=wild,
        publisher=wild,
        cover=Cover(above=(wild,)),
        contents=True,
        keywords=(wild,),
        imprint=((wild, wild),),
        sections=(
            Section(title=wild, blocks=(Paragraph((Run(wild, bold=True, note=wild, link="javascript:alert(1)"),)),)),
        ),
    )
    reader = printed(report, tmp_path)
    pages = texts(reader)
    assert all("<script>" in page for page in pages)
    assert "{{ report }}" in pages[-1]
    assert b"javascript:" not in (tmp_path / "made.pdf").read_bytes()
    assert reader.metadata.title.startswith("<script>alert(1)</script> & <img")


def test_nothing_is_fetched_but_the_pictures_of_the_document():
    from weasyprint.urls import FatalURLFetchingError

    shelf = _shelf({"madang-picture:1": b"one"})
    assert shelf.fetch("madang-picture:1").read() == b"one"
    for address in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "madang-picture:2"):
        with pytest.raises(FatalURLFetchingError):
            shelf.fetch(address)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", sample.picture()[:-40]])
def test_a_picture_that_is_none_is_named(tmp_path, data):
    with pytest.raises(RuleViolation) as refused:
        printed(one_section(Picture(data, alt="회의장")), tmp_path)
    assert "회의장" in refused.value.text
    assert not (tmp_path / "made.pdf").exists()


def pixels(path, page=1, resolution=150):
    """A page as it is seen, in grey."""
    base = path.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-r", str(resolution), "-f", str(page), "-l", str(page), "-gray", "-singlefile", path, base],
        check=True,
    )
    return Image.open(base.with_suffix(".pgm"))


def glyph(sign, tmp_path):
    """One sign, drawn large on a page of its own, cut out."""
    report = Report(title=sign, style=Style.LETTER, sections=(Section(title="", blocks=(Paragraph(f"{sign}"),)),))
    name = f"{ord(sign):x}.pdf"
    render_pdf(replace(report, title=" "), tmp_path / name, say_nothing)
    page = pixels(tmp_path / name, resolution=300)
    return page.crop(ImageChops.invert(page).getbbox())


@needs_poppler
def test_hangul_and_hanja_are_really_drawn(tmp_path):
    # A sign that no font has: the box, or the nothing, that stands for a missing one.
    missing = "\U000e0fff"
    report = one_section(Paragraph(missing))
    render_pdf(replace(report, style=Style.LETTER), tmp_path / "missing.pdf", say_nothing)
    drawn = {sign: glyph(sign, tmp_path) for sign in "고남석高南錫"}
    shapes = {sign: picture.resize((48, 48)).point(lambda grey: 255 * (grey > 127)) for sign, picture in drawn.items()}
    for sign, picture in drawn.items():
        width, height = picture.size
        assert 30 < width < 65, sign
        ink = sum(picture.point(lambda grey: grey < 128).histogram()[1:]) / (width * height)
        assert 0.1 < ink < 0.6, sign
        # A box for a missing sign is a frame: dark edges around nothing, with digits at most.
        edges = [picture.crop(box) for box in ((0, 0, width, 4), (0, height - 4, width, height))]
        full = [sum(edge.point(lambda grey: grey < 128).histogram()[1:]) / (width * 4) for edge in edges]
        assert not all(share > 0.85 for share in full), sign
    # Each sign is another picture.
    signs = list(shapes)
    for place, one in enumerate(signs):
        for other in signs[place + 1 :]:
            difference = ImageChops.difference(shapes[one], shapes[other]).histogram()[255]
            assert difference > 150, (one, other)


@needs_poppler
def test_no_page_runs_over_its_edges(tmp_path):
    printed(sample.book(), tmp_path)
    for number in range(2, 12):
        page = pixels(tmp_path / "made.pdf", number, resolution=60)
        ink = ImageChops.invert(page).getbbox()
        if ink:
            assert ink[0] > 35
            assert ink[2] < page.width - 35


# --- The file ---------------------------------------------------------------------------------------------------------


def test_the_file_says_what_it_is(tmp_path):
    reader = printed(sample.book(), tmp_path)
    about = reader.metadata
    assert about.title == "민선5기 지방자치 혁신, 평가와 전망"
    assert about.author == "희망제작소"
    assert about.subject == "목민관클럽 제24차 정기포럼"
    assert about["/Keywords"] == "목민관클럽, 정기포럼"
    assert about.creation_date.date() == about.modification_date.date() == date(2014, 1, 10)
    assert reader.trailer["/Root"]["/Lang"] == "ko"


def test_the_same_content_is_the_same_file(tmp_path):
    for number, report in enumerate((sample.book(), sample.paper(), sample.letter())):
        printed(report, tmp_path, f"{number}-one.pdf")
        printed(report, tmp_path, f"{number}-two.pdf")
        one, two = ((tmp_path / f"{number}-{name}.pdf").read_bytes() for name in ("one", "two"))
        assert one == two
    printed(replace(sample.letter(), code="OTHER"), tmp_path, "other.pdf")
    first, other = PdfReader(tmp_path / "2-one.pdf"), PdfReader(tmp_path / "other.pdf")
    assert first.trailer["/ID"][0] != other.trailer["/ID"][0]


def elements(reader):
    """Every element of the structure tree."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, dict):
            yield element
            kids = element.get("/K", [])
            waiting += kids if isinstance(kids, list) else [kids]


@pytest.mark.parametrize("make", [sample.paper, sample.book, sample.directory, sample.letter])
def test_documents_are_tagged_for_universal_access(tmp_path, caplog, make):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        reader = printed(make(), tmp_path)
    assert caplog.messages == []
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    found = list(elements(reader))
    assert all(element["/Alt"] for element in found if element.get("/S") == "/Figure")
    assert all("/ID" in element for element in found if element.get("/S") == "/TH")
    assert any(element.get("/S") == "/H1" for element in found)


def test_charts_and_pictures_have_texts_for_who_cannot_see_them(tmp_path):
    found = [
        element["/Alt"] for element in elements(printed(sample.paper(), tmp_path)) if element.get("/S") == "/Figure"
    ]
    assert "파란 네모" in found
    assert any("차수별 참석자" in text for text in found)


def test_it_says_how_far_it_is(tmp_path):
    said = []
    render_pdf(sample.book(chapters=4), tmp_path / "made.pdf", lambda percent, step: said.append((percent, step)))
    percents = [percent for percent, _step in said]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert _("Laying out page %(number)s") % {"number": 5} in [step for _percent, step in said]


class AskedToStopError(Exception):
    pass


@pytest.mark.parametrize("at", [0, 20, 75])
def test_who_stops_it_gets_no_file(tmp_path, at):
    def tell(percent, _step):
        if percent >= at:
            raise AskedToStopError

    with pytest.raises(AskedToStopError):
        render_pdf(sample.book(), tmp_path / "made.pdf", tell)
    assert list(tmp_path.iterdir()) == []


def test_a_document_of_nothing_is_a_page(tmp_path):
    assert len(printed(Report(title="빈 문서", sections=()), tmp_path).pages) == 1


def test_a_sign_that_no_font_has_is_replaced_and_named(tmp_path, caplog):
    # A place in Unicode that has no letter: it is in no font.
    report = Report(
        title="명부", sections=(Section(title="위원", blocks=(Paragraph("류종\u0378 위원"), Paragraph("高南碩"))),)
    )
    made = render_pdf(report, tmp_path / "made.pdf", say_nothing)
    assert made.missing == ("\u0378",)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "made.pdf").pages).replace(JOINER, "")
    assert "류종〓 위원" in text
    assert "高南碩" in text
    assert "notdef" not in caplog.text


def test_where_every_sign_has_a_glyph_nothing_is_missing(tmp_path):
    assert render_pdf(sample.book(), tmp_path / "made.pdf", say_nothing).missing == ()


def test_no_sheet_lets_weasyprint_take_minutes_for_a_long_name():
    """Its flexible boxes try every width: a name of 1,500 signs to sign behind took longer than ten minutes."""
    for sheet in (Path(settings.BASE_DIR) / "static" / "print").glob("*.css"):
        assert "display: flex" not in sheet.read_text(encoding="utf-8")
