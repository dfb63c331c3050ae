"""Officers, bylaws and the state of the bylaws: public, because the club answers for itself in public."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.articles import Article, Change, compare_versions
from core.pages import public_page
from forums.bylaw_wording import in_words
from forums.models import Bylaws
from forums.queries.governance import bylaws_on, partners_on, state_of_the_bylaws
from forums.queries.officers import groups_on
from forums.states import BylawsStatus

FIRST_YEAR, LAST_YEAR = 2010, 2100


def day_asked_for(request: HttpRequest) -> date:
    """The day that `?on=` names, today without it. Raises Http404 for what is no day, or none of the club's."""
    asked = request.GET.get("on", "")
    if not asked:
        return timezone.localdate()
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Http404(_("There is no such day."))
    return day


@require_safe
@public_page
def officers_page(request: HttpRequest) -> HttpResponse:
    day = day_asked_for(request)
    context = {"day": day, "groups": groups_on(day), "partners": partners_on(day), "is_today": "on" not in request.GET}
    return render(request, "forums/officers.html", context)


@require_safe
@public_page
def state_page(request: HttpRequest) -> HttpResponse:
    day = day_asked_for(request)
    version, checks = state_of_the_bylaws(day)
    lines = [in_words(check) for check in checks]
    context = {
        "day": day,
        "version": version,
        "lines": lines,
        "broken": sum(not line.check.met for line in lines),
        "is_today": "on" not in request.GET,
    }
    return render(request, "forums/bylaws_state.html", context)


@require_safe
@public_page
def bylaws_page(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """One adopted version, the one in force without a number."""
    adopted = Bylaws.objects.filter(status=BylawsStatus.ADOPTED).prefetch_related("articles")
    in_force = bylaws_on(timezone.localdate())
    if number is None:
        version = adopted.filter(pk=in_force.pk).first() if in_force else None
    else:
        version = get_object_or_404(adopted, number=number)
    context = {"version": version, "versions": list(adopted), "in_force": in_force}
    return render(request, "forums/bylaws.html", context)


@require_safe
@public_page
def compare_page(request: HttpRequest) -> HttpResponse:
    """Two adopted versions beside each other, the last two without a choice."""
    adopted = list(Bylaws.objects.filter(status=BylawsStatus.ADOPTED).prefetch_related("articles").order_by("number"))
    chosen = {name: _version_named(request, name, adopted) for name in ("before", "after")}
    before = chosen["before"] or (adopted[-2] if len(adopted) > 1 else None)
    after = chosen["after"] or (adopted[-1] if adopted else None)
    compared = compare_versions(_articles(before), _articles(after)) if before and after else []
    context = {
        "versions": adopted,
        "before": before,
        "after": after,
        "compared": compared,
        "changed": sum(one.change is not Change.SAME for one in compared),
    }
    return render(request, "forums/bylaws_compare.html", context)


def _version_named(request: HttpRequest, name: str, adopted: list[Bylaws]) -> Bylaws | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    for version in adopted:
        if str(version.number) == asked:
            return version
    raise Http404


def _articles(version: Bylaws) -> list[Article]:
    return [Article(one.number, one.title, one.text) for one in version.articles.all()]
