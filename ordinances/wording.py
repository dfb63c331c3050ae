"""Rule sets and checks in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ordinances.checks import Check, CheckedRule, Fact
from ordinances.rulesets import PERMILLE, AgeReference, Parameter, Quorum, QuorumKind, read_parameter
from residents.states import Basis

PARAMETER_NAMES = {
    Parameter.VOTING_AGE: gettext_lazy("voting age"),
    Parameter.AGE_REFERENCE: gettext_lazy("day on which age is counted"),
    Parameter.RESIDENT_BASES: gettext_lazy("who counts as a resident"),
    Parameter.QUORUM: gettext_lazy("quorum"),
    Parameter.NOTICE_DAYS: gettext_lazy("days of notice"),
    Parameter.TIE_RULE: gettext_lazy("rule for ties"),
}
CHECK_NAMES = {
    CheckedRule.VOTING_AGE: gettext_lazy("voting age"),
    CheckedRule.RESIDENT_BASIS: gettext_lazy("basis of eligibility"),
    CheckedRule.NOTICE: gettext_lazy("notice"),
    CheckedRule.QUORUM: gettext_lazy("quorum"),
}
EXPECTED_VALUES = {
    Parameter.VOTING_AGE: gettext_lazy("A whole number of years from 0 to 30, for example 16."),
    Parameter.AGE_REFERENCE: gettext_lazy(
        'Either "notice" (the day of the announcement) or "assembly" (the day of the assembly).'
    ),
    Parameter.RESIDENT_BASES: gettext_lazy(
        'A list of one or more of: "registered", "working", "studying", "organisation", "registered_foreigner", '
        '"permanent_resident", "overseas_korean".'
    ),
    Parameter.QUORUM: gettext_lazy(
        'For example {"kind": "share_of_population", "amount": 10} for 10 in 1,000 residents, '
        '{"kind": "share_of_roll", "amount": 500} for half of the voter roll, {"kind": "number", "amount": 300} '
        'for 300 people, or {"kind": "none", "amount": 0}.'
    ),
    Parameter.NOTICE_DAYS: gettext_lazy("A whole number of days from 0 to 365, for example 14."),
    Parameter.TIE_RULE: gettext_lazy(
        'Either "shared_rank" (equal votes share the rank) or "agenda_order" (the item that stands first on the agenda '
        "goes first)."
    ),
}


def parameter_name(parameter: Parameter) -> str:
    return str(PARAMETER_NAMES[parameter])


def expected_value(parameter: Parameter) -> str:
    """One sentence: what may stand as the value of this parameter."""
    return str(EXPECTED_VALUES[parameter])


def value_in_words(name: str, raw: Any) -> str:
    """The value of a parameter for a reader. Raises ValueError for an unknown parameter or a wrong value."""
    parameter = Parameter(name)
    return WORDS[parameter](read_parameter(parameter, raw))


def check_name(check: Check) -> str:
    return str(CHECK_NAMES[check.rule])


def required_in_words(check: Check) -> str:
    """What the rule asks for, with its unit."""
    return _fact_in_words(check.rule, check.required)


def actual_in_words(check: Check) -> str:
    """What is the case, with its unit."""
    return _fact_in_words(check.rule, check.actual)


def _years(age: int) -> str:
    return ngettext("%(count)s year old", "%(count)s years old", age) % {"count": age}


def _days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def _people(persons: int) -> str:
    return ngettext("%(count)s person", "%(count)s persons", persons) % {"count": f"{persons:,}"}


def _voting_age(age: int) -> str:
    return ngettext("%(count)s full year or more", "%(count)s full years or more", age) % {"count": age}


def _notice(days: int) -> str:
    return ngettext("at least %(count)s day before", "at least %(count)s days before", days) % {"count": days}


def _age_reference(reference: AgeReference) -> str:
    return {
        AgeReference.NOTICE: _("the day of the announcement"),
        AgeReference.ASSEMBLY: _("the day of the assembly"),
    }[reference]


def _bases(bases: frozenset[str]) -> str:
    return ", ".join(str(label) for basis, label in Basis.choices if basis in bases)


def _percent(permille: int) -> str:
    whole, rest = divmod(permille, PERMILLE // 100)
    return f"{whole}.{rest} %" if rest else f"{whole} %"


def _quorum(quorum: Quorum) -> str:
    if quorum.kind is QuorumKind.NONE:
        return _("no quorum")
    if quorum.kind is QuorumKind.NUMBER:
        return _("%(people)s or more") % {"people": _people(quorum.amount)}
    share = {"share": _percent(quorum.amount)}
    if quorum.kind is QuorumKind.SHARE_OF_POPULATION:
        return _("%(share)s of the residents or more") % share
    return _("%(share)s of the voter roll or more") % share


def _tie_rule(rule: str) -> str:
    return {
        "shared_rank": _("equal votes share the rank"),
        "agenda_order": _("the item that stands first on the agenda goes first"),
    }[rule]


WORDS: Mapping[Parameter, Callable[[Any], str]] = {
    Parameter.VOTING_AGE: _voting_age,
    Parameter.AGE_REFERENCE: _age_reference,
    Parameter.RESIDENT_BASES: _bases,
    Parameter.QUORUM: _quorum,
    Parameter.NOTICE_DAYS: _notice,
    Parameter.TIE_RULE: _tie_rule,
}


def _fact_in_words(rule: CheckedRule, fact: Fact) -> str:
    if isinstance(fact, frozenset):
        return _bases(fact)
    if isinstance(fact, str):
        return _bases(frozenset({fact}))
    return {CheckedRule.VOTING_AGE: _years, CheckedRule.NOTICE: _days, CheckedRule.QUORUM: _people}[rule](fact)
