"""The pool of a recruitment as plain values, for the doctor and for the lottery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from councils.bands import AgeBand
from councils.models import Application, QuotaFeature, Recruitment
from councils.queries.rules import age_day, features_of, labels_of, quotas_from
from councils.quotas import Pool, Quota
from councils.states import BEFORE_POOL, ApplicationStatus, FeatureSource
from residents.persons import full_years


@dataclass(frozen=True, slots=True)
class PoolAndQuotas:
    """Who may be drawn and under which quotas. `labels` are the names people read: {(feature, value or ""): name}."""

    pool: Pool
    quotas: tuple[Quota, ...]
    seats: int
    one_per_household: bool
    labels: dict[tuple[str, str], str]


def value_of(feature: QuotaFeature, application: Application, day: date) -> str:
    """The short name of the value that an applicant has of a feature; "" if there is none. Age counts on `day`."""
    values = feature.values.all()
    if feature.source in {FeatureSource.AGE, FeatureSource.YOUNG}:
        if application.birth_date is None:
            return ""
        age = full_years(application.birth_date, day)
        return next((value.key for value in values if AgeBand(value.age_from or 0, value.age_to).holds(age)), "")
    if feature.source == FeatureSource.SEX:
        wanted = application.sex
    elif feature.source == FeatureSource.TRACK:
        wanted = application.track
    else:
        wanted = str(application.answers.get(feature.key, ""))
    return wanted if any(value.key == wanted for value in values) else ""


def missing_values(application: Application, features: Iterable[QuotaFeature], day: date) -> list[QuotaFeature]:
    """The features of which an applicant has no value, so that no quota could count them."""
    return [feature for feature in features if not value_of(feature, application, day)]


def pool_of(recruitment: Recruitment, *, at: datetime) -> PoolAndQuotas:
    """The settled pool: its ids are the pool numbers as text, in their order.

    Raises RuleViolation where the pool has not been settled, or somebody of it has no value of a feature.
    """
    if recruitment.pooled_at is None:
        raise RuleViolation(_("The pool is not settled yet."), code="no_pool")
    members = recruitment.applications.filter(status=ApplicationStatus.POOL).order_by("pool_number")
    return _gather(recruitment, list(members), [str(member.pool_number) for member in members], at)


def applicants_so_far(recruitment: Recruitment, *, at: datetime) -> PoolAndQuotas:
    """Everybody who can still come into the pool, for the doctor; those of whom a value is missing are left out.

    The ids are receipt numbers as text.
    """
    features = features_of(recruitment)
    day = age_day(recruitment, at=at)
    running = recruitment.applications.filter(status__in=[*BEFORE_POOL, ApplicationStatus.POOL]).order_by("number")
    members = [one for one in running if not missing_values(one, features, day)]
    return _gather(recruitment, members, [str(one.number) for one in members], at, features)


def _gather(
    recruitment: Recruitment,
    members: Sequence[Application],
    ids: Sequence[str],
    at: datetime,
    features: Sequence[QuotaFeature] | None = None,
) -> PoolAndQuotas:
    features = features_of(recruitment) if features is None else features
    rules = recruitment.rule_set.for_councils()
    by_household = rules.one_per_household is not None and rules.one_per_household.value
    day = age_day(recruitment, at=at)
    rows = []
    for member in members:
        row = tuple(value_of(feature, member, day) for feature in features)
        if "" in row:
            raise RuleViolation(
                _("Receipt %(number)s has no value of “%(feature)s”. Please mend the application first.")
                % {"number": member.number, "feature": features[row.index("")].label},
                code="value_missing",
            )
        rows.append(row)
    pool = Pool(
        ids=tuple(ids),
        features=tuple(feature.key for feature in features),
        rows=tuple(rows),
        households=tuple(member.household for member in members) if by_household else None,
    )
    return PoolAndQuotas(pool, quotas_from(features), recruitment.seats, by_household, labels_of(features))
