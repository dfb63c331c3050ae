"""Accounts, roles and consents at the desk."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from residents.admin.finding import FindsPersons
from residents.admin.forms import FindAccountForm, GrantRoleForm, ReasonForm
from residents.consents import CONSENTS
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.masking import masked_mail, masked_name
from residents.models import Consent, RoleAssignment, User
from residents.permissions import ROLES_GRANTED_BY_DISTRICT
from residents.services import deactivate_account, end_role, grant_role, reactivate_account
from residents.states import Role
from residents.waiting import CARE, ENDING, NO_SECOND_FACTOR, ending_soon, without_second_factor


def _deactivate(request: HttpRequest, account: User, data: dict[str, Any]) -> str:
    deactivate_account(user_id=account.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The account is switched off and signed out everywhere.")


def _reactivate(request: HttpRequest, account: User, data: dict[str, Any]) -> str:
    reactivate_account(user_id=account.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The account is in use again.")


@admin.register(User)
class AccountAdmin(FindsPersons):
    """For the operator: no passwords, masked in the list, each opening noted in the access log."""

    viewing_roles = (Role.OPERATOR,)
    personal_data = "residents.account"
    find_form = FindAccountForm
    list_display = ("number", "masked_mail", "masked_name", "is_active", "date_joined")
    list_filter = ("is_active",)
    period = ("date_joined", gettext_lazy("joined"))
    ordering = ("-id",)
    fields = ("name", "email", "language", "is_active", "date_joined", "last_login", "deceased_on", "erased_at", "held")
    readonly_fields = fields
    acts = (
        Act(
            name="deactivate",
            label=gettext_lazy("Switch the account off"),
            permission="residents.deactivate_user",
            run=_deactivate,
            question=gettext_lazy("The person is signed out at once and can no longer sign in. Nothing is deleted."),
            form=ReasonForm,
            available=lambda account: account.is_active,
            danger=True,
        ),
        Act(
            name="reactivate",
            label=gettext_lazy("Switch the account on again"),
            permission="residents.reactivate_user",
            run=_reactivate,
            question=gettext_lazy("The person can sign in again with the password they had."),
            form=ReasonForm,
            available=lambda account: (
                not account.is_active and account.erased_at is None and account.deceased_on is None
            ),
        ),
    )

    @admin.display(description=gettext_lazy("account"), ordering="id")
    def number(self, account: User) -> str:
        return f"#{account.pk}"

    @admin.display(description=gettext_lazy("mail address"))
    def masked_mail(self, account: User) -> str:
        return masked_mail(account.email)

    @admin.display(description=gettext_lazy("name"))
    def masked_name(self, account: User) -> str:
        return masked_name(account.name)

    @admin.display(description=gettext_lazy("roles"))
    def held(self, account: User) -> str:
        return ", ".join(str(assignment) for assignment in account.active_roles)

    def named(self, obj: User) -> str:
        return f"#{obj.pk} {masked_name(obj.name)}".strip()

    def person_of(self, obj: User) -> User:
        return obj

    def rows_like(self, rows: QuerySet[User], wanted: Mapping[str, Any]) -> QuerySet[User]:
        return rows.filter(email=wanted["email"].strip().lower())

    def described(self, row: User) -> tuple[str, ...]:
        return (f"#{row.pk}", masked_mail(row.email), masked_name(row.name))


def _end(request: HttpRequest, assignment: RoleAssignment, data: dict[str, Any]) -> str:
    end_role(assignment_id=assignment.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The role has ended.")


class CareFilter(ChoiceFilter):
    """Roles of today that the first page of the desk counts."""

    title = gettext_lazy("to look after")
    parameter_name = CARE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(ENDING, _("ends within 30 days")), (NO_SECOND_FACTOR, _("without two-step sign-in"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        choose = {ENDING: ending_soon, NO_SECOND_FACTOR: without_second_factor}[value]
        roles = choose(RoleAssignment.objects.valid_on(timezone.localdate()))
        return queryset.filter(pk__in=roles.values("pk"))


@admin.register(RoleAssignment)
class RoleAdmin(ScopedAdmin):
    """The operator gives every role, a district official those of the dongs."""

    scope_lookup = "region__path"
    viewing_roles = (Role.OPERATOR, Role.DISTRICT_OFFICIAL)
    list_display = ("holder", "role", "region", "since", "until")
    list_filter = ("role", CareFilter)
    period = ("since", gettext_lazy("since"))
    purpose_asked = True
    list_select_related = ("user", "region__parent")
    acts = (
        Act(
            name="end",
            label=gettext_lazy("End the role"),
            permission="residents.end_roleassignment",
            run=_end,
            question=gettext_lazy("From now on the person no longer sees what this role opens to them."),
            bulk_question=gettext_lazy("From now on these persons no longer see what the chosen roles open to them."),
            form=ReasonForm,
            available=lambda assignment: assignment.until is None or assignment.until > timezone.localdate(),
            bulk=True,
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if current_user(request).has_role(Role.OPERATOR):
            return queryset
        return queryset.filter(role__in=ROLES_GRANTED_BY_DISTRICT)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        return ("email", "role", "region", "since") if obj is None else ("holder", "role", "region", "since", "until")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else tuple(self.get_fields(request, obj))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            everything = current_user(request).has_role(Role.OPERATOR)
            roles = tuple(Role) if everything else ROLES_GRANTED_BY_DISTRICT
            kwargs["form"] = type("OfferedRoles", (GrantRoleForm,), {"offered_roles": roles})
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description=gettext_lazy("account"), ordering="user__name")
    def holder(self, assignment: RoleAssignment) -> str:
        """The name that an official acts under, or the masked mail address of an account without one."""
        return assignment.user.name or masked_mail(assignment.user.email)

    def named(self, obj: RoleAssignment) -> str:
        return f"{self.holder(obj)} · {obj}"

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> RoleAssignment:
        del form, change
        return grant_role(
            user_id=obj.user_id,
            role=obj.role,
            region_id=obj.region_id,
            since=obj.since,
            actor=current_user(request),
            at=timezone.now(),
        )


def _title_of(purpose: str) -> str:
    return str(CONSENTS[purpose].title) if purpose in CONSENTS else purpose


class PurposeFilter(ChoiceFilter):
    """By the title of the text that was agreed to."""

    title = gettext_lazy("purpose")
    parameter_name = "purpose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(purpose, _title_of(purpose)) for purpose in CONSENTS]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(purpose=value)


@admin.register(Consent)
class ConsentAdmin(ScopedAdmin):
    """Read only: consents are given and withdrawn by the person."""

    viewing_roles = (Role.OPERATOR,)
    list_display = ("number", "text", "version", "given_at", "withdrawn_at")
    list_filter = (PurposeFilter, "version")
    period = ("given_at", gettext_lazy("given at"))
    purpose_asked = True
    fields = ("number", "text", "version", "agreed_items", "period", "given_at", "withdrawn_at")
    readonly_fields = fields

    def named(self, obj: Consent) -> str:
        return f"{self.number(obj)} · {self.text(obj)}"

    @admin.display(description=gettext_lazy("purpose"), ordering="purpose")
    def text(self, consent: Consent) -> str:
        return _title_of(consent.purpose)

    @admin.display(description=gettext_lazy("data items"))
    def agreed_items(self, consent: Consent) -> str:
        """By the names of today; an item that no longer has one as it was written down."""
        names = CONSENTS[consent.purpose].items if consent.purpose in CONSENTS else {}
        return ", ".join(str(names.get(item, item)) for item in consent.items)

    @admin.display(description=gettext_lazy("account"), ordering="user")
    def number(self, consent: Consent) -> str:
        return f"#{consent.user_id}"
