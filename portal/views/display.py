"""Size of the letters and colours: one form, in the header of every page and on a page of its own."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.display import Colours, Display, TextSize, display_of, keep_display
from core.errors import RuleViolation, error_page


@never_cache
@csrf_exempt  # The form stands on pages from the cache, and all it changes is how this browser shows the site.
@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponseBase:
    """Show the choices; on POST keep `text` or `colours` in the browser and lead back to `next`.

    Raises RuleViolation if another site sent the form.
    """
    if request.method != "POST":
        return render(request, "portal/display.html", {"next": _way_back(request.GET.get("next", ""))})
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise RuleViolation(_("This came from another site. Nothing was changed."), status=HTTPStatus.FORBIDDEN)
    now = display_of(request)
    text, colours = request.POST.get("text", now.text.value), request.POST.get("colours", now.colours.value)
    if text not in TextSize.values or colours not in Colours.values:
        return error_page(
            request,
            status=HTTPStatus.BAD_REQUEST,
            title=_("This choice does not exist"),
            text=_("Please choose one of the sizes and colours that are offered. Nothing was changed."),
        )
    response: HttpResponse = redirect(_way_back(request.POST.get("next", "")) or "portal:display")
    keep_display(response, Display(TextSize(text), Colours(colours)))
    return response


def _way_back(address: str) -> str:
    """`address` if it is one of this site's own paths, else ""."""
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_own else ""
