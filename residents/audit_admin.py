"""The desk's pages of the audit log and the access log: read, verify, review; nothing is changed here.

They stand here and not in `core.audit`, which knows neither roles nor regions.
"""

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from textwrap import wrap
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.audit import actions
from core.audit.chain import head_from
from core.audit.models import AccessEntry, AccessReview, AuditEntry
from core.audit.sealing import pending_entries, verify_log
from core.audit.services import review_access_log
from core.audit.wording import fault_in_words
from core.templatetags.madang import moment_text
from residents.audit_permissions import ACCESS_READERS, AUDIT_READERS
from residents.audit_reviews import months_to_review, scopes_of
from residents.audit_wording import details_in_words, kind_of_thing
from residents.desk import ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.scoped import PSEUDONYM_SHOWN
from residents.models import Region, User

NOTHING = "–"
DIGEST_PART = 8  # a digest may be broken after so many signs, so that it fits a phone


def _official(field: str) -> Subquery:
    """Name of the account with this pseudonym if it ever held a role; residents stay pseudonyms."""
    return Subquery(User.objects.filter(pseudonym=OuterRef(field), roles__isnull=False).values("name")[:1])


def _region(field: str) -> Subquery:
    return Subquery(Region.objects.filter(path=OuterRef(field)).values("name")[:1])


def _who(name: str | None, pseudonym: object) -> str:
    return name or str(pseudonym)[:PSEUDONYM_SHOWN]


