"""The counter: an application for somebody without an account, and the receipt that they take home."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from councils.consents import APPLICATION
from councils.forms.counter import CounterForm
from councils.lookup import code_of
from councils.models import Application, Recruitment
from councils.queries.rules import features_of
from councils.services.applications import refuse_unless_open, submit_application
from councils.states import ApplicationStatus, IntakeWay
from meetings.views.pictures import qr_response
from residents.views import SignedInRequest

COUNTER, RECEIPT = "councils/desk/counter.html", "councils/desk/counter_receipt.html"
PERSONAL_DATA = "councils.application"


def _taken_in_here(request: HttpRequest, pk: int) -> Recruitment:
    """The recruitment, to officials who take applications for it. Raises Http404 for everybody else."""
    recruitment = get_object_or_404(
        Recruitment.objects.select_related("council__dong__parent__parent", "rule_set"), pk=pk
    )
    if not request.user.has_perm("councils.take_in_recruitment", recruitment):
        raise Http404
    return recruitment


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def counter(request: SignedInRequest, pk: int) -> HttpResponse:
    """One form on one page; sent, the receipt follows at once and the next person can come."""
    recruitment = _taken_in_here(request, pk)
    now = timezone.now()
    refuse_unless_open(recruitment, now)
    form = CounterForm(
        request.POST if request.method == "POST" else None,
        recruitment=recruitment,
        features=features_of(recruitment),
        day=timezone.localdate(now),
    )
    status = int(HTTPStatus.OK)
    if request.method == "POST":
        status = int(HTTPStatus.BAD_REQUEST)
        if form.is_valid():
            try:
                application = submit_application(
                    recruitment_id=recruitment.pk,
                    facts=form.written(),
                    way=IntakeWay.COUNTER,
                    consent_version=str(APPLICATION.version),
                    user=None,
                    actor=request.user,
                    at=now,
                )
            except RuleViolation as violation:
                form.add_error(None, violation.text)
                status = violation.status
            else:
                messages.success(request, _("Received. Receipt number: %(number)s") % {"number": application.number})
                return redirect("councils:counter_receipt", recruitment.pk, application.number)
    return render(request, COUNTER, {"recruitment": recruitment, "form": form}, status=status)


@login_required
@never_cache
@require_safe
def counter_receipt(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """The receipt of an application that was taken in here, to print; noted in the access log."""
    application = _application(request, pk, number)
    recruitment = application.recruitment
    log_access(
        account=request.user,
        act=AccessAct.READ,
        what=PERSONAL_DATA,
        at=timezone.now(),
        address=client_address(request),
        scope=recruitment.council.dong.path,
    )
    context = {
        "recruitment": recruitment,
        "application": application,
        "code": code_of(application.key),
        "find_url": request.build_absolute_uri(reverse("councils:find_application")),
    }
    return render(request, RECEIPT, context)


@login_required
@never_cache
@require_safe
def counter_code(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """The square code of the receipt: it leads to the page of the application, without an account."""
    application = _application(request, pk, number)
    return qr_response(request.build_absolute_uri(reverse("councils:application", args=[application.key])))


def _application(request: HttpRequest, pk: int, number: int) -> Application:
    recruitment = _taken_in_here(request, pk)
    application = get_object_or_404(
        Application.objects.exclude(status=ApplicationStatus.DRAFT),
        recruitment=recruitment,
        number=number,
        way=IntakeWay.COUNTER,
        erased_at=None,
    )
    application.recruitment = recruitment
    return application
