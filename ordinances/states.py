"""Words of the library of ordinances."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrdinanceKind(models.TextChoices):
    ORDINANCE = "ordinance", _("ordinance")
    REGULATION = "regulation", _("regulation")
    DIRECTIVE = "directive", _("directive or rule of procedure")
    MODEL = "model", _("model ordinance")


class Subject(models.TextChoices):
    """What an ordinance is about; one of them, so that people find it."""

    COUNCILS = "councils", _("residents’ councils")
    ASSEMBLIES = "assemblies", _("residents’ assemblies and votes")
    BUDGETS = "budgets", _("participatory budget")
    VILLAGES = "villages", _("village communities")
    PLEDGES = "pledges", _("pledges")
    PARTICIPATION = "participation", _("residents’ participation")
    INFORMATION = "information", _("open information")
    OTHER = "other", pgettext_lazy("subject of an ordinance", "other")


class VersionAct(models.TextChoices):
    """What was done to an ordinance on a day."""

    ENACTED = "enacted", pgettext_lazy("an ordinance", "enacted")
    AMENDED = "amended", pgettext_lazy("an ordinance", "amended")
    REWRITTEN = "rewritten", pgettext_lazy("an ordinance", "amended as a whole")
    REPEALED = "repealed", pgettext_lazy("an ordinance", "repealed")
