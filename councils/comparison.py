"""Every group's chance under the fair lottery beside a customary draw. Pure: no Django, no clock; the seed is told.

Chances of the fair lottery are those that it proved; chances of the customary draw are counted in draws from a seed
(`councils.customary.simulate`). Shares are exact fractions; permille are for bars and tables. Source: rules C14.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from councils.customary import Method, Way, indistinguishable, simulate
from councils.quotas import Pool, Quota

TIMES = 2000
PLACES = 10**12  # the probabilities of a lottery are stated with twelve places
PERMILLE = 1000


@dataclass(frozen=True, slots=True)
class GroupChance:
    """What one person with this value can expect on average: the share of draws in which they get a seat.

    `missed` is the share of customary draws that miss the group's quota, 0 where there is none. A group without
    applicants has no chance in either.
    """

    feature: str
    value: str
    applicants: int
    fair: Fraction
    customary: Fraction
    missed: Fraction

    @property
    def fair_permille(self) -> int:
        return permille(self.fair)

    @property
    def customary_permille(self) -> int:
        return permille(self.customary)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`least_fair` and `least_customary` are the chances of whoever has the smallest.

    In the customary draw, people of whom the way knows the same have the same chance; it is counted for them together,
    so that a run of bad luck of one of them is not taken for a small chance. `kept` is the share of customary draws
    whose council keeps all quotas; the fair lottery always does. `equal` is what everybody would have without quotas.
    """

    method: Method
    times: int
    groups: tuple[GroupChance, ...]
    least_fair: Fraction
    least_customary: Fraction
    kept: Fraction
    equal: Fraction

    def of(self, feature: str) -> tuple[GroupChance, ...]:
        """The groups of one feature, in the order of the quotas."""
        return tuple(group for group in self.groups if group.feature == feature)


def permille(share: Fraction) -> int:
    """`share` in thousandths, rounded to the nearest; exactly half goes up."""
    return int(share * PERMILLE + Fraction(1, 2))


def compare(  # noqa: PLR0913 - two draws have that many parts
    pool: Pool,
    quotas: Sequence[Quota],
    probabilities: Mapping[str, float],
    way: Way,
    *,
    seed: bytes,
    times: int = TIMES,
) -> Comparison:
    """The chances of everybody in `pool`: `probabilities` {id: from 0 to 1} beside `times` draws by `way`.

    The same arguments give the same result everywhere. Raises ValueError for an empty pool or no draws, KeyError for
    somebody without a probability, and as `simulate` does.
    """
    if not len(pool) or times <= 0:
        raise ValueError("nobody to compare, or nothing drawn")
    drawn = simulate(pool, way, seed=seed, times=times, quotas=quotas)
    fair = [Fraction(round(probabilities[id_] * PLACES), PLACES) for id_ in pool.ids]
    customary = _evened(indistinguishable(pool, way), [Fraction(number, times) for number in drawn.seated])
    missed = {
        (quota.feature, quota.value): Fraction(number, times)
        for quota, number in zip(quotas, drawn.missed, strict=True)
    }
    groups = []
    for feature, value in _groups(pool, quotas):
        place = pool.features.index(feature)
        members = [number for number, row in enumerate(pool.rows) if row[place] == value]
        groups.append(
            GroupChance(
                feature=feature,
                value=value,
                applicants=len(members),
                fair=_mean([fair[member] for member in members]),
                customary=_mean([customary[member] for member in members]),
                missed=missed.get((feature, value), Fraction(0)),
            )
        )
    return Comparison(
        method=way.method,
        times=times,
        groups=tuple(groups),
        least_fair=min(fair),
        least_customary=min(customary),
        kept=Fraction(drawn.kept, times),
        equal=min(Fraction(1), Fraction(way.seats, len(pool))),
    )


def _groups(pool: Pool, quotas: Sequence[Quota]) -> list[tuple[str, str]]:
    """Every value with a quota in the order of the quotas, and behind them what else applicants of the features are."""
    named = [(quota.feature, quota.value) for quota in quotas]
    others = [
        (feature, value)
        for feature in dict.fromkeys(feature for feature, _ in named)
        for value in sorted(pool.counts(feature))
    ]
    return list(dict.fromkeys([*named, *others]))


def _evened(kinds: Sequence[tuple[str, ...]], chances: Sequence[Fraction]) -> list[Fraction]:
    """The chance that is counted for all of a kind together, for each person."""
    alike: dict[tuple[str, ...], list[Fraction]] = defaultdict(list)
    for kind, chance in zip(kinds, chances, strict=True):
        alike[kind].append(chance)
    evened = {kind: _mean(own) for kind, own in alike.items()}
    return [evened[kind] for kind in kinds]


def _mean(chances: Sequence[Fraction]) -> Fraction:
    return sum(chances, Fraction(0)) / len(chances) if chances else Fraction(0)
