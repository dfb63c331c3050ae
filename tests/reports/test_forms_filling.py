"""An office's own form: its fields found, filled and nothing else touched; what is no form is refused in words."""

import io
import zipfile
from datetime import UTC, datetime

import hwp_hwpx_parser
import pytest
from hwpx import HwpxDocument
from hwpx.tools.package_validator import validate_editor_open_safety
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RuleViolation
from reports.forms_filling import MOST_BYTES, FieldKind, UnfitForm, Wrong, fill, read_fields
from reports.models import OfficeForm
from reports.services import add_form, bring_back_form, fill_form, map_form, retire_form
from reports.services.papers import REFUSALS
from tests.factories import MunicipalityFactory, UserFactory

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


def form(*, field="성명", cell="주소", placeholder="신청일", extra=None, drop=(), mimetype=None):
    """A form with one field of each kind, as an office would make it."""
    doc = HwpxDocument.new()
    doc.add_paragraph("주민자치위원 신청서")
    if field:
        doc.fields.add(name=field, prompt="이름을 적습니다", paragraph=doc.add_paragraph("이름: "))
    table = doc.add_table(2, 2)
    table.cell(0, 0).text = "주소"
    if cell:
        table.cell(0, 1).field_name = cell
    if placeholder:
        paragraph = doc.add_paragraph("신청일: {{")
        paragraph.add_run(f" {placeholder} ", bold=True)
        paragraph.add_run("}} 까지")
        table.cell(1, 1).text = f"{{{{{placeholder}}}}}"
    return repacked(doc.to_bytes(), extra=extra, drop=drop, mimetype=mimetype)


