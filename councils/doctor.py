"""The quota doctor: can a council be formed, what is at risk, who is missing, and which quotas would have to give way.

Pure: no Django, no clock, no chance. The same pool and quotas give the same answer, whatever the order of the
applicants. All numbers are persons. `councils.doctor_wording` has the sentences. Sources: rules C4; decision record 23
on what "smallest" means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from councils.doctor_program import Program, UndecidedError, add_applicants, weigh
from councils.quotas import Pool, Quota

__all__ = [
    "Change",
    "Contradiction",
    "ContradictionKind",
    "Diagnosis",
    "Need",
    "Relaxation",
    "Relaxations",
    "Risk",
    "Shortage",
    "Standing",
    "UndecidedError",
    "examine",
    "find_contradictions",
    "smallest_relaxations",
]

AT_RISK_BELOW = 2  # times as many applicants as have to be drawn: with fewer, some withdrawals end the council
MOST_ALTERNATIVES = 5


class ContradictionKind(StrEnum):
    """What no applicant can mend, because the quotas rule each other out."""

    NEGATIVE = "negative"
    MINIMUM_ABOVE_MAXIMUM = "minimum_above_maximum"
    MINIMA_ABOVE_SEATS = "minima_above_seats"
    MAXIMA_BELOW_SEATS = "maxima_below_seats"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`value` is named where one quota is wrong by itself. `total` is the sum that does not go with the seats."""

    kind: ContradictionKind
    feature: str
    value: str | None = None
    total: int | None = None


class Risk(StrEnum):
    SHORT = "short"  # fewer applicants than have to be drawn
    AT_RISK = "at_risk"  # enough, but fewer than twice as many
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Standing:
    """One quota beside the pool.

    `required` and `allowed` are what the council must and may have of the value once the other quotas of the feature
    and the seats are reckoned in: where men may have 18 of 30 seats, 12 have to be women, also if no quota says so.
    """

    quota: Quota
    applicants: int
    required: int
    allowed: int
    risk: Risk

    @property
    def missing(self) -> int:
        """How many more applicants this quota needs by itself. Quotas together can need more."""
        return max(0, self.required - self.applicants)

    @property
    def spare(self) -> int:
        """How many applicants could withdraw before this quota fails by itself."""
        return max(0, self.applicants - self.required)


@dataclass(frozen=True, slots=True)
class Need:
    """At least so many of the additional applicants have to have this value."""

    feature: str
    value: str
    persons: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """With `persons` more applicants a council is possible, whoever they are, if they meet the `needs`.

    One person may meet needs of several features. No smaller number will do. `fewest` says that it is proven that no
    fewer groups could be named for that number, and then no fewer of them.
    """

    persons: int
    needs: tuple[Need, ...]
    fewest: bool = True


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`shortage` is None where a council is possible already, and where quotas contradict each other."""

    seats: int
    applicants: int
    feasible: bool
    contradictions: tuple[Contradiction, ...]
    standings: tuple[Standing, ...]
    shortage: Shortage | None

    @property
    def at_risk(self) -> tuple[Standing, ...]:
        """The quotas that the pool misses or only just reaches, the worst first."""
        risky = [standing for standing in self.standings if standing.risk is not Risk.SAFE]
        return tuple(sorted(risky, key=lambda standing: (-standing.missing, standing.spare)))


@dataclass(frozen=True, slots=True)
class Change:
    """A quota and what it would have to become."""

    quota: Quota
    minimum: int
    maximum: int

    @property
    def persons(self) -> int:
        return self.quota.minimum - self.minimum + self.maximum - self.quota.maximum


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Changes that together make a council possible, in the order of the quotas."""

    changes: tuple[Change, ...]

    @property
    def persons(self) -> int:
        """By how many persons all changes together go beyond the quotas."""
        return sum(change.persons for change in self.changes)


@dataclass(frozen=True, slots=True)
class Relaxations:
    """Equally small relaxations. `more` says that there are, or may be, others just as small."""

    alternatives: tuple[Relaxation, ...]
    more: bool = False


