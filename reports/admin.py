"""An office's papers at the desk: certificates, forms to fill, letters that were signed elsewhere."""

import io
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from reports.form_download import as_download
from reports.form_facts import FACTS, FillingForm, MappingForm, by_field, facts_of
from reports.forms_filling import MOST_BYTES
from reports.models import Certificate, OfficeForm, SignedDocument
from reports.permissions import KEEPERS, kept_by
from reports.services import (
    add_form,
    bring_back_form,
    fill_form,
    map_form,
    record_signed_document,
    retire_form,
    withdraw_certificate,
)
from reports.services.papers import Signing, content_of
from reports.states import CertificateStatus, Disclosure, FormStatus
from residents.admin.finding import FindsByWords
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.models import Region, User
from residents.permissions import role_paths
from residents.states import RegionLevel, Role

PERSONAL_DATA = "reports.certificate"
MOST_FORMS = 20


class _PapersAdmin(ScopedAdmin):
    """Papers of an office: a district's for its officials, the club's (without a region) for the secretariat."""

    viewing_roles = KEEPERS
    region_lookup = "region__path"
    list_select_related: ClassVar[Any] = ("region__parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The secretariat's role reaches everywhere, but a district's papers are not the club's."""
        return super().get_queryset(request).filter(kept_by(request.user))

    def scope_of(self, obj: Any) -> str:
        return obj.region.path if obj.region else ""

    @admin.display(description=pgettext_lazy("whose papers", "office"))
    def office(self, paper: Any) -> str:
        return paper.region.full_name if paper.region else _("the club")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name != "region":
            return super().get_field_queryset(db, db_field, request)
        reach = role_paths(request.user, Role.DISTRICT_OFFICIAL)
        districts = Region.objects.filter(level=RegionLevel.MUNICIPALITY, path__in=reach)
        return districts.select_related("parent")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only who works for a district is asked whose paper it is; the club's have no region."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None or role_paths(request.user, Role.DISTRICT_OFFICIAL):
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "region"]})
            for title, options in fieldsets
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The office is the official's own; whoever has one only is not asked."""
        form = super().get_form(request, obj, change, **kwargs)
        region = form.base_fields.get("region")
        if region is not None:
            is_of_club = bool(role_paths(request.user, Role.CLUB_SECRETARIAT))
            region.required = not is_of_club
            own = list(region.queryset[:2])
            if len(own) == 1 and not is_of_club:
                region.initial = own[0].pk
        return form


# --- certificates -----------------------------------------------------------------------------------------------------


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        help_text=gettext_lazy("Whoever verifies the certificate reads it. No data of persons, please."),
    )


def _withdraw(request: HttpRequest, certificate: Certificate, data: dict[str, Any]) -> str:
    withdraw_certificate(
        certificate_id=certificate.pk, reason=data["reason"], actor=current_user(request), at=timezone.now()
    )
    return _("The certificate was withdrawn. Whoever verifies it sees that from now on.")


@admin.register(Certificate)
class CertificateAdmin(FindsByWords, _PapersAdmin):
    """Issued by the apps whose matter it is; here they are found, printed again and withdrawn."""

    personal_data = PERSONAL_DATA
    list_display = ("serial_number", "title", "holder_name", "office", "issued_on", "status")
    list_filter = ("status", "kind")
    period = ("issued_on", gettext_lazy("issued on"))
    found_by = ("holder_name", "title", "code")
    fields = (
        "serial_number",
        "title",
        "holder_name",
        "statement",
        "shown_facts",
        "office",
        "issued_on",
        "issued_by",
        "shown_code",
        "status",
        "withdrawn_on",
        "withdrawn_because",
        "printing",
        "filling",
    )
    readonly_fields = fields
    acts = (
        Act(
            name="withdraw",
            label=gettext_lazy("Withdraw"),
            permission="reports.withdraw_certificate",
            run=_withdraw,
            question=gettext_lazy(
                "The certificate becomes void for good, and whoever verifies it sees so. Its number is not given again."
            ),
            form=WithdrawForm,
            available=lambda certificate: certificate.status == CertificateStatus.ISSUED,
            danger=True,
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def described(self, row: Any) -> tuple[str, ...]:
        return (row.serial, row.title, row.holder_name)

    def person_of(self, obj: Any) -> User | None:
        holder: User | None = obj.holder
        return holder

    @admin.display(description=gettext_lazy("serial number"), ordering="number")
    def serial_number(self, certificate: Certificate) -> str:
        return certificate.serial

    @admin.display(description=gettext_lazy("code to verify"))
    def shown_code(self, certificate: Certificate) -> str:
        return certificate.printed_code

    @admin.display(description=gettext_lazy("facts"))
    def shown_facts(self, certificate: Certificate) -> str:
        return "; ".join(f"{name}: {value}" for name, value in certificate.facts) or "–"

    @admin.display(description=gettext_lazy("print again"))
    def printing(self, certificate: Certificate) -> SafeString | str:
        if certificate.status != CertificateStatus.ISSUED:
            return "–"
        address = f"{reverse('reports:document', args=['certificate'])}?certificate={certificate.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Order the paper"))

    @admin.display(description=gettext_lazy("own forms"))
    def filling(self, certificate: Certificate) -> SafeString | str:
        """The office's own forms into which its facts can go."""
        if certificate.status != CertificateStatus.ISSUED:
            return "–"
        in_use = OfficeForm.objects.filter(region=certificate.region, status=FormStatus.IN_USE).exclude(mapping={})
        fill = f"{self.admin_site.name}:reports_officeform_fill"
        links = [
            (reverse(fill, args=[pk]), certificate.pk, name)
            for pk, name in in_use.values_list("pk", "name")[:MOST_FORMS]
        ]
        return format_html_join(" · ", '<a href="{}?certificate={}">{}</a>', links) or "–"


