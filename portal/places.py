"""The dong that the site speaks of to this visitor first."""

from django.http import HttpRequest
from django.utils import timezone

from core.display import display_of
from portal.queries import dongs_today, own_dong
from residents.models import Region

_OWN = "_madang_own_dong"
_FIRST = "_madang_dong"


def dong_of(request: HttpRequest) -> Region | None:
    """The dong a signed-in person belongs to, else the one the visitor chose, else None. Looked up once a request."""
    if not hasattr(request, _FIRST):
        setattr(request, _FIRST, own_dong_of(request) or chosen_dong(request))
    dong: Region | None = getattr(request, _FIRST)
    return dong


def own_dong_of(request: HttpRequest) -> Region | None:
    """The dong a signed-in person belongs to, verified or declared. Looked up once a request."""
    if not hasattr(request, _OWN):
        setattr(request, _OWN, own_dong(getattr(request, "user", None)))
    dong: Region | None = getattr(request, _OWN)
    return dong


def chosen_dong(request: HttpRequest) -> Region | None:
    """The dong of today that the visitor chose, or None: codes of other things count as not chosen."""
    code = display_of(request).dong_code
    return dongs_today(timezone.now()).filter(code=code).first() if code else None
