"""Writes on the voter roll."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import Assembly, RollEntry
from assemblies.services.agenda import locked_assembly
from assemblies.states import AssemblyStatus
from core.audit.services import record
from core.errors import RuleViolation
from ordinances.rulesets import AgeReference, AssemblyRules
from residents.models import Residence, User
from residents.persons import full_years
from residents.states import ResidenceStatus


@dataclass(frozen=True, slots=True)
class RollCount:
    """What building the roll did, in persons."""

    added: int
    total: int


def age_day(assembly: Assembly, rules: AssemblyRules, at: datetime) -> date:
    """The day on which full years are counted: of the notice (today while there is none) or of the assembly."""
    if rules.age_reference.value is AgeReference.ASSEMBLY:
        return timezone.localdate(assembly.held_at)
    return timezone.localdate(assembly.announced_at or at)


def _check_roll_open(assembly: Assembly) -> None:
    if assembly.status not in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}:
        raise RuleViolation(_("An assembly that is over can no longer be changed."), code="wrong_state")


@transaction.atomic
def build_roll(*, assembly_id: int, actor: User | None, at: datetime) -> RollCount:
    """Put every verified resident of the dong on the roll who is old enough and counts as a resident.

    May be called again: whoever was verified since is added, nobody is removed and nobody who was taken off returns.
    Source: rule set (voting age, day on which it counts, who counts as a resident).
    """
    assembly = locked_assembly(assembly_id)
    _check_roll_open(assembly)
    rules = assembly.rule_set.for_assemblies()
    day = age_day(assembly, rules, at)
    residences = (
        Residence.objects.filter(
            dong=assembly.dong,
            status=ResidenceStatus.VERIFIED,
            basis__in=rules.resident_bases.value,
            user__is_active=True,
            user__profile__isnull=False,
        )
        .exclude(user__roll_entries__assembly=assembly)
        .select_related("user__profile")
        .order_by("user_id")
    )
    entries = [
        RollEntry(assembly=assembly, user=residence.user, basis=residence.basis, added_at=at)
        for residence in residences
        if full_years(residence.user.profile.birth_date, day) >= rules.voting_age.value
    ]
    RollEntry.objects.bulk_create(entries, batch_size=1000)
    total = assembly.roll.filter(removed_at=None).count()
    record(
        actor=actor,
        action="assemblies.roll_built",
        target=assembly,
        scope=assembly.dong.path,
        details={"added": len(entries), "total": total},
        at=at,
    )
    return RollCount(added=len(entries), total=total)


@transaction.atomic
def add_to_roll(  # noqa: PLR0913 - an entry has this many facts
    *,
    assembly_id: int,
    actor: User | None,
    at: datetime,
    user: User | None = None,
    reference: str = "",
    basis: str = "",
) -> RollEntry:
    """Add one person: a verified resident who was missed, or a pupil by reference (class and number, no name).

    A person who had been taken off is put on again. Raises RuleViolation if they may not vote under the rule set or
    stand on the roll already.
    """
    assembly = locked_assembly(assembly_id)
    _check_roll_open(assembly)
    if user is not None:
        basis = _basis_of(assembly, user, at)
    elif not reference.strip():
        raise RuleViolation(_("Please say who is to be added."), code="nobody")
    existing = assembly.roll.filter(user=user, reference=reference.strip()).first()
    if existing and existing.removed_at is None:
        raise RuleViolation(_("This person stands on the roll already."), code="on_roll_already")
    entry = existing or RollEntry(assembly=assembly, user=user, reference=reference.strip())
    entry.basis, entry.added_at, entry.removed_at, entry.removed_because = basis, at, None, ""
    entry.save()
    record(
        actor=actor,
        action="assemblies.roll_entry_added",
        target=entry,
        persons=[user] if user else [],
        scope=assembly.dong.path,
        at=at,
    )
    return entry


@transaction.atomic
def add_references_to_roll(
    *, assembly_id: int, references: Sequence[str], basis: str, actor: User | None, at: datetime
) -> RollCount:
    """Add persons without an account at once, such as the pupils of a school by class and number.

    Raises RuleViolation if a reference is empty, repeated or on the roll already; then nobody is added.
    """
    assembly = locked_assembly(assembly_id)
    _check_roll_open(assembly)
    wanted = [reference.strip() for reference in references]
    if not wanted or not all(wanted):
        raise RuleViolation(_("Please say who is to be added."), code="nobody")
    if len(set(wanted)) != len(wanted) or assembly.roll.filter(reference__in=wanted).exists():
        raise RuleViolation(_("This person stands on the roll already."), code="on_roll_already")
    RollEntry.objects.bulk_create(
        (RollEntry(assembly=assembly, reference=reference, basis=basis, added_at=at) for reference in wanted),
        batch_size=1000,
    )
    total = assembly.roll.filter(removed_at=None).count()
    record(
        actor=actor,
        action="assemblies.roll_references_added",
        target=assembly,
        scope=assembly.dong.path,
        details={"added": len(wanted), "total": total},
        at=at,
    )
    return RollCount(added=len(wanted), total=total)


def _basis_of(assembly: Assembly, user: User, at: datetime) -> str:
    rules = assembly.rule_set.for_assemblies()
    residence = user.residences.filter(dong=assembly.dong, status=ResidenceStatus.VERIFIED).first()
    if residence is None or not user.is_active:
        raise RuleViolation(_("This person is not a verified resident of this dong."), code="not_a_resident")
    if residence.basis not in rules.resident_bases.value:
        raise RuleViolation(
            _("On this basis the rule set gives no vote. Source: %(source)s") % {"source": rules.resident_bases.source},
            code="basis_without_vote",
        )
    if full_years(user.profile.birth_date, age_day(assembly, rules, at)) < rules.voting_age.value:
        raise RuleViolation(
            _("This person is younger than the voting age of %(age)d. Source: %(source)s")
            % {"age": rules.voting_age.value, "source": rules.voting_age.source},
            code="too_young",
        )
    return str(residence.basis)


@transaction.atomic
def remove_from_roll(*, entry_id: int, reason: str, actor: User, at: datetime) -> RollEntry:
    """Take a person off the roll, with a reason. Who has voted stays: the vote cannot be found again."""
    entry = RollEntry.objects.get(pk=entry_id)
    assembly = locked_assembly(entry.assembly_id)
    _check_roll_open(assembly)
    entry = RollEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why this person is taken off the roll."), code="reason_missing")
    if entry.removed_at is not None:
        raise RuleViolation(_("This person has been taken off the roll already."), code="removed_already")
    if entry.participations.exists():
        raise RuleViolation(
            _("This person has voted. The ballot is secret and cannot be taken out again, so the entry stays."),
            code="has_voted",
        )
    entry.removed_at, entry.removed_because = at, reason.strip()
    entry.save()
    record(
        actor=actor,
        action="assemblies.roll_entry_removed",
        target=entry,
        persons=[entry.user] if entry.user else [],
        scope=assembly.dong.path,
        at=at,
    )
    return entry
