"""Applications for membership at the secretariat's desk: what was written, what the bylaws say, the next step."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.admin.member_forms import RefusalForm, WhatForm, approve_form, check_form
from forums.admin.scope import FoundPersonsAdmin
from forums.membership_wording import check_in_words
from forums.models import Application
from forums.queries.members import checks_of
from forums.services.applications import (
    acts_when_approved,
    approve_application,
    ask_for_supplement,
    check_application,
    refuse_application,
)
from forums.states import OPEN_APPLICATIONS, ApplicationStatus
from residents.desk import Act
from residents.desk.acts import current_user
from residents.masking import masked_mail, masked_name


def _ask(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    ask_for_supplement(application_id=application.pk, what=data["what"], actor=current_user(request), at=timezone.now())
    return _("The applicant is asked by mail.")


def _check(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    check_application(
        application_id=application.pk,
        term_id=data["term"].pk if data.get("term") else None,
        evidence=data.get("evidence", ""),
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The application is checked. The approval comes next.")


def _approve(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    approve_application(
        application_id=application.pk,
        member_id=data["member"].pk if data.get("member") else None,
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The applicant is a member now and gets a mail.")


def _refuse(request: HttpRequest, application: Application, data: dict[str, Any]) -> str:
    refuse_application(
        application_id=application.pk, reason=data["reason"], actor=current_user(request), at=timezone.now()
    )
    return _("The applicant gets a mail with the reason.")


@admin.register(Application)
class ApplicationAdmin(FoundPersonsAdmin):
    """Written by the applicants alone; the secretariat takes steps."""

    personal_data = "forums.application"
    list_display = ("number", "name", "organisation", "office", "kind", "status", "submitted_at")
    list_filter = ("status", "kind")
    period = ("submitted_at", gettext_lazy("submitted at"))
    found_by = ("name", "organisation")
    list_select_related = ("region__parent",)
    ordering = ("-submitted_at", "-pk")
    fieldsets = (
        (None, {"fields": ("status", "reason", "checks", "steps_taken", "member")}),
        (
            gettext_lazy("What the applicant wrote"),
            {
                "fields": (
                    "kind",
                    "name",
                    "name_hanja",
                    "organisation",
                    "region",
                    "office",
                    "term",
                    "birth_date",
                    "phone",
                    "mobile",
                    "email",
                    "address",
                    "pledged",
                    "account",
                )
            },
        ),
        (
            gettext_lazy("Consent and deletion"),
            {"fields": ("consent_version", "consented_at", "submitted_at", "decided_at", "erase_on", "erased_at")},
        ),
    )
    acts: ClassVar = (
        Act(
            name="check",
            label=gettext_lazy("Note the check"),
            permission="forums.change_application",
            run=_check,
            question=gettext_lazy("The bylaws allow this membership (article 2). The approval comes next."),
            make_form=check_form,
            available=lambda one: one.status == ApplicationStatus.SUBMITTED,
        ),
        Act(
            name="approve",
            label=gettext_lazy("Approve"),
            permission="forums.change_application",
            run=_approve,
            question=gettext_lazy(
                "The applicant becomes a member and gets a mail. What only the check needed is deleted after 30 days."
            ),
            make_form=approve_form,
            available=lambda one: one.status == ApplicationStatus.CHECKED,
        ),
        Act(
            name="ask",
            label=gettext_lazy("Ask for something"),
            permission="forums.change_application",
            run=_ask,
            question=gettext_lazy("The applicant gets a mail and can change the application."),
            form=WhatForm,
            available=lambda one: one.status in {ApplicationStatus.SUBMITTED, ApplicationStatus.CHECKED},
        ),
        Act(
            name="refuse",
            label=gettext_lazy("Do not approve"),
            permission="forums.change_application",
            run=_refuse,
            question=gettext_lazy("The applicant gets a mail with the reason. This cannot be taken back."),
            form=RefusalForm,
            available=lambda one: one.status in OPEN_APPLICATIONS,
            danger=True,
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        del request, obj
        return [str(name) for _title, options in self.fieldsets for name in options["fields"]]

    @admin.display(description=gettext_lazy("application"), ordering="pk")
    def number(self, application: Application) -> str:
        return f"#{application.pk}"

    def described(self, row: Application) -> tuple[str, ...]:
        return (self.named(row), row.organisation, row.get_status_display())

    def named(self, obj: Application) -> str:
        return f"#{obj.pk} {obj.name}".strip()

    @admin.display(description=gettext_lazy("check against the bylaws"))
    def checks(self, application: Application) -> SafeString | str:
        if application.status not in OPEN_APPLICATIONS:
            return "–"
        lines = [check_in_words(check) for check in checks_of(application, timezone.localdate())]
        return mark_safe(render_to_string("admin/forums/application_checks.html", {"lines": lines}).strip())  # noqa: S308

    @admin.display(description=gettext_lazy("account it was sent with"))
    def account(self, application: Application) -> str:
        """Whose it is, and whether it will act for the member: approving hands it the directory."""
        if application.user is None:
            return "–"
        who = f"{masked_name(application.user.name)} {masked_mail(application.user.email)}".strip()
        if application.status not in OPEN_APPLICATIONS:
            return who
        if acts_when_approved(application):
            return _("%(account)s – acts for the member as soon as the application is approved") % {"account": who}
        return _(
            "%(account)s – has another mail address than the application, so it does not act for the member by itself. "
            "If it shall, let it act on the page of the member."
        ) % {"account": who}

    @admin.display(description=gettext_lazy("what happened so far"))
    def steps_taken(self, application: Application) -> SafeString:
        steps = list(application.steps.all())
        return mark_safe(render_to_string("admin/forums/application_steps.html", {"steps": steps}).strip())  # noqa: S308

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False
