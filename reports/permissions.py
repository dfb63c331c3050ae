"""Who keeps an office's papers: its certificates, forms and letters.

A paper belongs to the district whose office it is, or, without a region, to the club.
"""

from typing import Any

import rules
from django.db.models import Q

from residents.models import User
from residents.permissions import Person, covers, role_paths
from residents.states import Role

KEEPERS = (Role.DISTRICT_OFFICIAL, Role.CLUB_SECRETARIAT)


@rules.predicate
def keeps(user: Person, paper: Any) -> bool:
    """District officials for their district, the secretariat for the club."""
    if paper is None:
        return bool(role_paths(user, *KEEPERS))
    if paper.region is None:
        return bool(role_paths(user, Role.CLUB_SECRETARIAT))
    return covers(user, paper.region.path, Role.DISTRICT_OFFICIAL)


@rules.predicate
def holds(user: Person, certificate: Any) -> bool:
    """Everybody may have their own certificates printed again."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return certificate is None or certificate.holder_id == user.pk


def kept_by(user: Person) -> Q:
    """Condition on papers: those that `keeps` opens to `user`."""
    condition = Q(pk__in=[])
    for path in role_paths(user, Role.DISTRICT_OFFICIAL):
        condition |= Q(region__path__startswith=path)
    if role_paths(user, Role.CLUB_SECRETARIAT):
        condition |= Q(region=None)
    return condition


rules.add_perm("reports.view_certificate", keeps)
rules.add_perm("reports.withdraw_certificate", keeps)
rules.add_perm("reports.print_certificate", keeps | holds)

rules.add_perm("reports.view_officeform", keeps)
rules.add_perm("reports.add_officeform", keeps)
rules.add_perm("reports.retire_officeform", keeps)

rules.add_perm("reports.view_signeddocument", keeps)
rules.add_perm("reports.add_signeddocument", keeps)
rules.add_perm("reports.draft_letter", keeps)
