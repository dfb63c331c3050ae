"""Foreign PDFs in a book: every page at its place, and nothing but what it shows."""

import hashlib
import io
import os
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    NameObject,
    NullObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)

from core.errors import RuleViolation
from reports.content import Attachment, Paragraph, Report, Section
from reports.pdf import render_pdf
from reports.pdf.append import FOOTER, MARGIN, can_be_drawn
from reports.pdf.fonts import what_is_missing
from tests.reports import sample
from tests.reports.test_pdf import links, outline, printed, target_page, texts

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(
        bool(what_is_missing()) and os.environ.get("MADANG_REQUIRE_ALL") != "1", reason="no Pango or no font here"
    ),
]


def material(path, title="발제 자료", pages=1):
    return Attachment(
        title=title, path=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest(), pages=pages, author="발제자"
    )


def with_material(*materials):
    return Report(title="자료집", contents=True, sections=(Section(title="자료", blocks=materials),))


def rewritten(path, change):
    """The PDF at `path` after `change(writer)`."""
    writer = PdfWriter(clone_from=path)
    change(writer)
    with path.open("wb") as file:
        writer.write(file)
    return path


# --- Places -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    slides = sample.foreign_pdf(tmp_path / "slides.pdf", pages=3)
    paper = sample.foreign_pdf(tmp_path / "paper.pdf", pages=4, size=(595, 842), words="Paper")
    return sample.book((sample.attachment(slides), sample.attachment(paper, "발제 2. 보편적 복지", pages=4)))


def test_the_pages_of_others_have_pages_of_the_book_and_stand_in_its_contents(book, tmp_path):
    reader = printed(book, tmp_path)
    pages = texts(reader)
    for title, words, length in (("발제 1.", "Slide", 3), ("발제 2.", "Paper", 4)):
        first = int(re.search(rf"^{re.escape(title)}.*?(\d+)$", pages[2], re.MULTILINE).group(1))
        for number in range(length):
            assert f"{words} {number + 1}" in pages[first - 1 + number]
            assert str(first + number) in pages[first - 1 + number].split()
        assert f"{words} {length}" not in pages[first - 1 + length]
    assert "윤석인 희망제작소 소장" in pages[2]


def test_what_comes_after_them_is_numbered_on(book, tmp_path):
    reader = printed(book, tmp_path)
    pages = texts(reader)
    listed = int(re.search(r"^목민관클럽 임원 및 조직 구성.*?(\d+)$", pages[2], re.MULTILINE).group(1))
    assert pages[listed - 1].startswith("목민관클럽 임원 및 조직 구성")
    assert listed > 20


def test_bookmarks_and_links_lead_to_them(book, tmp_path):
    reader = printed(book, tmp_path)
    pages = texts(reader)
    found = {title: (level, page) for level, title, page in outline(reader)}
    level, page = found["발제 2. 보편적 복지"]
    assert level == 2
    assert "Paper 1" in pages[page - 1]
    assert page in [target_page(reader, link) for link in links(reader.pages[2])]


def test_a_book_with_them_keeps_what_it_says_about_itself(book, tmp_path):
    reader = printed(book, tmp_path)
    assert reader.metadata.title == book.title
    assert reader.metadata.author == "희망제작소"
    assert reader.trailer["/Root"]["/Lang"] == "ko"
    # Pages of others are not tagged, so the whole does not claim to be.
    assert (
        b"pdfuaid" not in reader.trailer["/Root"]["/Metadata"].get_data() if "/Metadata" in reader.root_object else True
    )


def test_a_book_with_them_is_of_the_version_that_its_tags_need(book, tmp_path):
    assert printed(book, tmp_path).pdf_header == printed(replace(book, sections=()), tmp_path, "bare.pdf").pdf_header


def test_the_same_materials_give_the_same_file(book, tmp_path):
    one, two = (printed(book, tmp_path, name) and (tmp_path / name).read_bytes() for name in ("one.pdf", "two.pdf"))
    assert one == two


def test_text_goes_on_after_a_material(tmp_path):
    path = sample.foreign_pdf(tmp_path / "slides.pdf", pages=2)
    report = with_material(Paragraph("앞에 있는 글"), material(path), Paragraph("뒤에 있는 글"))
    pages = texts(printed(report, tmp_path))
    where = {words: next(n for n, page in enumerate(pages) if words in page) for words in ("Slide 1", "Slide 2")}
    assert "뒤에 있는 글" in pages[where["Slide 2"] + 1]
    assert any("앞에 있는 글" in page for page in pages[: where["Slide 1"]])


