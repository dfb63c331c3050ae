"""The start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assemblies.queries import open_polls
from core.pages import public_page
from portal import queries
from portal.views.shared import DECISIONS_SHOWN, POLLS_SHOWN, decisions


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """What can be done now, what was decided, where my dong is."""
    now = timezone.now()
    mine = queries.own_dong(request.user)
    polls = open_polls(now)
    others = list((polls.exclude(assembly__dong=mine) if mine else polls)[: POLLS_SHOWN + 1])
    context = {
        "now": now,
        "dong": mine,
        "own_polls": list(polls.filter(assembly__dong=mine)[:POLLS_SHOWN]) if mine else [],
        "polls": others[:POLLS_SHOWN],
        "has_more_polls": len(others) > POLLS_SHOWN,
        "next_poll": None if others else queries.polls_to_come(now).first(),
        "decisions": decisions(queries.decided_polls()[:DECISIONS_SHOWN]),
    }
    return render(request, "portal/home.html", context)
