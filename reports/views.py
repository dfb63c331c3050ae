"""Documents that an account may order, and the order itself."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleViolation
from reports.forms import PREFIX, OrderForm, prefilled
from reports.orders import order_document
from reports.parameters import read_format
from reports.queries import documents_for, earlier_files, may_order_any
from reports.registry import Document, document_called
from residents.models import User


def _user(request: HttpRequest) -> User:
    """The account behind `login_required`."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@login_required
@never_cache
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/documents.html", {"groups": documents_for(_user(request))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def document_page(request: HttpRequest, name: str) -> HttpResponse:
    """The form of one document and its earlier files; sent, the order. 404 for what is not open to this account."""
    user = _user(request)
    document = document_called(name)
    if not may_order_any(document, user):
        raise Http404
    if request.method != "POST":
        form = OrderForm(document, user, initial=prefilled(document, request.GET.dict()))
        return _page(request, document, form, HTTPStatus.OK)
    form = OrderForm(document, user, request.POST)
    status = HTTPStatus.BAD_REQUEST
    if form.is_valid():
        try:
            job = order_document(
                name=document.name,
                values=form.values(),
                file_format=read_format(document, form.cleaned_data["format"]),
                owner=user,
                at=timezone.now(),
                purpose=form.cleaned_data.get("purpose", ""),
            )
        except RuleViolation as violation:
            form.add_error(None, violation.text)
            status = HTTPStatus(violation.status)
        else:
            return redirect("jobs:job", job.pk)
    return _page(request, document, form, status)


def _page(request: HttpRequest, document: Document, form: OrderForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "document": document,
        "form": form,
        "earlier": earlier_files(document, _user(request), timezone.now()),
        "has_parameters": any(name.startswith(PREFIX) for name in form.fields),
    }
    return render(request, "reports/document.html", context, status=status)