def examine(pool: Pool, quotas: Sequence[Quota], seats: int, *, one_per_household: bool = False) -> Diagnosis:
    """Whether a council of `seats` can be formed of the pool under the quotas, and if not, who is missing.

    Raises ValueError if there are no seats, a quota stands twice or is of a feature that the pool does not have, and
    UndecidedError if the solver came to no certain answer.
    """
    everything = _complete(pool, quotas, seats)
    contradictions = find_contradictions(everything, seats)
    shortage = None
    if not contradictions:
        shortage = _find_shortage(pool, everything, seats, one_per_household=one_per_household)
    feasible = shortage is not None and shortage.persons == 0
    return Diagnosis(
        seats=seats,
        applicants=len(pool),
        feasible=feasible,
        contradictions=contradictions,
        standings=tuple(_stand(pool, everything, quota, seats) for quota in quotas),
        shortage=None if feasible else shortage,
    )


def find_contradictions(quotas: Sequence[Quota], seats: int) -> tuple[Contradiction, ...]:
    """What in the quotas themselves leaves no council possible, whoever applies.

    The quotas have to name every value of their features. Features are independent of each other: if none is named
    here, there are applicants who could form a council.
    """
    found = []
    for feature in dict.fromkeys(quota.feature for quota in quotas):
        own = [quota for quota in quotas if quota.feature == feature]
        for quota in own:
            if quota.minimum < 0 or quota.maximum < 0:
                found.append(Contradiction(ContradictionKind.NEGATIVE, feature, quota.value))
            elif quota.minimum > quota.maximum:
                found.append(Contradiction(ContradictionKind.MINIMUM_ABOVE_MAXIMUM, feature, quota.value))
        minima = sum(quota.minimum for quota in own)
        maxima = sum(quota.maximum for quota in own)
        if minima > seats:
            found.append(Contradiction(ContradictionKind.MINIMA_ABOVE_SEATS, feature, total=minima))
        if maxima < seats:
            found.append(Contradiction(ContradictionKind.MAXIMA_BELOW_SEATS, feature, total=maxima))
    return tuple(found)


def smallest_relaxations(
    pool: Pool,
    quotas: Sequence[Quota],
    seats: int,
    *,
    one_per_household: bool = False,
    most: int = MOST_ALTERNATIVES,
) -> Relaxations:
    """The smallest changes of the quotas that make a council of `seats` possible from this pool.

    Smallest is: the fewest quotas touched, then the fewest persons in all. Up to `most` alternatives that are equal in
    both and touch different quotas. None where a council is possible as it is, and none where no change would do,
    because there are fewer applicants than seats.

    Raises as `examine` does.
    """
    everything = _complete(pool, quotas, seats)
    if len(pool) < seats:
        return Relaxations(())
    program = Program()
    everybody, by_quota = add_applicants(program, pool, everything, one_per_household=one_per_household)
    program.row(everybody, least=seats, most=seats)
    lowered, raised, touched = [], [], []
    for quota, having in zip(quotas, by_quota, strict=False):  # those that only complete a feature stand last
        down = program.column(max(0, quota.minimum))
        up = program.column(max(0, seats - quota.maximum))
        touch = program.column(1)
        program.row(having | {down: 1}, least=quota.minimum)
        program.row(having | {up: -1}, most=quota.maximum)
        program.row({down: 1, touch: -max(0, quota.minimum)}, most=0)
        program.row({up: 1, touch: -max(0, seats - quota.maximum)}, most=0)
        lowered.append(down)
        raised.append(up)
        touched.append(touch)
    number = dict.fromkeys(touched, 1)
    persons = dict.fromkeys([*lowered, *raised], 1)
    answer = program.minimise(number)
    if answer is None or weigh(answer, number) == 0:
        return Relaxations(())
    program.row(number, most=weigh(answer, number))
    answer = program.minimise(persons)
    program.row(persons, most=weigh(_certain(answer), persons))
    found: list[Relaxation] = []
    while answer is not None and len(found) < most:
        changes = [
            Change(quota, quota.minimum - answer[down], quota.maximum + answer[up])
            for quota, down, up in zip(quotas, lowered, raised, strict=True)
            if answer[down] or answer[up]
        ]
        found.append(Relaxation(tuple(changes)))
        these = {touch: 1 for touch in touched if answer[touch]}
        program.row(these, most=len(these) - 1)
        try:
            answer = program.minimise({})
        except UndecidedError:
            return Relaxations(tuple(found), more=True)
    return Relaxations(tuple(found), more=answer is not None)


