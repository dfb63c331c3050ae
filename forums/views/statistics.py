"""Attendance in figures. Public: sums and printed facts, no names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pages import public_page
from forums.queries.statistics import attendance_by_term


@require_safe
@public_page
def statistics(request: HttpRequest) -> HttpResponse:
    """By event and by term, the latest first; `?term=` shows one."""
    terms = attendance_by_term()
    asked = request.GET.get("term", "")
    shown = [one for one in terms if one.term == asked] if asked else terms
    if asked and not shown:
        raise Http404(_("There is no such term."))
    most = max((line.came.all for one in terms for line in one.lines if line.came), default=0)
    context = {"terms": terms, "shown": shown, "asked": asked, "most": most}
    return render(request, "forums/statistics.html", context)
