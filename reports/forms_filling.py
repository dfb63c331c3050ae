"""An office's own form as HWPX: which fields it has, and the same file with the fields filled.

Fields are what the word processor calls click-here fields, named cells of tables, named text boxes, and words in double
braces such as {{name}}. Filling changes the texts of these and nothing else: every other part of the file stays byte by
byte as the office made it. Pure but for the library: no Django models, no clock.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import ParseError

from hwpx import HwpxDocument
from hwpx.errors import HwpxError
from hwpx.opc.package import HwpxPackageError, HwpxStructureError
from hwpx.opc.security import HwpxSecurityError, ZipGuardLimits, guard_zip_file, read_zip_members
from hwpx.patch import rewrite_package_parts
from lxml.etree import LxmlError  # type: ignore[import-untyped]

MOST_BYTES = 5 * 1024 * 1024
LIMITS = ZipGuardLimits(
    max_entries=500,
    max_member_bytes=20 * 1024 * 1024,
    max_total_uncompressed_bytes=40 * 1024 * 1024,
    max_compression_ratio=300,
)
MIMETYPE = b"application/hwp+zip"
OLD_FORMAT = bytes.fromhex("d0cf11e0a1b11ae1")
PARTS = re.compile(r"Contents/(section\d+|header)\.xml")
# Parts and elements that run or hide something.
FORBIDDEN_PARTS = re.compile(r"(^|/)scripts?/|\.(js|vbs|ole|exe|dll|bat|cmd|lnk|hta)$", re.IGNORECASE)
FORBIDDEN_MARKUP = re.compile(rb"<!DOCTYPE|<!ENTITY|<(?:[^\s<>/:=\"']{1,200}:)?(ole|video|script)[\s/>]", re.IGNORECASE)
# Word processors write UTF-8. In other letters the markup above could not be found.
OTHER_LETTERS = re.compile(rb"\0|<\?xml[^>]{0,200}encoding\s{0,20}=\s{0,20}[\"'](?!utf-8[\"'])", re.IGNORECASE)
TEXT_PARTS = (".xml", ".hpf", ".rdf")
# What may hold anything at all; nothing of it is read here.
ENCLOSED = ("BinData/", "Preview/")
ENCRYPTED = b"encryption-data"
# With the blanks around the name, which belong to no name: sought apart they took a time that grew with their square.
PLACEHOLDER = re.compile(r"\{\{([^{}\n]{1,120})\}\}")
LONGEST_PLACEHOLDER = 60
MOST_FIELDS = 1000
# An office may not ask for the resident registration number here, under either of its names.
REGISTRATION_NUMBER = re.compile("주민(등록)?번호")  # korean: both names of the number
TOKEN_OPENS, TOKEN_CLOSES = "\ue000", "\ue001"
LONGEST_VALUE = 2000
TEXT = "{http://www.hancom.co.kr/hwpml/2011/paragraph}t"
PARAGRAPH = "{http://www.hancom.co.kr/hwpml/2011/paragraph}p"

BROKEN = (
    HwpxError,
    HwpxPackageError,
    HwpxStructureError,
    HwpxSecurityError,
    zipfile.BadZipFile,
    zlib.error,
    LxmlError,
    ParseError,
    KeyError,
    ValueError,
    EOFError,
)


class Wrong(StrEnum):
    """Why a file is no form that can be filled."""

    TOO_LARGE = "too_large"
    OLD_FORMAT = "old_format"
    NOT_HWPX = "not_hwpx"
    ENCRYPTED = "encrypted"
    UNSAFE = "unsafe"
    NO_FIELDS = "no_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    REGISTRATION_NUMBER = "registration_number"


class UnfitForm(ValueError):  # noqa: N818 - the house's word for it
    """`reason` says why; the caller has the words."""

    def __init__(self, reason: Wrong) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FieldKind(StrEnum):
    FIELD = "field"
    CELL = "cell"
    BOX = "box"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field by its name; several places with the same name are one field. `label` is what the form says there."""

    name: str
    kind: FieldKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """The filled form. missing: fields left empty; unknown: values for which the form has no field."""

    content: bytes
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def read_fields(content: bytes) -> list[FormField]:
    """The named fields of a form, in the order of the paper, after looking at everything else in the file.

    Raises UnfitForm if the file is no HWPX, is unsafe, has no named field, or asks for the registration number.
    """
    _refuse_unsafe(content)
    try:
        fields = _fields_of(_spots_of(HwpxDocument.open(content)))
    except BROKEN as error:
        raise UnfitForm(Wrong.NOT_HWPX) from error
    if not fields:
        raise UnfitForm(Wrong.NO_FIELDS)
    if len(fields) > MOST_FIELDS:
        raise UnfitForm(Wrong.TOO_MANY_FIELDS)
    if any(REGISTRATION_NUMBER.search(f"{field.name} {field.label}".replace(" ", "")) for field in fields):
        raise UnfitForm(Wrong.REGISTRATION_NUMBER)
    return fields


