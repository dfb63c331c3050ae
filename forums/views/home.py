"""The club's front page: the next event, what was held, what stands where; for members also what is theirs to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import public_page
from forums.permissions import keeps_the_club, members_of
from forums.queries.dues import standings
from forums.queries.forums import as_published, public_forums
from forums.states import ForumStatus

SHOWN = 5


@require_safe
@public_page
def club_home(request: HttpRequest) -> HttpResponse:
    day = timezone.localdate()
    coming = as_published(
        public_forums()
        .filter(status=ForumStatus.PUBLISHED, ends_on__gte=day)
        .select_related("host__parent")
        .order_by("starts_on", "pk")[:SHOWN]
    )
    held = as_published(public_forums().filter(status=ForumStatus.HELD).order_by("-starts_on", "-pk")[:SHOWN])
    own, is_secretariat = members_of(request.user), keeps_the_club(request.user)
    context = {
        "coming": coming,
        "held": held,
        "standings": standings(own) if own else [],
        "is_secretariat": is_secretariat,
        # Visitors may turn out to be members when they sign in.
        "may_read_directory": is_secretariat or bool(own) or not request.user.is_authenticated,
        "day": day,
    }
    response = render(request, "forums/home.html", context)
    if own or is_secretariat:
        # What a member owes stays on no borrowed device.
        response["Cache-Control"] = "no-store"
    return response
