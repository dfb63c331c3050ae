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
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import RuleViolation, error_page
from residents import personal_data
from residents.consents import ACCOUNT, CONSENTS, RESIDENCE, ConsentText
from residents.destinations import destination_of, with_destination
from residents.forms import DeclareForm, DongSearchForm, EraseForm, ProfileForm
from residents.models import Consent, Region, Residence, ResidentProfile, User
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
from residents.states import ResidenceStatus
from residents.way import Stage, misses_guardian, papers_for, steps_to_vote


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
    goal = destination_of(request)
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
            if residence or waiting_residence(user):
                return redirect(goal or "residents:profile")
            return redirect(with_destination(reverse("residents:residence"), goal))
    stage = _stage(residence, waiting_residence(user))
    return _page(request, "profile", {"form": form, "known": known, "goal": goal, **_way(stage)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def residence(request: SignedInRequest) -> HttpResponse:
    """Where I belong: what stands now, what is left to do, and a declaration."""
    user = request.user
    goal = destination_of(request)
    known = ResidentProfile.objects.filter(user=user).first()
    if known is None:
        messages.info(request, _("Please fill in your date of birth first. Then you can choose your dong."))
        return redirect(with_destination(reverse("residents:profile"), goal))
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
            return redirect(with_destination(reverse("residents:residence"), goal))
    verified, waiting = current_residence(user), waiting_residence(user)
    context = {
        "form": form,
        "search": search,
        "words": words,
        "dongs": dongs,
        "verified": verified,
        "waiting": waiting,
        "papers": papers_for(waiting.basis) if waiting else [],
        "misses_guardian": waiting is not None and misses_guardian(known, timezone.localdate()),
        "history": [one for one in residences_of(user) if one.status in {"refused", "ended"}][:10],
        "goal": goal,
        **_way(_stage(verified, waiting)),
    }
    return _page(request, "residence", context, status=_search_status(search))


def _stage(verified: Residence | None, waiting: Residence | None) -> Stage:
    """What is left to do. Who moves keeps the vote, but the new dong waits for its check."""
    if waiting:
        return Stage.CHECK
    return Stage.VOTE if verified else Stage.PLACE


def _way(stage: Stage) -> dict[str, Any]:
    return {"stage": stage, "steps": steps_to_vote(stage), "steps_label": _("Your way to the vote")}


def _dongs_to_choose(words: str) -> list[Region]:
    today = timezone.localdate()
    return list(dongs_named(words, today) if words else dongs_on(today))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back one's own declaration; as a link the page asks first."""
    declared = residences_of(request.user).filter(pk=pk).first()
    if declared is None:
        raise Http404
    if request.method == "GET":
        if declared.status != ResidenceStatus.DECLARED:
            return redirect("residents:residence")
        return _page(request, "withdraw", {"declared": declared})
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
@never_cache
@require_http_methods(["GET", "POST"])
def consent_withdraw(request: SignedInRequest, purpose: str) -> HttpResponse:
    """Withdraw one consent; as a link the page says first what follows from it."""
    if purpose not in CONSENTS:
        raise Http404
    if request.method == "GET":
        if purpose == ACCOUNT or not _has_given(request.user, purpose):
            return redirect("residents:consents")
        return _page(request, "consent_withdraw", {"text": CONSENTS[purpose]})
    withdraw_consent(user_id=request.user.pk, purpose=purpose, at=timezone.now())
    messages.success(request, _("Your consent is withdrawn. What was kept under it is deleted."))
    return redirect("residents:consents")


def _has_given(user: User, purpose: str) -> bool:
    """Whether any version of the text is agreed to."""
    return Consent.objects.filter(user=user, purpose=purpose, withdrawn_at__isnull=True).exists()


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
            try:
                erase_person(user_id=request.user.pk, actor=request.user, at=timezone.now())
            except RuleViolation as no:
                return _kept_account(request, no)
            logout(request)
            messages.success(request, _("Your account and your personal data are erased."))
            return redirect("portal:home")
        form.add_error("password", _("The password is not right."))
    return _page(request, "erase", {"form": form})


def _kept_account(request: HttpRequest, no: RuleViolation) -> HttpResponse:
    """Why the account stays for now, with what one can do meanwhile."""
    return error_page(
        request,
        status=no.status,
        title=_("Your account cannot be erased yet"),
        text=no.text,
        context={
            "links": [
                {"url": reverse("residents:data"), "name": _("My data")},
                {"url": reverse("residents:export"), "name": _("Save as a file (JSON)")},
            ]
        },
    )


def _search_status(search: DongSearchForm) -> HTTPStatus:
    """400 for a search that is too long or holds signs that cannot be searched for."""
    return HTTPStatus.OK if search.is_valid() else HTTPStatus.BAD_REQUEST
