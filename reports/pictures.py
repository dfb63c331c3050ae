"""Which pictures a document can hold, the same in every format: what one cannot print is not left out by another."""

import io

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.errors import RuleViolation
from reports.content import Picture

PICTURE_FORMATS = ("PNG", "JPEG")
MOST_PIXELS = 40_000_000


def require_usable(picture: Picture) -> tuple[str, int, int]:
    """Its format, width and height in pixels.

    Raises RuleViolation, naming the picture, if it is no PNG or JPEG, is cut off, or unpacks into too much.
    """
    try:
        with Image.open(io.BytesIO(picture.data), formats=PICTURE_FORMATS) as opened:
            known = opened.format or "", opened.width, opened.height
            # WeasyPrint lets Pillow load what is cut off; this does not.
            opened.verify()
        if opened.width * opened.height <= MOST_PIXELS:
            with Image.open(io.BytesIO(picture.data), formats=PICTURE_FORMATS) as opened:
                opened.load()
                return known
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        pass
    name = picture.caption or picture.alt or _("without a title")
    raise RuleViolation(
        _("The picture “%(name)s” cannot be printed. It must be a whole PNG or JPEG of at most 40 million pixels.")
        % {"name": name},
        code="bad_picture",
    )
