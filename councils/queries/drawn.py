"""Those who were drawn and those who wait, as plain values: for the question who moves up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from councils.membership import next_in_order
from councils.models import Application, QuotaFeature, Recruitment
from councils.queries.pool import value_of
from councils.queries.rules import age_day, features_of, quotas_from
from councils.quotas import Pool

Values = Mapping[str, str]


def values_of(application: Application, features: Sequence[QuotaFeature], *, at: datetime) -> Values:
    """{short name of a feature: short name of the value}, as the draw counted this applicant.

    Raises RuleViolation where one is missing.
    """
    day = age_day(application.recruitment, at=at)
    values = {feature.key: value_of(feature, application, day) for feature in features}
    if missing := next((feature for feature in features if not values[feature.key]), None):
        raise RuleViolation(
            _("Receipt %(number)s has no value of “%(feature)s”. Please mend the application first.")
            % {"number": application.number, "feature": missing.label},
            code="value_missing",
        )
    return values


def next_alternate(
    recruitment: Recruitment,
    *,
    serving: Sequence[tuple[Application, Values | None]],
    waiting: Sequence[Application],
    at: datetime,
) -> tuple[Application, Values] | None:
    """The first of those who wait with whom the quotas, as relaxed since, can be kept; with the values counted.

    serving: who has a seat of this recruitment, with the values that were noted at the appointment, or None to count
    them anew. None where nobody who waits fits. Two queries.
    """
    features = features_of(recruitment)
    here = [values or values_of(application, features, at=at) for application, values in serving]
    there = [values_of(application, features, at=at) for application in waiting]
    people = [*(application for application, _values in serving), *waiting]
    keys = tuple(feature.key for feature in features)
    rule = recruitment.rule_set.for_councils().one_per_household
    pool = Pool(
        ids=tuple(str(one.pk) for one in people),
        features=keys,
        rows=tuple(tuple(values.get(key, "") for key in keys) for values in [*here, *there]),
        households=tuple(one.household for one in people),
    )
    try:
        found = next_in_order(
            pool,
            quotas_from(features),
            seats=recruitment.seats,
            serving=[str(application.pk) for application, _values in serving],
            alternates=[str(application.pk) for application in waiting],
            one_per_household=rule is not None and rule.value,
        )
    except ValueError as error:
        raise RuleViolation(
            _("Somebody who serves has no value of a feature with quotas, so nobody can be chosen by them."),
            code="value_missing",
        ) from error
    for application, values in zip(waiting, there, strict=True):
        if str(application.pk) == found:
            return application, values
    return None
