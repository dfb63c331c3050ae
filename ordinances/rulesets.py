"""What a rule set can say. Pure: no Django, no clock.

A rule set is a dated set of parameters of one municipality. Each parameter carries the article or document it comes
from, so that every check (`ordinances.checks`, `ordinances.council_checks`) can cite it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from ordinances.council_rules import COUNCIL_READERS, CouncilRules
from ordinances.values import (
    BASES,
    HIGHEST_VOTING_AGE,
    PERMILLE,
    Cited,
    Quorum,
    QuorumKind,
    read_bases,
    read_quorum,
    read_whole,
)

__all__ = [
    "ASSEMBLY_PARAMETERS",
    "BASES",
    "COUNCIL_PARAMETERS",
    "HIGHEST_VOTING_AGE",
    "PERMILLE",
    "READERS",
    "TIE_RULES",
    "AgeReference",
    "AssemblyRules",
    "Cited",
    "CouncilRules",
    "Parameter",
    "Quorum",
    "QuorumKind",
    "assembly_rules",
    "council_rules",
    "missing_for_assemblies",
    "read_parameter",
]


class Parameter(StrEnum):
    """Names of the parameters: first those of assemblies, then those of councils."""

    VOTING_AGE = "voting_age"
    AGE_REFERENCE = "age_reference"
    RESIDENT_BASES = "resident_bases"
    QUORUM = "quorum"
    NOTICE_DAYS = "notice_days"
    TIE_RULE = "tie_rule"
    YEARLY_ASSEMBLY = "yearly_assembly"
    SEATS_MIN = "seats_min"
    SEATS_MAX = "seats_max"
    OPEN_CALL_SHARE_MIN = "open_call_share_min"
    RECOMMENDED_SHARE_MAX = "recommended_share_max"
    SEX_SHARE_MAX = "sex_share_max"
    YOUNG_SHARE_MIN = "young_share_min"
    YOUNG_AGE_MAX = "young_age_max"
    RECRUITMENT_DAYS_MIN = "recruitment_days_min"
    COUNCIL_AGE_MIN = "council_age_min"
    COUNCIL_AGE_REFERENCE = "council_age_reference"
    COUNCIL_BASES = "council_bases"
    EDUCATION_HOURS_MIN = "education_hours_min"
    SELECTION_METHOD = "selection_method"
    SELECTION_BODY = "selection_body"
    ONE_PER_HOUSEHOLD = "one_per_household"
    DRAW_NOTICE_HOURS = "draw_notice_hours"
    PUBLICATION_GROUP_SIZE = "publication_group_size"
    NAMES_PUBLISHED = "names_published"
    TERM_MONTHS = "term_months"
    REAPPOINTMENTS_MAX = "reappointments_max"
    COUNCIL_QUORUM = "council_quorum"


class AgeReference(StrEnum):
    """The day on which full years are counted for an assembly."""

    NOTICE = "notice"
    ASSEMBLY = "assembly"


TIE_RULES = frozenset({"shared_rank", "agenda_order"})


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
COUNCIL_PARAMETERS = tuple(Parameter(field.name) for field in fields(CouncilRules))


def _tie_rule(raw: Any) -> str:
    if not isinstance(raw, str) or raw not in TIE_RULES:
        raise ValueError(f"{raw!r} is none of {', '.join(sorted(TIE_RULES))}")
    return raw


READERS: Mapping[Parameter, Callable[[Any], Any]] = {
    Parameter.VOTING_AGE: lambda raw: read_whole(raw, 0, HIGHEST_VOTING_AGE),
    Parameter.AGE_REFERENCE: AgeReference,
    Parameter.RESIDENT_BASES: read_bases,
    Parameter.QUORUM: read_quorum,
    Parameter.NOTICE_DAYS: lambda raw: read_whole(raw, 0, 365),
    Parameter.TIE_RULE: _tie_rule,
    **{Parameter(name): reader for name, reader in COUNCIL_READERS.items()},
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
    return AssemblyRules(**_typed(ASSEMBLY_PARAMETERS, rows))


def council_rules(rows: Mapping[str, Cited[Any]]) -> CouncilRules:
    """Put the rows of a rule set (raw JSON values) together; what it does not say is None. Raises ValueError."""
    return CouncilRules(**_typed(COUNCIL_PARAMETERS, rows))


def _typed(names: Collection[Parameter], rows: Mapping[str, Cited[Any]]) -> dict[str, Cited[Any]]:
    return {
        name.value: Cited(read_parameter(name, rows[name].value), rows[name].source, rows[name].doubt)
        for name in names
        if name in rows
    }
