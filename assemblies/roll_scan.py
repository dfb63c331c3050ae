"""Who of a dong's verified residents stands on the voter roll, who would be added, and who not, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assemblies.models import Assembly, RollEntry
from assemblies.services.rolls import age_day
from ordinances.rulesets import AssemblyRules
from residents.models import Residence
from residents.persons import full_years
from residents.states import ResidenceStatus


class Gap(StrEnum):
    """Why a verified resident does not stand on the roll."""

    NOT_ADDED_YET = "not_added_yet"
    TAKEN_OFF = "taken_off"
    TOO_YOUNG = "too_young"
    BASIS = "basis"
    NO_BIRTH_DATE = "no_birth_date"


@dataclass(frozen=True, slots=True)
class Absent:
    """A verified resident who is not on the roll, and why. `because` is what was written when they were taken off."""

    residence: Residence
    gap: Gap
    because: str = ""


@dataclass(frozen=True, slots=True)
class RollScan:
    """The roll of one assembly against the verified residents of its dong, in persons."""

    on_roll: int
    verified: int
    absent: Sequence[Absent]
    left_the_dong: int

    @property
    def to_add(self) -> int:
        return self.counts[Gap.NOT_ADDED_YET]

    @property
    def counts(self) -> Counter[Gap]:
        return Counter(person.gap for person in self.absent)


def scan_roll(assembly: Assembly, at: datetime) -> RollScan:
    """Compare the roll with the verified residents: three queries for any number of people.

    Says the same as `build_roll` would do. Source: rule set (voting age, day on which it counts, who is a resident).
    """
    rules = assembly.rule_set.for_assemblies()
    residences = list(
        Residence.objects.filter(dong_id=assembly.dong_id, status=ResidenceStatus.VERIFIED, user__is_active=True)
        .select_related("user__profile")
        .order_by("user_id")
    )
    entries = {
        entry.user_id: entry
        for entry in RollEntry.objects.filter(assembly=assembly, user__isnull=False).only(
            "user_id", "removed_at", "removed_because", "assembly_id"
        )
    }
    standing = {user_id for user_id, entry in entries.items() if entry.removed_at is None}
    absent = []
    for residence in residences:
        if residence.user_id in standing:
            continue
        entry = entries.get(residence.user_id)
        if entry is not None:
            absent.append(Absent(residence, Gap.TAKEN_OFF, entry.removed_because))
        else:
            absent.append(Absent(residence, _gap(assembly, rules, residence, at)))
    return RollScan(
        on_roll=RollEntry.objects.filter(assembly=assembly, removed_at=None).count(),
        verified=len(residences),
        absent=absent,
        left_the_dong=len(standing - {residence.user_id for residence in residences}),
    )


def _gap(assembly: Assembly, rules: AssemblyRules, residence: Residence, at: datetime) -> Gap:
    if residence.basis not in rules.resident_bases.value:
        return Gap.BASIS
    profile = getattr(residence.user, "profile", None)
    if profile is None:
        return Gap.NO_BIRTH_DATE
    if full_years(profile.birth_date, age_day(assembly, rules, at)) < rules.voting_age.value:
        return Gap.TOO_YOUNG
    return Gap.NOT_ADDED_YET
