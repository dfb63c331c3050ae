"""Rule sets that can be taken over: read from files, each with its sources and doubts. Pure.

`presets/*.json` are the ones that come with the house. They say what is known of the rules of real places, and nothing
that a source does not say: a parameter that is not there is one on which the source is silent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ordinances.rulesets import Parameter, read_parameter

FOLDER = Path(__file__).parent / "presets"


@dataclass(frozen=True, slots=True)
class PresetRule:
    """One parameter: raw JSON value, article or source, doubt."""

    name: str
    value: Any
    article: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule set to be taken over. `origin`: codes of the regions whose own rules these are."""

    key: str
    kind: str
    origin: frozenset[str]
    title: str
    version: str
    source: str
    valid_from: date
    valid_until: date | None
    note: str
    rules: tuple[PresetRule, ...]


def read_preset(raw: Mapping[str, Any]) -> Preset:
    """A preset from JSON. Raises KeyError for what is missing, ValueError for an unknown parameter or a wrong value."""
    rules = tuple(PresetRule(one["name"], one["value"], one["article"], one["doubt"]) for one in raw["rules"])
    for rule in rules:
        read_parameter(Parameter(rule.name), rule.value)
    return Preset(
        key=raw["key"],
        kind=raw["kind"],
        origin=frozenset(raw["origin"]),
        title=raw["title"],
        version=raw["version"],
        source=raw["source"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_until=date.fromisoformat(raw["valid_until"]) if raw["valid_until"] else None,
        note=raw["note"],
        rules=rules,
    )


@cache
def presets() -> Mapping[str, Preset]:
    """The presets of the house by their keys, in the order of their first day."""
    read = [read_preset(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json"))]
    return {one.key: one for one in sorted(read, key=lambda one: (one.valid_from, one.key))}
