"""What the site says about itself."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pages import public_page

# The day since which the texts say what they say. Whoever changes what a text promises changes its day.
PRIVACY_SINCE = date(2026, 11, 22)
ACCESSIBILITY_EXAMINED = date(2026, 11, 22)


@require_safe
@public_page
def about(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text: help, privacy, accessibility."""
    context = {
        "privacy_since": PRIVACY_SINCE,
        "accessibility_examined": ACCESSIBILITY_EXAMINED,
        "privacy_officer": settings.PRIVACY_OFFICER or settings.SITE_OWNER,
        "data_processors": settings.DATA_PROCESSORS,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, template, context)
