"""The words and lives of residents' things."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("province or metropolitan city")
    MUNICIPALITY = "municipality", _("city, county or district")
    DONG = "dong", _("dong, eup or myeon")


class PopulationSource(models.TextChoices):
    OFFICIAL = "official", _("official figure")
    DOCUMENT = "source-doc", _("figure of a published document")
    DEMO = "demo", _("demo figure")


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Basis(models.TextChoices):
    """Why somebody counts as a resident; which of these do is for the rule set to say."""

    REGISTERED = "registered", _("registered resident")
    WORKING = "working", _("working here")
    STUDYING = "studying", _("studying here")
    ORGANISATION = "organisation", _("member of an organisation here")
    REGISTERED_FOREIGNER = "registered_foreigner", _("registered foreigner")
    PERMANENT_RESIDENT = "permanent_resident", _("permanent resident of foreign nationality")
    OVERSEAS_KOREAN = "overseas_korean", _("overseas Korean with local residence")


class ResidenceStatus(models.TextChoices):
    DECLARED = "declared", _("waiting for a check at the desk")
    VERIFIED = "verified", _("verified")
    REFUSED = "refused", _("not confirmed")
    ENDED = "ended", _("ended")


RESIDENCE_TRANSITIONS: dict[str, frozenset[str]] = {
    ResidenceStatus.DECLARED: frozenset({ResidenceStatus.VERIFIED, ResidenceStatus.REFUSED, ResidenceStatus.ENDED}),
    ResidenceStatus.VERIFIED: frozenset({ResidenceStatus.ENDED}),
    ResidenceStatus.REFUSED: frozenset(),
    ResidenceStatus.ENDED: frozenset(),
}

OPEN_RESIDENCES = frozenset({ResidenceStatus.DECLARED, ResidenceStatus.VERIFIED})


class Role(models.TextChoices):
    DISTRICT_OFFICIAL = "district_official", _("district official")
    DONG_OFFICIAL = "dong_official", _("dong official")
    COUNCIL_OFFICER = "council_officer", _("council officer")
    CLUB_SECRETARIAT = "club_secretariat", _("club secretariat")
    AUDITOR = "auditor", _("auditor")
    OPERATOR = "operator", _("operator")


ROLE_LEVELS: dict[str, RegionLevel | None] = {
    Role.DISTRICT_OFFICIAL: RegionLevel.MUNICIPALITY,
    Role.DONG_OFFICIAL: RegionLevel.DONG,
    Role.COUNCIL_OFFICER: RegionLevel.DONG,
    Role.CLUB_SECRETARIAT: None,
    Role.AUDITOR: RegionLevel.MUNICIPALITY,
    Role.OPERATOR: None,
}


class Office(models.TextChoices):
    MAYOR_METRO = "mayor_metro", _("mayor of a metropolitan city")
    GOVERNOR = "governor", _("governor of a province")
    MAYOR = "mayor", _("mayor of a city")
    COUNTY_HEAD = "county_head", _("head of a county")
    DISTRICT_HEAD = "district_head", _("head of a district")
