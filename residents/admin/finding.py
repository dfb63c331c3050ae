"""Finding a person at the desk without writing a name into an address.

Django's search puts what was typed into the address, where logs and histories keep it. Names, birth dates and mail
addresses are sent with POST instead, and the search is noted in the access log.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from residents.desk import ScopedAdmin

MOST_FOUND = 50
LONGEST_WORDS = 100


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

    def export_rows(self, request: HttpRequest, changelist: Any) -> QuerySet[Any]:
        """Those that were looked up, where the search was sent along; else the list with its filters."""
        wanted = self._looked_up(request)
        if wanted is None:
            return super().export_rows(request, changelist)
        return self.rows_like(self.get_queryset(request), wanted)

    def log_count(self, request: HttpRequest, count: int) -> None:
        """How many are found of one name tells whether that person is here: noted like the search itself."""
        if self._looked_up(request) is not None:
            self.log_listing(request, count)

    def export_fields_sent(self, request: HttpRequest) -> list[tuple[str, str]]:
        if self._looked_up(request) is None:
            return []
        return [(name, request.POST.get(name, "")) for name in self.find_form.base_fields]

    def filters_in_words(self, request: HttpRequest, changelist: Any) -> list[tuple[str, str]]:
        """Of a search only that there was one: whom it looked for stands in no file."""
        if self._looked_up(request) is None:
            return super().filters_in_words(request, changelist)
        return [(_("Chosen by"), _("a search for persons"))]

    def _looked_up(self, request: HttpRequest) -> dict[str, Any] | None:
        """What was looked for, if anything. Raises BadRequest if it makes no sense."""
        if request.method != "POST" or not set(request.POST) & set(self.find_form.base_fields):
            return None
        form = self.find_form(request.POST)
        if not form.is_valid():
            raise BadRequest
        return form.cleaned_data

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
            "export_url": self.address("export"),
        }
        status = HTTPStatus.BAD_REQUEST if form.is_bound and not searched else HTTPStatus.OK
        return TemplateResponse(request, "admin/residents/persons_found.html", context, status=status)


class WordsForm(forms.Form):
    """A name, or whatever else a list is looked through for."""

    wanted = forms.CharField(label=gettext_lazy("Name or a part of it"), max_length=LONGEST_WORDS)


class FindsByWords(FindsPersons):
    """Persons of whom a list holds little more than the name: every word has to stand in one of `found_by`."""

    find_form = WordsForm
    found_by: ClassVar[tuple[str, ...]]

    def rows_like(self, rows: QuerySet[Any], wanted: Mapping[str, Any]) -> QuerySet[Any]:
        for word in str(wanted["wanted"]).split():
            condition = Q()
            for field in self.found_by:
                condition |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(condition)
        return rows
