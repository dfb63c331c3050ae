"""What the club publishes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from forums.models.forums import Forum
from forums.states import PUBLICATION_TRANSITIONS, PublicationKind, PublicationStatus


def _place(publication: "Publication", _name: str) -> str:
    """Where the file lies: a name that tells nothing."""
    return f"publications/{publication.sha256[:32]}"


class Publication(MovesThroughStates, models.Model):
    """An issue of the journal, a volume of the series, a newsletter, or the book of a forum."""

    TRANSITIONS: ClassVar = PUBLICATION_TRANSITIONS

    kind = models.CharField(_("kind"), max_length=12, choices=PublicationKind)
    status = models.CharField(_("state"), max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT)
    number = models.PositiveSmallIntegerField(_("issue or volume"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=160)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    # Where only the year is known.
    year = models.PositiveSmallIntegerField(_("year"))
    summary = models.TextField(_("summary"), blank=True)
    forum = models.ForeignKey(
        Forum, on_delete=models.PROTECT, null=True, blank=True, related_name="publications", verbose_name=_("event")
    )
    file = models.FileField(_("file"), upload_to=_place, max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    content_type = models.CharField(_("type"), max_length=60, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-year", "-issued_on", "-number", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PublicationKind.values), name="publication_kind_known"),
            models.CheckConstraint(condition=Q(status__in=PublicationStatus.values), name="publication_status_known"),
            models.UniqueConstraint(
                fields=["kind", "number"], condition=Q(number__isnull=False), name="publication_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title
