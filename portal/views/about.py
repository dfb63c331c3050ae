"""What the site says about itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pages import public_page


@require_safe
@public_page
def about(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text: help, privacy, accessibility."""
    return render(request, template)
