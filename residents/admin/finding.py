"""Finding a person at the desk without writing a name into an address.

Django's search puts what was typed into the address, where logs and histories keep it. Names, birth dates and mail
addresses are sent with POST instead, and the search is noted in the access log.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from residents.desk import ScopedAdmin

MOST_FOUND = 50


class FindsPersons(ScopedAdmin):
    """A list with a page on which persons are looked up."""

    find_form: ClassVar[type[forms.Form]]
    change_list_template = "admin/residents/persons_change_list.html"

    def rows_like(self, rows: QuerySet[Any], wanted: Mapping[str, Any]) -> QuerySet[Any]:
        """Those of `rows`, already within the official's regions, that match the form's cleaned data."""
        raise NotImplementedError

    def described(self, row: Any) -> tuple[str, ...]:
        """What the result shows of a row: masked."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_find"
        return [path("find/", self.admin_site.admin_view(self.find_view), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"find_url": self.address("find"), **(extra_context or {})})

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """The form, and below it what was found: at most 50 rows, and whether there are more."""
        if not self.has_view_permission(request):
            raise Http404
        form = self.find_form(request.POST if request.method == "POST" else None)
        found: list[Any] = []
        searched = form.is_bound and form.is_valid()
        if searched:
            found = list(self.rows_like(self.get_queryset(request), form.cleaned_data)[: MOST_FOUND + 1])
            self.log_listing(request, len(found))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Find a person"),
            "form": form,
            "searched": searched,
            "found": [(self.address("change", row), self.described(row)) for row in found[:MOST_FOUND]],
            "more": len(found) > MOST_FOUND,
            "opts": self.opts,
            "back_url": self.address("changelist"),
        }
        status = HTTPStatus.BAD_REQUEST if form.is_bound and not searched else HTTPStatus.OK
        return TemplateResponse(request, "admin/residents/find.html", context, status=status)
