"""What the club has published, and what is being prepared."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from forums.models import Publication
from forums.states import PublicationKind, PublicationStatus


def public_publications() -> QuerySet[Publication]:
    """What everybody may see of, the latest first."""
    return Publication.objects.filter(status=PublicationStatus.PUBLISHED).order_by(
        "-year", "-issued_on", "-number", "-pk"
    )


def found_publications(*, words: str = "", year: int | None = None, kind: str = "") -> QuerySet[Publication]:
    """Published ones whose title or summary has every word, of the year, of the kind."""
    found = public_publications()
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    if year is not None:
        found = found.filter(year=year)
    return found.filter(kind=kind) if kind else found


def years_of_publications() -> list[int]:
    """The years in which something was published, the latest first. One query."""
    return list(public_publications().order_by("-year").values_list("year", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind with its publications, as the page shows them."""

    kind: str
    name: str
    rows: list[Publication]


def on_shelves(rows: list[Publication]) -> list[Shelf]:
    """By kind in the order of `PublicationKind`, without empty ones."""
    shelves = [
        Shelf(kind.value, str(kind.label), [row for row in rows if row.kind == kind]) for kind in PublicationKind
    ]
    return [shelf for shelf in shelves if shelf.rows]
