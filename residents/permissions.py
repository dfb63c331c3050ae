"""Who may do what with people and places, and the building stones of the other apps' predicates.

A role reaches as far as its region: a district official's as far as the district, a dong official's as far as the
dong. Roles without a region (operator, club secretariat) reach everywhere, for what they are made for.
"""

from residents.models import User
from residents.states import Role

EVERYWHERE = "/"

OFFICIALS = (Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL)


def role_paths(user: User, *roles: Role) -> list[str]:
    """Paths of the regions in which `user` holds any of `roles` today; "/" for a role without a region."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [
        assignment.region.path if assignment.region else EVERYWHERE
        for assignment in user.active_roles
        if assignment.role in roles
    ]


def covers(user: User, path: str, *roles: Role) -> bool:
    """Whether `user` holds any of `roles` for the region with this path."""
    return any(path.startswith(reach) for reach in role_paths(user, *roles))
