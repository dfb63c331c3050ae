"""What a file was made from, as one number: the same content, design and code make the same file."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from reports.content import Attachment, Report
from reports.registry import Format

LIBRARIES = ("weasyprint", "pypdf", "python-hwpx", "xlsxwriter")
CODE = ("reports/*.py", "reports/pdf/*.py", "core/sheets.py", "templates/reports/print/*", "static/print/*")


def fingerprint_of(report: Report, file_format: Format) -> str:
    """SHA-256 of the content with its attachments, the format, and the code that draws it."""
    return _digest(["report", file_format.value, code_version(), canonical(report)])


def fingerprint_of_bytes(made: bytes, file_format: Format, name: str) -> str:
    """SHA-256 of a file that an app writes itself, and of the document's name."""
    return _digest(["own", file_format.value, name, hashlib.sha256(made).hexdigest()])


def canonical(value: Any) -> Any:  # noqa: PLR0911 - one for each kind of value
    """`value` as plain lists and texts, each dataclass with its name: equal values and only those look equal.

    Attachments count by their content, wherever the file lies. Raises TypeError for what no content holds.
    """
    if is_dataclass(value) and not isinstance(value, type):
        left_out = {"path"} if isinstance(value, Attachment) else set()
        inside = [
            [field.name, canonical(getattr(value, field.name))] for field in fields(value) if field.name not in left_out
        ]
        return [type(value).__name__, inside]
    if isinstance(value, Enum):
        return [type(value).__name__, value.value]
    if isinstance(value, tuple | list):
        return [canonical(one) for one in value]
    if isinstance(value, bytes):
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if isinstance(value, date):
        return [type(value).__name__, value.isoformat()]
    if value is None or isinstance(value, str | int | float):
        return value
    # Texts that wait for a language, as from gettext_lazy.
    if hasattr(value, "_proxy____cast"):
        return str(value)
    raise TypeError(f"no content holds a {type(value).__name__}")


def _digest(parts: list[Any]) -> str:
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
    ).hexdigest()


@cache
def code_version() -> str:
    """A number of the code and the libraries that turn content into files, for as long as this process lives."""
    digest = hashlib.sha256()
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    root = Path(settings.BASE_DIR)
    for pattern in CODE:
        for path in sorted(root.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
