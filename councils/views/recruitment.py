"""Recruitments for everybody: the list, one recruitment, and its dates for a calendar."""

from django.contrib.sites.requests import RequestSite
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.pages import public_page
from councils.models import Recruitment
from councils.permissions import runs_recruitments
from councils.queries import calls
from councils.queries.courses import hours_needed, lessons_of
from councils.queries.draws import draws_on_the_notice
from councils.queries.own import own_application
from councils.queries.rules_kept import rule_lines
from councils.recruitment_calendar import as_calendar
from councils.states import Method, RecruitmentStatus
from ordinances.phrases import bases_in_words
from residents.models import User

ROWS_ON_A_PAGE = 30


@require_safe
@public_page
def recruitment_list(request: HttpRequest) -> HttpResponse:
    """What takes applications now, what is about to, what goes on, and what is over."""
    now = timezone.now()
    try:
        page = Paginator(calls.ended_recruitments(), ROWS_ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    context = {
        "now": now,
        "open": list(calls.open_recruitments(now)),
        "coming": list(calls.coming_recruitments(now)),
        "running": list(calls.running_recruitments(now)),
        "page": page,
    }
    return render(request, "councils/recruitments.html", context)


def shown_recruitment(request: HttpRequest, pk: int) -> Recruitment:
    """The recruitment, to officials of its dong and district also while it is prepared. Raises Http404 for others."""
    recruitment = get_object_or_404(
        Recruitment.objects.select_related("council__dong__parent__parent", "rule_set"), pk=pk
    )
    is_public = recruitment.announced_at is not None and recruitment.status != RecruitmentStatus.PREPARING
    user = getattr(request, "user", None)
    if not is_public and not (isinstance(user, User) and runs_recruitments.test(user, recruitment)):
        raise Http404
    return recruitment


@require_safe
@public_page
def recruitment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one recruitment."""
    recruitment = shown_recruitment(request, pk)
    now = timezone.now()
    user = getattr(request, "user", None)
    features = calls.features_with_values(recruitment)
    rules = recruitment.rule_set.for_councils()
    lines = rule_lines(recruitment, at=now)
    context = {
        "now": now,
        "recruitment": recruitment,
        "rules": rules,
        "bases": bases_in_words(rules.council_bases.value) if rules.council_bases else "",
        "may_plan": isinstance(user, User) and user.has_perm("councils.plan_courses", recruitment),
        "steps": calls.steps_of(recruitment, now),
        "is_open": calls.is_open(recruitment, now),
        "hours": hours_needed(recruitment),
        "lessons": lessons_of(recruitment, None, now),
        "features": calls.quotas_so_far(recruitment, features, at=now),
        "group_size": calls.group_size(recruitment),
        "numbers": calls.numbers_of(recruitment),
        "lines": lines,
        "kept": sum(line.met is True for line in lines),
        "broken": sum(line.met is False for line in lines),
        "unchecked": sum(line.met is None for line in lines),
        "own": own_application(recruitment, user) if isinstance(user, User) else None,
        "is_lottery": recruitment.method == Method.LEXIMIN,
        **draws_on_the_notice(recruitment),
    }
    return render(request, "councils/recruitment.html", context)


@require_safe
def recruitment_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Deadline, courses, draw and appointment as a file for calendars."""
    recruitment = shown_recruitment(request, pk)
    now = timezone.now()
    content = as_calendar(
        recruitment,
        lessons_of(recruitment, None, now),
        address=request.build_absolute_uri(recruitment.get_absolute_url()),
        host=RequestSite(request).domain,
        at=now,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    name = content_disposition_header(as_attachment=True, filename=f"{recruitment.title}.ics")
    if name:
        response["Content-Disposition"] = name
    response["X-Content-Type-Options"] = "nosniff"
    return response
