"""Applications for councils at the desk: what was written, what the rules say, hours, lookalikes, the next step."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.admin.application_acts import ACTS
from councils.admin.appointing import APPLICATION_ACTS
from councils.models import Application, Recruitment
from councils.office_forms import forms_of
from councils.permissions import CHECKERS
from councils.queries.applications import Lookalike, lookalikes, minutes_of, read_checks
from councils.queries.courses import hours_needed
from councils.queries.rules import features_of
from councils.states import ApplicationStatus
from ordinances.checked_table import checked_lines
from ordinances.phrases import minutes_as_hours
from residents.admin.finding import FindsByWords
from residents.desk.filters import ChoiceFilter
from residents.desk.scoped import in_regions
from residents.duplicates import Likeness
from residents.masking import masked_birth_date, masked_name
from residents.models import User
from residents.permissions import role_paths

LOOKALIKE = "lookalike"
REASONS = {
    Likeness.BIRTH_AND_NAME: gettext_lazy("same date of birth and similar name"),
    Likeness.PHONE: gettext_lazy("same telephone number"),
}


class RecruitmentFilter(ChoiceFilter):
    """The recruitments of this official, the latest first."""

    title = gettext_lazy("recruitment")
    parameter_name = "recruitment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        here = in_regions(role_paths(request.user, *model_admin.viewing_roles), "council__dong__path")
        found = Recruitment.objects.filter(here).select_related("council__dong")
        return [(str(one.pk), f"{one.title} ({one.council})") for one in found]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(recruitment=value)


class FlagFilter(ChoiceFilter):
    """Applications that may be one person's twice."""

    title = gettext_lazy("flag")
    parameter_name = "flag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(LOOKALIKE, _("perhaps the same person twice"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        del value
        recruitments = queryset.order_by().values_list("recruitment_id", flat=True).distinct()
        return queryset.filter(pk__in=[pk for recruitment in recruitments for pk in lookalikes(recruitment)])


@admin.register(Application)
class ApplicationAdmin(FindsByWords):
    """Written by applicants or at the counter; officials take steps. Drafts are nobody's business."""

    scope_lookup = "recruitment__council__dong__path"
    viewing_roles = CHECKERS
    change_form_template = "admin/councils/application_form.html"
    personal_data = "councils.application"
    acts: ClassVar = (*ACTS, *APPLICATION_ACTS)
    list_display = ("number", "masked", "recruitment", "status", "track", "way", "pool_number", "submitted_at")
    list_filter = (RecruitmentFilter, "status", "track", "way", FlagFilter)
    list_select_related = ("recruitment__council__dong__parent",)
    period = ("submitted_at", gettext_lazy("received at"))
    found_by = ("name", "organisation")
    ordering = ("-submitted_at", "-pk")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "recruitment",
                    "number",
                    "status",
                    "reason",
                    "pool_number",
                    "hours",
                    "same_person",
                    "own_forms",
                )
            },
        ),
        (gettext_lazy("Under which rules"), {"fields": ("document", "rules_checked")}),
        (
            gettext_lazy("What the applicant wrote"),
            {
                "fields": (
                    "name",
                    "birth_date",
                    "sex",
                    "phone",
                    "email",
                    "address",
                    "basis",
                    "track",
                    "organisation",
                    "answered",
                    "motive",
                    "guardian_name",
                    "guardian_relation",
                )
            },
        ),
        (
            gettext_lazy("How it came"),
            {"fields": ("way", "consent_version", "consented_at", "submitted_at", "decided_at", "steps_taken")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(status=ApplicationStatus.DRAFT)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        del request, obj
        return [str(name) for _title, options in self.fieldsets for name in options["fields"]]

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def person_of(self, obj: Application) -> User | None:
        return obj.user

    def described(self, row: Application) -> tuple[str, ...]:
        born = masked_birth_date(row.birth_date) if row.birth_date else ""
        return (self.named(row), masked_name(row.name), born, row.get_status_display())

    def named(self, obj: Application) -> str:
        return _("receipt %(number)s") % {"number": obj.number}

    def named_among_others(self, obj: Application) -> str:
        return f"{self.named(obj)} ({obj.recruitment})"

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def masked(self, application: Application) -> str:
        return masked_name(application.name) or "–"

    @admin.display(description=gettext_lazy("hours of education"))
    def hours(self, application: Application) -> str:
        """What counts, what is wanted, and what was credited from elsewhere."""
        had = minutes_as_hours(minutes_of([application], at=timezone.now())[application.pk])
        wanted = hours_needed(application.recruitment)
        return _("%(had)s of %(wanted)s hours") % {"had": had, "wanted": wanted} if wanted else had

    @admin.display(description=gettext_lazy("own forms"))
    def own_forms(self, application: Application) -> SafeString | str:
        """The office's own forms, filled from this application."""
        if application.erased_at is not None:
            return "–"
        links = [
            (reverse("councils:officials_form", args=[application.pk, form.pk]), form.name)
            for form in forms_of(application.recruitment)
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links) or "–"

    @admin.display(description=gettext_lazy("perhaps the same person twice"))
    def same_person(self, application: Application) -> str:
        found = lookalikes(application.recruitment_id).get(application.pk, [])
        return "; ".join(self._described_twin(one) for one in found) or "–"

    def _described_twin(self, twin: Lookalike) -> str:
        reasons = ", ".join(str(REASONS[reason]) for reason in sorted(twin.reasons))
        return f"{self.named(twin.application)}: {reasons}"

    @admin.display(description=gettext_lazy("answers"))
    def answered(self, application: Application) -> str:
        labels = []
        for feature in features_of(application.recruitment):
            chosen = application.answers.get(feature.key)
            label = next((value.label for value in feature.values.all() if value.key == chosen), "")
            if label:
                labels.append(f"{feature.label}: {label}")
        return "; ".join(labels) or "–"

    @admin.display(description=gettext_lazy("checks"))
    def rules_checked(self, application: Application) -> SafeString | str:
        if not application.checks:
            return "–"
        lines = checked_lines(application.recruitment.rule_set, read_checks(application.checks))
        facts = {"lines": lines, "caption": _("Under which rules")}
        return mark_safe(render_to_string("ordinances/_checks.html", facts).strip())  # noqa: S308

    @admin.display(description=gettext_lazy("what happened so far"))
    def steps_taken(self, application: Application) -> SafeString:
        steps = list(application.steps.select_related("by"))
        return mark_safe(render_to_string("admin/councils/steps.html", {"steps": steps}).strip())  # noqa: S308
