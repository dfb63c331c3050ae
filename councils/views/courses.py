"""Courses of a recruitment for those who run it, and the published figures of education for everybody."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RuleViolation
from core.pages import public_page
from councils.forms.courses import CourseForm, LectureFormSet
from councils.models import Recruitment
from councils.queries.courses import courses_of, education_figures, hours_needed
from councils.services.courses import issue_education_certificates, plan_course, plan_course_for_region
from residents.models import Region
from residents.permissions import covers
from residents.states import Role
from residents.views import SignedInRequest

PAGE = "councils/courses.html"


def _run(request: SignedInRequest, pk: int) -> Recruitment:
    """The recruitment, for who plans its courses. Raises PermissionDenied for others."""
    found = get_object_or_404(Recruitment.objects.select_related("council__dong__parent__parent", "rule_set"), pk=pk)
    if not request.user.has_perm("councils.plan_courses", found):
        raise PermissionDenied
    return found


def _district_of(request: SignedInRequest, recruitment: Recruitment) -> Region | None:
    """The district, for its officials: they may plan a course that counts in all of its dongs."""
    district = recruitment.council.dong.parent
    if district is not None and covers(request.user, district.path, Role.DISTRICT_OFFICIAL):
        return district
    return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def courses(request: SignedInRequest, pk: int) -> HttpResponse:
    """The courses with the ways to their doors, and the form to plan one."""
    recruitment = _run(request, pk)
    district = _district_of(request, recruitment)
    if request.method != "POST":
        form = CourseForm(may_plan_for_district=district is not None)
        return _page(request, recruitment, form, LectureFormSet(prefix="lecture"))
    form = CourseForm(request.POST, may_plan_for_district=district is not None)
    rows = LectureFormSet(request.POST, prefix="lecture")
    if not (form.is_valid() & rows.is_valid()):
        return _page(request, recruitment, form, rows, HTTPStatus.BAD_REQUEST)
    lectures = [one for place, row in enumerate(rows, 1) if (one := row.lecture(place)) is not None]
    try:
        facts, now = form.facts(lectures), timezone.now()
        if district is not None and form.cleaned_data.get("for_district"):
            course = plan_course_for_region(region=district, facts=facts, actor=request.user, at=now)
        else:
            course = plan_course(recruitment_id=pk, facts=facts, actor=request.user, at=now)
    except RuleViolation as no:
        form.add_error(None, no.text)
        return _page(request, recruitment, form, rows, no.status)
    number = course.meeting.participants.count()
    text = ngettext(
        "The course is planned. %(number)s applicant is on its list; whoever applies from now on comes onto it too.",
        "The course is planned. %(number)s applicants are on its list; whoever applies from now on comes onto it too.",
        number,
    )
    messages.success(request, text % {"number": number})
    return redirect("councils:courses", pk)


def _page(
    request: SignedInRequest, recruitment: Recruitment, form: CourseForm, rows: Any, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "recruitment": recruitment,
        "courses": list(courses_of(recruitment)),
        "hours": hours_needed(recruitment),
        "form": form,
        "rows": rows,
    }
    return render(request, PAGE, context, status=status)


@login_required
@never_cache
@require_POST
def certify(request: SignedInRequest, pk: int) -> HttpResponse:
    """Issue the certificates of education of everybody who has the hours and no certificate yet."""
    _run(request, pk)
    number = issue_education_certificates(recruitment_id=pk, actor=request.user, at=timezone.now())
    text = ngettext("%(number)s certificate was issued.", "%(number)s certificates were issued.", number)
    messages.success(request, text % {"number": number})
    return redirect("councils:courses", pk)


@require_safe
@public_page
def education_page(request: HttpRequest) -> HttpResponse:
    """What published sources say of courses of education, each with its source."""
    return render(request, "councils/education.html", {"figures": list(education_figures())})