def test_as_many_pages_as_the_file_has_are_printed_whatever_was_said(tmp_path):
    path = sample.foreign_pdf(tmp_path / "slides.pdf", pages=3)
    pages = texts(printed(with_material(material(path, pages=1)), tmp_path))
    assert [number for number in (1, 2, 3) if any(f"Slide {number}" in page for page in pages)] == [1, 2, 3]


# --- How they lie on the page -----------------------------------------------------------------------------------------


def lying(page):
    """Corners of the drawing on its page, in points: (left, bottom, right, top)."""
    content = page.get_contents().get_data().decode("latin-1")
    matrix = [float(part) for part in re.search(r"q ((?:\S+ ){6})cm /Material Do", content).group(1).split()]
    box = [float(edge) for edge in page["/Resources"]["/XObject"]["/Material"]["/BBox"]]
    place = Transformation(tuple(matrix))
    corners = [place.apply_on((x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def material_page(reader):
    return next(page for page in reader.pages if "/Material" in page["/Resources"].get("/XObject", {}))


@pytest.mark.parametrize("size", [(720, 540), (595, 842), (842, 595), (100, 2000), (3000, 50)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_they_fit_above_the_page_number_centred_and_undistorted(tmp_path, size, turn):
    path = sample.foreign_pdf(tmp_path / "slides.pdf", pages=1, size=size)
    if turn:
        rewritten(path, lambda writer: writer.pages[0].rotate(turn))
    page = material_page(printed(with_material(material(path)), tmp_path))
    left, bottom, right, top = lying(page)
    wide, high = float(page.mediabox.width), float(page.mediabox.height)
    assert left >= MARGIN - 0.1
    assert right <= wide - MARGIN + 0.1
    assert bottom >= FOOTER - 0.1
    assert top <= high - MARGIN + 0.1
    assert (left + right) / 2 == pytest.approx(wide / 2, abs=0.1)
    shape = size[0] / size[1] if turn % 180 == 0 else size[1] / size[0]
    assert (right - left) / (top - bottom) == pytest.approx(shape, rel=0.01)


def test_only_the_part_that_is_seen_is_shown(tmp_path):
    path = sample.foreign_pdf(tmp_path / "slides.pdf", pages=1)
    rewritten(path, lambda writer: setattr(writer.pages[0], "cropbox", RectangleObject((100, 100, 300, 200))))
    page = material_page(printed(with_material(material(path)), tmp_path))
    left, bottom, right, top = lying(page)
    assert (right - left) / (top - bottom) == pytest.approx(2, rel=0.01)
    assert [float(edge) for edge in page["/Resources"]["/XObject"]["/Material"]["/BBox"]] == [100, 100, 300, 200]


def boxes(**named):
    return lambda page: page.update(
        {NameObject(f"/{name}"): ArrayObject(map(FloatObject, box)) for name, box in named.items()}
    )


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (boxes(MediaBox=(720, 540, 0, 0)), [0, 0, 720, 540]),
        (boxes(CropBox=(-500, -500, 2000, 300)), [0, 0, 720, 300]),
        (boxes(CropBox=(5000, 5000, 6000, 6000)), [0, 0, 720, 540]),
        (boxes(CropBox=(0, 0, 0, 0)), [0, 0, 720, 540]),
        (lambda page: page.update({NameObject("/Rotate"): NullObject()}), [0, 0, 720, 540]),
        (lambda page: page.update({NameObject("/Annots"): NullObject()}), [0, 0, 720, 540]),
        (lambda page: page["/Resources"].update({NameObject("/XObject"): NullObject()}), [0, 0, 720, 540]),
    ],
    ids=["other corners", "larger than the sheet", "beside the sheet", "nothing", "rotate", "annots", "pictures"],
)
def test_odd_boxes_and_entries_that_say_nothing_are_read_as_readers_do(tmp_path, change, seen):
    path = sample.foreign_pdf(tmp_path / "slides.pdf", pages=1)
    rewritten(path, lambda writer: change(writer.pages[0]))
    page = material_page(printed(with_material(material(path)), tmp_path))
    assert [float(edge) for edge in page["/Resources"]["/XObject"]["/Material"]["/BBox"]] == seen


# --- What stays behind ------------------------------------------------------------------------------------------------


def wild(writer):
    """Scripts, actions, files, links and forms, wherever a PDF can have them."""
    page = writer.pages[0]
    writer.add_attachment("SECRETFILE.exe", b"SECRETBYTES")
    writer.add_annotation(0, Link(rect=(0, 0, 10, 10), url="https://SECRETLINK.example.org"))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("SECRETJS")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/X"): TextStringObject("SECRETPIECE")})
    form = DecodedStreamObject()
    form.set_data(b"0 0 10 10 re f")
    form.update(
        {
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(edge) for edge in (0, 0, 10, 10)),
            NameObject("/Ref"): DictionaryObject({NameObject("/F"): TextStringObject("SECRETREF")}),
            NameObject("/F"): TextStringObject("SECRETSTREAMFILE"),
            NameObject("/OPI"): DictionaryObject({NameObject("/X"): TextStringObject("SECRETOPI")}),
            NameObject("/AF"): ArrayObject([TextStringObject("SECRETAF")]),
            # A way back to the page would take the whole foreign file along.
            NameObject("/Parent"): page.indirect_reference,
        }
    )
    resources = page["/Resources"]
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/A"): writer._add_object(form)})
    resources[NameObject("/Properties")] = DictionaryObject(
        {NameObject("/L"): DictionaryObject({NameObject("/Name"): TextStringObject("SECRETLAYER")})}
    )


def everything(path):
    """All objects of a PDF, packed ones unpacked, as one text."""
    reader = PdfReader(path)
    found = [path.read_bytes()]
    for number in range(1, int(reader.trailer["/Size"])):
        thing = reader.get_object(number)
        found.append(repr(thing).encode())
        if hasattr(thing, "get_data"):
            found.append(thing.get_data())
    return b"\n".join(found)


def test_nothing_that_runs_or_leads_out_comes_along(tmp_path):
    path = rewritten(sample.foreign_pdf(tmp_path / "slides.pdf", pages=1), wild)
    assert b"SECRETJS" in everything(path)
    reader = printed(with_material(material(path)), tmp_path)
    made = everything(tmp_path / "made.pdf")
    assert re.findall(rb"SECRET\w*", made) == []
    for name in (b"/JavaScript", b"/EmbeddedFile", b"/AcroForm", b"/OpenAction", b"/Launch"):
        assert name not in made
    # The drawing that is called like an action is there all the same.
    drawing = material_page(reader)["/Resources"]["/XObject"]["/Material"]
    assert drawing["/Resources"]["/XObject"]["/A"].get_data() == b"0 0 10 10 re f"


def test_what_a_form_shows_stays_and_the_form_does_not(tmp_path):
    def fill_in(writer):
        shown = DecodedStreamObject()
        shown.set_data(b"1 0 0 rg 0 0 50 20 re f")
        shown.update(
            {
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject(FloatObject(edge) for edge in (0, 0, 50, 20)),
            }
        )

        def field(flags):
            return writer._add_object(
                DictionaryObject(
                    {
                        NameObject("/Subtype"): NameObject("/Widget"),
                        NameObject("/FT"): NameObject("/Tx"),
                        NameObject("/V"): TextStringObject("SECRETVALUE"),
                        NameObject("/F"): NumberObject(flags),
                        NameObject("/Rect"): ArrayObject(FloatObject(edge) for edge in (100, 100, 200, 140)),
                        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(shown)}),
                    }
                )
            )

        writer.pages[0][NameObject("/Annots")] = ArrayObject([field(4), field(2)])

    path = rewritten(sample.foreign_pdf(tmp_path / "slides.pdf", pages=1), fill_in)
    reader = printed(with_material(material(path)), tmp_path)
    drawing = material_page(reader)["/Resources"]["/XObject"]["/Material"]
    # Twice as large as its box, at the place of the field; the hidden field is not shown.
    assert b"q 2.00000 0.00000 0.00000 2.00000 100.00000 100.00000 cm /Shown0 Do Q" in drawing.get_data()
    assert b"/Shown1" not in drawing.get_data()
    assert b"SECRETVALUE" not in everything(tmp_path / "made.pdf")
    assert "/Annots" not in material_page(reader)


