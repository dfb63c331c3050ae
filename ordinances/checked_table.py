"""Under which rules: checks as lines of a table, each with a link to where its rule stands.

`templates/ordinances/_checks.html` shows them; it takes `lines` from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ordinances.checks import Check, CheckedRule
from ordinances.models import Rule, RuleSet
from ordinances.rulesets import COUNCIL_PARAMETERS, Parameter
from ordinances.wording import actual_in_words, check_name, parameter_name, required_in_words, value_in_words

PARAMETERS: Mapping[CheckedRule, Parameter] = {
    CheckedRule.VOTING_AGE: Parameter.VOTING_AGE,
    CheckedRule.RESIDENT_BASIS: Parameter.RESIDENT_BASES,
    CheckedRule.NOTICE: Parameter.NOTICE_DAYS,
    CheckedRule.QUORUM: Parameter.QUORUM,
    CheckedRule.SEATS_MIN: Parameter.SEATS_MIN,
    CheckedRule.SEATS_MAX: Parameter.SEATS_MAX,
    CheckedRule.RECRUITMENT_DAYS: Parameter.RECRUITMENT_DAYS_MIN,
    CheckedRule.COUNCIL_AGE: Parameter.COUNCIL_AGE_MIN,
    CheckedRule.COUNCIL_BASIS: Parameter.COUNCIL_BASES,
    CheckedRule.EDUCATION: Parameter.EDUCATION_HOURS_MIN,
    CheckedRule.OPEN_SHARE: Parameter.OPEN_CALL_SHARE_MIN,
    CheckedRule.RECOMMENDED_SHARE: Parameter.RECOMMENDED_SHARE_MAX,
    CheckedRule.SEX_SHARE: Parameter.SEX_SHARE_MAX,
    CheckedRule.YOUNG_SHARE: Parameter.YOUNG_SHARE_MIN,
    CheckedRule.DRAW_NOTICE: Parameter.DRAW_NOTICE_HOURS,
    CheckedRule.PUBLICATION_GROUP: Parameter.PUBLICATION_GROUP_SIZE,
    CheckedRule.TERM: Parameter.TERM_MONTHS,
    CheckedRule.REAPPOINTMENTS: Parameter.REAPPOINTMENTS_MAX,
    CheckedRule.COUNCIL_QUORUM: Parameter.COUNCIL_QUORUM,
}


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """One rule for a reader. `met` is None and `actual` "" where nothing was held against it yet.

    `source_url` leads to the article in the library, else to the rule on the page of its rule set.
    """

    name: str
    source: str
    source_url: str
    required: str
    actual: str
    met: bool | None
    doubt: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a rule that no check holds against a number: `actual` in words, and whether it was kept."""

    actual: str
    met: bool


def anchor_of(name: str) -> str:
    """Where a parameter stands on the page of its rule set."""
    return f"rule-{name}"


def checked_lines(
    rule_set: RuleSet,
    checks: Iterable[Check],
    *,
    unchecked: Iterable[Parameter] = (),
    told: Mapping[Parameter, Told] | None = None,
) -> list[CheckedLine]:
    """The checks in their order, then those of `unchecked` that the rule set says: first what is `told` of them.

    One query, whatever is prefetched: rules with the articles that they cite.
    """
    told = told or {}
    said = {rule.name: rule for rule in Rule.objects.filter(rule_set=rule_set).select_related("cites__version")}
    lines, seen = [], set()
    for check in checks:
        parameter = PARAMETERS[check.rule]
        seen.add(parameter)
        lines.append(
            CheckedLine(
                name=check_name(check),
                source=check.source,
                source_url=_address(rule_set, said.get(parameter), parameter),
                required=required_in_words(check),
                actual=actual_in_words(check),
                met=check.met,
                doubt=check.doubt,
            )
        )
    for parameter in sorted(unchecked, key=lambda one: one not in told):
        rule = said.get(parameter)
        if rule is not None and parameter not in seen:
            lines.append(_without_number(rule_set, rule, parameter, told.get(parameter)))
    return lines


def council_lines(
    rule_set: RuleSet, checks: Iterable[Check], told: Mapping[Parameter, Told] | None = None
) -> list[CheckedLine]:
    """Every rule that a rule set has for councils: those that were checked first, what is told, then the others."""
    order = {parameter: place for place, parameter in enumerate(Parameter)}
    return checked_lines(rule_set, checks, unchecked=sorted(COUNCIL_PARAMETERS, key=order.__getitem__), told=told)


def _without_number(rule_set: RuleSet, rule: Rule, parameter: Parameter, told: Told | None) -> CheckedLine:
    return CheckedLine(
        name=parameter_name(parameter),
        source=rule.article,
        source_url=_address(rule_set, rule, parameter),
        required=value_in_words(rule.name, rule.value),
        actual=told.actual if told else "",
        met=told.met if told else None,
        doubt=rule.doubt,
    )


def _address(rule_set: RuleSet, rule: Rule | None, parameter: Parameter) -> str:
    if rule is not None and rule.cites is not None:
        return rule.cites.get_absolute_url()
    return f"{rule_set.get_absolute_url()}#{anchor_of(parameter)}"
