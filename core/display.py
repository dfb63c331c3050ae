"""How a visitor wants the site shown: size of the letters, colours, and the dong it should speak of first.

All three are kept in cookies that name nobody, so that they hold without an account and on pages from the cache.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DISPLAY_COOKIE = "madang_display"
DONG_COOKIE = "madang_dong"
KEPT_SECONDS = 365 * 24 * 3600
DONG_CODE = re.compile(r"\d{10}", re.ASCII)


class TextSize(TextChoices):
    """Size of the letters; a browser's own setting counts besides."""

    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    LARGEST = "largest", _("Very large")


class Colours(TextChoices):
    """Colours of the pages; "auto" is what the visitor's device asks for."""

    AUTO = "auto", _("As on my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    CONTRAST = "contrast", _("High contrast")


@dataclass(frozen=True, slots=True)
class Display:
    """What a visitor chose. `dong_code` is "" if they chose none, and need not be the code of a dong."""

    text: TextSize = TextSize.NORMAL
    colours: Colours = Colours.AUTO
    dong_code: str = ""

    @property
    def cookie(self) -> str:
        """The value of DISPLAY_COOKIE: "large.dark"."""
        return f"{self.text.value}.{self.colours.value}"

    @property
    def offers(self) -> dict[str, list[tuple[str, str | Promise, bool]]]:
        """For the form: each size and each colour as value, words and whether it is the present one."""
        return {
            "text": [(size.value, size.label, size == self.text) for size in TextSize],
            "colours": [(colours.value, colours.label, colours == self.colours) for colours in Colours],
        }


def display_of(request: HttpRequest) -> Display:
    """What this visitor chose. What the cookies hold besides the known values counts as not chosen."""
    text, _dot, colours = request.COOKIES.get(DISPLAY_COOKIE, "").partition(".")
    code = request.COOKIES.get(DONG_COOKIE, "")
    return Display(
        text=TextSize(text) if text in TextSize.values else TextSize.NORMAL,
        colours=Colours(colours) if colours in Colours.values else Colours.AUTO,
        dong_code=code if DONG_CODE.fullmatch(code) else "",
    )


def keep_display(response: HttpResponseBase, display: Display) -> None:
    """Remember size and colours in the visitor's browser; nothing is kept of what is as usual."""
    _keep(response, DISPLAY_COOKIE, "" if display.cookie == Display().cookie else display.cookie)


def keep_dong(response: HttpResponseBase, code: str) -> None:
    """Remember the dong that the site speaks of first; "" forgets it."""
    _keep(response, DONG_COOKIE, code)


def _keep(response: HttpResponseBase, name: str, value: str) -> None:
    if value:
        response.set_cookie(
            name,
            value,
            max_age=KEPT_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(name, samesite="Lax")
