"""What the rule set of a recruitment asks, held against its dates, quotas and members."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from councils.doctor import find_contradictions
from councils.doctor_wording import contradiction_in_words
from councils.models import Application, QuotaFeature, QuotaValue, Recruitment
from councils.quotas import Quota
from councils.states import ApplicationStatus, FeatureSource, Method, Track
from ordinances.checks import Check
from ordinances.council_checks import (
    CouncilDays,
    check_open_share,
    check_recommended_share,
    check_recruitment,
    check_seats,
    check_sex_share,
    check_young_share,
    day_of_council_age,
)
from ordinances.council_rules import CouncilRules, SelectionMethod
from residents.persons import full_years
from residents.states import Sex

WITH_QUOTAS = frozenset({Method.LEXIMIN, Method.WITHIN_GROUPS})  # the other ways keep the shares while they draw
CHOSEN = (ApplicationStatus.SELECTED, ApplicationStatus.APPOINTED)


def method_allowed(recruitment: Recruitment) -> bool:
    """Whether the rule set names the recruitment's way of selection, or none."""
    named = recruitment.rule_set.for_councils().selection_method
    return named is None or named.value == recruitment.method


def methods_of(rules: CouncilRules) -> list[Method]:
    """The ways of selection that may be chosen under these rules; none where members are chosen by deliberation."""
    if rules.selection_method is None:
        return list(Method)
    named = rules.selection_method.value
    return [] if named is SelectionMethod.DELIBERATION else [Method(named)]


def council_days(recruitment: Recruitment, *, at: datetime) -> CouncilDays:
    """The days on which age can be counted; that of the announcement is today while there is none."""
    return CouncilDays(
        announced_on=timezone.localdate(recruitment.announced_at or at),
        closes_on=last_day_of(recruitment.closes_at),
        appointed_on=recruitment.appoints_on,
    )


def age_day(recruitment: Recruitment, *, at: datetime) -> date:
    """The day on which full years are counted in this recruitment.

    That of the announcement where the rule set names the appointment and this has no date yet.
    """
    days = council_days(recruitment, at=at)
    try:
        return day_of_council_age(recruitment.rule_set.for_councils().council_age_reference, days)
    except ValueError:
        return days.announced_on


def last_day_of(end: datetime) -> date:
    """The last day before the moment `end`, which itself is too late."""
    return timezone.localdate(end - timedelta(microseconds=1))


def features_of(recruitment: Recruitment) -> list[QuotaFeature]:
    """The features with their values, in order: two queries."""
    return list(recruitment.features.prefetch_related("values").order_by("position", "pk"))


def quotas_from(features: Iterable[QuotaFeature]) -> tuple[Quota, ...]:
    """The quotas as plain values. The names are the short names of features and values."""
    return tuple(
        Quota(feature.key, value.key, value.minimum, value.maximum)
        for feature in features
        for value in feature.values.all()
    )


def labels_of(features: Iterable[QuotaFeature]) -> dict[tuple[str, str], str]:
    """What people read instead of the short names: {(feature, value): name} and {(feature, ""): name}."""
    labels = {}
    for feature in features:
        labels[feature.key, ""] = feature.label
        for value in feature.values.all():
            labels[feature.key, value.key] = value.label
    return labels


def problems_of_quotas(recruitment: Recruitment) -> list[str]:
    """A sentence for each thing that leaves no council possible, whoever applies."""
    features = features_of(recruitment)
    found = [
        contradiction_in_words(one, recruitment.seats, labels_of(features))
        for one in find_contradictions(quotas_from(features), recruitment.seats)
    ]
    if recruitment.method in {Method.LEXIMIN, Method.WITHIN_GROUPS} and not features:
        found.append(_("There are no quotas yet. Please set them, as the rules propose or as the committee decided."))
    return found


