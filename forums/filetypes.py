"""What a file is, by its content and never by its name, and whether participants may be given it. Pure.

Taken are PDF, HWPX, HWP, PNG and JPEG. Pictures are written anew, so that nothing comes along that is not the picture
(place and camera in EXIF, comments, files hidden behind it). Everything else is refused, above all what a browser
would run.
"""

import io
import warnings
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 600
MOST_PIXELS = 40_000_000
HWPX_TYPE = b"application/hwp+zip"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
HWP_MARK = b"HWP Document File"
HEAD = 1024


class Format(StrEnum):
    """Kinds that are taken, by the ending of their names."""

    PDF = "pdf"
    HWPX = "hwpx"
    HWP = "hwp"
    PNG = "png"
    JPEG = "jpg"


CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.HWPX: "application/hwp+zip",
    Format.HWP: "application/x-hwp",
    Format.PNG: "image/png",
    Format.JPEG: "image/jpeg",
}


class Fault(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"


class Refused(Exception):  # noqa: N818 - what it says about the file
    """The file is not taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that is taken: what is kept of it (a picture written anew), and its pages if it is a PDF."""

    format: Format
    data: bytes
    pages: int | None = None

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


def examine(data: bytes) -> Examined:
    """Say what `data` is and what is kept of it. Raises Refused."""
    if not data:
        raise Refused(Fault.EMPTY)
    if len(data) > MOST_BYTES:
        raise Refused(Fault.TOO_LARGE)
    if b"%PDF-" in data[:HEAD]:
        return Examined(Format.PDF, data, _pages(data))
    if data.startswith(b"PK\x03\x04"):
        return _hwpx(data)
    if data.startswith(OLE):
        if HWP_MARK not in data:
            raise Refused(Fault.UNKNOWN)
        return Examined(Format.HWP, data)
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(data)
    raise Refused(Fault.UNKNOWN)


def _refuse_if(is_so: bool, fault: Fault) -> None:
    if is_so:
        raise Refused(fault)


def _pages(data: bytes) -> int:
    try:
        reader = PdfReader(io.BytesIO(data))
        _refuse_if(reader.is_encrypted, Fault.ENCRYPTED)
        pages = len(reader.pages)
    # Broken files make the reader fail in more ways than it names.
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Refused(Fault.BROKEN) from error
    if not pages:
        raise Refused(Fault.BROKEN)
    if pages > MOST_PAGES:
        raise Refused(Fault.TOO_MANY_PAGES)
    return pages


def _hwpx(data: bytes) -> Examined:
    """Nothing is unpacked but the one line that says what kind of archive it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            info = archive.getinfo("mimetype") if "mimetype" in names else None
            is_one = info is not None and info.file_size <= HEAD and archive.read(info).strip() == HWPX_TYPE
            _refuse_if(not is_one, Fault.UNKNOWN)
            _refuse_if(any(entry.flag_bits & 1 for entry in archive.infolist()), Fault.ENCRYPTED)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise Refused(Fault.BROKEN) from error
    if "Contents/content.hpf" not in names:
        raise Refused(Fault.BROKEN)
    return Examined(Format.HWPX, data)


def _picture(data: bytes) -> Examined:
    """The picture alone, upright, in the colours of screens."""
    try:
        with warnings.catch_warnings():
            # The size is looked at here, before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
        _refuse_if(picture.width * picture.height > MOST_PIXELS, Fault.TOO_MANY_PIXELS)
        is_png = picture.format == "PNG"
        upright = ImageOps.exif_transpose(picture)
        has_clear_parts = is_png and ("A" in upright.getbands() or "transparency" in upright.info)
        plain = upright.convert("RGBA" if has_clear_parts else "RGB")
        # A new picture of the same dots: Pillow would carry profiles and comments of the old one along.
        bare = Image.new(plain.mode, plain.size)
        bare.paste(plain)
        out = io.BytesIO()
        if is_png:
            bare.save(out, "PNG", optimize=True)
        else:
            bare.save(out, "JPEG", quality=88, optimize=True)
    except Image.DecompressionBombError as error:
        raise Refused(Fault.TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused(Fault.BROKEN) from error
    return Examined(Format.PNG if is_png else Format.JPEG, out.getvalue())


def file_name(name: str, form: Format) -> str:
    """A name to save the file under: without paths and control characters, with the ending of what it is."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    stem, dot, ending = clean.rpartition(".")
    known = {*Format, "jpeg"}
    if not dot or ending.lower() not in known:
        stem = clean
    return f"{stem[:150] or 'file'}.{form.value}"
