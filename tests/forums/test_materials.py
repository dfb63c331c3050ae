"""Materials: what a file is by its content, what is kept of it, and who may have it."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter

from core.errors import RuleViolation
from forums.filetypes import Fault, Format, Refused, examine, file_name
from forums.models import Material
from forums.services.forums import cancel_forum, publish_forum
from forums.services.materials import add_material, change_material, fault_in_words, remove_material
from residents.states import Role
from tests.factories import NOON, ForumFactory, MunicipalityFactory, UserFactory, acting_for, official, serving_member
from tests.forums.events import planned

GIVEN = {"actor": None, "at": NOON}


def pdf(pages=2, password=""):
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def hwpx(mimetype=b"application/hwp+zip", content="Contents/content.hpf"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr(content, "<x/>")
    return out.getvalue()


def picture(form="JPEG", size=(40, 20), **fields):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **fields)
    return out.getvalue()


def picture_with_place():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"who took it")


OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504

# --- By content -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "form", "pages"),
    [
        (pdf(3), Format.PDF, 3),
        (hwpx(), Format.HWPX, None),
        (OLE + b"HWP Document File V3.00", Format.HWP, None),
        (picture("PNG"), Format.PNG, None),
        (picture("JPEG"), Format.JPEG, None),
    ],
    ids=["pdf", "hwpx", "hwp", "png", "jpeg"],
)
def test_what_is_taken(data, form, pages):
    found = examine(data)
    assert (found.format, found.pages) == (form, pages)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"<!doctype html><script>alert(1)</script>", Fault.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Fault.UNKNOWN),
        (b"MZ\x90\0", Fault.UNKNOWN),
        (picture("WEBP"), Fault.UNKNOWN),
        (picture("GIF"), Fault.UNKNOWN),
        (OLE + b"Word", Fault.UNKNOWN),
        (hwpx(b"application/epub+zip"), Fault.UNKNOWN),
        (hwpx(content="other.xml"), Fault.BROKEN),
        (hwpx()[:60], Fault.BROKEN),
        (b"%PDF-1.7 and nothing more", Fault.BROKEN),
        (pdf(0), Fault.BROKEN),
        (pdf(1, "secret"), Fault.ENCRYPTED),
        (picture("PNG")[:40], Fault.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, Fault.BROKEN),
        (b"\0" * (20 * 1024 * 1024 + 1), Fault.TOO_LARGE),
    ],
    ids=range(16),
)
def test_what_is_refused(data, fault):
    with pytest.raises(Refused) as refusal:
        examine(data)
    assert refusal.value.fault is fault


def test_a_picture_of_too_many_dots_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Refused) as refusal:
        examine(out.getvalue())
    assert refusal.value.fault is Fault.TOO_MANY_PIXELS


def test_pictures_are_written_anew_without_what_is_not_the_picture():
    found = examine(picture_with_place())
    kept = Image.open(io.BytesIO(found.data))
    assert dict(kept.getexif()) == {}
    assert "comment" not in kept.info
    assert kept.size == (20, 40)  # upright
    assert b"SecretCamera" not in found.data


def test_what_hides_behind_a_picture_is_left():
    assert b"<script>" not in examine(picture("PNG") + b"<script>alert(1)</script>").data


def test_clear_parts_of_a_picture_stay_clear():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(examine(out.getvalue()).data)).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("name", "form", "kept"),
    [
        ("발제 1.pdf", Format.PDF, "발제 1.pdf"),
        ("발제.exe", Format.PDF, "발제.exe.pdf"),
        ("사진.JPEG", Format.JPEG, "사진.jpg"),
        ("../../etc/passwd", Format.PDF, "passwd.pdf"),
        ("C:\\자료\\a.hwpx", Format.HWPX, "a.hwpx"),
        ('a"b\r\n.pdf', Format.PDF, "ab.pdf"),
        ("", Format.PNG, "file.png"),
        (".pdf", Format.PDF, "pdf.pdf"),
    ],
)
def test_names_are_made_safe(name, form, kept):
    assert file_name(name, form) == kept


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_sentence(fault):
    text = fault_in_words(fault)
    assert text
    assert "%" not in text


# --- Kept -------------------------------------------------------------------------------------------------------------


def add(forum, data=None, **fields):
    return add_material(forum_id=forum.pk, data=data or pdf(), name="발제.pdf", title="발제 1", **{**GIVEN, **fields})


@pytest.mark.django_db
def test_a_material_is_kept_under_a_name_that_tells_nothing():
    material = add(ForumFactory(), author="윤종오")
    assert (material.pages, material.content_type, material.file_name) == (2, "application/pdf", "발제.pdf")
    assert material.file.name.startswith(f"materials/{material.forum_id}/{material.sha256[:32]}")
    assert len(PdfReader(material.file).pages) == 2


@pytest.mark.django_db
def test_the_same_file_comes_once():
    forum = ForumFactory()
    data = pdf()
    add(forum, data)
    with pytest.raises(RuleViolation) as refusal:
        add(forum, data)
    assert refusal.value.code == "material_twice"
    assert add(ForumFactory(), data).pk


@pytest.mark.django_db
def test_a_pdf_that_no_book_could_hold_is_refused_when_it_comes_in():
    forum = planned()
    data = pdf(2).replace(b"0.0 0.0 200 200", b"0.0 0.0 000 000")
    assert data != pdf(2)
    with pytest.raises(RuleViolation, match="손상") as refused:
        add_material(forum_id=forum.pk, data=data, name="발제.pdf", title="발제", **GIVEN)
    assert (refused.value.code, Material.objects.count()) == ("file_broken", 0)


@pytest.mark.django_db
def test_what_stands_in_a_damaged_file_reaches_no_log(caplog):
    damaged = pdf(2).replace(b"0.0 0.0 200 200", b"Hong-Gildong 200 200")
    with pytest.raises(RuleViolation):
        add(ForumFactory(), damaged)
    assert "Hong-Gildong" not in caplog.text


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing():
    forum = ForumFactory()
    with pytest.raises(RuleViolation) as refusal:
        add(forum, b"<html>")
    assert (refusal.value.code, refusal.value.status) == ("file_unknown", 400)
    assert not Material.objects.exists()


@pytest.mark.django_db
def test_materials_belong_to_a_presentation_of_their_event():
    forum, other = planned(), planned()
    with pytest.raises(RuleViolation):
        add(forum, contribution=other.contributions.get())
    material = add(forum, contribution=forum.contributions.get())
    with pytest.raises(RuleViolation):
        change_material(material_id=material.pk, changes={"contribution": other.contributions.get()}, **GIVEN)
    assert change_material(material_id=material.pk, changes={"is_public": True}, **GIVEN).is_public


@pytest.mark.django_db(transaction=True)
def test_a_removed_material_leaves_the_storage():
    material = add(ForumFactory())
    place = material.file.name
    assert default_storage.exists(place)
    remove_material(material_id=material.pk, **GIVEN)
    assert not default_storage.exists(place)


@pytest.mark.django_db
def test_a_cancelled_event_takes_no_materials():
    forum = planned()
    cancel_forum(forum_id=forum.pk, reason="태풍", **GIVEN)
    with pytest.raises(RuleViolation):
        add(forum)


# --- Who may have it --------------------------------------------------------------------------------------------------

PEOPLE = {
    "anybody": lambda: None,
    "account": UserFactory,
    "district": lambda: official(Role.DISTRICT_OFFICIAL, MunicipalityFactory()),
    "member": lambda: acting_for(serving_member()),
    "secretariat": lambda: official(Role.CLUB_SECRETARIAT),
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("is_public", [True, False])
@pytest.mark.parametrize("is_published", [True, False])
def test_who_may_have_a_material(client, who, is_public, is_published):
    forum = planned()
    material = add(forum, is_public=is_public)
    if is_published:
        publish_forum(forum_id=forum.pk, **GIVEN)
    user = PEOPLE[who]()
    if user:
        client.force_login(user)
    allowed = who == "secretariat" or (is_published and (is_public or who == "member"))
    response = client.get(reverse("forums:material", args=[material.pk]))
    assert response.status_code == (200 if allowed else 404)
    if is_published:
        listed = reverse("forums:material", args=[material.pk]) in client.get(forum.get_absolute_url()).content.decode()
        assert listed == allowed


@pytest.mark.django_db
def test_a_material_is_a_file_to_save(client):
    forum = planned()
    material = add(forum, is_public=True)
    publish_forum(forum_id=forum.pk, **GIVEN)
    response = client.get(reverse("forums:material", args=[material.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    assert "%EB%B0%9C%EC%A0%9C.pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"%PDF")


@pytest.mark.django_db
def test_a_lost_file_is_not_found(client):
    forum = planned()
    material = add(forum, is_public=True)
    publish_forum(forum_id=forum.pk, **GIVEN)
    material.file.storage.delete(material.file.name)
    assert client.get(reverse("forums:material", args=[material.pk])).status_code == 404


@pytest.mark.django_db
def test_what_was_called_off_as_a_draft_gives_away_nothing(client):
    """It never was public, so its materials are not either, not even to members."""
    forum = planned()
    open_one = add_material(forum_id=forum.pk, data=pdf(), name="a.pdf", title="자료", is_public=True, **GIVEN)
    cancel_forum(forum_id=forum.pk, reason="장소가 없습니다.", **GIVEN)
    address = reverse("forums:material", args=[open_one.pk])
    assert client.get(address).status_code == 404
    client.force_login(acting_for(serving_member(name="가나다")))
    assert client.get(address).status_code == 404
