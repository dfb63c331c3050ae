"""Recruitments as everybody sees them: open, coming and past ones, their dates, quotas and numbers so far."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.madang import day_text, moment_text, time_left
from councils.funnel import Days, Standing, Station, course
from councils.models import Council, QuotaFeature, Recruitment
from councils.queries.courses import hours_needed
from councils.queries.pool import value_of
from councils.queries.rules import age_day, last_day_of
from councils.states import PUBLIC_RECRUITMENTS, ApplicationStatus, RecruitmentStatus
from residents.models import Region

GROUP_SIZE = 5  # people; where the rule set names no size of a group for publication
COUNTED = frozenset(ApplicationStatus) - {ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN}
ENDED = frozenset({RecruitmentStatus.APPOINTED, RecruitmentStatus.CANCELLED})


def public_recruitments() -> QuerySet[Recruitment]:
    """Those that have been announced, with council, dong, municipality and rule set; the newest first."""
    return (
        Recruitment.objects.filter(status__in=PUBLIC_RECRUITMENTS)
        .exclude(announced_at=None)
        .select_related("council__dong__parent__parent", "rule_set")
        .order_by("-opens_at", "-pk")
    )


def open_recruitments(at: datetime) -> QuerySet[Recruitment]:
    """Those that take applications at this moment, what closes first at the top."""
    return (
        public_recruitments()
        .filter(status=RecruitmentStatus.ANNOUNCED, opens_at__lte=at, closes_at__gt=at)
        .order_by("closes_at", "pk")
    )


def coming_recruitments(at: datetime) -> QuerySet[Recruitment]:
    """Those that are announced and take applications later."""
    return public_recruitments().filter(status=RecruitmentStatus.ANNOUNCED, opens_at__gt=at).order_by("opens_at", "pk")


def running_recruitments(at: datetime) -> QuerySet[Recruitment]:
    """Those whose applications are closed and whose council is not appointed yet."""
    return public_recruitments().filter(closes_at__lte=at).exclude(status__in=ENDED)


def ended_recruitments() -> QuerySet[Recruitment]:
    return public_recruitments().filter(status__in=ENDED)


def recruitments_of(councils: Collection[Council], at: datetime) -> list[Recruitment]:
    """The recruitments of these councils that are not over, the nearest deadline first; one query."""
    found = public_recruitments().filter(council__in=councils).exclude(status__in=ENDED)
    return sorted(found, key=lambda one: (not is_open(one, at), one.closes_at))


def recruitments_in(dong: Region, at: datetime) -> list[Recruitment]:
    """The same for the councils of a dong; one query."""
    found = public_recruitments().filter(council__dong=dong).exclude(status__in=ENDED)
    return sorted(found, key=lambda one: (not is_open(one, at), one.closes_at))


def is_open(recruitment: Recruitment, at: datetime) -> bool:
    """Whether applications are taken at this moment."""
    return recruitment.status == RecruitmentStatus.ANNOUNCED and recruitment.opens_at <= at < recruitment.closes_at


@dataclass(frozen=True, slots=True)
class Step:
    """One station as components/steps.html shows it."""

    name: str
    state: str
    when: str = ""
    note: str = ""


def steps_of(recruitment: Recruitment, at: datetime) -> list[Step]:
    """The way of a recruitment with today on it."""
    wants_hours = hours_needed(recruitment) > 0
    days = Days(recruitment.opens_at, recruitment.closes_at, recruitment.learning_until)
    whens = {
        Station.NOTICE: day_text(recruitment.announced_at),
        Station.APPLICATIONS: f"{day_text(recruitment.opens_at)} – {day_text(last_day_of(recruitment.closes_at))}",
        Station.SCHOOL: _("until %(day)s") % {"day": day_text(last_day_of(recruitment.learning_until))},
        Station.POOL: day_text(recruitment.pooled_at) if recruitment.pooled_at else "",
        Station.DRAW: moment_text(recruitment.draw_at) if recruitment.draw_at else _("day not set yet"),
        Station.APPOINTMENT: day_text(recruitment.appoints_on) if recruitment.appoints_on else _("day not set yet"),
    }
    notes = {
        Station.APPLICATIONS: time_left(recruitment.closes_at, at),
        Station.SCHOOL: time_left(recruitment.learning_until, at),
    }
    return [
        Step(
            station_name(station),
            standing.value,
            whens[station],
            notes.get(station, _("now")) if standing is Standing.NOW else "",
        )
        for station, standing in course(recruitment.status, days, at=at, wants_hours=wants_hours)
    ]


def station_name(station: Station) -> str:
    return {
        Station.NOTICE: pgettext("recruitment", "Announcement"),
        Station.APPLICATIONS: pgettext("recruitment", "Applications"),
        Station.SCHOOL: _("Residents’ school"),
        Station.POOL: _("Pool settled"),
        Station.DRAW: _("Public draw"),
        Station.APPOINTMENT: pgettext("recruitment", "Appointment"),
    }[station]


# --- numbers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """One quota with what has come so far. `applicants` None: fewer than may be published."""

    label: str
    minimum: int
    maximum: int
    applicants: int | None
    source: str = ""

    @property
    def falls_short(self) -> bool:
        return self.applicants is not None and self.applicants < self.minimum


@dataclass(frozen=True, slots=True)
class Feature:
    label: str
    groups: tuple[Group, ...]


def group_size(recruitment: Recruitment) -> int:
    """How many people a group must have before its number is shown."""
    rule = recruitment.rule_set.for_councils().publication_group_size
    return rule.value if rule else GROUP_SIZE


def features_with_values(recruitment: Recruitment) -> list[QuotaFeature]:
    """Two queries."""
    return list(recruitment.features.prefetch_related("values").order_by("position", "pk"))


def quotas_so_far(recruitment: Recruitment, features: Collection[QuotaFeature], *, at: datetime) -> list[Feature]:
    """Each quota with the number of applicants so far, where enough of them share it; one query.

    Where only one group of a feature is too small to be shown, its number would follow from the whole; then the
    smallest of the others is not shown either.
    """
    counts = _counts(recruitment, features, age_day(recruitment, at=at))
    size = group_size(recruitment)
    shown = []
    for feature in features:
        values = list(feature.values.all())
        numbers = {value.key: counts[feature.key, value.key] for value in values}
        hidden = {key for key, number in numbers.items() if 0 < number < size}
        if len(hidden) == 1:
            others = sorted((number, key) for key, number in numbers.items() if key not in hidden and number)
            hidden |= {key for _number, key in others[:1]}
        shown.append(
            Feature(
                feature.label,
                tuple(
                    Group(
                        value.label,
                        value.minimum,
                        value.maximum,
                        None if value.key in hidden else numbers[value.key],
                        value.source,
                    )
                    for value in values
                ),
            )
        )
    return shown


def _counts(recruitment: Recruitment, features: Collection[QuotaFeature], day: date) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    applied = recruitment.applications.filter(status__in=COUNTED)
    for application in applied.only("sex", "birth_date", "track", "answers", "recruitment"):
        counts.update((feature.key, value_of(feature, application, day)) for feature in features)
    return counts


@dataclass(frozen=True, slots=True)
class Numbers:
    """People: how many applied, how many of them can still be drawn or were."""

    applied: int
    running: int


def numbers_of(recruitment: Recruitment) -> Numbers:
    """One query."""
    over = [ApplicationStatus.WITHDRAWN, ApplicationStatus.EXCLUDED]
    found = recruitment.applications.exclude(status=ApplicationStatus.DRAFT).aggregate(
        applied=Count("pk"), running=Count("pk", filter=~Q(status__in=over))
    )
    return Numbers(found["applied"], found["running"])
