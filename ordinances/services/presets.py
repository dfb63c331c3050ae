"""Presets taken over into a municipality: an ordinary rule set that can be changed until it is used."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from ordinances.models import OrdinanceVersion, RuleKind, RuleSet
from ordinances.preset_files import Preset, presets
from ordinances.services.rule_sets import RuleInput, RuleSetFacts, create_rule_set
from residents.models import Region, User


@dataclass(frozen=True, slots=True)
class Copy:
    """In what the copy of a preset differs; what is left out is as in the preset."""

    version: str = ""
    valid_from: date | None = None
    ordinance_version: OrdinanceVersion | None = None


AS_IT_STANDS = Copy()


def load_preset(*, region: Region, key: str, actor: User | None, at: datetime, copy: Copy = AS_IT_STANDS) -> RuleSet:
    """Take over the preset called `key`, as take_over does. Raises RuleViolation for a key that no preset has."""
    preset = presets().get(key)
    if preset is None:
        raise RuleViolation(_("There is no such preset."), code="no_such_preset")
    return take_over(region=region, preset=preset, actor=actor, at=at, copy=copy)


@transaction.atomic
def take_over(
    *, region: Region, preset: Preset, actor: User | None, at: datetime, copy: Copy = AS_IT_STANDS
) -> RuleSet:
    """Make a rule set of `region` with all parameters, sources and doubts of the preset; it can be changed.

    Elsewhere than where it comes from it is a pattern and no ordinance, whatever it was there. A copy with a first day
    of its own has no last one. Raises RuleViolation as create_rule_set does.
    """
    is_its_own = region.code in preset.origin
    facts = RuleSetFacts(
        kind=RuleKind(preset.kind) if is_its_own or preset.kind == RuleKind.DEMO else RuleKind.PATTERN,
        title=preset.title,
        version=copy.version.strip() or preset.version,
        source=preset.source,
        valid_from=copy.valid_from or preset.valid_from,
        valid_until=preset.valid_until if copy.valid_from is None else None,
        note=preset.note,
        ordinance_version=copy.ordinance_version,
    )
    rules = [RuleInput(rule.name, rule.value, rule.article, rule.doubt) for rule in preset.rules]
    return create_rule_set(region=region, facts=facts, rules=rules, actor=actor, at=at)
