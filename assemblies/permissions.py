"""Who may do what with assemblies, polls and rolls.

Predicates take the account and the object; without an object they say whether the account may do it anywhere.
"""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from assemblies.models import AgendaItem, Assembly, Poll, PollOption, RollEntry
from assemblies.states import AssemblyStatus, PollStatus
from residents.models import User
from residents.permissions import OFFICIALS, Person, covers, role_paths
from residents.states import Role

DRAFTERS = (*OFFICIALS, Role.COUNCIL_OFFICER)
VIEWERS = (*DRAFTERS, Role.AUDITOR, Role.OPERATOR)


def assembly_of(obj: Any) -> Assembly:
    """The assembly that something belongs to."""
    if isinstance(obj, Assembly):
        return obj
    if isinstance(obj, Poll | AgendaItem | RollEntry):
        return obj.assembly
    if isinstance(obj, PollOption):
        return obj.poll.assembly
    raise TypeError(type(obj))


def _reaches(user: User, obj: Any, *roles: Role) -> bool:
    if obj is None:
        return bool(role_paths(user, *roles))
    return covers(user, assembly_of(obj).dong.path, *roles)


@rules.predicate
def is_public(_user: User, obj: Any) -> bool:
    """Announced assemblies, their agenda, and polls beyond preparation are everybody's."""
    if obj is None:
        return True
    if assembly_of(obj).status == AssemblyStatus.PREPARING:
        return False
    return not isinstance(obj, Poll) or obj.status != PollStatus.PREPARING


@rules.predicate
def watches(user: User, obj: Any) -> bool:
    return _reaches(user, obj, *VIEWERS)


def visible_assemblies(user: Person) -> QuerySet[Assembly]:
    """The assemblies that `view_assembly` opens to `user`, as a queryset for lists."""
    condition = ~Q(status=AssemblyStatus.PREPARING)
    for path in role_paths(user, *VIEWERS):
        condition |= Q(dong__path__startswith=path)
    return Assembly.objects.filter(condition)


def visible_polls(user: Person) -> QuerySet[Poll]:
    """The polls that `view_poll` opens to `user`, as a queryset for lists."""
    condition = ~Q(assembly__status=AssemblyStatus.PREPARING) & ~Q(status=PollStatus.PREPARING)
    for path in role_paths(user, *VIEWERS):
        condition |= Q(assembly__dong__path__startswith=path)
    return Poll.objects.filter(condition)


@rules.predicate
def runs(user: User, obj: Any) -> bool:
    """Officials of the district or dong: every act."""
    return _reaches(user, obj, *OFFICIALS)


@rules.predicate
def drafts(user: User, obj: Any) -> bool:
    """Officers of the council too, while the assembly is being prepared."""
    if obj is None:
        return _reaches(user, obj, *DRAFTERS)
    preparing = assembly_of(obj).status == AssemblyStatus.PREPARING
    return runs(user, obj) or (preparing and _reaches(user, obj, Role.COUNCIL_OFFICER))


rules.add_perm("assemblies.view_assembly", is_public | watches)
rules.add_perm("assemblies.add_assembly", drafts)
rules.add_perm("assemblies.change_assembly", drafts)
rules.add_perm("assemblies.announce_assembly", runs)
rules.add_perm("assemblies.conclude_assembly", runs)
rules.add_perm("assemblies.cancel_assembly", runs)

rules.add_perm("assemblies.view_agendaitem", is_public | watches)
rules.add_perm("assemblies.add_agendaitem", drafts)
rules.add_perm("assemblies.change_agendaitem", drafts)
rules.add_perm("assemblies.delete_agendaitem", drafts)
rules.add_perm("assemblies.order_agenda", drafts)

rules.add_perm("assemblies.view_poll", is_public | watches)
rules.add_perm("assemblies.add_poll", drafts)
rules.add_perm("assemblies.change_poll", drafts)
rules.add_perm("assemblies.schedule_poll", runs)
rules.add_perm("assemblies.unschedule_poll", runs)
rules.add_perm("assemblies.open_poll", runs)
rules.add_perm("assemblies.close_poll", runs)
rules.add_perm("assemblies.count_poll", runs)
rules.add_perm("assemblies.publish_poll", runs)
rules.add_perm("assemblies.halt_poll", runs)
rules.add_perm("assemblies.object_poll", runs)
rules.add_perm("assemblies.view_turnout", watches)

# The roll is personal data: officials only, and every reading is logged.
rules.add_perm("assemblies.view_rollentry", runs)
rules.add_perm("assemblies.add_rollentry", runs)
rules.add_perm("assemblies.change_rollentry", runs)
rules.add_perm("assemblies.build_roll", runs)