def _log_certificate(
    request: HttpRequest, certificate: Certificate | None, act: AccessAct, *, reason: str = ""
) -> None:
    """Note that an official saw or took what a certificate says of its holder, unless that is nobody or themselves."""
    if certificate is None or not certificate.holder_name or certificate.holder == request.user:
        return
    log_access(
        account=current_user(request),
        act=act,
        what=PERSONAL_DATA,
        at=timezone.now(),
        whose=certificate.holder,
        reason=reason,
        address=client_address(request),
        scope=certificate.region.path if certificate.region else "",
    )


# --- forms ------------------------------------------------------------------------------------------------------------


class OfficeFormForm(forms.ModelForm):  # type: ignore[type-arg]
    """The upload of a form."""

    def clean_content(self) -> Any:
        content = self.cleaned_data["content"]
        if content.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. A form has to be smaller."))
        return content


def _retire(request: HttpRequest, form: OfficeForm, _data: dict[str, Any]) -> str:
    retire_form(form_id=form.pk, actor=current_user(request), at=timezone.now())
    return _("The form is out of use. What was filled with it stays as it is.")


def _bring_back(request: HttpRequest, form: OfficeForm, _data: dict[str, Any]) -> str:
    bring_back_form(form_id=form.pk, actor=current_user(request), at=timezone.now())
    return _("The form is in use again.")


def _map(request: HttpRequest, form: OfficeForm, data: dict[str, Any]) -> str:
    map_form(form_id=form.pk, mapping=by_field(form, data), actor=current_user(request), at=timezone.now())
    return _("It stands written what goes into which field.")