def test_content_that_does_not_tidy_up_harms_no_other_page(tmp_path):
    def leave_open(writer):
        content = DecodedStreamObject()
        content.set_data(b"q q q 0.1 0 0 0.1 0 0 cm Q Q Q Q Q 5 0 0 5 0 0 cm")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(content)

    path = rewritten(sample.foreign_pdf(tmp_path / "slides.pdf", pages=2), leave_open)
    pages = texts(printed(with_material(material(path), Paragraph("그다음 글")), tmp_path))
    assert "그다음 글" in pages[-1]


def test_what_pages_share_is_copied_once(tmp_path):
    path = sample.foreign_pdf(tmp_path / "slides.pdf", pages=30)
    picture = os.urandom(200_000)

    def share(writer):
        image = DecodedStreamObject()
        image.set_data(picture)
        image.update({NameObject("/Subtype"): NameObject("/Image"), NameObject("/Width"): NumberObject(1)})
        reference = writer._add_object(image)
        for page in writer.pages:
            page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/Im"): reference})

    rewritten(path, share)
    printed(with_material(material(path)), tmp_path)
    assert (tmp_path / "made.pdf").stat().st_size < 2 * len(picture)


# --- Files that cannot be used ----------------------------------------------------------------------------------------


def encrypted(path):
    rewritten(path, lambda writer: writer.encrypt("secret", algorithm="RC4-128"))