def _refuse_unsafe(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise UnfitForm(Wrong.TOO_LARGE)
    if content.startswith(OLD_FORMAT):
        raise UnfitForm(Wrong.OLD_FORMAT)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            guard_zip_file(package, limits=LIMITS)
            names = package.namelist()
            parts = read_zip_members(package, limits=LIMITS)
    except BROKEN as error:
        raise UnfitForm(Wrong.NOT_HWPX) from error
    except (NotImplementedError, RuntimeError) as error:
        # How the standard library says that an archive is encrypted, or packed in a way it does not know.
        raise UnfitForm(Wrong.ENCRYPTED) from error
    if len(set(names)) != len(names) or parts.get("mimetype", b"").strip() != MIMETYPE:
        raise UnfitForm(Wrong.NOT_HWPX)
    if ENCRYPTED in parts.get("META-INF/manifest.xml", b""):
        raise UnfitForm(Wrong.ENCRYPTED)
    texts = [payload for name, payload in parts.items() if _is_read(name)]
    if any(OTHER_LETTERS.search(text) for text in texts):
        raise UnfitForm(Wrong.NOT_HWPX)
    if any(FORBIDDEN_PARTS.search(name) for name in names) or any(FORBIDDEN_MARKUP.search(text) for text in texts):
        raise UnfitForm(Wrong.UNSAFE)


def _is_read(name: str) -> bool:
    return name.lower().endswith(TEXT_PARTS) or not name.startswith(ENCLOSED)


def _spots_of(doc: HwpxDocument) -> list[FormField]:
    """Every name once for each kind of place that bears it, in the order of the kinds and of the paper."""
    found: dict[tuple[FieldKind, str], FormField] = {}

    def add(written: str, kind: FieldKind, label: str = "") -> None:
        if name := written.strip():
            found.setdefault((kind, name), FormField(name, kind, " ".join(label.split())[:100]))

    for field in doc.fields.all:
        add(field.name or "", FieldKind.FIELD, field.prompt or "")
    for cell in doc.fields.cells:
        add(cell.name, FieldKind.CELL)
    for box in doc.fields.text_boxes:
        add(box.name, FieldKind.BOX)
    for text in _texts(doc):
        for match in PLACEHOLDER.finditer(text):
            add(_name_in(match), FieldKind.PLACEHOLDER)
    return list(found.values())


def _fields_of(spots: Iterable[FormField]) -> list[FormField]:
    """One field for each name, of the kind that comes first."""
    found: dict[str, FormField] = {}
    for spot in spots:
        found.setdefault(spot.name, spot)
    return list(found.values())


def _name_in(placeholder: re.Match[str]) -> str:
    """The name between the braces; "" if it is none."""
    name = placeholder.group(1).strip()
    return name if len(name) <= LONGEST_PLACEHOLDER else ""


def _texts(doc: HwpxDocument) -> Iterable[str]:
    """The text of every paragraph, wherever it stands."""
    for section in doc.sections:
        for paragraph in section.element.iter(PARAGRAPH):
            yield "".join("".join(text.itertext()) for text in paragraph.iter(TEXT))


def fill(content: bytes, values: Mapping[str, str]) -> Filled:
    """The form with `values` in the fields of these names; fields without a value stay as they are.

    Raises UnfitForm if the file cannot be read.
    """
    try:
        doc = HwpxDocument.open(content)
        spots = _spots_of(doc)
        given = {name: _writable(value) for name, value in values.items() if value.strip()}
        # Placeholders by way of tokens: a value that itself reads like a placeholder must not be filled in turn.
        tokens = _tokens_for_placeholders(doc, given)
        for spot in spots:
            if spot.name in given and spot.kind is not FieldKind.PLACEHOLDER:
                _FILLERS[spot.kind](doc, spot.name, given[spot.name])
        for token, value in tokens.items():
            doc.text.replace(token, value.replace("\n", " "), everywhere=True)
        filled = _spliced(content, doc.to_bytes()) if given else content
    except BROKEN as error:
        raise UnfitForm(Wrong.NOT_HWPX) from error
    names = [field.name for field in _fields_of(spots)]
    return Filled(
        content=filled,
        missing=tuple(name for name in names if name not in given),
        unknown=tuple(sorted(values.keys() - set(names))),
    )


def _writable(value: str) -> str:
    """The value without signs that a file of XML cannot hold or that stand for something here."""
    kept = (sign for sign in value[:LONGEST_VALUE] if sign.isprintable() or sign == "\n")
    return "".join(kept).replace(TOKEN_OPENS, "").replace(TOKEN_CLOSES, "")


def _fill_field(doc: HwpxDocument, name: str, value: str) -> None:
    places = [number for number, field in enumerate(doc.fields.all) if (field.name or "").strip() == name]
    for place in places:
        doc.fields.fill(value, field_index=place)


def _fill_cell(doc: HwpxDocument, name: str, value: str) -> None:
    # One by one: the library does not find a name with blanks around it.
    for cell in doc.fields.cells:
        if cell.name.strip() == name:
            cell.text = value


def _fill_box(doc: HwpxDocument, name: str, value: str) -> None:
    for box in doc.fields.text_boxes:
        if box.name.strip() == name:
            box.text = value


def _tokens_for_placeholders(doc: HwpxDocument, given: Mapping[str, str]) -> dict[str, str]:
    """Put a token where each placeholder with a value stands; token → value."""
    spellings: dict[str, set[str]] = {}
    for text in _texts(doc):
        for match in PLACEHOLDER.finditer(text):
            spellings.setdefault(_name_in(match), set()).add(match.group(0))
    tokens = {}
    for number, (name, found) in enumerate(spellings.items()):
        if name in given:
            token = f"{TOKEN_OPENS}{number}{TOKEN_CLOSES}"
            for spelling in found:
                doc.text.replace(spelling, token, everywhere=True)
            tokens[token] = given[name]
    return tokens


_FILLERS: dict[FieldKind, Any] = {
    FieldKind.FIELD: _fill_field,
    FieldKind.CELL: _fill_cell,
    FieldKind.BOX: _fill_box,
}


def _spliced(content: bytes, saved: bytes) -> bytes:
    """The office's file with only those parts of the body replaced that filling changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(io.BytesIO(saved)) as after:
        changed = {
            name: after.read(name)
            for name in before.namelist()
            if PARTS.fullmatch(name) and name in after.namelist() and after.read(name) != before.read(name)
        }
    result: bytes = rewrite_package_parts(content, changed)
    return result
