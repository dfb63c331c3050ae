"""An office's form, empty or filled, as a file to take along."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse

from reports.models import OfficeForm
from reports.registry import Format
from reports.rendering import CONTENT_TYPES

MOST_LETTERS_IN_NAME = 80


def as_download(form: OfficeForm, content: Any) -> FileResponse:
    """A file of this form's name; never shown within the site, and kept by nobody on the way."""
    response = FileResponse(content, content_type=CONTENT_TYPES[Format.HWPX])
    name = quote(f"{form.name[:MOST_LETTERS_IN_NAME]}.hwpx", safe="")
    response["Content-Disposition"] = f"attachment; filename=\"form-{form.pk}.hwpx\"; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
