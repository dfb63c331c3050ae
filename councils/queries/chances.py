"""Every group's chance under the fair lottery beside the customary draw of balls, so that people see why."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from councils.comparison import PERMILLE, Comparison, compare, permille
from councils.customary import Method, Way
from councils.lottery import NoPanelError, compute_lottery
from councils.models import Recruitment
from councils.queries.pool import PoolAndQuotas, applicants_so_far, pool_of
from councils.quotas import Pool, Quota
from councils.states import ApplicationStatus, DrawStatus, FeatureSource
from councils.states import Method as RecruitmentMethod
from ordinances.values import Bound, Share
from residents.states import Sex

MOST_AT_ONCE = 150  # applicants for whom a lottery is computed while somebody waits; of more, the computed one is shown
CUSTOMARY_SHARE = Share(600, Bound.AT_MOST)  # source: rules C14, where the rule set names no share of its own
STANDS = (DrawStatus.COMPUTED, DrawStatus.FROZEN, DrawStatus.DRAWN)


@dataclass(frozen=True, slots=True)
class ChanceLine:
    """One group, with its chances."""

    feature: str
    value: str
    applicants: int
    fair: Fraction
    customary: Fraction

    @property
    def fair_permille(self) -> int:
        return permille(self.fair)

    @property
    def customary_permille(self) -> int:
        return permille(self.customary)


@dataclass(frozen=True, slots=True)
class Chances:
    """The comparison with the names that people read. `kept`: the share of customary draws that keep all quotas."""

    lines: tuple[ChanceLine, ...]
    least_fair: Fraction
    least_customary: Fraction
    kept: Fraction
    times: int


def chances_of(recruitment: Recruitment, *, at: datetime) -> Chances | None:
    """The comparison for the pool, or for everybody who can still come into it; None where it cannot be reckoned.

    That is: without quotas on sex, without a possible council, and for large pools before a lottery is computed.
    """
    settled = recruitment.pooled_at is not None
    given = pool_of(recruitment, at=at) if settled else applicants_so_far(recruitment, at=at)
    sex = recruitment.features.filter(source=FeatureSource.SEX).values_list("key", flat=True).first()
    if settled and recruitment.method == RecruitmentMethod.BALLS and not given.pool.features:
        # Balls need no quotas that are written down: the way itself keeps the share of a sex.
        sex, given = FeatureSource.SEX.value, _by_sex(recruitment, given)
    if sex is None or len(given.pool) < given.seats:
        return None
    probabilities = _probabilities(recruitment, given) if settled else _computed(given)
    if probabilities is None:
        return None
    share = recruitment.rule_set.for_councils().sex_share_max
    way = Way(
        Method.BALLS,
        given.seats,
        features=(sex,),
        most=max(1, (share.value if share else CUSTOMARY_SHARE).limit(given.seats)),
    )
    seed = hashlib.sha256(repr((given.pool.ids, given.pool.rows)).encode()).digest()
    return _in_words(compare(given.pool, given.quotas, probabilities, way, seed=seed), given)


def _by_sex(recruitment: Recruitment, given: PoolAndQuotas) -> PoolAndQuotas:
    """The settled pool with the sexes and the share that the draw of balls keeps among them; one query."""
    share = recruitment.rule_set.for_councils().sex_share_max
    most = max(1, (share.value if share else CUSTOMARY_SHARE).limit(given.seats))
    numbers = recruitment.applications.filter(status=ApplicationStatus.POOL).order_by("pool_number")
    sexes = tuple(numbers.values_list("sex", flat=True))
    key = FeatureSource.SEX.value
    labels = {(key, ""): str(FeatureSource.SEX.label)} | {(key, sex.value): str(sex.label) for sex in Sex}
    return PoolAndQuotas(
        Pool(given.pool.ids, (key,), tuple((sex,) for sex in sexes), given.pool.households),
        tuple(Quota(key, sex.value, 0, most) for sex in Sex),
        given.seats,
        given.one_per_household,
        given.labels | labels,
    )


def as_data(chances: Chances | None) -> dict[str, Any]:
    """The comparison as it is kept, in thousandths; {} where there is none."""
    if chances is None:
        return {}
    return {
        "kept": permille(chances.kept),
        "least_customary": permille(chances.least_customary),
        "least_fair": permille(chances.least_fair),
        "lines": [
            [line.feature, line.value, line.applicants, line.fair_permille, line.customary_permille]
            for line in chances.lines
        ],
        "times": chances.times,
    }


def from_data(data: Mapping[str, Any], *, at_least: int = 1) -> Chances | None:
    """The comparison that `as_data` kept, with the groups of `at_least` people: of fewer one could know somebody."""
    if not data:
        return None
    return Chances(
        lines=tuple(
            ChanceLine(feature, value, applicants, Fraction(fair, PERMILLE), Fraction(customary, PERMILLE))
            for feature, value, applicants, fair, customary in data["lines"]
            if applicants >= at_least
        ),
        least_fair=Fraction(data["least_fair"], PERMILLE),
        least_customary=Fraction(data["least_customary"], PERMILLE),
        kept=Fraction(data["kept"], PERMILLE),
        times=data["times"],
    )


def _probabilities(recruitment: Recruitment, given: PoolAndQuotas) -> Mapping[str, float] | None:
    """Of the lottery that stands if it is of this pool, else computed now."""
    standing = recruitment.draws.filter(status__in=STANDS).order_by("-number").values_list("lottery", flat=True).first()
    if standing:
        written: dict[str, float] = json.loads(standing).get("probabilities", {})
        if set(written) >= set(given.pool.ids):
            return written
    return _computed(given)


def _computed(given: PoolAndQuotas) -> Mapping[str, float] | None:
    if len(given.pool) > MOST_AT_ONCE:
        return None
    try:
        lottery = compute_lottery(given.pool, given.quotas, given.seats, one_per_household=given.one_per_household)
    except NoPanelError:
        return None
    return lottery.probabilities


def _in_words(found: Comparison, given: PoolAndQuotas) -> Chances:
    return Chances(
        lines=tuple(
            ChanceLine(
                given.labels[group.feature, ""],
                given.labels.get((group.feature, group.value), group.value),
                group.applicants,
                group.fair,
                group.customary,
            )
            for group in found.groups
        ),
        least_fair=found.least_fair,
        least_customary=found.least_customary,
        kept=found.kept,
        times=found.times,
    )
