"""Who may do what with people and places, and the building stones of the other apps' predicates.

A role reaches as far as its region: a district official's as far as the district, a dong official's as far as the
dong. Roles without a region (operator, club secretariat) reach everywhere, for what they are made for.

Every predicate takes an account (or Django's AnonymousUser) and an object, which may be None: None asks whether the
account may do this to anything at all, and decides whether the desk shows the list. A predicate says who may; whether
the object's state allows it now is for the service, which answers with a sentence.
"""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib.auth.models import AnonymousUser

from residents.models import Region, Residence, RoleAssignment, User
from residents.states import OPEN_RESIDENCES, Role

EVERYWHERE = "/"

OFFICIALS = (Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL)
ROLES_GRANTED_BY_DISTRICT = (Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER)

Person = User | AnonymousUser


def role_paths(user: Person, *roles: Role) -> list[str]:
    """Paths of the regions in which `user` holds any of `roles` today; "/" for a role without a region.

    [] also for who came without the second step that officials need.
    """
    if not isinstance(user, User) or not user.is_active or user.roles_are_locked:
        return []
    return [
        assignment.region.path if assignment.region else EVERYWHERE
        for assignment in user.active_roles
        if assignment.role in roles
    ]


def covers(user: Person, path: str, *roles: Role) -> bool:
    """Whether `user` holds any of `roles` for the region with this path."""
    return any(path.startswith(reach) for reach in role_paths(user, *roles))


def within(path_of: Callable[[Any], str], *roles: Role) -> rules.Predicate:
    """Predicate: holds any of `roles` where the object is, or anywhere at all if there is no object."""

    def holds_role_there(user: Person, obj: Any) -> bool:
        if obj is None:
            return bool(role_paths(user, *roles))
        return covers(user, path_of(obj), *roles)

    return rules.predicate(holds_role_there, name=f"within:{','.join(roles)}")


def _region_path(region: Region) -> str:
    return region.path


def _residence_path(residence: Residence) -> str:
    return residence.dong.path


def _anywhere(_obj: Any) -> str:
    return EVERYWHERE


@rules.predicate
def is_about_another(user: Person, residence: Residence | None) -> bool:
    """Nobody decides on their own residence."""
    return residence is None or residence.user_id != user.pk


@rules.predicate
def is_open(_user: Person, residence: Residence | None) -> bool:
    """The person belongs to this dong or asks to; of those who left, the old dong decides nothing more."""
    return residence is None or residence.status in OPEN_RESIDENCES


@rules.predicate
def is_another_account(user: Person, account: User | None) -> bool:
    """Nobody locks themselves out."""
    return account is None or account.pk != user.pk


@rules.predicate
def grants_this_role(user: Person, assignment: RoleAssignment | None) -> bool:
    """The operator grants and ends every role, a district official the two roles of the dongs in the district."""
    if assignment is None:
        return bool(role_paths(user, Role.OPERATOR, Role.DISTRICT_OFFICIAL))
    if role_paths(user, Role.OPERATOR):
        return True
    return (
        assignment.role in ROLES_GRANTED_BY_DISTRICT
        and assignment.region is not None
        and covers(user, assignment.region.path, Role.DISTRICT_OFFICIAL)
    )


@rules.predicate
def is_another_or_lesser(user: Person, assignment: RoleAssignment | None) -> bool:
    """An operator does not end their own role of operator, so that somebody is left who can."""
    return assignment is None or assignment.user_id != user.pk or assignment.role != Role.OPERATOR


operates = within(_anywhere, Role.OPERATOR)
keeps_office_terms = within(_anywhere, Role.OPERATOR, Role.CLUB_SECRETARIAT)
serves_the_dong = within(_residence_path, *OFFICIALS)

REGION_VIEWERS = (
    Role.OPERATOR,
    Role.CLUB_SECRETARIAT,
    Role.DISTRICT_OFFICIAL,
    Role.DONG_OFFICIAL,
    Role.COUNCIL_OFFICER,
    Role.AUDITOR,
)

rules.add_perm("residents.view_region", within(_region_path, *REGION_VIEWERS))
rules.add_perm("residents.add_region", operates)
rules.add_perm("residents.change_region", operates)

rules.add_perm("residents.view_user", operates)
rules.add_perm("residents.deactivate_user", operates & is_another_account)
rules.add_perm("residents.reactivate_user", operates)

rules.add_perm("residents.view_roleassignment", grants_this_role)
rules.add_perm("residents.add_roleassignment", grants_this_role)
rules.add_perm("residents.end_roleassignment", grants_this_role & is_another_or_lesser)

rules.add_perm("residents.view_residence", serves_the_dong)
rules.add_perm("residents.verify_residence", serves_the_dong & is_about_another)
rules.add_perm("residents.refuse_residence", serves_the_dong & is_about_another)
rules.add_perm("residents.end_residence", serves_the_dong & is_about_another)
rules.add_perm("residents.correct_profile", serves_the_dong & is_about_another & is_open)
rules.add_perm("residents.record_guardian_consent", serves_the_dong & is_about_another & is_open)
rules.add_perm("residents.record_death", serves_the_dong & is_about_another & is_open)

rules.add_perm("residents.view_consent", operates)

rules.add_perm("residents.view_localelection", keeps_office_terms)
rules.add_perm("residents.add_localelection", operates)
rules.add_perm("residents.change_localelection", operates)
rules.add_perm("residents.delete_localelection", operates)

rules.add_perm("residents.view_officeterm", keeps_office_terms)
rules.add_perm("residents.add_officeterm", keeps_office_terms)
rules.add_perm("residents.change_officeterm", keeps_office_terms)
