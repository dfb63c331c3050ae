"""Where somebody was going when a sign-in, a sign-up or a mail came in between: above all the ballot."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "next"
LONGEST = 500


def destination_of(request: HttpRequest) -> str:
    """The page of this site that the request names as its goal; "" if it names none or one elsewhere."""
    goal = request.POST.get(FIELD) or request.GET.get(FIELD) or ""
    if not goal.startswith("/") or len(goal) > LONGEST:
        return ""
    # Hosts are not allowed at all: a goal is a path of ours.
    return goal if url_has_allowed_host_and_scheme(goal, allowed_hosts=None) else ""


def with_destination(address: str, goal: str) -> str:
    """The address with the goal to go on to; the address itself if there is no goal or it is the same page."""
    if not goal or goal.partition("?")[0] == address:
        return goal or address
    return f"{address}?{urlencode({FIELD: goal})}"


def first_page_after_sign_up(goal: str) -> str:
    """Newcomers first say who they are and where they belong; the goal is kept for the end of that way."""
    return with_destination(reverse("residents:profile"), goal)
