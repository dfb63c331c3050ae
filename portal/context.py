"""What every page shows: whose site it is, the other language, how it is shown, the dong it speaks of first."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from core.display import display_of
from portal.places import dong_of

LANGUAGE_NAMES = {"ko": "한국어", "en": "English"}  # korean: each language names itself
REREADABLE = frozenset({"GET", "HEAD"})


def site(request: HttpRequest) -> dict[str, Any]:
    """Variables of `base.html`. Touches neither session nor database unless the template asks for the dong."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_OWNER": settings.SITE_OWNER,
        "SITE_CONTACT": settings.SITE_CONTACT,
        "CLUB_NOTE": settings.CLUB_NOTE,
        "display": display_of(request),
        "other_language": other_language(request),
        "own_dong": SimpleLazyObject(lambda: dong_of(request)),
        "is_rereadable": request.method in REREADABLE,
    }


def other_language(request: HttpRequest) -> dict[str, str] | None:
    """The same page in the other language as `code`, `name` and `url`.

    None after a POST: what was sent cannot be followed by a link. A page that is not there leads to the start page.
    """
    if request.method not in REREADABLE:
        return None
    code = "ko" if get_language() == "en" else "en"
    here = request.get_full_path()
    there = translate_url(here, code)
    if there == here:
        with override(code):
            there = reverse("portal:home")
    return {"code": code, "name": LANGUAGE_NAMES[code], "url": there}
