"""Applying: the form, the page on which everything is checked once more, and recommending for an organisation."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from councils.consents import APPLICATION
from councils.forms.applying import ApplicationForm, ConsentForm, RecommendationForm, as_initial
from councils.lookup import code_of
from councils.models import Application, QuotaFeature, Recruitment
from councils.queries.calls import features_with_values, is_open
from councils.queries.own import own_application, recommended_by
from councils.services.applications import ApplicantFacts, save_draft, submit_application, withdraw
from councils.states import ApplicationStatus, IntakeWay, Track
from councils.views.recruitment import shown_recruitment
from residents.duplicates import name_key
from residents.masking import masked_name
from residents.models import ResidentProfile, User
from residents.persons import is_child
from residents.queries import current_residence, waiting_residence
from residents.views import SignedInRequest

APPLY = "councils/apply.html"
CHECK = "councils/apply_check.html"
RECOMMEND = "councils/recommend.html"


def _refuse_unless_open(recruitment: Recruitment) -> None:
    now = timezone.now()
    if not is_open(recruitment, now):
        text = _("Applications are not open yet.") if now < recruitment.opens_at else _("Applications are closed.")
        raise RuleViolation(text, code="not_open")


def _known_of(user: User) -> dict[str, Any]:
    """What the account says already: three queries at most."""
    profile = ResidentProfile.objects.filter(user=user).first()
    residence = current_residence(user) or waiting_residence(user)
    return {
        "name": user.name,
        "email": user.email,
        "birth_date": profile.birth_date if profile else None,
        "sex": profile.sex if profile else "",
        "phone": profile.phone if profile else "",
        "basis": residence.basis if residence else "",
        "track": Track.OPEN,
    }


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def apply(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form, with what the account says and what was saved. Sent, it is kept as a draft; then it is checked."""
    recruitment = shown_recruitment(request, pk)
    own = own_application(recruitment, request.user)
    draft = own if own and own.status == ApplicationStatus.DRAFT else None
    if own and draft is None and own.status != ApplicationStatus.WITHDRAWN:
        return redirect("councils:mine", pk)
    _refuse_unless_open(recruitment)
    features = features_with_values(recruitment)
    day = timezone.localdate()
    if request.method != "POST":
        initial = as_initial(draft) if draft else _known_of(request.user)
        form = ApplicationForm(initial=initial, recruitment=recruitment, features=features, day=day)
        return _apply_page(request, recruitment, form, draft)
    form = ApplicationForm(request.POST, recruitment=recruitment, features=features, day=day)
    is_valid, wants_only_to_save = form.is_valid(), "save" in request.POST
    if not is_valid and not wants_only_to_save:
        return _apply_page(request, recruitment, form, draft, HTTPStatus.BAD_REQUEST)
    try:
        save_draft(recruitment_id=pk, user=request.user, facts=_keepable(form.written(draft)), at=timezone.now())
    except RuleViolation as no:
        form.add_error(None, no.text)
        return _apply_page(request, recruitment, form, draft, no.status)
    if wants_only_to_save:
        messages.success(request, _("What you wrote is saved, but not sent yet. You can go on later on any device."))
        return redirect("councils:apply", pk)
    return redirect("councils:apply_check", pk)


def _keepable(facts: ApplicantFacts) -> ApplicantFacts:
    """A draft may say “recommended” before it says by whom; until then it is kept without that."""
    if facts.track == Track.RECOMMENDED and not facts.organisation:
        return ApplicantFacts(**{name: getattr(facts, name) for name in facts.__slots__} | {"track": Track.OPEN})
    return facts


