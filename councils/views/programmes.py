"""A programme of the residents' centre: what it is, enrolling in it, giving the place up."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RuleViolation
from councils.forms.programmes import EnrolForm
from councils.models import Programme
from councils.queries.work import PUBLIC_PROGRAMMES, TAKES_PEOPLE, counted, is_full, own_enrolment, place_in_line
from councils.services.programmes import cancel_enrolment, enrol
from councils.states import EnrolmentStatus
from residents.models import User
from residents.views import SignedInRequest


def _programme(pk: int) -> Programme:
    shown = Programme.objects.filter(status__in=PUBLIC_PROGRAMMES).select_related("council__dong__parent__parent")
    return get_object_or_404(counted(shown), pk=pk)


@never_cache
@require_safe
def programme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """For everybody; whoever is signed in sees the own place, and the way to give it up."""
    programme = _programme(pk)
    own = own_enrolment(request.user, programme) if isinstance(request.user, User) else None
    context = {
        "programme": programme,
        "council": programme.council,
        "own": own,
        "is_waiting": own is not None and own.status == EnrolmentStatus.WAITING,
        "in_line": place_in_line(own) if own and own.status == EnrolmentStatus.WAITING else None,
        "takes_people": programme.status in TAKES_PEOPLE,
        "is_full": is_full(programme),
    }
    return render(request, "councils/work/programme.html", context)


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name and phone, with one button. Whoever is on the list already finds the own place."""
    programme = _programme(pk)
    if own_enrolment(request.user, programme) is not None:
        return redirect("councils:programme", pk)
    if request.method != "POST":
        return _form(request, programme, EnrolForm(initial={"name": request.user.name}))
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return _form(request, programme, form, HTTPStatus.BAD_REQUEST)
    try:
        enrolment = enrol(
            programme_id=pk,
            user=request.user,
            name=form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            actor=request.user,
            at=timezone.now(),
        )
    except RuleViolation as no:
        form.add_error(no.code if no.code in form.fields else None, no.text)
        return _form(request, programme, form, no.status)
    if enrolment.status == EnrolmentStatus.WAITING:
        messages.success(request, _("All places are taken. You are on the waiting list; we tell you by mail."))
    else:
        messages.success(request, _("You have a place."))
    return redirect("councils:programme", pk)


def _form(request: HttpRequest, programme: Programme, form: EnrolForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "programme": programme,
        "council": programme.council,
        "form": form,
        "takes_people": programme.status in TAKES_PEOPLE,
        "is_full": is_full(programme),
    }
    return render(request, "councils/work/enrol.html", context, status=status)


@login_required
@never_cache
@require_POST
def cancel_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the own place up. A second tap finds it done; a fee that was paid is given back at the office first."""
    own = own_enrolment(request.user, _programme(pk))
    if own is not None:
        try:
            cancel_enrolment(enrolment_id=own.pk, actor=request.user, at=timezone.now())
        except RuleViolation as no:
            messages.error(request, no.text)
        else:
            messages.success(request, _("Your enrolment is cancelled."))
    return redirect("councils:programme", pk)
