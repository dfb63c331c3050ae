"""A subcommittee: what it works on, and how residents join it. Nobody's name stands here but the head's."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.models import Subcommittee
from councils.queries.members import are_names_public, rules_of_term, shown_name, term_on
from councils.queries.subcommittees import belongs_here, open_seat_of, seats_taken
from councils.services.subcommittees import ask_to_join, leave_seat
from councils.states import MemberOffice
from residents.models import User


def _subcommittee(pk: int) -> Subcommittee:
    return get_object_or_404(Subcommittee.objects.select_related("council__dong__parent__parent"), pk=pk)


def _user(request: HttpRequest) -> User:
    """The account behind `login_required`."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@never_cache
@require_safe
def subcommittee_page(request: HttpRequest, pk: int) -> HttpResponse:
    """For everybody; whoever is signed in sees the own seat or request, and the way to join or leave."""
    return render(request, "councils/subcommittee.html", _context(request, _subcommittee(pk)))


def _context(request: HttpRequest, subcommittee: Subcommittee) -> dict[str, Any]:
    council = subcommittee.council
    seats = list(seats_taken().filter(subcommittee=subcommittee))
    head = next((seat.member for seat in seats if seat.is_head and seat.member), None)
    term = term_on(council, timezone.localdate())
    is_public = are_names_public(rules_of_term(term)) if term else False
    own = open_seat_of(request.user, subcommittee) if isinstance(request.user, User) else None
    return {
        "subcommittee": subcommittee,
        "council": council,
        "members": sum(seat.member_id is not None for seat in seats),
        "residents": sum(seat.member_id is None for seat in seats),
        "head": shown_name(head.name, is_public=is_public) if head and head.office != MemberOffice.ADVISER else "",
        "own": own,
        "may_ask": subcommittee.takes_residents and subcommittee.dissolved_on is None,
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """What joining means, with one button. Sent twice it finds the first request."""
    subcommittee, user = _subcommittee(pk), _user(request)
    if request.method == "POST":
        seat = ask_to_join(subcommittee_id=subcommittee.pk, user=user, at=timezone.now())
        if seat.joined_on is None:
            messages.success(request, _("Your request has arrived. The council’s officer answers it."))
        return redirect("councils:subcommittee", pk)
    context = {
        **_context(request, subcommittee),
        "user_name": user.name,
        "belongs_here": belongs_here(user, subcommittee.council),
    }
    return render(request, "councils/subcommittee_join.html", context)


@login_required
@never_cache
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the own seat up, or take the request back. A second tap finds it done."""
    subcommittee, user = _subcommittee(pk), _user(request)
    seat = open_seat_of(user, subcommittee)
    if seat is not None:
        at = timezone.now()
        leave_seat(seat_id=seat.pk, on=timezone.localdate(at), actor=user, at=at)
        messages.success(request, _("You no longer belong to this subcommittee."))
    return redirect("councils:subcommittee", pk)
