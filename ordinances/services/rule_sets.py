"""Every write to rule sets.

A rule set is changed only until something is opened under it; afterwards there is a new version. An assembly keeps the
version it was opened under, also when the ordinance is amended later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from ordinances.council_rules import contradiction_between
from ordinances.models import Article, OrdinanceVersion, Rule, RuleKind, RuleSet
from ordinances.rulesets import Parameter, read_parameter
from ordinances.wording import expected_value, parameter_name
from residents.models import Region, User
from residents.states import RegionLevel


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One parameter as it is to stand: raw JSON value, article or source, doubt, and the article of the library."""

    name: str
    value: Any
    article: str
    doubt: str = ""
    cites: Article | None = None


@dataclass(frozen=True, slots=True)
class RuleSetFacts:
    """What stands at the head of a rule set."""

    kind: RuleKind
    title: str
    version: str
    source: str
    valid_from: date
    valid_until: date | None = None
    note: str = ""
    ordinance_version: OrdinanceVersion | None = None


@transaction.atomic
def create_rule_set(
    *, region: Region, facts: RuleSetFacts, rules: Sequence[RuleInput], actor: User | None, at: datetime
) -> RuleSet:
    """Add a rule set of a municipality or province, with its rules. `actor` None is the system itself.

    Raises RuleViolation for a dong, a version that exists, dates in the wrong order, unknown parameters, wrong values
    and rules without an article.
    """
    Region.objects.select_for_update().get(pk=region.pk)
    if region.level == RegionLevel.DONG:
        raise RuleViolation(_("A rule set belongs to a city, county, district or province, not to a dong."))
    rule_set = RuleSet(region=region)
    _write_facts(rule_set, facts)
    _write_rules(rule_set, rules)
    _record("ordinances.rule_set_created", rule_set, actor, at)
    return rule_set


@transaction.atomic
def change_rule_set(
    *,
    rule_set_id: int,
    actor: User | None,
    at: datetime,
    facts: RuleSetFacts | None = None,
    rules: Sequence[RuleInput] | None = None,
) -> RuleSet:
    """Replace the head, the rules or both of a rule set that is not in use yet; what is None stays.

    Raises RuleViolation as create_rule_set does, and if something was opened under the rule set.
    """
    rule_set = _locked_row(rule_set_id)
    if rule_set.locked_at:
        raise RuleViolation(
            _("This rule set is in use and stays as it is. Please make a new version of it."), code="rule_set_in_use"
        )
    if facts is not None:
        _write_facts(rule_set, facts)
        # Rests it on another version now, its rules cite no article of the one before.
        rule_set.rules.exclude(cites__version=facts.ordinance_version).update(cites=None)
    if rules is not None:
        _write_rules(rule_set, rules)
    _record("ordinances.rule_set_changed", rule_set, actor, at)
    return rule_set


@transaction.atomic
def copy_as_new_version(
    *, rule_set_id: int, version: str, valid_from: date, actor: User | None, at: datetime
) -> RuleSet:
    """Make a version that can be changed, with the rules of this one. The old one stays as it is.

    The new version takes over on `valid_from`; nothing needs to be ended. Raises RuleViolation if the version exists.
    """
    old = _locked_row(rule_set_id)
    facts = RuleSetFacts(
        kind=RuleKind(old.kind),
        title=old.title,
        version=version,
        source=old.source,
        valid_from=valid_from,
        valid_until=None,
        note=old.note,
        ordinance_version=old.ordinance_version,
    )
    new = RuleSet(region=old.region)
    _write_facts(new, facts)
    _write_rules(new, [_as_input(rule) for rule in old.rules.select_related("cites")])
    _record("ordinances.rule_set_copied", new, actor, at, {"from": old.pk})
    return new


@transaction.atomic
def lock_rule_set(*, rule_set_id: int, at: datetime, actor: User | None = None) -> RuleSet:
    """Fix a rule set because something is opened under it, and return it as it now stays. Twice does no harm.

    Call it inside the transaction that opens, and read the rules from what it returns: a change waits until then.
    """
    rule_set = _locked_row(rule_set_id)
    if rule_set.locked_at is None:
        rule_set.locked_at = at
        rule_set.save(update_fields=["locked_at"])
        _record("ordinances.rule_set_locked", rule_set, actor, at)
    return rule_set