@admin.register(OfficeForm)
class OfficeFormAdmin(_PapersAdmin):
    """Uploaded here, never changed: a new version is a new form."""

    form = OfficeFormForm
    list_display = ("name", "source", "office", "number_of_fields", "added_at", "status")
    list_filter = ("status",)
    search_fields = ("name", "source")
    acts = (
        Act(
            name="map",
            label=gettext_lazy("Match the fields"),
            permission="reports.add_officeform",
            run=_map,
            question=gettext_lazy(
                "Please choose what of a certificate goes into which field. The rest is written by hand."
            ),
            make_form=lambda _request, form, data: MappingForm(form, data),
            available=lambda form: form.status == FormStatus.IN_USE,
        ),
        Act(
            name="retire",
            label=gettext_lazy("Take out of use"),
            permission="reports.retire_officeform",
            run=_retire,
            question=gettext_lazy("The form is no longer offered. It can be taken into use again."),
            available=lambda form: form.status == FormStatus.IN_USE,
        ),
        Act(
            name="bring-back",
            label=gettext_lazy("Take into use again"),
            permission="reports.retire_officeform",
            run=_bring_back,
            question=gettext_lazy("The form is offered again."),
            available=lambda form: form.status == FormStatus.RETIRED,
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        if obj is None:
            return ("region", "name", "source", "content")
        return ("office", "name", "source", "shown_fields", "filling", "file", "size", "sha256", "added_at", "status")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<path:object_id>/file/", view(self.file_view), name="reports_form_file"),
            path("<path:object_id>/fill/", view(self.fill_view), name="reports_officeform_fill"),
        ]
        return [*own, *super().get_urls()]

    def file_view(self, request: HttpRequest, object_id: str) -> FileResponse:
        """The office's own file, as it was uploaded. Raises Http404 for what is not theirs."""
        form: OfficeForm = self.get_object(request, unquote(object_id))
        return as_download(form, io.BytesIO(content_of(form)))

    def fill_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The form to be filled, by hand and with the facts of a certificate; sent, the filled file. Nothing is kept.

        Raises Http404 for what is not theirs, be it the form or the certificate.
        """
        form: OfficeForm = self.get_object(request, unquote(object_id))
        if form.status != FormStatus.IN_USE:
            raise RuleViolation(_("This form is out of use. Please take its newer version."), code="form_retired")
        certificate = self._certificate(request)
        filling = FillingForm(form, facts_of(certificate) if certificate else None, request.POST or None)
        status = HTTPStatus.OK
        if request.method == "POST":
            status = HTTPStatus.BAD_REQUEST
            if filling.is_valid():
                filled = fill_form(form, by_field(form, filling.cleaned_data), as_named=True)
                _log_certificate(request, certificate, AccessAct.DOWNLOAD, reason=_("filled form of an office"))
                return as_download(form, io.BytesIO(filled.content))
        _log_certificate(request, certificate, AccessAct.READ)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fill the form"),
            "subtitle": form.name,
            "act": {
                "label": _("Fill the form"),
                "question": _("The filled form is made as an HWPX file. Madang keeps nothing of it."),
            },
            "form": filling,
            "opts": self.opts,
            "back_url": self.address("change", form),
        }
        return TemplateResponse(request, self.act_template, context, status=status)

    def _certificate(self, request: HttpRequest) -> Certificate | None:
        asked = request.GET.get("certificate", "")
        if not asked:
            return None
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
            raise Http404
        found = Certificate.objects.filter(kept_by(request.user), pk=int(asked), status=CertificateStatus.ISSUED)
        certificate: Certificate | None = found.select_related("region", "holder").first()
        if certificate is None:
            raise Http404
        return certificate

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> OfficeForm:
        del change
        return add_form(
            name=obj.name,
            source=obj.source,
            region=obj.region,
            content=form.cleaned_data["content"].read(),
            actor=current_user(request),
            at=timezone.now(),
        )

    @admin.display(description=gettext_lazy("fields"))
    def number_of_fields(self, form: OfficeForm) -> int:
        return len(form.fields)

    @admin.display(description=gettext_lazy("fields"))
    def shown_fields(self, form: OfficeForm) -> SafeString:
        """Each field with what goes into it."""
        goes = {name: FACTS.get(fact, fact) for name, fact in form.mapping.items()}
        lines = ((field["name"], goes.get(field["name"]) or _("written by hand")) for field in form.fields)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} ← {}</li>", lines))

    @admin.display(description=gettext_lazy("filling in"))
    def filling(self, form: OfficeForm) -> SafeString | str:
        if form.status != FormStatus.IN_USE:
            return "–"
        address = reverse(f"{self.admin_site.name}:reports_officeform_fill", args=[form.pk])
        return format_html('<a href="{}">{}</a>', address, _("Fill the form"))

    @admin.display(description=gettext_lazy("file"))
    def file(self, form: OfficeForm) -> SafeString:
        address = reverse(f"{self.admin_site.name}:reports_form_file", args=[form.pk])
        return format_html('<a href="{}">{}</a>', address, _("Take the file"))


# --- letters ----------------------------------------------------------------------------------------------------------


class SignedDocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A signed letter, with sentences for what the database would only refuse."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        disclosure = data.get("disclosure")
        if disclosure == Disclosure.OPEN:
            data["closed_because"] = ""
        elif disclosure and not (data.get("closed_because") or "").strip():
            self.add_error(
                "closed_because", _("A letter that is not open states the ground: the item of the law on disclosure.")
            )
        return data


@admin.register(SignedDocument)
class SignedDocumentAdmin(_PapersAdmin):
    """What the administration's own system says of a letter; the letter stays there."""

    made_in_series = True
    form = SignedDocumentForm
    list_display = ("number", "title", "office", "signed_on", "disclosure", "retention")
    list_filter = ("disclosure", "retention")
    period = ("signed_on", gettext_lazy("signed on"))
    search_fields = ("number", "title")
    fields = ("region", "number", "title", "signed_on", "disclosure", "closed_because", "retention")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> SignedDocument:
        del form, change
        signing = Signing(
            number=obj.number,
            title=obj.title,
            signed_on=obj.signed_on,
            disclosure=Disclosure(obj.disclosure),
            closed_because=obj.closed_because,
            retention=obj.retention,
        )
        return record_signed_document(
            signing=signing, region=obj.region, actor=current_user(request), at=timezone.now()
        )