def cut_off(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def without_pages(path):
    with path.open("wb") as file:
        PdfWriter().write(file)


def a_page_that_is_none(path):
    rewritten(
        path, lambda writer: writer._pages.get_object().update({NameObject("/Kids"): ArrayObject([NumberObject(1)])})
    )


def without_area(path):
    rewritten(path, lambda writer: setattr(writer.pages[0], "mediabox", RectangleObject((0, 0, 0, 0))))


def packed_in_an_unknown_way(path):
    def pack(writer):
        stream = EncodedStreamObject()
        stream._data = b"?"
        stream[NameObject("/Filter")] = NameObject("/Unknown")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    rewritten(path, pack)


@pytest.mark.parametrize("spoil", [a_page_that_is_none, without_area, packed_in_an_unknown_way])
def test_what_cannot_be_drawn_is_known_before(tmp_path, spoil):
    path = sample.foreign_pdf(tmp_path / "slides.pdf")
    assert can_be_drawn(path.read_bytes())
    spoil(path)
    assert not can_be_drawn(path.read_bytes())


@pytest.mark.parametrize(
    "spoil",
    [
        encrypted,
        cut_off,
        without_pages,
        a_page_that_is_none,
        without_area,
        packed_in_an_unknown_way,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"%PDF-1.7\nnot really"),
        lambda path: path.write_text("한글 문서"),
        lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(tmp_path, spoil):
    path = sample.foreign_pdf(tmp_path / "slides.pdf")
    spoil(path)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(RuleViolation) as refused:
        render_pdf(with_material(material(path, "보편적 복지")), folder / "made.pdf", lambda _percent, _step: None)
    assert "보편적 복지" in refused.value.text
    assert list(folder.iterdir()) == []


def test_another_file_than_the_one_that_was_meant_is_refused(tmp_path):
    path = sample.foreign_pdf(tmp_path / "slides.pdf")
    meant = material(path)
    sample.foreign_pdf(path, words="Other")
    with pytest.raises(RuleViolation) as refused:
        printed(with_material(meant), tmp_path)
    assert meant.title in refused.value.text


def test_a_file_that_is_gone_is_named(tmp_path):
    path = sample.foreign_pdf(tmp_path / "slides.pdf")
    meant = material(path)
    path.unlink()
    with pytest.raises(RuleViolation) as refused:
        printed(with_material(meant), tmp_path)
    assert meant.title in refused.value.text


def test_who_stops_while_pages_are_added_gets_no_file(book, tmp_path):
    class AskedToStopError(Exception):
        pass

    def tell(percent, _step):
        if percent >= 80:
            raise AskedToStopError

    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(AskedToStopError):
        render_pdf(book, folder / "made.pdf", tell)
    assert list(folder.iterdir()) == []


def test_the_sample_itself_is_a_good_pdf(tmp_path):
    reader = PdfReader(io.BytesIO(sample.foreign_pdf(tmp_path / "slides.pdf", pages=2).read_bytes()), strict=True)
    assert [page.extract_text() for page in reader.pages] == ["Slide 1", "Slide 2"]
    assert replace(sample.book(), title="다른 책").title == "다른 책"


def test_pages_that_hold_far_more_than_they_show(tmp_path, monkeypatch):
    """Some kilobytes that unpack into millions, named by each of many pages, kept a worker busy for long."""
    monkeypatch.setattr("reports.pdf.append.MOST_CONTENT", 3000, raising=False)
    writer = PdfWriter()
    content = StreamObject()
    content.set_data(b"q Q " * 300)
    shared = writer._add_object(content.flate_encode())
    for _number in range(3):
        writer.add_blank_page(200, 200)[NameObject("/Contents")] = shared
    path = tmp_path / "heavy.pdf"
    writer.write(path)
    with pytest.raises(RuleViolation, match="발제 자료") as refused:
        render_pdf(with_material(material(path, pages=3)), tmp_path / "book.pdf", lambda *_said: None)
    assert refused.value.code == "bad_material"
    assert not (tmp_path / "book.pdf").exists()
