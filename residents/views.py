"""Pages about oneself: profile, residence, consents, and everything that is held."""

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import RuleViolation
from residents import personal_data
from residents.consents import CONSENTS, RESIDENCE, ConsentText
from residents.forms import DeclareForm, DongSearchForm, EraseForm, ProfileForm
from residents.models import Consent, Region, ResidentProfile, User
from residents.queries import (
    consent_in_force,
    current_residence,
    dongs_named,
    dongs_on,
    residences_of,
    waiting_residence,
)
from residents.services import (
    declare_residence,
    erase_person,
    give_consent,
    update_profile,
    withdraw_consent,
    withdraw_declaration,
)


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


def _consent_to_ask(user: User) -> ConsentText | None:
    """The text that has to be shown: none if today's version is agreed to."""
    return None if consent_in_force(user, RESIDENCE) else CONSENTS[RESIDENCE]


def _give_if_asked(form: BaseForm, user: User) -> None:
    if "consent" in form.fields:
        give_consent(
            user_id=user.pk,
            purpose=RESIDENCE,
            version=form.cleaned_data["consent_version"],
            at=timezone.now(),
        )


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = HTTPStatus.OK) -> TemplateResponse:
    return TemplateResponse(request, f"residents/{name}.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Name, date of birth, sex, phone and language."""
    user = request.user
    known = ResidentProfile.objects.filter(user=user).first()
    residence = current_residence(user)
    form = ProfileForm(
        request.POST or None,
        is_verified=residence is not None and known is not None,
        consent=_consent_to_ask(user),
        initial={
            "name": user.name,
            "language": user.language,
            "birth_date": known.birth_date if known else None,
            "sex": known.sex if known else "",
            "phone": known.phone if known else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _give_if_asked(form, user)
                update_profile(
                    user_id=user.pk,
                    **{name: form.cleaned_data[name] for name in ("name", "birth_date", "sex", "phone", "language")},
                    actor=user,
                    at=timezone.now(),
                )
        except RuleViolation as no:
            form.add_error(None, no.text)
        else:
            messages.success(request, _("Your details are saved."))
            return redirect("residents:profile" if residence or waiting_residence(user) else "residents:residence")
    return _page(request, "profile", {"form": form, "residence": residence})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def residence(request: SignedInRequest) -> HttpResponse:
    """Where I belong: what stands now, and a declaration."""
    user = request.user
    if not ResidentProfile.objects.filter(user=user).exists():
        messages.info(request, _("Please fill in your date of birth first. Then you can choose your dong."))
        return redirect("residents:profile")
    search = DongSearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    dongs = _dongs_to_choose(words)
    form = DeclareForm(
        request.POST if request.method == "POST" else None,
        dongs=dongs,
        consent=_consent_to_ask(user),
        initial={"dong": dongs[0].pk} if words and len(dongs) == 1 else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _give_if_asked(form, user)
                declare_residence(
                    user_id=user.pk,
                    dong_id=form.cleaned_data["dong"].pk,
                    basis=form.cleaned_data["basis"],
                    at=timezone.now(),
                )
        except RuleViolation as no:
            form.add_error(None, no.text)
        else:
            messages.success(request, _("Your declaration is recorded. Please have it checked at the desk."))
            return redirect("residents:residence")
    return _page(
        request,
        "residence",
        {
            "form": form,
            "search": search,
            "words": words,
            "dongs": dongs,
            "verified": current_residence(user),
            "waiting": waiting_residence(user),
            "history": [one for one in residences_of(user) if one.status in {"refused", "ended"}][:10],
        },
        status=_search_status(search),
    )


def _dongs_to_choose(words: str) -> list[Region]:
    today = timezone.localdate()
    return list(dongs_named(words, today) if words else dongs_on(today))


@login_required
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back one's own declaration."""
    if not request.user.residences.filter(pk=pk).exists():
        raise Http404
    withdraw_declaration(residence_id=pk, actor=request.user, at=timezone.now())
    messages.success(request, _("Your declaration is taken back."))
    return redirect("residents:residence")


@login_required
@never_cache
@require_GET
def consents(request: SignedInRequest) -> HttpResponse:
    """What I consented to, in which version, and what I can withdraw."""
    given = {
        consent.purpose: consent
        for consent in Consent.objects.filter(user=request.user, withdrawn_at__isnull=True).order_by("version")
    }
    rows = [{"text": text, "given": given.get(text.purpose)} for text in CONSENTS.values()]
    return _page(request, "consents", {"rows": rows})


@login_required
@require_POST
def consent_withdraw(request: SignedInRequest, purpose: str) -> HttpResponse:
    """Withdraw one consent, with what follows from it."""
    if purpose not in CONSENTS:
        raise Http404
    withdraw_consent(user_id=request.user.pk, purpose=purpose, at=timezone.now())
    messages.success(request, _("Your consent is withdrawn. What was kept under it is deleted."))
    return redirect("residents:consents")


@login_required
@never_cache
@require_GET
def data(request: SignedInRequest) -> HttpResponse:
    """Everything that is held about me."""
    return _page(request, "data", {"sections": personal_data.sections_of(request.user)})


@login_required
@never_cache
@require_GET
def export(request: SignedInRequest) -> HttpResponse:
    """The same as a file."""
    response = JsonResponse(
        personal_data.as_json(request.user, timezone.now()), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="madang-my-data.json"'
    return response


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def erase(request: SignedInRequest) -> HttpResponse:
    """Erase oneself, after the password again."""
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if get_adapter(request).reauthenticate(request.user, form.cleaned_data["password"]):
            erase_person(user_id=request.user.pk, actor=request.user, at=timezone.now())
            logout(request)
            messages.success(request, _("Your account and your personal data are erased."))
            return redirect("portal:home")
        form.add_error("password", _("The password is not right."))
    return _page(request, "erase", {"form": form})


def _search_status(search: DongSearchForm) -> HTTPStatus:
    """400 for a search that is too long or holds signs that cannot be searched for."""
    return HTTPStatus.OK if search.is_valid() else HTTPStatus.BAD_REQUEST
