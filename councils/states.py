"""The words and lives of councils."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CouncilType(models.TextChoices):
    MINISTRY = "ministry", _("ministry type")
    GWANGJU = "gwangju", _("Gwangju type")
    SEOGU = "seogu", _("Seo-gu type")
    SEOUL = "seoul", _("Seoul type")


class CouncilStatus(models.TextChoices):
    CONVERTING = "converting", _("being converted")
    WORKING = "working", _("at work")
    DISSOLVED = "dissolved", _("dissolved")


COUNCIL_TRANSITIONS: dict[str, frozenset[str]] = {
    CouncilStatus.CONVERTING: frozenset({CouncilStatus.WORKING, CouncilStatus.DISSOLVED}),
    CouncilStatus.WORKING: frozenset({CouncilStatus.CONVERTING, CouncilStatus.DISSOLVED}),
    CouncilStatus.DISSOLVED: frozenset(),
}
