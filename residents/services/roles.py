"""Giving and ending roles."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from residents.models import Region, RoleAssignment, User
from residents.models.roles import RoleAssignmentQuerySet
from residents.services.people import locked_person, refuse_if_gone, refuse_oneself
from residents.states import ROLE_LEVELS, Role


@transaction.atomic
def grant_role(  # noqa: PLR0913 - a role has this many facts
    *,
    user_id: int,
    role: str,
    actor: User | None,
    at: datetime,
    region_id: int | None = None,
    since: date | None = None,
) -> RoleAssignment:
    """Give a role, for a region if the role needs one, from `since` (today if not given) on.

    `actor` None is the command for the first operator and the loader of the demo town. Raises RuleViolation if the
    role does not fit the region, is held already, or somebody gives it to themselves; ValueError for an unknown role.
    """
    kind = Role(role)
    person = locked_person(user_id)
    refuse_oneself(person, actor)
    refuse_if_gone(person)
    region = Region.objects.filter(pk=region_id).first() if region_id is not None else None
    level = ROLE_LEVELS[kind]
    if (region.level if region else None) != level:
        raise RuleViolation(
            _("The role “%(role)s” is held for: %(level)s.")
            % {"role": kind.label, "level": level.label if level else _("the whole site")},
            code="role_region",
        )
    if open_roles(person, timezone.localdate(at)).filter(role=kind, region=region).exists():
        raise RuleViolation(_("This account holds the role already."), code="role_held")
    assignment = RoleAssignment.objects.create(
        user=person, role=kind, region=region, since=since or timezone.localdate(at)
    )
    record(
        actor=actor,
        action="residents.role_granted",
        target=assignment,
        persons=[person],
        scope=region.path if region else "",
        details={"role": str(kind), "since": assignment.since.isoformat()},
        at=at,
    )
    return assignment


@transaction.atomic
def end_role(*, assignment_id: int, actor: User | None, at: datetime, reason: str = "") -> RoleAssignment:
    """End a role today: it no longer counts from now on. The last operator's role does not end.

    Raises RuleViolation if there is no such role or it has ended.
    """
    found = RoleAssignment.objects.filter(pk=assignment_id).first()
    if found is None:
        raise RuleViolation(_("There is no such role."), code="no_role", status=404)
    person = locked_person(found.user_id)
    assignment = RoleAssignment.objects.select_related("region").get(pk=assignment_id)
    today = timezone.localdate(at)
    if assignment.until is not None and assignment.until <= today:
        raise RuleViolation(_("This role has ended."), code="role_ended")
    if assignment.role == Role.OPERATOR:
        refuse_last_operator(person, at)
    close_role(assignment, today)
    record(
        actor=actor,
        action="residents.role_ended",
        target=assignment,
        persons=[person],
        scope=assignment.region.path if assignment.region else "",
        details={"role": assignment.role, "reason": reason.strip()},
        at=at,
    )
    return assignment


def open_roles(person: User, day: date) -> RoleAssignmentQuerySet:
    """Roles that this account holds on `day` or is to hold later."""
    return RoleAssignment.objects.filter(Q(until__isnull=True) | Q(until__gt=day), user=person)


def close_role(assignment: RoleAssignment, day: date) -> None:
    """Let a role end on `day`, saved; one that was to begin later never begins."""
    assignment.until = max(day, assignment.since)
    assignment.save(update_fields=["until"])


def refuse_last_operator(person: User, at: datetime) -> None:
    """Raise RuleViolation if nobody else could run the site without this account."""
    operators = RoleAssignment.objects.filter(role=Role.OPERATOR).valid_on(timezone.localdate(at))
    if not operators.filter(user=person).exists():
        return
    # The rows of all operators are locked, so that two who are ended at the same moment do not both count the other.
    others = operators.exclude(user=person).filter(user__is_active=True).select_for_update(of=("self",))
    if not list(others):
        raise RuleViolation(
            _("This is the last operator. Please give somebody else the role first."), code="last_operator"
        )
