"""Lists and forms of the desk that keep to the regions of a role and write through services."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.core.exceptions import BadRequest
from django.db.models import DateField, Exists, Model, OuterRef, Q, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.audit import actions
from core.audit.models import AccessAct, AuditEntry
from core.audit.services import log_access
from core.errors import RuleViolation
from core.jobs.imports.importers import importer_called
from core.limits import client_address
from residents.desk.acts import current_user
from residents.desk.choices import ScopedFields
from residents.desk.export import ExportsRows
from residents.desk.filters import PlaceFilter, StateFilter, period_filter
from residents.desk.inputs import DayInput, name_empty_choice
from residents.desk.links import with_own_links
from residents.models import RoleAssignment, User
from residents.permissions import EVERYWHERE, role_paths
from residents.states import Role

if TYPE_CHECKING:
    _TabularInline = admin.TabularInline[Any, Any]
    _StackedInline = admin.StackedInline[Any, Any]
else:
    _TabularInline = admin.TabularInline
    _StackedInline = admin.StackedInline

HISTORY_LENGTH = 200
PSEUDONYM_SHOWN = 8
# What Django's filters by a field put behind its name in an address.
FILTER_ENDINGS = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


def in_regions(paths: Sequence[str], lookup: str, *, and_above: bool = False) -> Q:
    """Condition: the region that `lookup` leads to lies in one of the regions with these paths.

    With `and_above` also what belongs to a region around them: a dong official reads the rules of the district.
    """
    condition = Q(pk__in=[])
    for reach in paths:
        condition |= Q(**{f"{lookup}__startswith": reach})
        if and_above:
            codes = reach.strip("/").split("/")
            around = ["/" + "/".join(codes[:depth]) + "/" for depth in range(1, len(codes))]
            condition |= Q(**{f"{lookup}__in": around})
    return condition


def _roles_of_the_account() -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(user=OuterRef("pk"))


def _name_in_history(account: User, ever_held_a_role: bool) -> str:
    """The name under which an official acted; residents, who also act for themselves, stay pseudonyms."""
    return (account.name if ever_held_a_role else "") or str(account.pseudonym)[:PSEUDONYM_SHOWN]


def _refusing(form: "type[ModelForm[Any]]", violation: RuleViolation) -> "type[ModelForm[Any]]":
    """The same form, invalid with what the service said."""

    class Refusing(form):  # type: ignore[valid-type, misc]
        def _post_clean(self) -> None:
            super()._post_clean()
            self.add_error(None, violation.text)

    return Refusing


class ScopedAdmin(ScopedFields, ExportsRows):
    """A list and form of the desk.

    `scope_lookup` leads from a row to the path of its region ("dong__path"); "" for rows of the whole site.
    `viewing_roles` may see the list, each within its regions. Both only narrow; whether this official may see, add or
    change one thing is asked of the predicates in the apps' permissions.py ("app.view_model" and so on).

    Besides its own filters a list has one by place, where its rows have regions (`place_lookup`, by default the same as
    `scope_lookup`), and one by the day in the field that `period` names. Every list can be taken as a file (export.py).

    What an official may not see is 404, whatever the address and the method. Writing goes through
    `save_through_service`; a RuleViolation is shown in the form and nothing is saved. Further steps are `acts`.
    """

    scope_lookup: ClassVar[str] = ""
    scope_reaches_up: ClassVar[bool] = False
    viewing_roles: ClassVar[Sequence[Role]] = ()
    deletable: ClassVar[bool] = False
    # Path of the region that the filter by place goes by; "" is that of `scope_lookup`.
    region_lookup: ClassVar[str] = ""
    # Field whose time the list is narrowed down by, and what that time is called.
    period: ClassVar[tuple[str, str | Promise] | None] = None
    # What the access log calls these rows; only where rows show data of persons.
    personal_data: ClassVar[str] = ""

    # Whether several are usually made one after the other.
    made_in_series: ClassVar[bool] = False
    # The name of the importer that fills this list from a table, if there is one.
    importer: ClassVar[str] = ""

    formfield_overrides: ClassVar[dict[Any, Any]] = {DateField: {"widget": DayInput}}
    view_on_site = False
    save_as = False
    list_per_page = 50
    show_full_result_count = False
    actions_on_top = True
    actions_on_bottom = False
    change_list_template = "admin/scoped_change_list.html"
    change_form_template = "admin/scoped_change_form.html"
    object_history_template = "admin/scoped_history.html"

    # --- who sees what ------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows in the regions of this official's roles."""
        queryset = super().get_queryset(request)
        paths = role_paths(request.user, *self.viewing_roles)
        if not paths:
            return queryset.none()
        if EVERYWHERE in paths or not self.scope_lookup:
            return queryset
        return queryset.filter(in_regions(paths, self.scope_lookup, and_above=self.scope_reaches_up))

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        permission = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
        return current_user(request).has_perm(permission, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is public on the site is on the desk only for the roles that work with it."""
        return bool(role_paths(request.user, *self.viewing_roles)) and self._may(request, "view", obj)

    def _may_open(self, request: HttpRequest, related: Model) -> bool:
        """Whether a thing of another list is this official's to open."""
        try:
            admin_of_it = self.admin_site.get_model_admin(type(related))
        except NotRegistered:
            return False
        is_listed: bool = admin_of_it.get_queryset(request).filter(pk=related.pk).exists()
        return is_listed and bool(admin_of_it.has_view_permission(request, related))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and self._may(request, "delete", obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The thing with this key. Raises Http404 for what does not exist and what is not theirs alike."""
        # `?_to_field=` without a name is no field either; Django would look for one called "".
        obj = super().get_object(request, object_id, from_field or None)
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        return obj

    def _require(self, allowed: bool) -> None:
        if not allowed:
            raise Http404

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self._require(self.has_view_permission(request))
        if request.method == "POST":
            self._require_own_selection(request)
        # Django's own titles are sentences that Korean cannot be put together from.
        title = capfirst(str(self.opts.verbose_name_plural))
        response = super().changelist_view(request, {"title": title, **(extra_context or {})})
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            changelist = shown["cl"]
            rows = changelist.result_list = list(changelist.result_list)
            self.prepare_rows(rows)
            shown["export_url"] = f"{self.address('export')}{changelist.get_query_string().removesuffix('?')}"
            shown["import_url"] = self._import_url(request)
            self.log_listing(request, len(rows))
        return response

    def _import_url(self, request: HttpRequest) -> str:
        if self.importer and importer_called(self.importer).may_import(request.user):
            return reverse("imports:upload", args=[self.importer])
        return ""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._require(self.has_add_permission(request))
        return super().add_view(request, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        self._require(self.has_delete_permission(request, obj))
        try:
            return super().delete_view(request, object_id, extra_context)
        except RuleViolation as violation:
            self.message_user(request, violation.text, messages.ERROR)
            return redirect(self.address("change", obj))

    def _require_own_selection(self, request: HttpRequest) -> None:
        """Raises Http404 if the chosen rows are not all among those that this official sees."""
        chosen = set(request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))
        try:
            found = self.get_queryset(request).filter(pk__in=chosen).count()
        except (TypeError, ValueError, OverflowError) as error:
            raise Http404 from error
        self._require(found == len(chosen))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Raises BadRequest for filters that make no sense, instead of dropping them silently."""
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise BadRequest
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters as error:
            raise BadRequest from error

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list's own filters send.

        Django lets every field of a row and every relation of it through: a password's hash could be guessed sign by
        sign, and those who voted picked out.
        """
        del value
        sent = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                sent |= set(getattr(item, "parameter_names", None) or {item.parameter_name})  # type: ignore[attr-defined]
            else:
                name = item[0] if isinstance(item, tuple) else item
                sent |= {f"{name}{ending}" for ending in FILTER_ENDINGS}
        return lookup in sent

    @property
    def place_lookup(self) -> str:
        """Path of the region that the filter by place goes by; "" for lists without regions."""
        return self.region_lookup or self.scope_lookup

    def get_list_filter(self, request: HttpRequest) -> Any:
        """By place, the list's own filters, by period.

        Filters by a related thing offer only what occurs in this official's own list; filters by a state know theirs.
        """
        filters: list[Any] = [PlaceFilter] if self.place_lookup else []
        for item in super().get_list_filter(request):
            field = get_fields_from_path(self.model, item)[-1] if isinstance(item, str) else None
            if field is not None and field.is_relation:
                filters.append((item, admin.RelatedOnlyFieldListFilter))
            elif getattr(field, "choices", None):
                filters.append((item, StateFilter))
            else:
                filters.append(item)
        return filters if self.period is None else [*filters, period_filter(*self.period)]

    # --- every write is a service -------------------------------------------------------------------------------------

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Model:
        """Call the service that adds or changes, and return what it saved.

        `obj` carries the form's values, unsaved. Raises RuleViolation if a rule says no.
        """
        raise NotImplementedError(f"{type(self).__name__} names no service")

    def save_formset_through_service(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Call the services for the rows of an inline; needed only where `inlines` can be edited."""
        raise NotImplementedError(f"{type(self).__name__} names no service for its inlines")

    def delete_through_service(self, request: HttpRequest, obj: Any) -> None:
        """Call the service that deletes; needed only where `deletable`."""
        raise NotImplementedError(f"{type(self).__name__} names no service for deleting")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not self._may(request, "change" if change else "add", obj):
            raise RuleViolation(
                _("This is outside what your role covers. Nothing was changed."),
                code="not_yours",
                status=HTTPStatus.FORBIDDEN,
            )
        saved = self.save_through_service(request, obj, form, change)
        obj.pk = saved.pk
        obj._state.adding = False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Only inlines: relations to many are the service's business."""
        for formset in formsets:
            if formset.has_changed():
                self.save_formset_through_service(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_through_service(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> NoReturn:
        raise NotImplementedError("the desk deletes nothing in bulk")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's form; where a service said no, the same form once more with what it said."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleViolation as violation:
            request.desk_violation = violation  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for field in form.base_fields.values():
            name_empty_choice(field)
        violation: RuleViolation | None = getattr(request, "desk_violation", None)
        return form if violation is None else _refusing(form, violation)

    def render_change_form(  # noqa: PLR0913, PLR0917 - Django's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context["subtitle"] = self.named(obj)
        if change and not self.has_change_permission(request, obj):
            context["title"] = capfirst(str(self.opts.verbose_name))
        # One way to save, so that nobody has to think about which of three buttons is meant.
        context["show_save_and_continue"] = False
        if not self.made_in_series:
            context["show_save_and_add_another"] = False
        context["acts"] = [] if obj is None else self.offered_acts(request, obj)
        context["adminform"] = with_own_links(context["adminform"], partial(self._may_open, request))
        response = super().render_change_form(request, context, add, change, form_url, obj)
        violation: RuleViolation | None = getattr(request, "desk_violation", None)
        if violation is not None:
            response.status_code = violation.status
        elif request.method == "POST":
            response.status_code = HTTPStatus.BAD_REQUEST
        if obj is not None:
            self.log_reading(request, obj)
        return response

    # --- logs ---------------------------------------------------------------------------------------------------------

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Nothing: it would go into Django's log only, and it asks for what formsets saved by themselves."""
        del request, form, formsets, add
        return []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Nothing: the service wrote the audit entry; Django's log would keep names of persons."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Nothing, as above."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Nothing, as above."""

    def person_of(self, obj: Any) -> User | None:
        """Whose data a row shows, for the access log; None for who has no account."""
        del obj
        return None

    def scope_of(self, obj: Any) -> str:
        """Path of the region of a row, by `scope_lookup`; "" for rows of the whole site."""
        value: Any = obj
        for part in self.scope_lookup.split("__") if self.scope_lookup else ():
            value = getattr(value, part, None)
        return value if isinstance(value, str) else ""

    def log_reading(self, request: HttpRequest, obj: Any, act: AccessAct = AccessAct.READ) -> None:
        """Note in the access log that this official opened somebody's data; own data is nobody's business.

        Also where that somebody has no account: then the entry does not say whose it was.
        """
        whose = self.person_of(obj)
        if self.personal_data and whose != request.user:
            log_access(
                account=current_user(request),
                act=act,
                what=self.personal_data,
                at=timezone.now(),
                whose=whose,
                address=client_address(request),
                scope=self.scope_of(obj),
            )

    def log_listing(self, request: HttpRequest, count: int) -> None:
        """Note in the access log that this official saw a list of `count` persons."""
        if self.personal_data and count:
            log_access(
                account=current_user(request),
                act=AccessAct.LIST,
                what=self.personal_data,
                at=timezone.now(),
                count=count,
                address=client_address(request),
                scope=self.listed_scope(request),
            )

    def listed_scope(self, request: HttpRequest) -> str:
        """Path of the one region that the list is limited to; "" where it spans several."""
        paths = role_paths(request.user, *self.viewing_roles)
        return paths[0] if len(paths) == 1 and paths[0] != EVERYWHERE else ""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit entries of one thing, the newest first."""
        obj = self.get_object(request, unquote(object_id))
        entries = list(
            AuditEntry.objects.filter(target_type=self.model._meta.label, target_id=str(obj.pk))[:HISTORY_LENGTH]
        )
        actors = {entry.actor for entry in entries if entry.actor}
        accounts = User.objects.filter(pseudonym__in=actors).annotate(ever_held=Exists(_roles_of_the_account()))
        names = {str(user.pseudonym): _name_in_history(user, user.ever_held) for user in accounts}
        self.log_reading(request, obj)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": self.named(obj),
            "lines": [(entry, actions.label_of(entry.action), names.get(str(entry.actor), "")) for entry in entries],
            "module_name": str(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template or "", context)


class _FollowsParent(ScopedFields):
    """Rows of an inline are seen and changed by whoever may see and change the thing they are part of."""

    parent_model: type[Model]
    extra = 0
    show_change_link = False

    def _may_on_parent(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        opts = self.parent_model._meta
        return current_user(request).has_perm(f"{opts.app_label}.{verb}_{opts.model_name}", obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_on_parent(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_on_parent(request, "add" if obj is None else "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


class ScopedTabularInline(_FollowsParent, _TabularInline):
    """Parts of a thing as rows below its form; saved by the parent's `save_formset_through_service`."""


class ScopedStackedInline(_FollowsParent, _StackedInline):
    """As ScopedTabularInline, one below the other."""