def _locked_row(rule_set_id: int) -> RuleSet:
    return RuleSet.objects.select_for_update(of=("self",)).select_related("region").get(pk=rule_set_id)


def _write_facts(rule_set: RuleSet, facts: RuleSetFacts) -> None:
    _check_facts(rule_set, facts)
    rule_set.kind = facts.kind
    rule_set.title = facts.title.strip()
    rule_set.version = facts.version.strip()
    rule_set.source = facts.source.strip()
    rule_set.valid_from = facts.valid_from
    rule_set.valid_until = facts.valid_until
    rule_set.note = facts.note.strip()
    rule_set.ordinance_version = facts.ordinance_version
    rule_set.save()


def _as_input(rule: Rule) -> RuleInput:
    return RuleInput(rule.name, rule.value, rule.article, rule.doubt, rule.cites)


def _write_rules(rule_set: RuleSet, rules: Sequence[RuleInput]) -> None:
    _check_rules(rules)
    _check_citations(rule_set, rules)
    rule_set.rules.all().delete()
    Rule.objects.bulk_create(
        Rule(
            rule_set=rule_set,
            name=Parameter(rule.name).value,
            value=rule.value,
            article=rule.article.strip(),
            doubt=rule.doubt.strip(),
            cites=rule.cites,
        )
        for rule in rules
    )


def _check_facts(rule_set: RuleSet, facts: RuleSetFacts) -> None:
    if not (facts.title.strip() and facts.version.strip() and facts.source.strip()):
        raise RuleViolation(_("A rule set needs a title, a version and a source."))
    if facts.valid_until and facts.valid_until <= facts.valid_from:
        raise RuleViolation(_("The day from which it is in force must be before the day until which it is."))
    version = facts.ordinance_version
    if version is not None and not rule_set.region.path.startswith(version.ordinance.region.path):
        raise RuleViolation(_("A rule set rests on an ordinance of its own municipality or of its province."))
    same = RuleSet.objects.filter(region=rule_set.region, title=facts.title.strip(), version=facts.version.strip())
    if same.exclude(pk=rule_set.pk).exists():
        raise RuleViolation(
            _("“%(title)s” already has a version “%(version)s”.") % {"title": facts.title, "version": facts.version},
            code="version_exists",
        )


def _check_citations(rule_set: RuleSet, rules: Sequence[RuleInput]) -> None:
    """Rules cite only articles of the version that their rule set rests on."""
    for rule in rules:
        if rule.cites is not None and rule.cites.version_id != rule_set.ordinance_version_id:
            raise RuleViolation(
                _("“%(article)s” is no article of the version that this rule set rests on.")
                % {"article": rule.cites.heading}
            )


def _check_rules(rules: Sequence[RuleInput]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.name not in set(Parameter):
            raise RuleViolation(_("“%(name)s” is not a parameter of a rule set.") % {"name": rule.name})
        parameter = Parameter(rule.name)
        named = {"name": parameter_name(parameter), "expected": expected_value(parameter)}
        if parameter in seen:
            raise RuleViolation(_("“%(name)s” is said twice.") % named)
        seen.add(parameter)
        if not rule.article.strip():
            raise RuleViolation(_("“%(name)s” needs the article or document that it comes from.") % named)
        try:
            read_parameter(parameter, rule.value)
        except ValueError as error:
            raise RuleViolation(_("The value of “%(name)s” is not right. %(expected)s") % named) from error
    contradiction = contradiction_between({rule.name: rule.value for rule in rules})
    if contradiction:
        low, high = (parameter_name(Parameter(name)) for name in contradiction)
        raise RuleViolation(_("“%(low)s” and “%(high)s” contradict each other.") % {"low": low, "high": high})


def _record(
    action: str, rule_set: RuleSet, actor: User | None, at: datetime, details: Mapping[str, Any] | None = None
) -> None:
    record(
        actor=actor,
        action=action,
        target=rule_set,
        scope=rule_set.region.path,
        at=at,
        details={"version": rule_set.version, **(details or {})},
    )
