"""The words and lives of assemblies and polls."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssemblyKind(models.TextChoices):
    RESIDENTS = "residents", _("residents’ assembly")
    SCHOOL = "school", _("school assembly")


class AssemblyStatus(models.TextChoices):
    PREPARING = "preparing", _("being prepared")
    ANNOUNCED = "announced", _("announced")
    CONCLUDED = "concluded", _("concluded")
    CANCELLED = "cancelled", _("cancelled")


ASSEMBLY_TRANSITIONS: dict[str, frozenset[str]] = {
    AssemblyStatus.PREPARING: frozenset({AssemblyStatus.ANNOUNCED, AssemblyStatus.CANCELLED}),
    AssemblyStatus.ANNOUNCED: frozenset({AssemblyStatus.CONCLUDED, AssemblyStatus.CANCELLED}),
    AssemblyStatus.CONCLUDED: frozenset(),
    AssemblyStatus.CANCELLED: frozenset(),
}


class PollKind(models.TextChoices):
    FOR_AGAINST = "for_against", _("for or against each item")
    CHOOSE = "choose", _("choose up to a number of items")


class PollStatus(models.TextChoices):
    """준비 중, 투표 예정, 투표 중, 투표 마감, 개표 중, 개표 완료, 결과 공표, 이의신청, 중단."""

    PREPARING = "preparing", _("in preparation")
    SCHEDULED = "scheduled", _("voting to come")
    OPEN = "open", _("voting open")
    CLOSED = "closed", _("voting closed")
    COUNTING = "counting", _("counting")
    COUNTED = "counted", _("counted")
    PUBLISHED = "published", _("result published")
    OBJECTION = "objection", _("under objection")
    HALTED = "halted", _("halted")


POLL_TRANSITIONS: dict[str, frozenset[str]] = {
    PollStatus.PREPARING: frozenset({PollStatus.SCHEDULED, PollStatus.HALTED}),
    PollStatus.SCHEDULED: frozenset({PollStatus.PREPARING, PollStatus.OPEN, PollStatus.HALTED}),
    PollStatus.OPEN: frozenset({PollStatus.CLOSED, PollStatus.HALTED}),
    PollStatus.CLOSED: frozenset({PollStatus.COUNTING, PollStatus.HALTED}),
    PollStatus.COUNTING: frozenset({PollStatus.COUNTED, PollStatus.HALTED}),
    PollStatus.COUNTED: frozenset({PollStatus.PUBLISHED, PollStatus.HALTED}),
    PollStatus.PUBLISHED: frozenset({PollStatus.OBJECTION}),
    PollStatus.OBJECTION: frozenset({PollStatus.PUBLISHED, PollStatus.HALTED}),
    PollStatus.HALTED: frozenset(),
}

BEFORE_VOTING = frozenset({PollStatus.PREPARING, PollStatus.SCHEDULED})
VOTING_OVER = frozenset({PollStatus.CLOSED, PollStatus.COUNTING, PollStatus.COUNTED})
RESULT_PUBLIC = frozenset({PollStatus.PUBLISHED, PollStatus.OBJECTION})


class TieRule(models.TextChoices):
    SHARED_RANK = "shared_rank", _("equal votes share the rank")
    AGENDA_ORDER = "agenda_order", _("the item that stands first on the agenda goes first")


class Channel(models.TextChoices):
    WEB = "web", _("on the web")
    BOOTH = "booth", _("in the booth")
    PAPER = "paper", _("on paper")


class Category(models.TextChoices):
    """The kinds of matters that dongs sort their agenda by."""

    CHILDCARE = "childcare", _("childcare")
    HYGIENE = "hygiene", _("hygiene")
    PARKING = "parking", _("parking")
    CULTURE = "culture", _("culture")
    WELFARE = "welfare", _("welfare")
    SAFETY = "safety", _("safety")
    FACILITIES = "facilities", _("facilities")
    ENVIRONMENT = "environment", _("environment")
    OTHER = "other", _("other")
