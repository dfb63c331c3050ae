"""What a rule set can say. Pure: no Django, no clock.

A rule set is a dated set of parameters of one municipality. Each parameter carries the article or document it comes
from, so that every check (`ordinances.checks`) can cite it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

PERMILLE = 1000
HIGHEST_VOTING_AGE = 30


class Parameter(StrEnum):
    """Names of the parameters; later issues of the house add theirs here."""

    VOTING_AGE = "voting_age"
    AGE_REFERENCE = "age_reference"
    RESIDENT_BASES = "resident_bases"
    QUORUM = "quorum"
    NOTICE_DAYS = "notice_days"
    TIE_RULE = "tie_rule"


class AgeReference(StrEnum):
    """The day on which full years are counted."""

    NOTICE = "notice"
    ASSEMBLY = "assembly"


class QuorumKind(StrEnum):
    SHARE_OF_POPULATION = "share_of_population"
    SHARE_OF_ROLL = "share_of_roll"
    NUMBER = "number"
    NONE = "none"


BASES = frozenset(
    {
        "registered",
        "working",
        "studying",
        "organisation",
        "registered_foreigner",
        "permanent_resident",
        "overseas_korean",
    }
)
TIE_RULES = frozenset({"shared_rank", "agenda_order"})


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part. `amount` is permille for shares, persons for a number, 0 for none."""

    kind: QuorumKind
    amount: int

    def required(self, *, population: int | None, on_roll: int) -> int:
        """Smallest whole number of persons that reaches the quorum.

        Raises ValueError if the figure that the quorum is reckoned from is not known.
        Source: rule set (Seoul 2018: 1 % of residents; others a number).
        """
        if self.kind is QuorumKind.NONE:
            return 0
        if self.kind is QuorumKind.NUMBER:
            return self.amount
        base = population if self.kind is QuorumKind.SHARE_OF_POPULATION else on_roll
        if not base or base <= 0:
            raise ValueError("the figure that the quorum is reckoned from is not known")
        return ceil(Fraction(base * self.amount, PERMILLE))


@dataclass(frozen=True, slots=True)
class Cited(Generic[Value]):
    """A value and where it stands."""

    value: Value
    source: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class AssemblyRules:
    """The parameters that an assembly needs, each with its source."""

    voting_age: Cited[int]
    age_reference: Cited[AgeReference]
    resident_bases: Cited[frozenset[str]]
    quorum: Cited[Quorum]
    notice_days: Cited[int]
    tie_rule: Cited[str]


ASSEMBLY_PARAMETERS = tuple(Parameter(field.name) for field in fields(AssemblyRules))


def _age(raw: Any) -> int:
    return _whole(raw, 0, HIGHEST_VOTING_AGE)


def _days(raw: Any) -> int:
    return _whole(raw, 0, 365)


def _whole(raw: Any, low: int, high: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
        raise ValueError(f"{raw!r} is not a whole number from {low} to {high}")
    return raw


def _bases(raw: Any) -> frozenset[str]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one in BASES for one in raw):
        raise ValueError(f"{raw!r} is not a list of {', '.join(sorted(BASES))}")
    if len(set(raw)) < len(raw):
        raise ValueError(f"{raw!r} names something twice")
    return frozenset(raw)


def _quorum(raw: Any) -> Quorum:
    if not isinstance(raw, dict) or set(raw) != {"kind", "amount"}:
        raise ValueError(f"{raw!r} is not an object with kind and amount")
    kind = QuorumKind(raw["kind"])
    if kind is QuorumKind.NONE:
        return Quorum(kind, _whole(raw["amount"], 0, 0))
    if kind is QuorumKind.NUMBER:
        return Quorum(kind, _whole(raw["amount"], 1, 10_000_000))
    return Quorum(kind, _whole(raw["amount"], 1, PERMILLE))


def _tie_rule(raw: Any) -> str:
    if not isinstance(raw, str) or raw not in TIE_RULES:
        raise ValueError(f"{raw!r} is none of {', '.join(sorted(TIE_RULES))}")
    return raw


READERS: Mapping[Parameter, Callable[[Any], Any]] = {
    Parameter.VOTING_AGE: _age,
    Parameter.AGE_REFERENCE: AgeReference,
    Parameter.RESIDENT_BASES: _bases,
    Parameter.QUORUM: _quorum,
    Parameter.NOTICE_DAYS: _days,
    Parameter.TIE_RULE: _tie_rule,
}


def read_parameter(name: str, raw: Any) -> Any:
    """The typed value of a parameter as it stands in JSON. Raises ValueError for an unknown name or a wrong value."""
    return READERS[Parameter(name)](raw)


def missing_for_assemblies(names: Collection[str]) -> tuple[Parameter, ...]:
    """The parameters that a rule set with only these `names` still has to say before it can carry an assembly."""
    return tuple(name for name in ASSEMBLY_PARAMETERS if name not in names)


def assembly_rules(rows: Mapping[str, Cited[Any]]) -> AssemblyRules:
    """Put the rows of a rule set (raw JSON values) together.

    Raises ValueError naming what is missing or wrong; a rule set without these parameters cannot carry an assembly.
    """
    missing = missing_for_assemblies(rows.keys())
    if missing:
        raise ValueError(f"the rule set does not say: {', '.join(missing)}")
    typed = {
        name.value: Cited(read_parameter(name, rows[name].value), rows[name].source, rows[name].doubt)
        for name in ASSEMBLY_PARAMETERS
    }
    return AssemblyRules(**typed)
