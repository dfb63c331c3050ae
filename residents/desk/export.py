"""Every list of the desk as an XLSX file: exactly the rows and columns that this official sees, masked as there.

The file itself is written by `core.sheets`, which knows nothing of lists; here a list becomes headings, values and the
lines that say what it is. Where rows are about persons, the file needs a purpose, which stands in the access log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from http import HTTPStatus
from itertools import islice
from operator import attrgetter
from tempfile import TemporaryFile
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeData
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from core.limits import client_address
from core.sheets import Column, Form, Sheet, Value, write_workbook
from residents.desk.acts import OffersActs, current_user
from residents.desk.filters import PeriodFilter, PlaceFilter
from residents.models import Region
from residents.services.extracts import (
    LONGEST_PURPOSE,
    Extract,
    record_extract,
    refuse_extract,
    refuse_too_many_rows,
)
from residents.states import Role

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_ONCE = 1000
NOTHING = {"", "–", "-"}
# Signs that some system takes for a part of an address or a command.
NOT_IN_FILE_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t;%', " "))


class PurposeForm(forms.Form):
    """Why a file with data of persons is needed."""

    purpose = forms.CharField(
        label=gettext_lazy("what the file is needed for"),
        max_length=LONGEST_PURPOSE,
        help_text=gettext_lazy("One sentence, without names and numbers of persons. It stands in the access log."),
    )


def plain(value: Any) -> Value:
    """What a list shows, as a value of a cell: markup becomes lines of text, dates and numbers stay what they are."""
    if isinstance(value, SafeData):
        lines = strip_tags(str(value).replace("</div>", "</div>\n").replace("<br>", "\n")).split("\n")
        value = unescape("\n".join(line.strip() for line in lines if line.strip()))
    if value is None or isinstance(value, bool | int | date | datetime):
        return value
    text = str(value)
    return None if text in NOTHING else text


def _file_name(*parts: str) -> str:
    return "_".join(" ".join(part.translate(NOT_IN_FILE_NAMES).split()) for part in parts if part)


class ExportsRows(OffersActs):
    """The part of a desk's list that hands it out as a file."""

    viewing_roles: ClassVar[Sequence[Role]]
    personal_data: ClassVar[str]
    # Rows that tell something of persons without showing their data: their file needs a purpose too.
    purpose_asked: ClassVar[bool] = False
    # Columns whose cell is not what the list shows in words: the field with the date or the number behind them.
    export_fields: ClassVar[Mapping[str, str]] = {}
    # Columns that are amounts of won.
    export_won: ClassVar[frozenset[str]] = frozenset()
    export_template: ClassVar[str] = "admin/export.html"

    def listed_scope(self, request: HttpRequest) -> str:
        raise NotImplementedError

    @property
    def needs_purpose(self) -> bool:
        return self.purpose_asked or bool(self.personal_data)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def prepare_rows(self, rows: list[Any]) -> None:
        """Complete rows of a page, or of a part of a file, by what one query finds for all of them."""

    def export_rows(self, request: HttpRequest, changelist: Any) -> QuerySet[Any]:
        """The rows of the file: those of the list with its filters, in its order."""
        del request
        rows: QuerySet[Any] = changelist.queryset
        return rows

    def log_count(self, request: HttpRequest, count: int) -> None:
        """Note that somebody saw how many rows a file would have, where that number tells something of a person."""

    def export_fields_sent(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What was sent to choose the rows and has to be sent again with the purpose."""
        del request
        return []

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The file; where it needs a purpose, first the page that asks for it. 404 for lists that are not theirs."""
        if not self.has_view_permission(request):
            raise Http404
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        changelist = self.get_changelist_instance(request)
        rows = self.export_rows(request, changelist)
        count = rows.count()
        if not self.needs_purpose:
            refuse_too_many_rows(count)
            return self._file(request, changelist, rows, count)[0]
        sent = request.method == "POST" and "purpose" in request.POST
        form = PurposeForm(request.POST if sent else None)
        status = HTTPStatus.BAD_REQUEST if sent else HTTPStatus.OK
        if sent and form.is_valid():
            try:
                return self._file_with_trace(request, changelist, rows, count, form.cleaned_data["purpose"])
            except RuleViolation as violation:
                form.add_error(None, violation.text)
                status = HTTPStatus(violation.status)
        self.log_count(request, count)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take this list as an Excel file"),
            "subtitle": capfirst(str(self.opts.verbose_name_plural)),
            "form": form,
            "count": count,
            "about": self.filters_in_words(request, changelist),
            "sent": self.export_fields_sent(request),
            "opts": self.opts,
            "back_url": f"{self.address('changelist')}{changelist.get_query_string()}",
        }
        return TemplateResponse(request, self.export_template, context, status=status)

    def _file_with_trace(
        self, request: HttpRequest, changelist: Any, rows: QuerySet[Any], expected: int, purpose: str
    ) -> HttpResponseBase:
        """Write the file, note that it goes out, and only then hand it over. Raises RuleViolation if it may not."""
        actor, at = current_user(request), timezone.now()
        refuse_extract(actor=actor, purpose=purpose, rows=expected, at=at)
        response, count = self._file(request, changelist, rows, expected)
        filters = [name for name, value in changelist.get_filters_params().items() if value]
        record_extract(
            extract=Extract(
                model=self.model,
                what=self.personal_data or self.opts.label_lower,
                scope=self._place(changelist) or self.listed_scope(request),
                filters=[*filters, *(name for name, _value in self.export_fields_sent(request))],
            ),
            rows=count,
            purpose=purpose,
            actor=actor,
            address=client_address(request),
            at=at,
        )
        return response

    def _place(self, changelist: Any) -> str:
        """Path of the region that the list is narrowed down to; "" where it is not."""
        return next((spec.path for spec in changelist.filter_specs if isinstance(spec, PlaceFilter)), "")

    # --- what stands in the file --------------------------------------------------------------------------------------

    def _file(
        self, request: HttpRequest, changelist: Any, rows: QuerySet[Any], expected: int
    ) -> tuple[FileResponse, int]:
        """The answer with the file, and how many rows it has."""
        names = [name for name in self.get_list_display(request) if isinstance(name, str)]
        title = capfirst(str(self.opts.verbose_name_plural))
        at = timezone.now()
        sheet = Sheet(
            title=title,
            columns=[self._column(name) for name in names],
            about_title=_("About this list"),
            about=[
                (_("List"), title),
                (_("Of which office"), self._office(request)),
                (_("Made at"), at),
                (_("Rows"), expected),
                *self.filters_in_words(request, changelist),
                *self._note(),
            ],
            yes=_("yes"),
            no=_("no"),
        )
        target = TemporaryFile()  # noqa: SIM115 - the answer reads and closes it
        count = write_workbook(
            target, sheet, self._cells(rows, names), zone=timezone.get_current_timezone(), made="Madang"
        )
        target.seek(0)
        response = FileResponse(target, content_type=XLSX)
        day = timezone.localdate(at)
        plain_name = f"{self.opts.model_name}-{day:%Y%m%d}.xlsx"
        name = f"{_file_name(title, self._place_name(request, changelist), day.isoformat())}.xlsx"
        response["Content-Disposition"] = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name)}"
        response["Cache-Control"] = "no-store, private"
        return response, count

    def _column(self, name: str) -> Column:
        label = capfirst(str(label_for_field(name, self.model, self)))
        return Column(label, Form.WON if name in self.export_won else Form.COUNT)

    def _cells(self, rows: QuerySet[Any], names: Sequence[str]) -> Iterator[list[Value]]:
        """The cells of each row; rows come by the thousand, with what belongs to them."""
        readers = [self._reader(name) for name in names]
        found = rows.iterator(chunk_size=ROWS_AT_ONCE)
        while chunk := list(islice(found, ROWS_AT_ONCE)):
            self.prepare_rows(chunk)
            for row in chunk:
                yield [plain(read(row)) for read in readers]

    def _reader(self, name: str) -> Callable[[Any], Any]:
        """How the value of this column is read from a row; found out once, not for each row."""
        if name in self.export_fields:
            return attrgetter(self.export_fields[name])
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            own: Callable[[Any], Any] | None = getattr(self, name, None)
            return own or attrgetter(name)
        if not getattr(field, "choices", None):
            return attrgetter(name)
        labels = {value: str(label) for value, label in field.flatchoices}  # type: ignore[union-attr]

        def label_of(row: Model) -> str:
            value = getattr(row, name)
            return labels.get(value, str(value))

        return label_of

    def _office(self, request: HttpRequest) -> str:
        """The offices that this list was seen with: never the person."""
        held = [role for role in current_user(request).active_roles if role.role in self.viewing_roles]
        return ", ".join(str(role) for role in held)

    def _place_name(self, request: HttpRequest, changelist: Any) -> str:
        chosen = self._place(changelist)
        if chosen:
            region = Region.objects.select_related("parent").filter(path=chosen).first()
            return region.full_name if region else ""
        held = [role.region for role in current_user(request).active_roles if role.role in self.viewing_roles]
        # The names of one or two are a name for a file; more would not fit.
        return " ".join(region.local_name for region in held[:2] if region)

    def filters_in_words(self, request: HttpRequest, changelist: Any) -> list[tuple[str, str]]:
        """What the rows were chosen by: (filter, choice)."""
        lines = []
        for spec in changelist.filter_specs:
            chosen = [str(choice["display"]) for choice in spec.choices(changelist) if choice["selected"]]
            words = spec.words() if isinstance(spec, PeriodFilter) else ""
            lines.append((capfirst(str(spec.title)), words or ", ".join(chosen) or _("All")))
        if changelist.query:
            lines.append((_("Searched for"), changelist.query))
        del request
        return lines

    def _note(self) -> Iterable[tuple[str, Value]]:
        if self.needs_purpose:
            yield (
                _("Please note"),
                _(
                    "This file holds data of persons. Use it only for the purpose that was given, hand it to nobody "
                    "else, and delete it when the work is done."
                ),
            )
