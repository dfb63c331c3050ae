"""Rule sets and checks in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ordinances.checks import Check, CheckedRule, Fact, Part
from ordinances.council_wording import (
    COUNCIL_ACTUAL_WORDS,
    COUNCIL_CHECK_NAMES,
    COUNCIL_EXPECTED_VALUES,
    COUNCIL_PARAMETER_NAMES,
    COUNCIL_REQUIRED_WORDS,
    COUNCIL_WORDS,
    part_in_words,
    required_share_in_words,
    share_in_words,
)
from ordinances.phrases import bases_in_words, days, full_years_or_more, people, percent, years
from ordinances.rulesets import AgeReference, Parameter, Quorum, QuorumKind, read_parameter
from ordinances.values import Share

PARAMETER_NAMES = {
    Parameter.VOTING_AGE: gettext_lazy("voting age"),
    Parameter.AGE_REFERENCE: gettext_lazy("day on which age is counted"),
    Parameter.RESIDENT_BASES: gettext_lazy("who counts as a resident"),
    Parameter.QUORUM: gettext_lazy("quorum"),
    Parameter.NOTICE_DAYS: gettext_lazy("days of notice"),
    Parameter.TIE_RULE: gettext_lazy("rule for ties"),
    **COUNCIL_PARAMETER_NAMES,
}
CHECK_NAMES = {
    CheckedRule.VOTING_AGE: gettext_lazy("voting age"),
    CheckedRule.RESIDENT_BASIS: gettext_lazy("basis of eligibility"),
    CheckedRule.NOTICE: gettext_lazy("notice"),
    CheckedRule.QUORUM: gettext_lazy("quorum"),
    **COUNCIL_CHECK_NAMES,
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
    **COUNCIL_EXPECTED_VALUES,
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
    """What the rule asks for, with its unit; of a share also how many of the seats it makes."""
    if isinstance(check.required, Share) and isinstance(check.actual, Part):
        return required_share_in_words(check.required, check.actual.whole)
    return _fact_in_words(check.rule, check.required, REQUIRED_WORDS)


def actual_in_words(check: Check) -> str:
    """What is the case, with its unit."""
    return _fact_in_words(check.rule, check.actual, ACTUAL_WORDS)


def _notice(days: int) -> str:
    return ngettext("at least %(count)s day before", "at least %(count)s days before", days) % {"count": days}


def _age_reference(reference: AgeReference) -> str:
    return {
        AgeReference.NOTICE: _("the day of the announcement"),
        AgeReference.ASSEMBLY: _("the day of the assembly"),
    }[reference]


def _quorum(quorum: Quorum) -> str:
    if quorum.kind is QuorumKind.NONE:
        return _("no quorum")
    if quorum.kind is QuorumKind.NUMBER:
        return _("%(people)s or more") % {"people": people(quorum.amount)}
    share = {"share": percent(quorum.amount)}
    if quorum.kind is QuorumKind.SHARE_OF_POPULATION:
        return _("%(share)s of the residents or more") % share
    return _("%(share)s of the voter roll or more") % share


def _tie_rule(rule: str) -> str:
    return {
        "shared_rank": _("equal votes share the rank"),
        "agenda_order": _("the item that stands first on the agenda goes first"),
    }[rule]


WORDS: Mapping[Parameter, Callable[[Any], str]] = {
    Parameter.VOTING_AGE: full_years_or_more,
    Parameter.AGE_REFERENCE: _age_reference,
    Parameter.RESIDENT_BASES: bases_in_words,
    Parameter.QUORUM: _quorum,
    Parameter.NOTICE_DAYS: _notice,
    Parameter.TIE_RULE: _tie_rule,
    **COUNCIL_WORDS,
}


ACTUAL_WORDS: Mapping[CheckedRule, Callable[[int], str]] = {
    CheckedRule.VOTING_AGE: years,
    CheckedRule.NOTICE: days,
    CheckedRule.QUORUM: people,
    **COUNCIL_ACTUAL_WORDS,
}
REQUIRED_WORDS: Mapping[CheckedRule, Callable[[int], str]] = {**ACTUAL_WORDS, **COUNCIL_REQUIRED_WORDS}


def _fact_in_words(rule: CheckedRule, fact: Fact, words: Mapping[CheckedRule, Callable[[int], str]]) -> str:
    match fact:
        case frozenset():
            return bases_in_words(fact)
        case str():
            return bases_in_words(frozenset({fact}))
        case Share():
            return share_in_words(fact)
        case Part():
            return part_in_words(fact)
        case _:
            return words[rule](fact)
