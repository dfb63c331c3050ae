"""QR codes as SVG, drawn once for each text and kept a while."""

import hashlib
import io

import segno
from django.core.cache import cache
from django.http import HttpResponse

SECONDS_KEPT = 180


def qr_code(text: str) -> bytes:
    """A QR code of `text`: black on white in any colours of the page, with the margin that scanners need."""
    key = f"qr:{hashlib.sha256(text.encode()).hexdigest()}"
    drawn: bytes | None = cache.get(key)
    if drawn is None:
        out = io.BytesIO()
        code = segno.make_qr(text, error="m")
        code.save(out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False)
        drawn = out.getvalue()
        cache.set(key, drawn, SECONDS_KEPT)
    return drawn


def qr_response(text: str) -> HttpResponse:
    """The code as a picture; the views that give it let no cache keep it."""
    return HttpResponse(qr_code(text), content_type="image/svg+xml")
