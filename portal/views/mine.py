"""My page."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal import queries
from portal.views.shared import ROWS_ON_A_PAGE, page_of
from reports.queries import any_document_for
from residents.models import User


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def me(request: HttpRequest) -> HttpResponse:
    """Where I stand, what waits for me, and that I took part; never how I voted."""
    user = cast("User", request.user)
    now = timezone.now()
    applications = queries.council_applications_of(user)
    context = {
        "now": now,
        "standing": queries.standing_of(user),
        "waiting": list(queries.polls_waiting_for(user, now)[:ROWS_ON_A_PAGE]),
        "entries": list(queries.roll_entries_of(user)[:ROWS_ON_A_PAGE]),
        "applications": applications,
        "to_do": queries.applications_to_go_on_with(applications, now),
        "may_order_documents": any_document_for(user),
        "page": page_of(request, queries.participations_of(user), ROWS_ON_A_PAGE),
    }
    return render(request, "portal/me.html", context)
