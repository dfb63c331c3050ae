"""What a visitor may do about an event besides reading its programme."""

from typing import Any

from django import template
from django.utils import timezone

from forums.models import Forum
from forums.permissions import keeps_the_club, members_of
from forums.services.registrations import closes_at
from forums.states import ForumStatus

register = template.Library()


@register.inclusion_tag("forums/event_actions.html", takes_context=True)
def event_actions(context: dict[str, Any], forum: Forum) -> dict[str, Any]:
    """Links to register, to the attendees, and the book at one click; nothing that this visitor may not."""
    request = context.get("request")
    user = getattr(request, "user", None)
    keeps = keeps_the_club(user) if user is not None else False
    is_insider = keeps or (user is not None and bool(members_of(user)))
    is_open = forum.status == ForumStatus.PUBLISHED and timezone.now() < closes_at(forum)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "forum": forum,
        "may_register": is_open and (is_insider or forum.public_registration),
        "reads_list": is_insider,
        "keeps": keeps,
    }