def checks_before_announcing(recruitment: Recruitment, *, at: datetime) -> tuple[Check, ...]:
    """Everything that the rule set asks of a recruitment before anybody applies: seats, days, and what quotas allow."""
    rules = recruitment.rule_set.for_councils()
    checks = list(check_seats(rules, seats=recruitment.seats))
    if rules.recruitment_days_min:
        opens_on = timezone.localdate(max(recruitment.opens_at, recruitment.announced_at or at))
        checks.append(
            check_recruitment(
                rules.recruitment_days_min, opens_on=opens_on, closes_on=last_day_of(recruitment.closes_at)
            )
        )
    if recruitment.method in WITH_QUOTAS:
        checks += _share_checks(rules, features_of(recruitment), recruitment.seats)
    return tuple(checks)


def checks_of_the_panel(recruitment: Recruitment, *, at: datetime) -> tuple[Check, ...]:
    """The shares as they came out, among those who are selected or appointed; none before the draw."""
    chosen = list(
        recruitment.applications.filter(status__in=CHOSEN).only("pk", "sex", "birth_date", "track", "recruitment")
    )
    if not chosen:
        return ()
    rules, seats = recruitment.rule_set.for_councils(), len(chosen)
    tracks = [application.track for application in chosen]
    checks = []
    if rules.open_call_share_min:
        checks.append(check_open_share(rules.open_call_share_min, persons=tracks.count(Track.OPEN), seats=seats))
    if rules.recommended_share_max:
        recommended = tracks.count(Track.RECOMMENDED)
        checks.append(check_recommended_share(rules.recommended_share_max, persons=recommended, seats=seats))
    if rules.sex_share_max:
        sexes = [application.sex for application in chosen]
        most = max(sexes.count(sex) for sex in set(sexes))
        checks.append(check_sex_share(rules.sex_share_max, persons=most, seats=seats))
    if rules.young_share_min and rules.young_age_max:
        young = _young_among(chosen, rules.young_age_max.value, age_day(recruitment, at=at))
        checks.append(check_young_share(rules.young_share_min, persons=young, seats=seats))
    return tuple(checks)


def _young_among(chosen: Iterable[Application], young_age: int, day: date) -> int:
    return sum(
        1
        for application in chosen
        if application.birth_date is not None and full_years(application.birth_date, day) <= young_age
    )


def _share_checks(rules: CouncilRules, features: Sequence[QuotaFeature], seats: int) -> list[Check]:
    """What the quotas make sure of: the fewest of a group that they ask for, the most that they allow."""
    checks = []
    if rules.open_call_share_min:
        least = _fewest(features, {FeatureSource.TRACK}, lambda value: value.key == Track.OPEN, seats)
        checks.append(check_open_share(rules.open_call_share_min, persons=least, seats=seats))
    if rules.recommended_share_max:
        most = seats - _fewest(features, {FeatureSource.TRACK}, lambda value: value.key != Track.RECOMMENDED, seats)
        checks.append(check_recommended_share(rules.recommended_share_max, persons=most, seats=seats))
    if rules.sex_share_max:
        # Of one sex as many may come in as the other's quotas leave.
        fewest = (_fewest(features, {FeatureSource.SEX}, partial(_is_other, sex), seats) for sex in Sex.values)
        most = seats - min(fewest)
        checks.append(check_sex_share(rules.sex_share_max, persons=most, seats=seats))
    if rules.young_share_min and rules.young_age_max:
        young = rules.young_age_max.value
        ages = {FeatureSource.YOUNG, FeatureSource.AGE}
        least = _fewest(features, ages, lambda value: value.age_to is not None and value.age_to <= young, seats)
        checks.append(check_young_share(rules.young_share_min, persons=least, seats=seats))
    return checks


def _is_other(key: str, value: QuotaValue) -> bool:
    return value.key != key


def _fewest(
    features: Sequence[QuotaFeature], sources: set[FeatureSource], belongs: Callable[[QuotaValue], bool], seats: int
) -> int:
    """The fewest of `seats` that go to a group of values in every panel that keeps the quotas; 0 without quotas."""
    fewest = [0]
    for feature in features:
        if feature.source in sources:
            values = list(feature.values.all())
            asked = sum(value.minimum for value in values if belongs(value))
            left = seats - sum(value.maximum for value in values if not belongs(value))
            fewest.append(min(seats, max(asked, left)))
    return max(fewest)
