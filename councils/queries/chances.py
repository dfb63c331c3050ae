"""Every group's chance under the fair lottery beside the customary draw of balls, so that people see why."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from councils.comparison import Comparison, compare, permille
from councils.customary import Method, Way
from councils.lottery import NoPanelError, compute_lottery
from councils.models import Recruitment
from councils.queries.pool import PoolAndQuotas, applicants_so_far, pool_of
from councils.states import DrawStatus, FeatureSource
from ordinances.values import Bound, Share

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
