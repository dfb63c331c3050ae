"""The pages of foreign PDFs, drawn into the room that was kept for them.

Foreign files are not trusted. Of each page only what it shows is taken: its content and the fonts and pictures that the
content names, as one sealed drawing. Scripts, actions, forms, links, embedded files and layers stay behind.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PdfReadError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NullObject,
    RectangleObject,
    StreamObject,
)

from core.errors import RuleViolation
from reports.content import Attachment, Report
from reports.pdf.blocks import Place

Tell = Callable[[int, str], None]

MOST_PAGES = 1000
# What the pages of one file may hold unpacked, in bytes: a thousand of them can name the same few kilobytes that
# unpack into millions, and each is drawn anew.
MOST_CONTENT = 300 * 1024 * 1024
MM = 72 / 25.4
# What remains free of the foreign page: the footer with the page number, and a margin on the other sides.
MARGIN = 9 * MM
FOOTER = 17 * MM
# What a broken or hostile file makes pypdf raise besides its own errors.
BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RecursionError,
    OverflowError,
    OSError,
)
# Entries that run, reach out, or lead back to the file that the page comes from.
LEFT_BEHIND = (
    *("/A", "/AA", "/AF", "/Alternates", "/Annots", "/EF", "/JS", "/JavaScript", "/Metadata", "/OC", "/OPI"),
    *("/OpenAction", "/P", "/Parent", "/PieceInfo", "/Ref", "/StructParent", "/StructParents", "/URI"),
)
# Where the keys of a dictionary are names that its maker chose.
CHOSEN_NAMES = ("/CharProcs", "/ColorSpace", "/Colorants", "/ExtGState", "/Font", "/Pattern", "/Shading", "/XObject")
OUTSIDE_FILE = ("/F", "/FFilter", "/FDecodeParms")
PDF_VERSION = "%PDF-1.7"  # as WeasyPrint writes it
HIDDEN = 2 | 32  # flags of annotations that are not shown


def can_be_drawn(data: bytes) -> bool:
    """Whether every page of a PDF could be added to a document: asked when it comes in, so that no book fails of it."""
    copyist = _Copyist(PdfWriter())
    try:
        pages = list(PdfReader(io.BytesIO(data)).pages)
        for page in pages:
            _upright(page, copyist.drawing(page)[1])
    except (_CannotBeUsed, *BROKEN):
        return False
    return bool(pages)


class _CannotBeUsed(Exception):  # noqa: N818 - caught here and said with the material's name
    """Why a file cannot be appended, as a sentence."""


@dataclass(slots=True)
class Materials:
    """The foreign PDFs of a document, opened and checked, in its order."""

    attachments: list[Attachment]
    readers: list[PdfReader] = field(default_factory=list)
    open_files: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def of(cls, report: Report) -> Self:
        """Raises RuleViolation, naming the material, if one is broken, encrypted or not the file that was meant."""
        materials = cls(report.attachments())
        try:
            for attachment in materials.attachments:
                with _named(attachment):
                    materials.readers.append(materials._opened(attachment))
        except BaseException:
            materials.open_files.close()
            raise
        return materials

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.open_files.close()

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(len(reader.pages) for reader in self.readers)

    def _opened(self, attachment: Attachment) -> PdfReader:
        file = self.open_files.enter_context(Path(attachment.path).open("rb"))  # noqa: SIM115 - closed with the others
        if attachment.sha256 and hashlib.file_digest(file, "sha256").hexdigest() != attachment.sha256:
            raise _CannotBeUsed(_("The file was changed since it was uploaded."))
        file.seek(0)
        reader = PdfReader(file)
        if reader.is_encrypted:
            raise _CannotBeUsed(_("It is protected with a password."))
        if not 1 <= len(reader.pages) <= MOST_PAGES:
            raise _CannotBeUsed(_("It has no pages, or more than %(most)s.") % {"most": MOST_PAGES})
        return reader

    def write(self, document: Any, places: list[Place], target: Path, options: dict[str, Any], tell: Tell) -> None:
        """Draw the document's own pages, then the foreign ones into the room that was kept."""
        book, whole = target.with_name(f".{target.name}.book"), target.with_name(f".{target.name}.whole")
        try:
            document.write_pdf(book, **options)
            with book.open("rb") as file:
                writer = PdfWriter(clone_from=file)
                # It would say 1.3, which knows neither tags nor half transparent colours.
                writer.pdf_header = PDF_VERSION
                where = {name: number for number, page in enumerate(document.pages) for name in page.anchors}
                for done, (place, reader) in enumerate(zip(places, self.readers, strict=True)):
                    tell(
                        80 + 15 * done // len(places),
                        _("Adding the pages of “%(title)s”") % {"title": place.attachment.title},
                    )
                    with _named(place.attachment):
                        copyist = _Copyist(writer)
                        for number, page in enumerate(reader.pages, start=1):
                            _draw_into(writer.pages[where[f"{place.name}-{number}"]], page, copyist)
                with whole.open("wb") as made:
                    writer.write(made)
            whole.replace(target)
        finally:
            book.unlink(missing_ok=True)
            whole.unlink(missing_ok=True)


