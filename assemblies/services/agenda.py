"""Writes on the assembly itself and on its agenda."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import AgendaItem, Assembly, Poll
from assemblies.readiness import missing_before_announcing, notice_too_short
from assemblies.states import AssemblyKind, AssemblyStatus, PollStatus
from core.audit.services import record
from core.errors import RuleViolation
from ordinances.models import RuleSet
from ordinances.services import lock_rule_set
from residents.models import Region, User
from residents.states import RegionLevel

# What may still change after the announcement: where and when, never what is decided or under which rules.
CHANGEABLE_WHEN_ANNOUNCED = frozenset({"held_at", "place", "description"})
FIELDS = frozenset(
    {
        "kind",
        "title",
        "host",
        "purpose",
        "description",
        "rule_set",
        "held_at",
        "place",
        "population",
        "population_on",
    }
)
ITEM_FIELDS = frozenset(
    {"number", "title", "gain", "description", "category", "proposer", "place", "cost", "opinion", "origin"}
)


def locked_assembly(assembly_id: int) -> Assembly:
    """The assembly under its exclusive row lock; other services of its agenda, roll and polls wait."""
    locked = Assembly.objects.select_for_update(of=("self",))
    return locked.select_related("dong__parent", "rule_set").get(pk=assembly_id)


@transaction.atomic
def create_assembly(  # noqa: PLR0913 - an assembly has this many facts
    *,
    dong: Region,
    title: str,
    purpose: str,
    rule_set: RuleSet,
    held_at: datetime,
    place: str,
    actor: User | None,
    at: datetime,
    kind: str = AssemblyKind.RESIDENTS,
    host: str = "",
    description: str = "",
    population: int | None = None,
    population_on: Any = None,
) -> Assembly:
    """Make an assembly in preparation. Without `population` the dong's figure and its day are taken over.

    Raises RuleViolation if `dong` is not a dong, or the rule set is foreign or cannot carry an assembly.
    """
    if population is None and dong.population is not None and dong.population_on is not None:
        population, population_on = dong.population, dong.population_on
    assembly = Assembly(
        dong=dong,
        kind=kind,
        title=title,
        host=host,
        purpose=purpose,
        description=description,
        rule_set=rule_set,
        held_at=held_at,
        place=place,
        population=population,
        population_on=population_on,
    )
    _check_rules_fit(assembly)
    assembly.save()
    record(actor=actor, action="assemblies.assembly_created", target=assembly, scope=dong.path, at=at)
    return assembly


def _check_rules_fit(assembly: Assembly) -> None:
    if assembly.dong.level != RegionLevel.DONG:
        raise RuleViolation(_("An assembly belongs to a dong."), code="not_a_dong")
    if not assembly.rule_set.region.contains(assembly.dong):
        raise RuleViolation(_("The rule set belongs to another municipality."), code="foreign_rule_set")
    try:
        assembly.rule_set.for_assemblies()
    except ValueError as error:
        raise RuleViolation(
            _("This rule set does not say everything that an assembly needs. Please complete it or choose another."),
            code="incomplete_rule_set",
        ) from error


@transaction.atomic
def change_assembly(*, assembly_id: int, changes: Mapping[str, Any], actor: User, at: datetime) -> Assembly:
    """Change fields. After the announcement only time, place and description, and everybody sees the change.

    An announced assembly comes earlier only with as many days of notice as the rule set wants, counted from today.
    Raises RuleViolation if the state or the rule set does not allow it; ValueError for a field that is no such thing.
    """
    assembly = locked_assembly(assembly_id)
    changed = sorted(name for name, value in changes.items() if getattr(assembly, name) != value)
    if not set(changed) <= FIELDS:
        raise ValueError(f"not changeable: {set(changed) - FIELDS}")
    if assembly.status not in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}:
        raise RuleViolation(_("An assembly that is over can no longer be changed."), code="wrong_state")
    if assembly.status == AssemblyStatus.ANNOUNCED and not set(changed) <= CHANGEABLE_WHEN_ANNOUNCED:
        raise RuleViolation(
            _("The assembly has been announced: only its time, its place and its description can still be changed."),
            code="announced",
        )
    day_before = timezone.localdate(assembly.held_at)
    for name in changed:
        setattr(assembly, name, changes[name])
    _check_rules_fit(assembly)
    if assembly.status == AssemblyStatus.ANNOUNCED and timezone.localdate(assembly.held_at) < day_before:
        short = notice_too_short(assembly, at)
        if short:
            raise RuleViolation(short.text, code=short.code)
    if changed:
        assembly.save()
        record(
            actor=actor,
            action="assemblies.assembly_changed",
            target=assembly,
            scope=assembly.dong.path,
            details={"fields": changed},
            at=at,
        )
    return assembly


@transaction.atomic
def announce_assembly(*, assembly_id: int, actor: User | None, at: datetime) -> Assembly:
    """Make the assembly public. From here on its rule set is fixed.

    Raises RuleViolation if the agenda is empty or the notice is shorter than the rule set wants.
    """
    assembly = locked_assembly(assembly_id)
    if assembly.status == AssemblyStatus.PREPARING:
        # Locked before it is read: from here on nobody changes the rules that are checked.
        assembly.rule_set = lock_rule_set(rule_set_id=assembly.rule_set_id, at=at)
        for problem in missing_before_announcing(assembly, at):
            raise RuleViolation(problem.text, code=problem.code)
    assembly.move_to(AssemblyStatus.ANNOUNCED)
    assembly.announced_at = at
    assembly.save()
    record(actor=actor, action="assemblies.assembly_announced", target=assembly, scope=assembly.dong.path, at=at)
    return assembly


@transaction.atomic
def conclude_assembly(*, assembly_id: int, actor: User | None, at: datetime) -> Assembly:
    """End the assembly once every poll of it is published or halted. Raises RuleViolation before that."""
    assembly = locked_assembly(assembly_id)
    ended = [PollStatus.PUBLISHED, PollStatus.HALTED]
    if at < assembly.held_at:
        raise RuleViolation(_("The day of the assembly is still to come."), code="not_yet_held")
    if assembly.polls.exclude(status__in=ended).exists():
        raise RuleViolation(_("A poll of this assembly has no published result yet."), code="polls_unfinished")
    assembly.move_to(AssemblyStatus.CONCLUDED)
    assembly.save()
    record(actor=actor, action="assemblies.assembly_concluded", target=assembly, scope=assembly.dong.path, at=at)
    return assembly


@transaction.atomic
def cancel_assembly(*, assembly_id: int, reason: str, actor: User, at: datetime) -> Assembly:
    """Call the assembly off, with a reason that is published. Polls under way must be halted first."""
    assembly = locked_assembly(assembly_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why the assembly is called off."), code="reason_missing")
    waiting = [PollStatus.PREPARING, PollStatus.HALTED, PollStatus.PUBLISHED]
    if assembly.polls.exclude(status__in=waiting).exists():
        raise RuleViolation(_("A poll is under way. It has to be halted first."), code="polls_unfinished")
    assembly.move_to(AssemblyStatus.CANCELLED)
    assembly.cancelled_because = reason.strip()
    assembly.save()
    record(actor=actor, action="assemblies.assembly_cancelled", target=assembly, scope=assembly.dong.path, at=at)
    return assembly


def _check_agenda_open(assembly: Assembly) -> None:
    if assembly.status not in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}:
        raise RuleViolation(_("An assembly that is over can no longer be changed."), code="wrong_state")


def _check_item_free(item: AgendaItem) -> None:
    """An item that stands on a ballot beyond preparation is what people were told they vote on."""
    if Poll.objects.filter(options__item=item).exclude(status=PollStatus.PREPARING).exists():
        raise RuleViolation(
            _("A poll on this item has been announced. It can no longer be changed."), code="item_frozen"
        )


@transaction.atomic
def add_agenda_item(*, assembly_id: int, actor: User | None, at: datetime, **fields: Any) -> AgendaItem:
    """Put an item on the agenda; without `number` it becomes the last one.

    Raises RuleViolation if the assembly is over or the number is taken; ValueError for an unknown field.
    """
    assembly = locked_assembly(assembly_id)
    _check_agenda_open(assembly)
    if not set(fields) <= ITEM_FIELDS:
        raise ValueError(f"no such field: {set(fields) - ITEM_FIELDS}")
    if not fields.get("number"):
        last = assembly.agenda.order_by("-number").values_list("number", flat=True).first()
        fields["number"] = (last or 0) + 1
    elif assembly.agenda.filter(number=fields["number"]).exists():
        raise RuleViolation(_("Another item has this number."), code="number_taken")
    item = AgendaItem.objects.create(assembly=assembly, **fields)
    record(actor=actor, action="assemblies.item_added", target=item, scope=assembly.dong.path, at=at)
    return item


@transaction.atomic
def change_agenda_item(*, item_id: int, changes: Mapping[str, Any], actor: User, at: datetime) -> AgendaItem:
    """Change an item while no poll on it has been announced. Raises RuleViolation after that."""
    item = AgendaItem.objects.get(pk=item_id)
    assembly = locked_assembly(item.assembly_id)
    item.refresh_from_db()
    changed = sorted(name for name, value in changes.items() if getattr(item, name) != value)
    if not set(changed) <= ITEM_FIELDS:
        raise ValueError(f"not changeable: {set(changed) - ITEM_FIELDS}")
    if not changed:
        return item
    _check_agenda_open(assembly)
    _check_item_free(item)
    if "number" in changed and assembly.agenda.filter(number=changes["number"]).exists():
        raise RuleViolation(_("Another item has this number."), code="number_taken")
    for name in changed:
        setattr(item, name, changes[name])
    item.save()
    record(
        actor=actor,
        action="assemblies.item_changed",
        target=item,
        scope=assembly.dong.path,
        details={"fields": changed},
        at=at,
    )
    return item


@transaction.atomic
def order_agenda(*, assembly_id: int, items: Sequence[int], actor: User, at: datetime) -> None:
    """Number the whole agenda anew from 1, in the order of `items` (their ids).

    Raises RuleViolation if `items` is not the whole agenda, the assembly is over, or an item that would get another
    number stands on an announced ballot.
    """
    assembly = locked_assembly(assembly_id)
    _check_agenda_open(assembly)
    agenda = {item.pk: item for item in assembly.agenda.all()}
    if sorted(agenda) != sorted(items):
        raise RuleViolation(_("The order must name every item of the agenda once."), code="not_the_agenda")
    moved = [agenda[key] for number, key in enumerate(items, start=1) if agenda[key].number != number]
    if not moved:
        return
    for item in moved:
        _check_item_free(item)
    # Two steps, because no two items may ever have the same number.
    beyond = max(item.number for item in agenda.values()) + len(agenda)
    for step in (beyond, 0):
        for number, key in enumerate(items, start=1):
            agenda[key].number = step + number
            agenda[key].save(update_fields=["number"])
    record(actor=actor, action="assemblies.agenda_ordered", target=assembly, scope=assembly.dong.path, at=at)


@transaction.atomic
def remove_agenda_item(*, item_id: int, actor: User, at: datetime) -> None:
    """Take an item off an agenda that is still being prepared. Raises RuleViolation if it stands on a ballot."""
    item = AgendaItem.objects.get(pk=item_id)
    assembly = locked_assembly(item.assembly_id)
    if assembly.status != AssemblyStatus.PREPARING:
        raise RuleViolation(_("The agenda has been announced. Items can no longer be taken off."), code="announced")
    if item.options.exists():
        raise RuleViolation(_("The item stands on a ballot. Take it off the ballot first."), code="item_on_ballot")
    if item.descendants.exists():
        raise RuleViolation(_("A later item came from this one. It has to stay."), code="item_has_descendants")
    record(actor=actor, action="assemblies.item_removed", target=item, scope=assembly.dong.path, at=at)
    item.delete()
