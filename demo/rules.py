"""Rule sets and ordinances of the demo: the presets of the house where they come from, and invented ones.

The sources name no article and do not say who may vote or be a member; what assemblies and recruitments need beyond
them is therefore invented and says so.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from demo.facts import DATA
from ordinances.models import OrdinanceVersion, RuleSet
from ordinances.preset_files import Preset, presets, read_preset
from ordinances.services import Copy, LinkInput, OrdinanceFacts, VersionFacts, add_ordinance, add_version, take_over
from ordinances.states import OrdinanceKind, Subject, VersionAct
from residents.models import Region, User


def invented_rule_sets() -> dict[str, Preset]:
    """The rule sets that only the demo has, by their keys."""
    listed = json.loads((DATA / "rule_sets.json").read_text(encoding="utf-8"))["rule_sets"]
    return {one.key: one for one in map(read_preset, listed)}


def load_rule_sets(regions: Mapping[str, Region], actor: User, at: datetime) -> dict[str, RuleSet]:
    """The ordinances of the library, then every rule set by its key."""
    rests_on = _load_ordinances(regions, actor, at)
    loaded = {}
    for key, preset in {**presets(), **invented_rule_sets()}.items():
        region = regions[next(iter(preset.origin))]
        loaded[key] = take_over(
            region=region, preset=preset, copy=Copy(ordinance_version=rests_on.get(key)), actor=actor, at=at
        )
    return loaded


def _load_ordinances(regions: Mapping[str, Region], actor: User, at: datetime) -> dict[str, OrdinanceVersion]:
    """The version that each rule set rests on, by the key of the rule set."""
    rests_on: dict[str, OrdinanceVersion] = {}
    for listed in json.loads((DATA / "ordinances.json").read_text(encoding="utf-8"))["ordinances"]:
        ordinance = add_ordinance(
            region=regions[listed["region_code"]],
            facts=OrdinanceFacts(
                OrdinanceKind(listed["kind"]), Subject(listed["subject"]), listed["title"], listed["note"]
            ),
            links=[LinkInput(**link) for link in listed["links"]],
            actor=actor,
            at=at,
        )
        for said in listed["versions"]:
            version = add_version(ordinance_id=ordinance.pk, facts=_version(said, listed["source"]), actor=actor, at=at)
            rests_on |= dict.fromkeys(listed["rests"].get(said["day"], ()), version)
    return rests_on


def _version(said: Mapping[str, Any], source: str) -> VersionFacts:
    return VersionFacts(
        act=VersionAct(said["act"]), day=date.fromisoformat(said["day"]), source=source, note=said["note"]
    )