def _apply_page(
    request: HttpRequest,
    recruitment: Recruitment,
    form: ApplicationForm,
    draft: Application | None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return render(request, APPLY, {"recruitment": recruitment, "form": form, "draft": draft}, status=status)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def apply_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything once more, with the consent; sent, the application is received. A second tap finds it received."""
    recruitment = shown_recruitment(request, pk)
    own = own_application(recruitment, request.user)
    if own and own.status not in {ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN}:
        return redirect("councils:receipt", pk)
    _refuse_unless_open(recruitment)
    if own is None or own.status == ApplicationStatus.WITHDRAWN:
        return redirect("councils:apply", pk)
    features = features_with_values(recruitment)
    whole = ApplicationForm(_as_typed(own), recruitment=recruitment, features=features, day=timezone.localdate())
    if not whole.is_valid():
        return _apply_page(request, recruitment, whole, own, HTTPStatus.OK)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            _submit(request, recruitment, whole.written())
        except RuleViolation as no:
            form.add_error(None, no.text)
            status = HTTPStatus(no.status)
        else:
            messages.success(request, _("Your application has been received."))
            return redirect("councils:receipt", pk)
    return _check_page(request, recruitment, own, features, form, status)


def _submit(request: SignedInRequest, recruitment: Recruitment, facts: ApplicantFacts) -> None:
    """Hand it in; of two taps at the same moment the second finds it handed in. Raises RuleViolation otherwise."""
    try:
        submit_application(
            recruitment_id=recruitment.pk,
            facts=facts,
            way=IntakeWay.WEB,
            consent_version=str(APPLICATION.version),
            user=request.user,
            actor=request.user,
            at=timezone.now(),
        )
    except RuleViolation as no:
        sent = own_application(recruitment, request.user)
        if no.code != "applied_already" or sent is None or sent.number is None:
            raise


def _as_typed(application: Application) -> dict[str, Any]:
    """A draft as if it were sent, so that it goes through the same checks."""
    return {name: value for name, value in as_initial(application).items() if value is not None}


def _check_page(  # noqa: PLR0913, PLR0917 - a page is made of this much
    request: HttpRequest,
    recruitment: Recruitment,
    draft: Application,
    features: list[QuotaFeature],
    form: ConsentForm,
    status: int,
) -> HttpResponse:
    context = {
        "recruitment": recruitment,
        "application": draft,
        "answers": answers_in_words(draft, features),
        "form": form,
        "is_child": bool(draft.birth_date and is_child(draft.birth_date, timezone.localdate())),
    }
    return render(request, CHECK, context, status=status)


def answers_in_words(application: Application, features: list[QuotaFeature]) -> list[tuple[str, str]]:
    """Each question that was asked, with the name of the answer."""
    found = []
    for feature in features:
        key = application.answers.get(feature.key)
        label = next((value.label for value in feature.values.all() if value.key == key), "")
        if label:
            found.append((feature.label, label))
    return found


@login_required
@never_cache
@require_http_methods(["POST"])
def throw_draft_away(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete what was written and never sent."""
    recruitment = shown_recruitment(request, pk)
    own = own_application(recruitment, request.user)
    if own and own.status == ApplicationStatus.DRAFT:
        withdraw(application_id=own.pk, actor=request.user, at=timezone.now())
        messages.success(request, _("What you had written is deleted."))
    return redirect("councils:recruitment", pk)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def recommend(request: SignedInRequest, pk: int) -> HttpResponse:
    """An organisation's representative hands in the application of somebody who consents to it."""
    recruitment = shown_recruitment(request, pk)
    _refuse_unless_open(recruitment)
    features = features_with_values(recruitment)
    form = RecommendationForm(
        request.POST if request.method == "POST" else None,
        recruitment=recruitment,
        features=features,
        day=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            application = submit_application(
                recruitment_id=pk,
                facts=form.written(),
                way=IntakeWay.ORGANISATION,
                consent_version=str(APPLICATION.version),
                user=None,
                actor=request.user,
                at=timezone.now(),
            )
        except RuleViolation as no:
            known = _recommended_before(request.user, recruitment, form) if no.code == "applied_already" else None
            if known is None:
                form.add_error(None, no.text)
                return _recommend_page(request, recruitment, form, no.status)
            application = known
        text = _(
            "Received. Receipt number: %(number)s, code: %(code)s. Please give both to the person; with them and the "
            "date of birth they follow their application."
        )
        messages.success(request, text % {"number": application.number, "code": code_of(application.key)})
        return redirect("councils:recommend", pk)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return _recommend_page(request, recruitment, form, status)


def _recommended_before(user: User, recruitment: Recruitment, form: RecommendationForm) -> Application | None:
    """The application that this account handed in for the same person: a second tap on the button."""
    given = form.written()
    found = recommended_by(user, recruitment).filter(birth_date=given.birth_date, organisation=given.organisation)
    return next((one for one in found if name_key(one.name) == name_key(given.name)), None)


def _recommend_page(
    request: SignedInRequest, recruitment: Recruitment, form: RecommendationForm, status: int
) -> HttpResponse:
    so_far = [
        {"number": one.number, "name": masked_name(one.name), "organisation": one.organisation, "at": one.submitted_at}
        for one in recommended_by(request.user, recruitment)
    ]
    return render(request, RECOMMEND, {"recruitment": recruitment, "form": form, "so_far": so_far}, status=status)
