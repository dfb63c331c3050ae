"""The directory of members, and the page of one of them: for members and the secretariat. Each reading is logged."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.limits import client_address
from forums.documents.directory import PERSONAL_DATA
from forums.models import Member
from forums.permissions import keeps_the_club
from forums.queries import members as queries
from forums.queries.member_history import history_of
from forums.states import MemberKind
from residents.models import User
from residents.states import Office

LONGEST_SEARCH = 50


def _reader(request: HttpRequest) -> User:
    """Who may read the directory. Raises PermissionDenied with a sentence that says who may."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if not user.has_perm("forums.read_directory"):
        raise PermissionDenied(
            _(
                "Members of the Mokmingwan Club, those who act for them and the secretariat may read the directory. "
                "If you belong to a member’s office, please ask the secretariat to let your account act for the member."
            )
        )
    return user


@login_required
@never_cache
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Everybody in order, narrowed down by area, kind, office and words."""
    user = _reader(request)
    wanted = _wanted(request)
    everybody = queries.directory(today=timezone.localdate())
    shown = [entry for entry in everybody if wanted.fits(entry)]
    if shown:
        log_access(
            account=user,
            act=AccessAct.LIST,
            what=PERSONAL_DATA,
            at=timezone.now(),
            count=len(shown),
            address=client_address(request),
        )
    context: dict[str, Any] = {
        "entries": shown,
        "all": len(everybody),
        "regular": sum(not entry.is_honorary for entry in everybody),
        "wanted": wanted,
        "is_narrowed": wanted != queries.Wanted(),
        "areas": queries.areas_among(everybody),
        "kinds": MemberKind.choices,
        "offices": [choice for choice in Office.choices if any(entry.office == choice[0] for entry in everybody)],
        "terms": queries.members_by_term(),
        "longest": LONGEST_SEARCH,
        "keeps": keeps_the_club(user),
    }
    return render(request, "forums/directory.html", context)


def _wanted(request: HttpRequest) -> queries.Wanted:
    """The filters of the address; what is none of the choices finds nothing rather than everything."""
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
    return queries.Wanted(
        words=words,
        area=request.GET.get("area", ""),
        kind=request.GET.get("kind", ""),
        office=request.GET.get("office", ""),
    )


@login_required
@never_cache
@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: office, mails, and the history of their membership. Those who left are for the secretariat."""
    user = _reader(request)
    keeps = keeps_the_club(user)
    members = queries.with_terms_and_mails(Member.objects.all() if keeps else Member.objects.filter(left_on=None))
    found = get_object_or_404(members, pk=pk)
    log_access(
        account=user,
        act=AccessAct.READ,
        what=PERSONAL_DATA,
        at=timezone.now(),
        address=client_address(request),
    )
    context = {
        "entry": queries.entry_of(found, timezone.localdate()),
        "member": found,
        "history": history_of(found, with_steps=keeps),
        "keeps": keeps,
    }
    return render(request, "forums/member.html", context)
