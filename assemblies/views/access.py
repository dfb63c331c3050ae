"""Who looks at a page, and whether they may know of what it shows."""

from typing import cast as as_type

from django.http import Http404, HttpRequest

from assemblies.models import Poll
from assemblies.permissions import is_public
from residents.models import User


def visible_poll(request: HttpRequest, pk: int, *related: str) -> Poll:
    """The poll with its assembly and what else the page shows, or 404 for those who may not know of it."""
    poll = Poll.objects.select_related("assembly", *related).filter(pk=pk).first()
    if poll is None or not may(request, "assemblies.view_poll", poll):
        raise Http404
    return poll


def may(request: HttpRequest, permission: str, obj: object) -> bool:
    """Whether the visitor has the permission; anonymous ones have no has_perm of ours and see what is public."""
    if request.user.is_authenticated:
        return request.user.has_perm(permission, obj)
    return bool(is_public.test(request.user, obj))


def person(request: HttpRequest) -> User:
    """The signed-in visitor."""
    return as_type("User", request.user)
