"""Who may do what with rule sets and ordinances. Everybody may read them on the site; this is about the desk."""

from typing import Any

import rules

from ordinances.models import Ordinance, OrdinanceVersion, RuleSet
from residents.permissions import Person, role_paths, within
from residents.states import Role

VIEWERS = (Role.OPERATOR, Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.AUDITOR)
KEEPERS = (Role.DISTRICT_OFFICIAL, Role.OPERATOR)


def _path(thing: RuleSet | Ordinance | OrdinanceVersion) -> str:
    return (thing.ordinance if isinstance(thing, OrdinanceVersion) else thing).region.path


@rules.predicate
def is_bound_by(user: Person, thing: Any) -> bool:
    """Officials and auditors also read the rules of the regions around theirs: municipality and province."""
    reaches = role_paths(user, *VIEWERS)
    return bool(reaches) if thing is None else any(reach.startswith(_path(thing)) for reach in reaches)


keeps_rule_sets = within(_path, Role.DISTRICT_OFFICIAL)
keeps_ordinances = within(_path, *KEEPERS)
sees_rule_sets = within(_path, *VIEWERS) | is_bound_by

rules.add_perm("ordinances.view_ruleset", sees_rule_sets)
rules.add_perm("ordinances.add_ruleset", keeps_rule_sets)
rules.add_perm("ordinances.change_ruleset", keeps_rule_sets)
rules.add_perm("ordinances.copy_ruleset", keeps_rule_sets)

rules.add_perm("ordinances.view_ordinance", sees_rule_sets)
rules.add_perm("ordinances.add_ordinance", keeps_ordinances)
rules.add_perm("ordinances.change_ordinance", keeps_ordinances)

rules.add_perm("ordinances.view_ordinanceversion", sees_rule_sets)
rules.add_perm("ordinances.add_ordinanceversion", keeps_ordinances)
rules.add_perm("ordinances.change_ordinanceversion", keeps_ordinances)
rules.add_perm("ordinances.remove_ordinanceversion", keeps_ordinances)
