"""Every write to rule sets and to the library of ordinances."""

from ordinances.services.library import (
    ArticleInput,
    LinkInput,
    OrdinanceFacts,
    VersionFacts,
    add_ordinance,
    add_version,
    change_ordinance,
    change_version,
    is_in_use,
    remove_version,
)
from ordinances.services.presets import Copy, load_preset, take_over
from ordinances.services.rule_sets import (
    RuleInput,
    RuleSetFacts,
    change_rule_set,
    copy_as_new_version,
    create_rule_set,
    lock_rule_set,
)

__all__ = [
    "ArticleInput",
    "Copy",
    "LinkInput",
    "OrdinanceFacts",
    "RuleInput",
    "RuleSetFacts",
    "VersionFacts",
    "add_ordinance",
    "add_version",
    "change_ordinance",
    "change_rule_set",
    "change_version",
    "copy_as_new_version",
    "create_rule_set",
    "is_in_use",
    "load_preset",
    "lock_rule_set",
    "remove_version",
    "take_over",
]
