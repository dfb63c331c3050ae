"""What the machine needs to print: Pango, which sets the text, and a font with Hangul and hanja."""

import io
import sys
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from core.errors import RuleViolation

PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONT_PACKAGE = "fonts-nanum"
FONT = "NanumGothic"
# Names hold rare hanja that NanumGothic lacks; this font has them and is taken where it is there.
MORE_HANJA = "fonts-droid-fallback"


def has_pango() -> bool:
    """Whether the libraries that WeasyPrint is built on can be loaded."""
    if "weasyprint" in sys.modules:
        return True
    try:
        # Without them WeasyPrint prints a long advice of its own.
        with redirect_stdout(io.StringIO()):
            import weasyprint  # noqa: F401, PLC0415 - loads the libraries, which may not be there
    except OSError:
        # Half an import must not pass for a whole one the next time.
        for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
            del sys.modules[name]
        return False
    return True


def has_font(fonts: Any) -> bool:
    """Whether the font of the books is among `fonts`, a `FontConfiguration` of WeasyPrint: asked as it will ask."""
    library: Any = import_module("weasyprint.text.ffi")
    ffi, fontconfig = library.ffi, library.fontconfig
    pattern = fontconfig.FcPatternCreate()
    try:
        fontconfig.FcPatternAddString(pattern, b"family", FONT.encode())
        fontconfig.FcConfigSubstitute(fonts._config, pattern, fontconfig.FcMatchPattern)
        fontconfig.FcDefaultSubstitute(pattern)
        found = fontconfig.FcFontMatch(fonts._config, pattern, ffi.new("FcResult *"))
        if found == ffi.NULL:
            return False
        family = ffi.new("FcChar8 **")
        missing = fontconfig.FcPatternGetString(found, b"family", 0, family)
        name = "" if missing else ffi.string(family[0]).decode(errors="replace")
        fontconfig.FcPatternDestroy(found)
        return bool(name == FONT)
    finally:
        fontconfig.FcPatternDestroy(pattern)


def _looked_up() -> tuple[Any, str]:
    """The fonts of this machine as WeasyPrint takes them, and a sentence that names what is missing, or ""."""
    if not has_pango():
        return None, _(
            "PDF documents cannot be made on this server: the Pango libraries are missing. "
            "The administrator can install them with: apt-get install %(packages)s"
        ) % {"packages": PANGO_PACKAGES}
    library: Any = import_module("weasyprint.text.fonts")
    fonts = library.FontConfiguration()
    if not has_font(fonts):
        return None, _(
            "PDF documents cannot be made on this server: the font %(font)s is missing. "
            "The administrator can install it with: apt-get install %(packages)s"
        ) % {"font": FONT, "packages": FONT_PACKAGE}
    return fonts, ""


def what_is_missing() -> str:
    """A sentence that names the packages to install, or "" if everything is there."""
    return _looked_up()[1]


def require_fonts() -> Any:
    """The fonts for one document, as WeasyPrint's `FontConfiguration`: loading them takes as long as a few pages.

    Raises RuleViolation (503) if this machine cannot print.
    """
    fonts, sentence = _looked_up()
    if sentence:
        raise RuleViolation(sentence, code="pdf_not_possible_here", status=503)
    return fonts
