"""Applying for membership: the form, and the page by which an applicant follows what becomes of it.

Both need no account. The page's address holds a key that only the applicant got: it is not kept by browsers or proxies
and goes to no other site (settings.VIEWS_WITH_KEYS).
"""

import uuid
from dataclasses import fields
from http import HTTPStatus
from typing import Any

from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import RuleViolation
from forums.consents import MEMBERSHIP
from forums.forms.joining import ApplicationForm, as_written, regions_to_choose
from forums.models import Application
from forums.queries.members import applications_of
from forums.services.applications import answer_request, submit_application, withdraw_application
from forums.states import OPEN_APPLICATIONS, ApplicationStatus
from residents.models import User

PAGE = "forums/join.html"


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """What membership is, and the form. Only sending it counts against the rate."""
    if request.method != "POST":
        return _form_page(request, ApplicationForm(regions=regions_to_choose(timezone.localdate())))
    limited = rate_limit(  # type: ignore[no-untyped-call]
        action="club_join", config={"club_join": settings.CLUB_JOIN_RATE}
    )
    response: HttpResponseBase = limited(_sent)(request)
    return response


@sensitive_variables()
def _sent(request: HttpRequest) -> HttpResponse:
    form = ApplicationForm(request.POST, regions=regions_to_choose(timezone.localdate()))
    if not form.is_valid():
        return _form_page(request, form, HTTPStatus.BAD_REQUEST)
    now = timezone.now()
    try:
        application = submit_application(
            key=form.cleaned_data["key"],
            given=form.given(),
            consent_version=form.cleaned_data["consent_version"],
            user=_user(request),
            language=translation.get_language() or settings.LANGUAGE_CODE,
            at=now,
        )
    except RuleViolation as no:
        form.add_error(None, no.text)
        return _form_page(request, form, no.status)
    if application.submitted_at == now or _says(application, form):
        messages.success(request, _("Your application has arrived. Please keep the address of this page."))
    else:
        messages.warning(
            request,
            _(
                "This form was sent before, and what was written then counts. "
                "To change something, withdraw the application below and send a new one."
            ),
        )
    return redirect("forums:application", application.key)


def _says(application: Application, form: ApplicationForm) -> bool:
    """Whether the application holds what the form says now."""
    given = form.given()
    return all(getattr(application, field.name) == getattr(given, field.name) for field in fields(given))


def _form_page(request: HttpRequest, form: ApplicationForm, status: int = HTTPStatus.OK) -> HttpResponse:
    user = _user(request)
    own = list(applications_of(user)) if user else []
    return render(request, PAGE, {"form": form, "own": own}, status=status)


def _of_key(key: uuid.UUID) -> Application:
    application = Application.objects.select_related("region__parent").filter(key=key).first()
    if application is None:
        raise Http404
    return application


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_http_methods(["GET", "HEAD"])
def application(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The state of an application, what is asked for, and the way to answer or to withdraw."""
    found = _of_key(key)
    form = None
    if found.status == ApplicationStatus.SUPPLEMENT:
        form = ApplicationForm(
            initial=as_written(found), regions=regions_to_choose(timezone.localdate()), with_consent=False
        )
    return _application_page(request, found, form)


@sensitive_post_parameters()
@never_cache
@require_POST
def answer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Send what was asked for."""
    found = _of_key(key)
    was_asked = found.steps.filter(status=ApplicationStatus.SUPPLEMENT).exists()
    if found.status == ApplicationStatus.SUBMITTED and was_asked:  # a second tap on the button
        messages.info(request, _("What you wrote has arrived. The secretariat looks at it again."))
        return redirect("forums:application", key)
    if found.status != ApplicationStatus.SUPPLEMENT:
        raise RuleViolation(_("Nothing is asked for at the moment."), code="wrong_state")
    form = ApplicationForm(request.POST, regions=regions_to_choose(timezone.localdate()), with_consent=False)
    if not form.is_valid():
        return _application_page(request, found, form, HTTPStatus.BAD_REQUEST)
    answer_request(key=key, given=form.given(), user=_user(request), at=timezone.now())
    messages.success(request, _("What you wrote has arrived. The secretariat looks at it again."))
    return redirect("forums:application", key)


@never_cache
@require_POST
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take the application back. A second tap on the button finds it withdrawn already."""
    if _of_key(key).status == ApplicationStatus.WITHDRAWN:
        return redirect("forums:application", key)
    withdraw_application(key=key, user=_user(request), at=timezone.now())
    messages.success(request, _("Your application is withdrawn and its data is deleted."))
    return redirect("forums:application", key)


def _application_page(
    request: HttpRequest, found: Application, form: ApplicationForm | None, status: int = HTTPStatus.OK
) -> HttpResponse:
    context: dict[str, Any] = {
        "application": found,
        "form": form,
        "steps": list(found.steps.all()),
        "is_open": found.status in OPEN_APPLICATIONS,
        "consent": MEMBERSHIP,
        "address": request.build_absolute_uri(),
    }
    return _unlisted(render(request, "forums/application.html", context, status=status))