def repacked(content, *, extra=None, drop=(), mimetype=None):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for info in source.infolist():
            if info.filename not in drop:
                is_type = info.filename == "mimetype"
                target.writestr(info, mimetype if is_type and mimetype is not None else source.read(info))
        for name, payload in (extra or {}).items():
            target.writestr(name, payload, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def text_of(content, tmp_path):
    path = tmp_path / "filled.hwpx"
    path.write_bytes(content)
    with hwp_hwpx_parser.Reader(str(path)) as reader:
        return reader.extract_text()


def wrong(content):
    with pytest.raises(UnfitForm) as unfit:
        read_fields(content)
    return unfit.value.reason


def test_fields_of_each_kind_are_found():
    fields = read_fields(form())
    assert [(one.name, one.kind) for one in fields] == [
        ("성명", FieldKind.FIELD),
        ("주소", FieldKind.CELL),
        ("신청일", FieldKind.PLACEHOLDER),
    ]
    assert fields[0].label == "이름을 적습니다"


def test_a_second_library_reads_what_was_filled(tmp_path):
    filled = fill(form(), {"성명": "고남석 高南錫", "주소": "인천 연수구", "신청일": "2026. 6. 1."})
    text = text_of(filled.content, tmp_path)
    assert "고남석 高南錫" in text
    assert "인천 연수구" in text
    assert "신청일: 2026. 6. 1. 까지" in text
    assert text.count("2026. 6. 1.") == 2
    assert "{{" not in text
    assert (filled.missing, filled.unknown) == ((), ())
    assert validate_editor_open_safety(filled.content).blocking_package_errors == ()


def test_everything_but_the_body_stays_byte_by_byte():
    before = form()
    after = fill(before, {"성명": "고남석"}).content
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert [info.filename for info in old.infolist()] == [info.filename for info in new.infolist()]
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert new.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert changed == ["Contents/section0.xml"]


def test_what_is_missing_and_what_is_unknown_is_said(tmp_path):
    filled = fill(form(), {"성명": "고남석", "주소": "  ", "직업": "회사원"})
    assert filled.missing == ("주소", "신청일")
    assert filled.unknown == ("직업",)
    assert "신청일" in text_of(filled.content, tmp_path)


def test_nothing_to_fill_changes_nothing():
    content = form()
    assert fill(content, {}).content == content


def test_a_value_that_reads_like_a_placeholder_is_not_filled_in_turn(tmp_path):
    content = form(field="", cell="", placeholder="가")
    doc = HwpxDocument.open(content)
    doc.add_paragraph("{{나}}")
    filled = fill(doc.to_bytes(), {"가": "{{나}}", "나": "둘"})
    assert "신청일: {{나}} 까지" in text_of(filled.content, tmp_path)


def test_a_field_in_several_places_is_filled_everywhere(tmp_path):
    doc = HwpxDocument.new()
    for _place in range(3):
        doc.fields.add(name="성명", prompt="이름", paragraph=doc.add_paragraph("이름: "))
    assert text_of(fill(doc.to_bytes(), {"성명": "고남석"}).content, tmp_path).count("고남석") == 3


def test_a_name_in_several_kinds_of_places_is_filled_in_all_of_them(tmp_path):
    doc = HwpxDocument.new()
    doc.add_table(1, 1).cell(0, 0).field_name = "성명"
    doc.fields.add(name="성명", prompt="이름", paragraph=doc.add_paragraph("이름: "))
    doc.add_paragraph("위 신청인 {{성명}}")
    assert [one.name for one in read_fields(doc.to_bytes())] == ["성명"]
    filled = text_of(fill(doc.to_bytes(), {"성명": "고남석"}).content, tmp_path)
    assert filled.count("고남석") == 3
    assert "{{" not in filled


def test_blanks_around_the_name_of_a_cell_do_not_keep_it_from_being_filled(tmp_path):
    doc = HwpxDocument.new()
    doc.add_table(1, 1).cell(0, 0).element.set("name", " 주소 ")
    assert [one.name for one in read_fields(doc.to_bytes())] == ["주소"]
    assert "서울" in text_of(fill(doc.to_bytes(), {"주소": "서울"}).content, tmp_path)


def test_headers_and_notes_are_filled_like_the_body(tmp_path):
    doc = HwpxDocument.new()
    doc.page.set_header(text="머리 {{성명}}")
    doc.notes.add_footnote("각주 {{성명}}", doc.add_paragraph("글"))
    body = zipfile.ZipFile(io.BytesIO(fill(doc.to_bytes(), {"성명": "고남석"}).content)).read("Contents/section0.xml")
    assert "머리 고남석" in body.decode()
    assert "각주 고남석" in body.decode()
    assert "{{" not in body.decode()


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_any_value_gives_a_file_that_opens(value):
    filled = fill(form(), {"성명": value, "주소": value, "신청일": value})
    assert validate_editor_open_safety(filled.content).reopen_ok


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Wrong.NOT_HWPX),
        (b"%PDF-1.7", Wrong.NOT_HWPX),
        (b"PK\x03\x04broken", Wrong.NOT_HWPX),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, Wrong.OLD_FORMAT),
        (b"\0" * (MOST_BYTES + 1), Wrong.TOO_LARGE),
        (form(mimetype=b"application/epub+zip"), Wrong.NOT_HWPX),
        (form(drop=["mimetype"]), Wrong.NOT_HWPX),
        (form(drop=["Contents/section0.xml"]), Wrong.NOT_HWPX),
        (form(extra={"Scripts/headerScripts": b"x"}), Wrong.UNSAFE),
        (form(extra={"BinData/a.ole": b"x"}), Wrong.UNSAFE),
        (form(extra={"Contents/more.xml": b"<a><hp:ole x='1'/></a>"}), Wrong.UNSAFE),
        (form(extra={"Contents/more.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), Wrong.UNSAFE),
        (form(extra={"bomb.xml": b"\0" * 15_000_000}), Wrong.NOT_HWPX),
        (form(extra={"../escape.xml": b"<a/>"}), Wrong.NOT_HWPX),
        (form(field="", cell="", placeholder=""), Wrong.NO_FIELDS),
        (form(field="주민등록번호"), Wrong.REGISTRATION_NUMBER),
        (form(placeholder="주민 번호"), Wrong.REGISTRATION_NUMBER),
    ],
)
def test_what_is_no_form_is_refused_with_its_reason(content, reason):
    assert wrong(content) == reason


def test_a_locked_file_is_called_locked():
    manifest = b'<odf:manifest xmlns:odf="urn:m"><odf:encryption-data/></odf:manifest>'
    assert wrong(form(drop=["META-INF/manifest.xml"], extra={"META-INF/manifest.xml": manifest})) == Wrong.ENCRYPTED


def test_every_reason_has_a_sentence():
    assert set(REFUSALS) == set(Wrong)


# --- kept forms -------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(settings, tmp_path, db):
    places = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": places}

    def keep(content=None, region=None):
        return add_form(
            name="신청서",
            source="조례 별지 제1호",
            region=region,
            content=content or form(),
            actor=UserFactory(),
            at=NOW,
        )

    return keep


def test_a_form_is_kept_with_its_fields(kept):
    added = OfficeForm.objects.get(pk=kept().pk)
    assert [field["name"] for field in added.fields] == ["성명", "주소", "신청일"]
    assert len(added.sha256) == 64


def test_the_same_file_once_for_each_office(kept):
    content = form()
    kept(content)
    with pytest.raises(RuleViolation):
        kept(content)
    kept(content, MunicipalityFactory())
    assert OfficeForm.objects.count() == 2


def test_a_refused_file_leaves_nothing(kept, tmp_path):
    with pytest.raises(RuleViolation, match="HWPX"):
        kept(b"nonsense")
    assert not OfficeForm.objects.exists()
    assert not list(tmp_path.rglob("*"))


def test_facts_go_into_fields_by_the_mapping(kept, tmp_path):
    actor = UserFactory()
    added = map_form(form_id=kept().pk, mapping={"성명": "person_name", "주소": "address"}, actor=actor, at=NOW)
    filled = fill_form(added, {"person_name": "고남석", "address": "연수구"})
    assert "고남석" in text_of(filled.content, tmp_path)
    assert (filled.missing, filled.unknown) == (("신청일",), ())
    with pytest.raises(RuleViolation, match="직업"):
        map_form(form_id=added.pk, mapping={"직업": "x"}, actor=actor, at=NOW)


def test_a_retired_form_is_filled_no_more_until_it_is_back(kept):
    added, actor = kept(), UserFactory()
    retired = retire_form(form_id=added.pk, actor=actor, at=NOW)
    with pytest.raises(RuleViolation):
        fill_form(retired, {})
    with pytest.raises(RuleViolation):
        retire_form(form_id=added.pk, actor=actor, at=NOW)
    assert fill_form(bring_back_form(form_id=added.pk, actor=actor, at=NOW), {}).missing


def rewritten(change, part="Contents/section0.xml"):
    """A form with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form())) as source, zipfile.ZipFile(made, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info, change(content) if info.filename == part else content)
    return made.getvalue()


HEADING = "주민자치위원 신청서".encode()
PARAGRAPHS = b"http://www.hancom.co.kr/hwpml/2011/paragraph"


@pytest.mark.parametrize("prefix", [b"", b"h2:", b"_a-b.c:", "글:".encode()])
@pytest.mark.parametrize("name", [b"ole", b"video", b"script"])
def test_embedded_objects_are_found_whatever_their_prefix(prefix, name):
    where = b" xmlns:" + prefix[:-1] if prefix else b" xmlns"
    made = b"</hp:t><" + prefix + name + where + b'="' + PARAGRAPHS + b'"/><hp:t>'
    assert wrong(rewritten(lambda content: content.replace(HEADING, made, 1))) == Wrong.UNSAFE


@pytest.mark.parametrize("letters", ["utf-16", "utf-16-be", "utf-7"])
def test_markup_cannot_hide_in_other_letters(letters):
    def changed(content):
        text = content.decode().partition("?>")[2].replace("주민자치위원 신청서", "&e;", 1)
        text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>{text}'
        begins = f'<?xml version="1.0" encoding="{letters[:6]}"?>'
        return begins.encode() + text.encode(letters) if letters == "utf-7" else (begins + text).encode(letters)

    assert wrong(rewritten(changed)) == Wrong.NOT_HWPX


def test_braces_that_are_never_closed_cost_nothing():
    """Some thousand blanks behind them kept the site busy for minutes."""
    content = rewritten(lambda text: text.replace(HEADING, b"{{" + b" " * 100_000, 1))
    assert [one.name for one in read_fields(content)] == ["성명", "주소", "신청일"]


def test_fields_without_end():
    many = "".join(f"{{{{칸 {number}}}}}" for number in range(1001)).encode()
    assert wrong(rewritten(lambda text: text.replace(HEADING, many, 1))) == Wrong.TOO_MANY_FIELDS
