"""The start page: what I can do now, what became of decisions, where my dong is."""

from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assemblies.models import Poll
from assemblies.queries import open_polls
from core.pages import public_page
from portal import queries
from portal.places import dong_of
from portal.views.shared import POLLS_SHOWN, decisions

OWN_DECISIONS_SHOWN = 2
OTHER_DECISIONS_SHOWN = 3
SOON_SHOWN = 3


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Three questions, those of the visitor's dong first: the own one, or the one chosen in this browser."""
    now = timezone.now()
    dong = dong_of(request)
    here = Q(assembly__dong=dong) if dong else Q(pk__in=[])
    polls = open_polls(now)
    others = list(polls.exclude(here)[: POLLS_SHOWN + 1])
    own_polls = list(polls.filter(here)[:POLLS_SHOWN]) if dong else []
    to_come = queries.polls_to_come(now)
    soon = list((to_come.filter(here) if dong else to_come)[:SOON_SHOWN])
    decided = queries.decided_polls()
    context = {
        "now": now,
        "dong": dong,
        "own_polls": own_polls,
        "waiting": _waiting(request, now),
        "polls": others[:POLLS_SHOWN],
        "has_more_polls": len(others) > POLLS_SHOWN,
        "recruitments": list(queries.open_recruitments_for(dong, now)[:POLLS_SHOWN]),
        "soon": soon,
        "own_decisions": decisions(decided.filter(here)[:OWN_DECISIONS_SHOWN]) if dong else [],
        "decisions": decisions(decided.exclude(here)[:OTHER_DECISIONS_SHOWN]),
    }
    return render(request, "portal/home.html", context)


def _waiting(request: HttpRequest, now: datetime) -> Poll | None:
    """The vote that a signed-in person may take part in and that closes first."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return queries.polls_waiting_for(user, now).first()
