"""Published figures of courses of education: what a source prints, kept with its place and its doubts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import EducationFigure
from residents.models import Region, User

FIELDS = frozenset(
    {"title", "lectures", "hours", "weeks", "times_a_year", "people", "from_year", "to_year", "source", "note"}
)


@transaction.atomic
def set_education_figure(
    *, region: Region, values: Mapping[str, Any], actor: User | None, at: datetime, figure_id: int | None = None
) -> EducationFigure:
    """Add figures of a course, or change those with this id. `values` are of FIELDS; lectures, hours, weeks and people
    are numbers of these.

    Raises RuleViolation without title or source, for years in the wrong order, for a title that the region has
    already; ValueError for unknown fields.
    """
    if not set(values) <= FIELDS:
        raise ValueError(f"unknown: {sorted(set(values) - FIELDS)}")
    Region.objects.select_for_update().get(pk=region.pk)
    figure = EducationFigure.objects.get(pk=figure_id) if figure_id else EducationFigure(region=region)
    for name, value in values.items():
        setattr(figure, name, value.strip() if isinstance(value, str) else value)
    if not figure.title or not figure.source:
        raise RuleViolation(_("Figures need a title and the source that they stand in."))
    if figure.from_year and figure.to_year and figure.to_year < figure.from_year:
        raise RuleViolation(_("The last year must not be before the first."))
    if EducationFigure.objects.filter(region=region, title=figure.title).exclude(pk=figure.pk).exists():
        raise RuleViolation(_("There are figures of this title already."), code="figure_exists")
    figure.save()
    record(actor=actor, action="councils.education_figure_set", target=figure, scope=region.path, at=at)
    return figure
