"""Recruitments at the desk: the list, the form, and everything that belongs to one recruitment at a glance."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from councils.admin.appointing import RECRUITMENT_ACTS
from councils.admin.recruitment_acts import ACTS
from councils.admin.recruitment_forms import (
    CHAIR,
    CommitteeFormSet,
    DecisionForm,
    QuotaFormSet,
    RecruitmentForm,
    RelaxationFormSet,
    dates_from,
    plans_of,
    quota_rows,
)
from councils.documents import applicants
from councils.documents import recruitment as papers
from councils.documents.applicants import may_read_applications
from councils.handover import order_handover
from councils.models import Council, Recruitment
from councils.permissions import VIEWERS
from councils.queries.chances import chances_of
from councils.queries.recruitment import board_of, decisions_of, examination_of
from councils.queries.rules import features_of, methods_of
from councils.queries.rules_kept import election_warnings, rule_lines
from councils.services.decisions import CommitteeSeat, set_committee
from councils.services.quotas import QuotaChange, plan_of, relax_quotas, set_quotas
from councils.services.recruitment import Plan, change_contact, change_recruitment, create_recruitment
from councils.states import CouncilStatus, Method, RecruitmentStatus
from ordinances.models import RuleSet
from reports.registry import document_called
from residents.desk import ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.export import PurposeForm
from residents.desk.inputs import DayInput, MomentInput
from residents.desk.scoped import in_regions
from residents.permissions import OFFICIALS, role_paths

CHANGEABLE = ("place", "contact", "about")  # of an announced recruitment
DOCUMENTS = (
    papers.NOTICE,
    papers.LETTER,
    papers.RULES,
    papers.BOARD,
    papers.DECISIONS,
    applicants.POOL,
    applicants.APPLICATIONS,
)
OVER = frozenset({RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED})
RELAXABLE = frozenset({RecruitmentStatus.ANNOUNCED, RecruitmentStatus.POOLED})


@admin.register(Recruitment)
class RecruitmentAdmin(ScopedAdmin):
    """One page for each recruitment: stages, quotas, rules, decisions, and the steps that are possible now."""

    scope_lookup = "council__dong__path"
    viewing_roles = VIEWERS
    form = RecruitmentForm
    acts: ClassVar = (*ACTS, *RECRUITMENT_ACTS)
    change_form_template = "admin/councils/recruitment_form.html"
    formfield_overrides: ClassVar = {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
        models.DateField: {"widget": DayInput},
    }
    list_display = ("title", "council", "status", "opens_at", "closes_at", "draw_at", "seats")
    list_filter = ("status", "method")
    period = ("opens_at", gettext_lazy("applications from"))
    list_select_related = ("council__dong__parent",)
    search_fields = ("title",)
    ordering = ("-opens_at", "-pk")
    fieldsets = (
        (None, {"fields": ("council", "title", "rule_set", "method", "seats")}),
        (
            gettext_lazy("When and where"),
            {"fields": ("opens_at", "closes_at", "learning_until", "draw_at", "place", "appoints_on", "erase_on")},
        ),
        (gettext_lazy("What everybody reads"), {"fields": ("contact", "about")}),
    )

    # --- the form -----------------------------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        if obj is None:
            return ()
        everything = RecruitmentForm.Meta.fields
        if obj.status == RecruitmentStatus.PREPARING:
            return ("council",)
        return everything if obj.status in OVER else tuple(name for name in everything if name not in CHANGEABLE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.status not in OVER) and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Councils of one's own region that are not dissolved, and rule sets that are in force around them."""
        paths = role_paths(current_user(request), *OFFICIALS)
        if db_field.name == "council":
            own = Council.objects.filter(in_regions(paths, "dong__path")).exclude(status=CouncilStatus.DISSOLVED)
            return own.select_related("dong__parent")
        if db_field.name == "rule_set":
            today = timezone.localdate()
            in_force = Q(valid_until__isnull=True) | Q(valid_until__gt=today)
            around = in_regions(paths, "region__path", and_above=True)
            return RuleSet.objects.filter(around & in_force & Q(valid_from__lte=today)).select_related("region__parent")
        return super().get_field_queryset(db, db_field, request)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Recruitment:
        actor, at = current_user(request), timezone.now()
        if change and obj.status != RecruitmentStatus.PREPARING:
            return change_contact(
                recruitment_id=obj.pk, place=obj.place, contact=obj.contact, about=obj.about, actor=actor, at=at
            )
        plan = Plan(obj.title, Method(obj.method), obj.seats, obj.place, obj.contact, obj.about)
        dates = dates_from(form.cleaned_data)
        if change:
            return change_recruitment(
                recruitment_id=obj.pk, rule_set=obj.rule_set, plan=plan, dates=dates, actor=actor, at=at
            )
        return create_recruitment(
            council=obj.council, rule_set=obj.rule_set, plan=plan, dates=dates, actor=actor, at=at
        )

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        del post_url_continue
        text = _("The recruitment is prepared. It is not public yet. Next come its quotas.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect(self.address("change", obj))

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
            stored = self.get_object(request, str(obj.pk))
            context |= self._facts(request, stored)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _facts(self, request: HttpRequest, recruitment: Recruitment) -> dict[str, Any]:
        """What stands around the form: numbers, never names of applicants."""
        now, user = timezone.now(), current_user(request)
        runs = user.has_perm("councils.run_recruitment", recruitment)
        preparing = recruitment.status == RecruitmentStatus.PREPARING
        return {
            "recruitment": recruitment,
            "board": board_of(recruitment, at=now),
            "rule_lines": rule_lines(recruitment, at=now),
            "election_warnings": election_warnings(recruitment, at=now),
            "methods": [method.label for method in methods_of(recruitment.rule_set.for_councils())],
            "decisions": decisions_of(recruitment),
            "committee": list(recruitment.committee.all()),
            "runs": runs,
            "is_candidate": not runs and user.has_perm("councils.change_recruitment", recruitment),
            "is_public": not preparing,
            "quotas_url": self.address("quotas", recruitment) if preparing and runs else "",
            "relax_url": self.address("relax", recruitment) if recruitment.status in RELAXABLE and runs else "",
            "doctor_url": "" if preparing else self.address("doctor", recruitment),
            "committee_url": self.address("committee", recruitment) if runs and not self._is_over(recruitment) else "",
            "counter_url": reverse("councils:counter", args=[recruitment.pk])
            if recruitment.status == RecruitmentStatus.ANNOUNCED
            and user.has_perm("councils.take_in_recruitment", recruitment)
            else "",
            "applications_url": f"{reverse('admin:councils_application_changelist')}?recruitment={recruitment.pk}"
            if user.has_perm("councils.view_application")
            else "",
            "handover_url": self.address("handover", recruitment)
            if may_read_applications(user, {"recruitment": recruitment.pk}) and not preparing
            else "",
            "documents": [
                (str(document.title), f"{reverse('reports:document', args=[name])}?recruitment={recruitment.pk}")
                for name in DOCUMENTS
                for document in (document_called(name),)
                if document.may_order(user, {"recruitment": recruitment.pk})
            ],
            "draw_url": reverse("councils:draw_desk", args=[recruitment.pk])
            if not preparing and user.has_perm("councils.start_draw_recruitment", recruitment)
            else "",
        }

    def _is_over(self, recruitment: Recruitment) -> bool:
        return recruitment.status in OVER

    # --- pages of its own ---------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("quotas", self.quotas_view),
            ("relax", self.relax_view),
            ("doctor", self.doctor_view),
            ("committee", self.committee_view),
            ("handover", self.handover_view),
        )
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name, view in pages
        ]
        return own + super().get_urls()

    def _theirs(self, request: HttpRequest, object_id: str, permission: str) -> Recruitment:
        recruitment: Recruitment = self.get_object(request, unquote(object_id))
        if not current_user(request).has_perm(permission, recruitment):
            raise Http404
        return recruitment

    def _page(  # noqa: PLR0913, PLR0917 - what a page needs
        self,
        request: HttpRequest,
        recruitment: Recruitment,
        template: str,
        title: str,
        facts: dict[str, Any],
        status: int = HTTPStatus.OK,
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(recruitment),
            "object": recruitment,
            "opts": self.opts,
            "back_url": self.address("change", recruitment),
            **facts,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context, status=status)

    def quotas_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Every quota in one table, while the recruitment is in preparation."""
        recruitment = self._theirs(request, object_id, "councils.change_recruitment")
        plans = [plan_of(feature) for feature in features_of(recruitment)]
        rows = QuotaFormSet(request.POST if request.method == "POST" else None, initial=quota_rows(plans))
        status, refused = HTTPStatus.OK, ""
        if request.method == "POST":
            status = HTTPStatus.BAD_REQUEST
            if rows.is_valid():
                try:
                    set_quotas(
                        recruitment_id=recruitment.pk,
                        features=plans_of(rows),
                        actor=current_user(request),
                        at=timezone.now(),
                    )
                except RuleViolation as violation:
                    status, refused = HTTPStatus(violation.status), violation.text
                else:
                    self.message_user(request, _("The quotas are set."), messages.SUCCESS)
                    return redirect(self.address("change", recruitment))
        facts = {"rows": rows, "refused": refused, "seats": recruitment.seats}
        return self._page(request, recruitment, "admin/councils/quotas.html", _("Quotas"), facts, status)

    def relax_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record the committee's decision to relax quotas; an alternative of the doctor can be filled in."""
        recruitment = self._theirs(request, object_id, "councils.run_recruitment")
        if recruitment.status not in RELAXABLE:
            raise RuleViolation(_("Quotas are relaxed after the announcement and before the freeze."))
        values = [value for feature in features_of(recruitment) for value in feature.values.all()]
        proposed = _proposed(request.GET)
        initial = [
            {
                "value_id": value.pk,
                "minimum": proposed.get(value.pk, (value.minimum, value.maximum))[0],
                "maximum": proposed.get(value.pk, (value.minimum, value.maximum))[1],
            }
            for value in values
        ]
        sent = request.POST if request.method == "POST" else None
        form, rows = DecisionForm(sent), RelaxationFormSet(sent, initial=initial)
        status, refused = HTTPStatus.OK, ""
        if sent is not None:
            status = HTTPStatus.BAD_REQUEST
            if form.is_valid() and rows.is_valid():
                before = {value.pk: (value.minimum, value.maximum) for value in values}
                changes = [
                    QuotaChange(row["value_id"], row["minimum"], row["maximum"])
                    for row in rows.cleaned_data
                    if before.get(row["value_id"]) != (row["minimum"], row["maximum"])
                ]
                try:
                    relax_quotas(
                        recruitment_id=recruitment.pk,
                        changes=changes,
                        decision=form.facts(),
                        actor=current_user(request),
                        at=timezone.now(),
                    )
                except RuleViolation as violation:
                    status, refused = HTTPStatus(violation.status), violation.text
                else:
                    self.message_user(request, _("The decision is recorded and the quotas are relaxed."))
                    return redirect(self.address("change", recruitment))
        named = {value.pk: value for value in values}
        lines = [(row, named.get(row["value_id"].value() and int(row["value_id"].value()))) for row in rows]
        facts = {"form": form, "rows": rows, "lines": lines, "refused": refused}
        return self._page(
            request, recruitment, "admin/councils/relax.html", _("Relax quotas by a decision"), facts, status
        )

    def doctor_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Whether a council can be formed, who is missing, and which relaxations would be the smallest."""
        recruitment = self._theirs(request, object_id, "councils.view_recruitment")
        runs = current_user(request).has_perm("councils.run_recruitment", recruitment)
        facts = {
            "examined": examination_of(recruitment, at=timezone.now()),
            "relax_url": self.address("relax", recruitment) if runs and recruitment.status in RELAXABLE else "",
            "chances_asked": "chances" in request.GET,
            "chances": chances_of(recruitment, at=timezone.now()) if "chances" in request.GET else None,
        }
        return self._page(request, recruitment, "admin/councils/doctor.html", _("Quota doctor"), facts)

    def committee_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Who decides on this recruitment."""
        recruitment = self._theirs(request, object_id, "councils.run_recruitment")
        initial = [
            {"name": one.name, "affiliation": one.affiliation, "office": CHAIR if one.is_chair else ""}
            for one in recruitment.committee.all()
        ]
        rows = CommitteeFormSet(request.POST if request.method == "POST" else None, initial=initial)
        status, refused = HTTPStatus.OK, ""
        if request.method == "POST":
            status = HTTPStatus.BAD_REQUEST
            if rows.is_valid():
                seats = [
                    CommitteeSeat(row["name"], row["affiliation"], row["office"] == CHAIR)
                    for row in rows.cleaned_data
                    if row.get("name", "").strip()
                ]
                try:
                    set_committee(
                        recruitment_id=recruitment.pk, members=seats, actor=current_user(request), at=timezone.now()
                    )
                except RuleViolation as violation:
                    status, refused = HTTPStatus(violation.status), violation.text
                else:
                    self.message_user(request, _("The committee is written down."), messages.SUCCESS)
                    return redirect(self.address("change", recruitment))
        facts = {"rows": rows, "refused": refused}
        return self._page(
            request, recruitment, "admin/councils/committee.html", _("Committee of the recruitment"), facts, status
        )

    def handover_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Order everything about a recruitment as one folder; the page of the job says when it is there."""
        recruitment: Recruitment = self.get_object(request, unquote(object_id))
        if not may_read_applications(current_user(request), {"recruitment": recruitment.pk}):
            raise Http404
        form = PurposeForm(request.POST if request.method == "POST" else None)
        status = HTTPStatus.OK
        if request.method == "POST":
            status = HTTPStatus.BAD_REQUEST
            if form.is_valid():
                try:
                    job = order_handover(
                        recruitment_id=recruitment.pk,
                        purpose=form.cleaned_data["purpose"],
                        owner=current_user(request),
                        at=timezone.now(),
                    )
                except RuleViolation as violation:
                    form.add_error(None, violation.text)
                    status = HTTPStatus(violation.status)
                else:
                    return redirect("jobs:job", job.pk)
        facts = {"form": form}
        return self._page(
            request, recruitment, "admin/councils/handover.html", _("Handover folder of a recruitment"), facts, status
        )


def _proposed(query: Any) -> dict[int, tuple[int, int]]:
    """An alternative of the doctor in an address: change=<quota>,<least>,<most>. What makes no sense is left out."""
    found = {}
    for text in query.getlist("change"):
        parts: Sequence[str] = text.split(",")
        if len(parts) == 3 and all(part.isdecimal() and len(part) < 10 for part in parts):
            found[int(parts[0])] = (int(parts[1]), int(parts[2]))
    return found