class _named:  # noqa: N801 - used like a function
    """Turns what goes wrong with a file into a sentence that names the material."""

    def __init__(self, attachment: Attachment) -> None:
        self.attachment = attachment

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _CannotBeUsed):
            why = str(error)
        elif isinstance(error, BROKEN):
            why = _("The file is damaged or is not a PDF.")
        else:
            return
        raise RuleViolation(
            _("The material “%(title)s” cannot be added to the document. %(why)s Please upload it anew as a plain PDF.")
            % {"title": self.attachment.title, "why": why},
            code="bad_material",
        ) from error


class _Copyist:
    """Copies objects of one foreign file into the book: each only once, and without what is left behind."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.copied: dict[tuple[int, int], Any] = {}
        self.room = MOST_CONTENT

    def copy(self, value: Any, *, are_names: bool = False) -> Any:
        if isinstance(value, IndirectObject):
            key = (value.idnum, value.generation)
            if key not in self.copied:
                found = value.get_object()
                if found is None:
                    return NullObject()
                # The place in the book comes first: objects may lead back to themselves.
                room = self.writer._add_object(NullObject())
                self.copied[key] = room
                self.writer._replace_object(room.idnum, self.copy(found, are_names=are_names))
            return self.copied[key]
        if isinstance(value, StreamObject):
            return self._stream(value)
        if isinstance(value, DictionaryObject):
            return DictionaryObject(self._entries(value, are_names=are_names))
        if isinstance(value, ArrayObject):
            return ArrayObject(self.copy(item) for item in value)
        return value

    def _entries(self, source: DictionaryObject, *, are_names: bool) -> Iterator[tuple[NameObject, Any]]:
        for key in source:
            if are_names or key not in LEFT_BEHIND:
                yield NameObject(key), self.copy(source.raw_get(key), are_names=not are_names and key in CHOSEN_NAMES)

    def _stream(self, source: StreamObject) -> StreamObject:
        made: StreamObject = type(source)() if isinstance(source, EncodedStreamObject) else StreamObject()
        if source.get("/Subtype") == "/PS":
            return made
        made._data = source._data
        made.update(entry for entry in self._entries(source, are_names=False) if entry[0] not in OUTSIDE_FILE)
        return made

    def resources(self, page: DictionaryObject) -> DictionaryObject:
        found: Any = page.get("/Resources")
        source = found.get_object() if _is_given(found) else DictionaryObject()
        made = DictionaryObject(
            (NameObject(kind), self.copy(source.raw_get(kind), are_names=True))
            for kind in CHOSEN_NAMES
            if kind in source
        )
        layers: Any = source.get("/Properties")
        if _is_given(layers):
            # The content may name its layers; they need to be there, and they hold nothing.
            empty = ((NameObject(name), DictionaryObject()) for name in layers.get_object())
            made[NameObject("/Properties")] = DictionaryObject(empty)
        return made

    def drawing(self, page: PageObject) -> tuple[IndirectObject, RectangleObject]:
        """What a page shows, as one drawing with its own resources, and the rectangle of it that is seen."""
        contents = page.get_contents()
        data = contents.get_data() if contents is not None else b""
        self.room -= len(data)
        if self.room < 0:
            raise _CannotBeUsed(_("Its pages hold far more than can be printed."))
        resources = self.resources(page)
        # What forms show belongs to the page; how they are filled in does not.
        shown = _own_entries(resources, "/XObject")
        for number, (appearance, place) in enumerate(_appearances(page)):
            name = f"/Shown{number}"
            shown[NameObject(name)] = self.copy(appearance)
            data = b"q\n" + data + b"\nQ\n" if number == 0 else data
            data += b"q %s cm %s Do Q\n" % (_numbers(place), name.encode())
        box = _seen(page)
        made = StreamObject()
        made.set_data(data)
        made.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): RectangleObject((box.left, box.bottom, box.right, box.top)),
                NameObject("/Resources"): resources,
            }
        )
        return self.writer._add_object(made.flate_encode()), box


def _is_given(value: Any) -> bool:
    """An entry that is null, or leads to an object that is not there, is one that is not given (ISO 32000-1, 7.3.9)."""
    return value is not None and not isinstance(value.get_object(), NullObject)


def _seen(page: PageObject) -> RectangleObject:
    """The part of a page that is seen: its crop box, as far as it lies on the sheet; else the whole sheet.

    Any two opposite corners may be given (ISO 32000-1, 7.9.5). Raises PdfReadError for a sheet without a size.
    """
    sheet, crop = _corners(page.mediabox), _corners(page.cropbox)
    if sheet[0] >= sheet[2] or sheet[1] >= sheet[3]:
        raise PdfReadError("a sheet without a size")
    left, bottom = max(sheet[0], crop[0]), max(sheet[1], crop[1])
    right, top = min(sheet[2], crop[2]), min(sheet[3], crop[3])
    return RectangleObject((left, bottom, right, top) if left < right and bottom < top else sheet)


def _corners(box: RectangleObject) -> tuple[float, float, float, float]:
    across, up = sorted((float(box.left), float(box.right))), sorted((float(box.bottom), float(box.top)))
    return across[0], up[0], across[1], up[1]


def _own_entries(resources: DictionaryObject, kind: str) -> DictionaryObject:
    """The entries of a kind, as a dictionary that is shared with no other page."""
    known: Any = resources.get(kind)
    own = DictionaryObject(known.get_object()) if _is_given(known) else DictionaryObject()
    resources[NameObject(kind)] = own
    return own


def _appearances(page: PageObject) -> Iterator[tuple[Any, tuple[float, ...]]]:
    """What the fields and remarks of a page show, as (reference, matrix that puts it into its place)."""
    references: Any = page.get("/Annots")
    for reference in references if isinstance(references, ArrayObject) else ():
        annotation: Any = reference.get_object()
        if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") in {"/Link", "/Popup"}:
            continue
        looks = annotation.get("/AP")
        if looks is None or "/N" not in looks or "/Rect" not in annotation or int(annotation.get("/F", 0)) & HIDDEN:
            continue
        shown: Any = looks["/N"]
        raw = looks.raw_get("/N")
        if not isinstance(shown, StreamObject):
            state = annotation.get("/AS")
            if not isinstance(shown, DictionaryObject) or state not in shown:
                continue
            shown, raw = shown[state], shown.raw_get(state)
        if isinstance(shown, StreamObject) and "/BBox" in shown:
            yield raw, _into(annotation["/Rect"], shown)


def _into(place: Any, shown: Any) -> tuple[float, ...]:
    """The matrix that puts an appearance into the rectangle of its annotation (ISO 32000-1, 12.5.5)."""
    a, b, c, d, e, f = (float(number) for number in shown.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    x1, y1, x2, y2 = (float(number) for number in shown["/BBox"])
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x1, x2) for y in (y1, y2)]
    left, bottom = min(x for x, _y in corners), min(y for _x, y in corners)
    wide, high = max(x for x, _y in corners) - left, max(y for _x, y in corners) - bottom
    rect = [float(number) for number in place]
    to_left, to_bottom = min(rect[0], rect[2]), min(rect[1], rect[3])
    stretch_x = abs(rect[2] - rect[0]) / wide if wide else 1.0
    stretch_y = abs(rect[3] - rect[1]) / high if high else 1.0
    return stretch_x, 0, 0, stretch_y, to_left - left * stretch_x, to_bottom - bottom * stretch_y


def _upright(page: PageObject, box: RectangleObject) -> tuple[tuple[float, ...], float, float]:
    """(matrix that puts what is seen of a page upright into the corner, its width, its height). Raises PdfReadError."""
    left, bottom, right, top = (float(edge) for edge in (box.left, box.bottom, box.right, box.top))
    turned: Any = page.get("/Rotate", 0)
    turn = int(turned) % 360 if isinstance(turned, int | float) else 0
    upright = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }.get(turn)
    if upright is None:
        raise PdfReadError("turned by an angle that no sheet is turned by")
    return (upright, right - left, top - bottom) if turn % 180 == 0 else (upright, top - bottom, right - left)


def _draw_into(kept: PageObject, page: PageObject, copyist: _Copyist) -> None:
    """Draw the foreign page, as large as fits above the footer and centred, into the page of the book."""
    drawing, box = copyist.drawing(page)
    upright, wide, high = _upright(page, box)
    room_wide, room_high = float(kept.mediabox.width) - 2 * MARGIN, float(kept.mediabox.height) - MARGIN - FOOTER
    scale = min(room_wide / wide, room_high / high)
    x, y = MARGIN + (room_wide - wide * scale) / 2, FOOTER + (room_high - high * scale) / 2
    a, b, c, d, e, f = (scale * number for number in upright)
    content = b"q %s cm /Material Do Q\n" % _numbers((a, b, c, d, e + x, f + y))
    # A hair line around the sheet, so that a white slide has an edge.
    content += b"q 0.7 G 0.4 w %s re S Q\n" % _numbers((x, y, wide * scale, high * scale))

    shared: Any = kept["/Resources"]
    resources = DictionaryObject(shared.get_object())
    kept[NameObject("/Resources")] = resources
    _own_entries(resources, "/XObject")[NameObject("/Material")] = drawing
    own = kept.raw_get("/Contents")
    before = [own] if isinstance(own, IndirectObject) else list(own)
    parts = [_stream(copyist.writer, b"q\n"), *before, _stream(copyist.writer, b"\nQ\n" + content)]
    kept[NameObject("/Contents")] = ArrayObject(parts)


def _stream(writer: PdfWriter, data: bytes) -> IndirectObject:
    made = StreamObject()
    made.set_data(data)
    return writer._add_object(made)


def _numbers(numbers: tuple[float, ...]) -> bytes:
    return " ".join(f"{number:.5f}" for number in numbers).encode()