class ActionFilter(admin.SimpleListFilter):
    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """The actions that occur in this reader's part of the log, by their names."""
        occurring = model_admin.get_queryset(request).order_by().values_list("action", flat=True).distinct()
        return sorted(((action, actions.label_of(action)) for action in occurring), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        del request
        return queryset.filter(action=self.value()) if self.value() else None


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind of thing")
    parameter_name = "kind"
    field: ClassVar[str] = "target_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        occurring = model_admin.get_queryset(request).order_by().values_list(self.field, flat=True).distinct()
        return sorted(((label, kind_of_thing(label)) for label in occurring), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        del request
        return queryset.filter(**{self.field: self.value()}) if self.value() else None


class ReadKindFilter(KindFilter):
    """The same for the access log."""

    field = "what"


class AccountFilter(admin.SimpleListFilter):
    title = gettext_lazy("account")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """The officials who occur in this reader's part of the log."""
        pseudonyms = model_admin.get_queryset(request).order_by().values("account").distinct()
        return [
            (str(pseudonym), name)
            for pseudonym, name in User.objects.filter(pseudonym__in=pseudonyms)
            .order_by("name")
            .values_list("pseudonym", "name")
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        del request
        known = {value for value, _name in self.lookup_choices}
        if self.value() and self.value() not in known:
            return queryset.none()
        return queryset.filter(account=self.value()) if self.value() else None


class LogAdmin(ScopedAdmin):
    """A log on the desk: rows of the reader's regions, each with the names of region and official."""

    scope_lookup: ClassVar[str] = "scope"
    who_field: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(who_name=_official(self.who_field), region_name=_region("scope"))
        return named

    @admin.display(description=gettext_lazy("region"))
    def region(self, row: Any) -> str:
        return row.region_name or row.scope or _("the whole site")

    @admin.display(description=gettext_lazy("who"))
    def who(self, row: Any) -> str:
        pseudonym = getattr(row, self.who_field)
        return _who(row.who_name, pseudonym) if pseudonym else _("the system")


class VerifyForm(forms.Form):
    head = forms.CharField(
        label=gettext_lazy("Head that was written down earlier"),
        help_text=gettext_lazy(
            "In the form number:digest. The chain must run through it; only so a cut-off end shows."
        ),
        required=False,
        max_length=90,
    )

    def clean_head(self) -> Any:
        text = self.cleaned_data["head"].strip()
        if not text:
            return None
        try:
            return head_from(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not a head. It is a number, a colon and 64 digits and letters from a to f.")
            ) from error


@admin.register(AuditEntry)
class AuditEntryAdmin(LogAdmin):
    viewing_roles = AUDIT_READERS
    who_field = "actor"
    list_display = ("at", "what", "thing", "region", "who", "sealed")
    list_display_links = ("at", "what")
    change_list_template = "admin/audit/auditentry/change_list.html"
    list_filter = (ActionFilter, KindFilter)
    period = ("at", gettext_lazy("time"))
    search_fields = ("=target_id", "=id")
    fields = ("at", "what", "thing", "region", "who", "concerned", "particulars", "sealed", "digest")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        entries = super().get_queryset(request)
        sealed: QuerySet[Any] = entries.annotate(position=F("seal__position"), seal_digest=F("seal__digest"))
        return sealed

    def named(self, obj: AuditEntry) -> str:
        return " · ".join((self.what(obj), self.thing(obj), moment_text(obj.at)))

    @admin.display(description=gettext_lazy("persons concerned (pseudonyms)"))
    def concerned(self, entry: AuditEntry) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((person,) for person in entry.persons)) or NOTHING

    @admin.display(description=gettext_lazy("details"))
    def particulars(self, entry: AuditEntry) -> SafeString | str:
        lines = details_in_words(entry.details, entry.target_type)
        return format_html_join("", "<div>{}: {}</div>", lines) or NOTHING

    @admin.display(description=gettext_lazy("what was done"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return actions.label_of(entry.action)

    @admin.display(description=gettext_lazy("thing"))
    def thing(self, entry: AuditEntry) -> str:
        return f"{kind_of_thing(entry.target_type)} {entry.target_id}".strip()

    @admin.display(description=gettext_lazy("position in the chain"), ordering="position")
    def sealed(self, entry: Any) -> Any:
        return entry.position or _("not sealed yet")

    @admin.display(description=gettext_lazy("SHA-256"))
    def digest(self, entry: Any) -> str:
        return entry.seal_digest or ""

    def get_urls(self) -> list[URLPattern]:
        verify = path("verify/", self.admin_site.admin_view(self.verify_view), name="audit_auditentry_verify")
        return [verify, *super().get_urls()]

    def verify_view(self, request: HttpRequest) -> HttpResponse:
        """Walk the whole chain, in constant memory, and show its head or its first broken link."""
        if request.method not in {"GET", "HEAD"} or not current_user(request).has_perm("audit.verify_auditentry"):
            raise Http404
        form = VerifyForm(request.GET if "head" in request.GET else None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Verify the audit log"),
            "opts": self.opts,
            "form": form,
        }
        status = HTTPStatus.OK
        if form.is_bound and not form.is_valid():
            status = HTTPStatus.BAD_REQUEST
        else:
            context |= self._verification(request, form)
        return TemplateResponse(request, "admin/audit/auditentry/verify.html", context, status=status)

    def _verification(self, request: HttpRequest, form: VerifyForm) -> dict[str, Any]:
        verdict = verify_log(expected=form.cleaned_data["head"] if form.is_bound else None)
        entry = None
        if verdict.broken and verdict.broken.entry_id:
            entry = self.get_queryset(request).filter(pk=verdict.broken.entry_id).first()
        return {
            "verdict": verdict,
            "digest_parts": wrap(verdict.head.digest, DIGEST_PART),
            "waiting": pending_entries().count(),
            "fault": fault_in_words(verdict.broken) if verdict.broken else "",
            "broken_entry": entry,
        }


@admin.register(AccessEntry)
class AccessEntryAdmin(LogAdmin):
    viewing_roles = ACCESS_READERS
    who_field = "account"
    list_display = ("at", "who", "act", "thing", "persons", "reason", "address", "region")
    list_filter = (AccountFilter, "act", ReadKindFilter)
    period = ("at", gettext_lazy("time"))
    purpose_asked = True
    fields = ("at", "who", "act", "thing", "persons", "whose", "reason", "address", "region")
    readonly_fields = fields

    def named(self, obj: AccessEntry) -> str:
        return " · ".join((self.thing(obj), obj.get_act_display(), moment_text(obj.at)))

    @admin.display(description=gettext_lazy("kind of thing"))
    def thing(self, entry: AccessEntry) -> str:
        return kind_of_thing(entry.what)

    @admin.display(description=gettext_lazy("whose"))
    def persons(self, entry: AccessEntry) -> str:
        if entry.whose:
            return str(entry.whose)[:PSEUDONYM_SHOWN]
        return ngettext("%(count)s person", "%(count)s persons", entry.count) % {"count": entry.count}


@admin.register(AccessReview)
class AccessReviewAdmin(LogAdmin):
    viewing_roles = ACCESS_READERS
    who_field = "reviewer"
    list_display = ("month_shown", "region", "entries", "who", "at", "note")
    list_filter = ("month",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("month_shown", "region", "entries", "who", "at", "note") if obj else ("month", "scope", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def named(self, obj: Any) -> str:
        return " · ".join((self.month_shown(obj), self.region(obj)))

    @admin.display(description=gettext_lazy("month"), ordering="month")
    def month_shown(self, review: AccessReview) -> str:
        return date_format(review.month, "YEAR_MONTH_FORMAT")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "month":
            months = months_to_review(timezone.localdate())
            return forms.TypedChoiceField(
                label=_("month"),
                choices=[(month.isoformat(), date_format(month, "YEAR_MONTH_FORMAT")) for month in months],
                coerce=date.fromisoformat,
            )
        if db_field.name == "scope":
            scopes = scopes_of(current_user(request))
            names = {region.path: region.full_name for region in Region.objects.filter(path__in=scopes)}
            return forms.ChoiceField(
                label=_("region"),
                choices=[(scope, names.get(scope, _("the whole site"))) for scope in scopes],
                required="" not in scopes,
            )
        if db_field.name == "note":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 4})
            kwargs["help_text"] = _(
                "Was every reading needed for work? Were there downloads, unusual hours or amounts?"
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        del form, change
        return review_access_log(
            month=obj.month, scope=obj.scope, note=obj.note, actor=current_user(request), at=timezone.now()
        )
