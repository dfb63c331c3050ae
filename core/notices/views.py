"""Stopping notices by the link in them, and choosing them on a page of one's own."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.notices.addresses import address_key
from core.notices.forms import WantedForm
from core.notices.kinds import all_kinds, categories_to_choose, kind_called
from core.notices.models import Delivery
from core.notices.queries import refused_among, refused_by
from core.notices.services import accept_category, choose_categories, refuse_category

ONE_CLICK = "One-Click"


def _delivery(token: str) -> Delivery:
    """The delivery with this token. Raises Http404 also where its person or its kind is gone."""
    delivery = Delivery.objects.select_related("mailing").filter(token=token).first()
    if delivery is None or not (delivery.user_id or delivery.address_key):
        raise Http404
    return delivery


def _reasons() -> dict[str, list[str]]:
    """Why some notices always come, each reason with the titles of its kinds."""
    reasons: dict[str, list[str]] = {}
    for kind in all_kinds():
        if kind.obligatory:
            reasons.setdefault(str(kind.why), []).append(str(kind.title))
    return reasons


# The token is the proof: mail readers post here without cookies (RFC 8058), and nobody else knows it.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether notices of this category shall stop; POST stops them, or takes that back."""
    delivery = _delivery(token)
    try:
        kind = kind_called(delivery.mailing.kind)
    except KeyError:
        raise Http404 from None
    who: dict[str, Any] = {"user_id": delivery.user_id} if delivery.user_id else {"key": delivery.address_key}
    if request.method == "POST" and not kind.obligatory:
        if request.POST.get("action") == "resume":
            accept_category(
                category=kind.category.key, user_id=delivery.user_id, key=delivery.address_key, at=timezone.now()
            )
        else:
            refuse_category(category=kind.category.key, at=timezone.now(), **who)
        if request.POST.get("List-Unsubscribe") != ONE_CLICK:
            return redirect("notices:stop", token)
    users = [delivery.user_id] if delivery.user_id else []
    refused = refused_among(kind.category.key, users=users, keys=[delivery.address_key])
    status = HTTPStatus.CONFLICT if request.method == "POST" and kind.obligatory else HTTPStatus.OK
    context = {"kind": kind, "is_stopped": bool(refused), "token": token}
    return TemplateResponse(request, "notices/stop.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Which kinds of notices this account gets."""
    user: Any = request.user
    refused = refused_by(user.pk, address_key(user.email))
    categories = categories_to_choose()
    form = WantedForm(
        request.POST if request.method == "POST" else None,
        initial={"wanted": [one.key for one in categories if one.key not in refused]},
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            choose_categories(user=user, wanted=form.cleaned_data["wanted"], at=timezone.now())
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:mine")
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    context = {
        "form": form,
        "rows": [{"category": one, "is_wanted": one.key not in refused} for one in categories],
        "reasons": _reasons(),
    }
    return TemplateResponse(request, "notices/mine.html", context, status=status)
