"""Shared reads of rule sets and of the library of ordinances."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import ExtractYear

from ordinances.models import Ordinance, OrdinanceVersion, Rule, RuleSet
from residents.models import Region


def rule_sets_in_force(region: Region, day: date) -> QuerySet[RuleSet]:
    """The municipality's rule sets that hold on `day`, that which began last first."""
    return RuleSet.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day), region=region, valid_from__lte=day
    ).order_by("-valid_from", "-pk")


def rule_set_in_force(region: Region, day: date) -> RuleSet | None:
    """The municipality's rule set that holds on `day`: of those in force the one that began last."""
    return rule_sets_in_force(region, day).first()


def with_rules(rule_sets: QuerySet[RuleSet]) -> QuerySet[RuleSet]:
    """Rule sets with their rules and the articles these cite, in a fixed number of queries."""
    return rule_sets.prefetch_related(
        Prefetch("rules", queryset=Rule.objects.select_related("cites__version").order_by("pk"))
    )


def found_ordinances(
    *, words: str = "", region: Region | None = None, subject: str = "", year: int | None = None
) -> QuerySet[Ordinance]:
    """The library by municipality and title. A `region` stands for all below it, too; `words` must all occur.

    Words are looked for in the titles of ordinances and in the numbers, titles and texts of articles; `year` is one in
    which something was enacted, amended or repealed.
    """
    found = Ordinance.objects.select_related("region__parent").prefetch_related(
        Prefetch("versions", queryset=OrdinanceVersion.objects.order_by("-day", "-pk"))
    )
    if region is not None:
        found = found.filter(region__path__startswith=region.path)
    if subject:
        found = found.filter(subject=subject)
    for word in words.split():
        in_articles = Q(versions__articles__title__icontains=word) | Q(versions__articles__text__icontains=word)
        numbered = Q(versions__number__icontains=word)
        found = found.filter(pk__in=Ordinance.objects.filter(Q(title__icontains=word) | numbered | in_articles))
    if year is not None:
        found = found.filter(pk__in=OrdinanceVersion.objects.filter(day__year=year).values("ordinance"))
    return found.order_by("region__path", "title", "pk")


def regions_of_the_library() -> Sequence[Region]:
    """The municipalities and provinces that have an ordinance in it."""
    having = Ordinance.objects.values("region")
    return list(Region.objects.filter(pk__in=having).select_related("parent").order_by("path"))


def years_of_the_library() -> list[int]:
    """The years in which something was enacted, amended or repealed, the last first."""
    years = OrdinanceVersion.objects.annotate(year=ExtractYear("day")).values_list("year", flat=True)
    # Without the order of the model, whose day would make every version a year of its own.
    return sorted(years.order_by().distinct(), reverse=True)
