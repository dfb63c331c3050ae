"""One's own application: for accounts at the recruitment, for others at the address that their key opens.

Such an address is not kept by browsers or proxies and goes to no other site (settings.VIEWS_WITH_KEYS). Whoever has the
receipt finds it with number, date of birth and code.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RuleViolation
from core.signs import one_line
from councils import lookup
from councils.forms.applying import ApplicationForm, FindForm, WithdrawForm, as_initial
from councils.models import Application
from councils.office_forms import forms_of
from councils.queries.calls import features_with_values
from councils.queries.draws import standing_draw
from councils.queries.own import application_of_key, find_by_receipt, own_application, own_view
from councils.services import applications as services
from councils.states import ApplicationStatus
from councils.views.recruitment import shown_recruitment
from residents.models import User
from residents.views import SignedInRequest

PAGE = "councils/own.html"
RECEIPT = "councils/own_receipt.html"
FIND = "councils/find.html"


# --- for accounts -----------------------------------------------------------------------------------------------------


def _mine(request: SignedInRequest, pk: int) -> Application:
    own = own_application(shown_recruitment(request, pk), request.user)
    if own is None:
        raise Http404
    return own


@login_required
@never_cache
@require_safe
def mine(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where my application stands. Who has none yet is led to the form; who has a draft goes on writing it."""
    own = own_application(shown_recruitment(request, pk), request.user)
    if own is None or own.status == ApplicationStatus.DRAFT:
        return redirect("councils:apply", pk)
    return _page(request, own)


@login_required
@never_cache
@require_safe
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """The receipt, to print or save."""
    own = _mine(request, pk)
    if own.number is None:
        return redirect("councils:apply", pk)
    return _receipt(request, own)


@sensitive_post_parameters()
@login_required
@never_cache
@require_POST
def supplement(request: SignedInRequest, pk: int) -> HttpResponse:
    return _supplement(request, _mine(request, pk), request.user)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    return _withdraw(request, _mine(request, pk), request.user)


# --- for those without an account -------------------------------------------------------------------------------------


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponseBase:
    """The way back with a receipt. Only sending it counts against the rate."""
    if request.method != "POST":
        return render(request, FIND, {"form": FindForm()})
    limited = rate_limit(  # type: ignore[no-untyped-call]
        action="find_application", config={"find_application": settings.FIND_APPLICATION_RATE}
    )
    response: HttpResponseBase = limited(_found)(request)
    return response


@sensitive_variables()
def _found(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.POST)
    if form.is_valid():
        found = find_by_receipt(
            number=form.cleaned_data["number"],
            birth_date=form.cleaned_data["birth_date"],
            code=lookup.as_typed(form.cleaned_data["code"]),
        )
        if found is not None:
            return redirect("councils:application", found.key)
        form.add_error(
            None, _("There is no application with this number, date of birth and code. Please look at the receipt.")
        )
    return render(request, FIND, {"form": form}, status=HTTPStatus.BAD_REQUEST)


def _of_key(key: UUID) -> Application:
    found = application_of_key(key)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def application(request: HttpRequest, key: UUID) -> HttpResponse:
    return _page(request, _of_key(key))


@never_cache
@require_safe
def application_receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    return _receipt(request, _of_key(key))


@sensitive_post_parameters()
@never_cache
@require_POST
def application_supplement(request: HttpRequest, key: UUID) -> HttpResponse:
    return _supplement(request, _of_key(key), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application_withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    return _withdraw(request, _of_key(key), None)


# --- both -------------------------------------------------------------------------------------------------------------


def _addresses(own: Application) -> dict[str, str]:
    """Where the page of this application, its receipt and its two acts are."""
    names: tuple[str, ...]
    args: list[Any]
    if own.user_id:
        names, args = ("mine", "receipt", "supplement", "withdraw"), [own.recruitment_id]
    else:
        names = ("application", "application_receipt", "application_supplement", "application_withdraw")
        args = [own.key]
    acts = ("page", "receipt", "supplement", "withdraw")
    return {act: reverse(f"councils:{name}", args=args) for act, name in zip(acts, names, strict=True)}


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(
    request: HttpRequest, own: Application, form: ApplicationForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    view = own_view(own, timezone.now())
    if view.may_supplement and form is None:
        form = _supplement_form(own, None)
    context: dict[str, Any] = {
        "view": view,
        "application": own,
        "recruitment": own.recruitment,
        "form": form,
        "urls": _addresses(own),
        "office_forms": forms_of(own.recruitment) if own.user_id and own.number else [],
        "code": "" if own.user_id else lookup.code_of(own.key),
        # The seal is told to the applicant alone, from the freeze on, when there is something to open with it.
        "salt": own.salt if own.pool_number and view.panels is not None else "",
        "draw": standing_draw(own.recruitment) if view.panels is not None else None,
    }
    return _unlisted(render(request, PAGE, context, status=status))


def _supplement_form(own: Application, data: Any) -> ApplicationForm:
    by_key = own.user_id is None
    return ApplicationForm(
        data,
        initial=as_initial(own, again=by_key),
        recruitment=own.recruitment,
        features=features_with_values(own.recruitment),
        day=timezone.localdate(),
        again=by_key,
    )


def _supplement(request: HttpRequest, own: Application, user: User | None) -> HttpResponse:
    """Send what was asked for. A second tap on the button finds it received."""
    page = _addresses(own)["page"]
    if own.status == ApplicationStatus.RECEIVED:
        messages.info(request, _("What you sent has arrived. The office looks at it again."))
        return redirect(page)
    form = _supplement_form(own, request.POST)
    if not form.is_valid():
        return _page(request, own, form, HTTPStatus.BAD_REQUEST)
    try:
        services.supplement(
            application_id=own.pk,
            facts=form.written(own),
            text=one_line(request.POST.get("answer", ""))[:300],
            actor=user,
            at=timezone.now(),
        )
    except RuleViolation as no:
        form.add_error(None, no.text)
        return _page(request, own, form, no.status)
    messages.success(request, _("What you sent has arrived. The office looks at it again."))
    return redirect(page)


def _withdraw(request: HttpRequest, own: Application, user: User | None) -> HttpResponse:
    """Ask once more, saying what follows; then withdraw. A second tap finds it withdrawn already."""
    urls, now = _addresses(own), timezone.now()
    if own.status == ApplicationStatus.WITHDRAWN:
        return redirect(urls["page"])
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.withdraw(application_id=own.pk, actor=user, at=now)
        messages.success(request, _("Your application is withdrawn."))
        return redirect(urls["page"])
    context = {
        "application": own,
        "recruitment": own.recruitment,
        "form": form,
        "urls": urls,
        "now": now,
        "view": own_view(own, now),
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return _unlisted(render(request, "councils/own_withdraw.html", context, status=status))


def _receipt(request: HttpRequest, own: Application) -> HttpResponse:
    context = {
        "application": own,
        "recruitment": own.recruitment,
        "urls": _addresses(own),
        "office_forms": forms_of(own.recruitment) if own.user_id and own.number else [],
        "code": "" if own.user_id else lookup.code_of(own.key),
    }
    return _unlisted(render(request, RECEIPT, context))
