"""Who may do what with rule sets. Everybody may read them on the site; this is about the desk."""

from typing import Any

import rules

from ordinances.models import RuleSet
from residents.permissions import Person, role_paths, within
from residents.states import Role

VIEWERS = (Role.OPERATOR, Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.AUDITOR)


def _path(rule_set: RuleSet) -> str:
    return rule_set.region.path


@rules.predicate
def is_bound_by(user: Person, rule_set: Any) -> bool:
    """Officials and auditors also read the rules of the regions around theirs: municipality and province."""
    reaches = role_paths(user, *VIEWERS)
    return bool(reaches) if rule_set is None else any(reach.startswith(_path(rule_set)) for reach in reaches)


keeps_rule_sets = within(_path, Role.DISTRICT_OFFICIAL)
sees_rule_sets = within(_path, *VIEWERS) | is_bound_by

rules.add_perm("ordinances.view_ruleset", sees_rule_sets)
rules.add_perm("ordinances.add_ruleset", keeps_rule_sets)
rules.add_perm("ordinances.change_ruleset", keeps_rule_sets)
rules.add_perm("ordinances.copy_ruleset", keeps_rule_sets)
