"""The library: ordinances to look up, their versions, and two versions beside each other."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.articles import Article as PlainArticle
from core.articles import Change, compare_versions
from core.pages import public_page
from ordinances.models import Ordinance, OrdinanceVersion
from ordinances.queries import found_ordinances, regions_of_the_library, years_of_the_library
from ordinances.states import Subject
from residents.models import Region

PAGE_SIZE = 30
LONGEST_QUERY = 60


def _year(text: str) -> int | None:
    """Raises Http404 for what is no year."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == len("2022") and int(text)):
        raise Http404
    return int(text)


def _region(code: str, listed: list[Region]) -> Region | None:
    """Raises Http404 for a region without an ordinance in the library."""
    if not code:
        return None
    for region in listed:
        if region.code == code:
            return region
    raise Http404


@require_safe
@public_page
def ordinance_list(request: HttpRequest) -> HttpResponse:
    """By municipality and title. `?q=`, `?region=` (a code), `?subject=` and `?year=` narrow it down."""
    words = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUERY]
    subject = request.GET.get("subject", "")
    if subject and subject not in Subject.values:
        raise Http404
    year = _year(request.GET.get("year", ""))
    regions = list(regions_of_the_library())
    region = _region(request.GET.get("region", ""), regions)
    found = found_ordinances(words=words, region=region, subject=subject, year=year)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "regions": regions,
        "region": region,
        "subjects": Subject.choices,
        "subject": subject,
        "years": years_of_the_library(),
        "year": year,
        "words": words,
        "is_narrowed": bool(words or region or subject or year),
    }
    return render(request, "ordinances/ordinances.html", context)


def _ordinance(pk: int) -> Ordinance:
    return get_object_or_404(
        Ordinance.objects.select_related("region__parent").prefetch_related("links", "versions"), pk=pk
    )


def _show(request: HttpRequest, ordinance: Ordinance, version: OrdinanceVersion | None) -> HttpResponse:
    versions = list(ordinance.versions.all())
    context = {
        "ordinance": ordinance,
        "version": version,
        "versions": versions,
        "is_latest": bool(versions) and version == versions[0],
        "articles": list(version.articles.all()) if version else [],
        "rule_sets": list(version.rule_sets.order_by("-valid_from", "-pk")) if version else [],
    }
    return render(request, "ordinances/ordinance.html", context)


@require_safe
@public_page
def ordinance_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An ordinance in its latest version."""
    ordinance = _ordinance(pk)
    return _show(request, ordinance, next(iter(ordinance.versions.all()), None))


@require_safe
@public_page
def version_page(request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
    ordinance = _ordinance(pk)
    return _show(request, ordinance, _named(str(version_pk), list(ordinance.versions.all())))


def _named(asked: str, versions: list[OrdinanceVersion]) -> OrdinanceVersion | None:
    """Raises Http404 for a version that this ordinance does not have."""
    if not asked:
        return None
    for version in versions:
        if str(version.pk) == asked:
            return version
    raise Http404


@require_safe
@public_page
def compare_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions beside each other: those named, else the last two whose articles are known."""
    ordinance = get_object_or_404(Ordinance.objects.select_related("region__parent"), pk=pk)
    known = list(
        ordinance.versions.filter(articles__isnull=False).distinct().prefetch_related("articles").order_by("day", "pk")
    )
    before = _named(request.GET.get("before", ""), known) or (known[-2] if len(known) > 1 else None)
    after = _named(request.GET.get("after", ""), known) or (known[-1] if known else None)
    compared = compare_versions(_articles(before), _articles(after)) if before and after else []
    context = {
        "ordinance": ordinance,
        "versions": known,
        "before": before,
        "after": after,
        "compared": compared,
        "changed": sum(one.change is not Change.SAME for one in compared),
    }
    return render(request, "ordinances/compare.html", context)


def _articles(version: OrdinanceVersion) -> list[PlainArticle]:
    return [PlainArticle(one.number, one.title, one.text) for one in version.articles.all()]
