"""Shared reads of applications: checks as they were kept, hours, probable duplicates, numbers by stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from councils.models import Application, Recruitment
from councils.queries.courses import minutes_attended, minutes_credited
from councils.states import ApplicationStatus
from ordinances.checks import Check, CheckedRule
from ordinances.wording import actual_in_words, check_name, required_in_words
from residents.duplicates import Likeness, Person, likenesses

OVER = (ApplicationStatus.WITHDRAWN, ApplicationStatus.DRAFT, ApplicationStatus.EXCLUDED)


def written_checks(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Checks of an applicant as plain values for the database."""
    return [
        {
            "rule": check.rule.value,
            "source": check.source,
            "required": sorted(check.required) if isinstance(check.required, frozenset) else check.required,
            "actual": check.actual,
            "met": check.met,
            "doubt": check.doubt,
        }
        for check in checks
    ]


def read_checks(written: Iterable[Mapping[str, Any]]) -> list[Check]:
    """The checks that `written_checks` wrote."""
    return [
        Check(
            rule=CheckedRule(one["rule"]),
            source=one["source"],
            required=frozenset(one["required"]) if isinstance(one["required"], list) else one["required"],
            actual=one["actual"],
            met=one["met"],
            doubt=one["doubt"],
        )
        for one in written
    ]


def unmet_in_words(checks: Iterable[Check]) -> str:
    """What is not met, in one line with its source; "" if everything is."""
    return "; ".join(
        _("%(rule)s: required %(required)s, here %(actual)s (%(source)s)")
        % {
            "rule": check_name(check),
            "required": required_in_words(check),
            "actual": actual_in_words(check),
            "source": check.source,
        }
        for check in checks
        if not check.met
    )


def minutes_of(applications: Sequence[Application], *, at: datetime) -> dict[int, int]:
    """Minutes of education of each, by id: attended until `at` and credited. Four queries, however many they are."""
    attended, credited = minutes_attended(applications, at=at), minutes_credited(applications)
    return {application.pk: attended[application.pk] + credited[application.pk] for application in applications}


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Another application of the recruitment that may be the same person's, and why."""

    application: Application
    reasons: frozenset[Likeness]


def lookalikes(recruitment_id: int) -> dict[int, list[Lookalike]]:
    """Running applications of a recruitment that may be one person's twice, by id; one query.

    Compared are dates of birth with similar names, and telephones. Nobody is refused for it; officials look.
    """
    running = list(
        Application.objects.filter(recruitment=recruitment_id, birth_date__isnull=False)
        .exclude(status__in=OVER)
        .only("pk", "number", "name", "birth_date", "phone", "recruitment_id", "status")
        .order_by("number")
    )
    groups: dict[object, list[Application]] = defaultdict(list)
    for application in running:
        groups[application.birth_date].append(application)
        if application.phone:
            groups[application.phone].append(application)
    found: dict[int, dict[int, Lookalike]] = defaultdict(dict)
    for group in groups.values():
        for one in group:
            for other in group:
                if one.pk != other.pk and (reasons := likenesses(_person(one), _person(other))):
                    found[one.pk][other.pk] = Lookalike(other, reasons)
    return {pk: list(others.values()) for pk, others in found.items()}


def _person(application: Application) -> Person:
    if application.birth_date is None:
        raise ValueError("an application without a date of birth is compared with nobody")
    return Person(application.name, application.birth_date, application.phone)


def counts_by_stage(recruitment: Recruitment) -> dict[str, int]:
    """How many applications stand at each stage, in the order of the stages, without drafts; one query."""
    stages = [status for status in ApplicationStatus if status != ApplicationStatus.DRAFT]
    counts = dict.fromkeys((status.value for status in stages), 0)
    for status in recruitment.applications.exclude(status=ApplicationStatus.DRAFT).values_list("status", flat=True):
        counts[status] += 1
    return counts