def _complete(pool: Pool, quotas: Sequence[Quota], seats: int) -> tuple[Quota, ...]:
    """The quotas, and behind them one without effect for each value of their features that they do not name."""
    if seats <= 0:
        raise ValueError("a council needs seats")
    named = {(quota.feature, quota.value) for quota in quotas}
    if len(named) < len(quotas):
        raise ValueError("a quota stands twice")
    features = dict.fromkeys(quota.feature for quota in quotas)
    if not features.keys() <= set(pool.features):
        raise ValueError("a quota is of a feature that the pool does not have")
    return (
        *quotas,
        *(
            Quota(feature, value, 0, seats)
            for feature in features
            for value in sorted(pool.counts(feature))
            if (feature, value) not in named
        ),
    )


def _stand(pool: Pool, everything: Sequence[Quota], quota: Quota, seats: int) -> Standing:
    others = [other for other in everything if other.feature == quota.feature and other.value != quota.value]
    required = max(quota.minimum, seats - sum(other.maximum for other in others), 0)
    allowed = min(quota.maximum, seats - sum(other.minimum for other in others), seats)
    applicants = pool.counts(quota.feature).get(quota.value, 0)
    if applicants < required:
        risk = Risk.SHORT
    elif applicants < AT_RISK_BELOW * required:
        risk = Risk.AT_RISK
    else:
        risk = Risk.SAFE
    return Standing(quota, applicants, required, max(0, allowed), risk)


def _find_shortage(pool: Pool, quotas: Sequence[Quota], seats: int, *, one_per_household: bool) -> Shortage:
    """The fewest additional applicants, then the fewest groups that have to be named, then the least of them.

    The rows say that any additional applicants who meet the needs will do: those who are free in a feature may all
    have the same value there, and its maximum still holds.
    """
    program = Program()
    everybody, by_quota = add_applicants(program, pool, quotas, one_per_household=one_per_household)
    persons = program.column(seats)
    program.row(everybody | {persons: 1}, least=seats, most=seats)
    needs = [program.column(seats) for _ in quotas]
    named = [program.column(1) for _ in quotas]
    alike: dict[str, dict[int, int]] = {}
    for quota, need in zip(quotas, needs, strict=True):
        alike.setdefault(quota.feature, {})[need] = 1
    for terms in alike.values():
        program.row(terms | {persons: -1}, most=0)
    for quota, having, need in zip(quotas, by_quota, needs, strict=True):
        program.row(having | {need: 1}, least=quota.minimum)
        others = {other: -1 for other in alike[quota.feature] if other != need}
        program.row(having | others | {persons: 1}, most=quota.maximum)
    answer = _certain(program.minimise({persons: 1}))
    number = answer[persons]
    if number == 0:
        return Shortage(0, ())
    program.row({persons: 1}, most=number)
    for need, name in zip(needs, named, strict=True):
        program.row({need: 1, name: -number}, most=0)
    fewest = True
    for terms in (dict.fromkeys(named, 1), dict.fromkeys(needs, 1)):
        try:
            answer = _certain(program.minimise(terms))
        except UndecidedError:  # the needs found so far are enough, only perhaps not the fewest
            fewest = False
        else:
            program.row(terms, most=weigh(answer, terms))
    return Shortage(
        number,
        tuple(
            Need(quota.feature, quota.value, answer[need])
            for quota, need in zip(quotas, needs, strict=True)
            if answer[need]
        ),
        fewest=fewest,
    )


def _certain(answer: tuple[int, ...] | None) -> tuple[int, ...]:
    if answer is None:
        raise UndecidedError("an answer that is known to exist was not found")
    return answer
