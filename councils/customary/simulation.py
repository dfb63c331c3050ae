"""The customary ways drawn many times over, from a seed: what they would mean for people. Pure: standard library only.

An interview cannot be foreseen. It is taken as chance among those invited, which is the kindest reading of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from councils.customary.ways import Lot, Method, Way, lots_of
from councils.drawing.stream import Stream
from councils.quotas import Pool, Quota

STREAM = "customary"


@dataclass(frozen=True, slots=True)
class Simulation:
    """`seated[i]` is in how many of the `times` draws person i of the pool got a seat.

    `kept` is in how many of them the council kept all quotas, `missed` in how many it missed each, in their order.
    """

    times: int
    seated: tuple[int, ...]
    kept: int
    missed: tuple[int, ...]


def simulate(pool: Pool, way: Way, *, seed: bytes, times: int, quotas: Sequence[Quota] = ()) -> Simulation:
    """Draw `times` times. The same seed gives the same draws everywhere.

    Alternates are left out: they are drawn after the seats and change nothing about them. Balls that would only be
    passed over are left in the urn, which gives everybody else the same chance. Raises as `lots_of` does.
    """
    stream = Stream(seed, STREAM, first=256)
    place = {id_: number for number, id_ in enumerate(pool.ids)}
    capped = pool.features.index(way.features[0]) if way.method is Method.BALLS else 0
    urns = []
    for lot in lots_of(pool, way):
        members = [place[id_] for id_ in lot.members]
        values = {member: pool.rows[member][capped] for member in members} if lot.cap is not None else {}
        urns.append((lot, members, values))
    columns = [[row[pool.features.index(quota.feature)] == quota.value for row in pool.rows] for quota in quotas]
    seated = [0] * len(pool)
    missed = [0] * len(quotas)
    kept = 0
    for _ in range(times):
        council: list[int] = []
        for lot, members, values in urns:
            council += _draw(stream, lot, members, values)
        if way.method is Method.LOTTERY_INTERVIEW:
            council = council[: way.seats]  # the order of the lottery is as much chance as scores by chance would be
        for member in council:
            seated[member] += 1
        wrong = [
            number
            for number, (quota, column) in enumerate(zip(quotas, columns, strict=True))
            if not quota.minimum <= sum(column[member] for member in council) <= quota.maximum
        ]
        kept += not wrong
        for number in wrong:
            missed[number] += 1
    return Simulation(times, tuple(seated), kept, tuple(missed))


def indistinguishable(pool: Pool, way: Way) -> list[tuple[str, ...]]:
    """For each person what the way knows of them. Those of whom it knows the same have the same chance."""
    places = [pool.features.index(feature) for feature in way.features]
    if way.method is Method.RECOMMENDATION_SHARES:
        return [(way.value if row[places[0]] == way.value else "",) for row in pool.rows]
    return [tuple(row[place] for place in places) for row in pool.rows]


def _draw(stream: Stream, lot: Lot, members: Sequence[int], values: dict[int, str]) -> list[int]:
    urn = list(members)
    seated: list[int] = []
    taken: Counter[str] = Counter()
    while urn and len(seated) < lot.seats:
        at = stream.below(len(urn))
        member = urn[at]
        urn[at] = urn[-1]
        urn.pop()
        seated.append(member)
        if lot.cap is not None:
            value = values[member]
            taken[value] += 1
            if taken[value] == lot.cap:
                urn = [other for other in urn if values[other] != value]
    return seated
