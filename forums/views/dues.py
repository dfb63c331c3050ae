"""What members owe: a member sees their own, the secretariat all of it."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from forums.forms_dues import MonthForm
from forums.models import CostShare
from forums.permissions import keeps_the_club, members_of
from forums.queries.dues import entries_of, months_charged, overview, rates_from, standings
from forums.services.dues import charge_month
from forums.services.reminders import last_reminder, remind_of_dues
from residents.models import User


@login_required
@never_cache
@require_safe
def dues_page(request: HttpRequest) -> HttpResponse:
    """The secretariat's overview, or what the member whom this account acts for owes."""
    if keeps_the_club(request.user):
        return _overview(request)
    own = members_of(request.user)
    if not own:
        raise PermissionDenied(_("Dues are shown to members of the club and to its secretariat."))
    found = [(one.member, one.standing, entries_of(one.member)) for one in standings(own)]
    return render(request, "forums/dues_own.html", {"found": found})


def _overview(
    request: HttpRequest, refused: RuleViolation | None = None, form: MonthForm | None = None
) -> HttpResponse:
    """`refused`: why the step that was sent from this page was not taken; `form`: the month as it was sent."""
    rows = overview()
    only_open = request.GET.get("show") != "all"  # those who owe come first; everybody is one link away
    shown = [row for row in rows if row.standing.open] if only_open else rows
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    log_access(
        account=request.user,
        act=AccessAct.LIST,
        what="forums.dues",
        count=len(shown),
        at=timezone.now(),
        address=client_address(request),
    )
    context = {
        "rows": shown,
        "only_open": only_open,
        "open_members": sum(bool(row.standing.open) for row in rows),
        "open_sum": sum(row.standing.open for row in rows),
        "credit_sum": sum(row.standing.credit for row in rows),
        "rates": rates_from(timezone.localdate()),
        "months": months_charged()[:12],
        "shares": CostShare.objects.select_related("forum").prefetch_related("lines")[:10],
        "form": form or MonthForm(initial={"month": timezone.localdate().replace(day=1)}),
        "last_reminder": last_reminder(),
        "said": refused.text if refused else "",
    }
    return render(request, "forums/dues.html", context, status=refused.status if refused else HTTPStatus.OK)


def _require_secretariat(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not keeps_the_club(request.user):
        raise PermissionDenied(_("Only the secretariat of the club may do this."))
    return request.user


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def charge_dues(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("forums:dues")  # who switches the language of a refusal comes here
    actor = _require_secretariat(request)
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _overview(request, RuleViolation(_("Please choose a month."), code="no_month", status=400), form)
    try:
        charged = charge_month(month=form.cleaned_data["month"], actor=actor, at=timezone.now())
    except RuleViolation as refused:
        return _overview(request, refused, form)
    text = ngettext("%(count)s member was charged.", "%(count)s members were charged.", charged) % {"count": charged}
    messages.success(request, text if charged else _("Everybody was charged for this month already."))
    return redirect("forums:dues")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("forums:dues")  # as above
    actor = _require_secretariat(request)
    try:
        reminded, without_address = remind_of_dues(actor=actor, at=timezone.now())
    except RuleViolation as refused:
        return _overview(request, refused)
    text = ngettext("%(count)s member is reminded by mail.", "%(count)s members are reminded by mail.", reminded)
    messages.success(request, text % {"count": reminded})
    if without_address:
        messages.warning(
            request,
            _("Without a mail address, so please tell them yourself: %(names)s")
            % {"names": ", ".join(without_address)},
        )
    return redirect("forums:dues")
