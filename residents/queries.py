"""Shared reads of people and places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from residents.consents import CONSENTS
from residents.duplicates import Likeness, Person, likenesses
from residents.models import Consent, Region, Residence, ResidentProfile, User
from residents.states import RegionLevel, ResidenceStatus


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Another account that may be the same person, and why."""

    profile: ResidentProfile
    reasons: frozenset[Likeness]
    is_verified: bool

    @property
    def blocks(self) -> bool:
        """Whether it stops a verification: a verified person of the same birth date and a similar name.

        The same telephone number alone is only a hint: families share one.
        """
        return self.is_verified and Likeness.BIRTH_AND_NAME in self.reasons


def dongs_on(day: date) -> QuerySet[Region]:
    """Dongs that exist on `day`, with municipality and province of each, in the order of their codes."""
    return Region.objects.dongs().valid_on(day).select_related("parent__parent")


def dongs_named(words: str, day: date) -> QuerySet[Region]:
    """Dongs that exist on `day` whose name or municipality holds every word of `words`."""
    found = dongs_on(day)
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(parent__name__icontains=word)
            | Q(parent__name_en__icontains=word)
        )
    return found


def residences_of(user: User) -> QuerySet[Residence]:
    """Everything that somebody declared, newest first, with dong and municipality."""
    return Residence.objects.filter(user=user).select_related("dong__parent", "user")


def current_residence(user: User) -> Residence | None:
    """The verified residence, if there is one."""
    return residences_of(user).filter(status=ResidenceStatus.VERIFIED).first()


def waiting_residence(user: User) -> Residence | None:
    """The residence that waits for a check at the desk, if there is one."""
    return residences_of(user).filter(status=ResidenceStatus.DECLARED).first()


def residences_waiting_in(region: Region) -> QuerySet[Residence]:
    """What waits for a check in `region` and below it, oldest first, with everything that the desk's list shows."""
    return (
        Residence.objects.filter(status=ResidenceStatus.DECLARED, dong__path__startswith=region.path)
        .select_related("dong__parent", "user__profile", "user__guardian_consent")
        .order_by("declared_at", "id")
    )


def consent_in_force(user: User, purpose: str) -> Consent | None:
    """The consent to today's version of the text, if it was given and not withdrawn."""
    return Consent.objects.filter(
        user=user, purpose=purpose, version=CONSENTS[purpose].version, withdrawn_at__isnull=True
    ).first()


def duplicates_of(profile: ResidentProfile) -> list[PossibleDuplicate]:
    """Other accounts that may be the same person, verified ones first. Three queries, however many there are.

    Erased accounts have no profile and are never found.
    """
    alike = Q(birth_date=profile.birth_date)
    if profile.phone:
        alike |= Q(phone=profile.phone)
    others = list(
        ResidentProfile.objects.filter(alike).exclude(pk=profile.pk).select_related("user").order_by("user_id")
    )
    verified = set(
        Residence.objects.filter(
            user__in=[other.user_id for other in others], status=ResidenceStatus.VERIFIED
        ).values_list("user_id", flat=True)
    )
    this = _person(profile)
    found = [
        PossibleDuplicate(profile=other, reasons=reasons, is_verified=other.user_id in verified)
        for other in others
        if (reasons := likenesses(this, _person(other)))
    ]
    return sorted(found, key=lambda duplicate: not duplicate.is_verified)


def suspected_among(profiles: Sequence[ResidentProfile]) -> set[int]:
    """Account ids of those whom another account may be the same person as. One query, however many they are.

    The same answer for each as `duplicates_of`, without saying who the others are.
    """
    by_birth: dict[date, list[ResidentProfile]] = defaultdict(list)
    by_phone: dict[str, list[ResidentProfile]] = defaultdict(list)
    alike = Q(birth_date__in={profile.birth_date for profile in profiles})
    alike |= Q(phone__in={profile.phone for profile in profiles if profile.phone})
    for other in ResidentProfile.objects.filter(alike).select_related("user"):
        by_birth[other.birth_date].append(other)
        by_phone[other.phone].append(other)
    return {
        profile.user_id
        for profile in profiles
        if any(
            other.pk != profile.pk and likenesses(_person(profile), _person(other))
            for other in [*by_birth[profile.birth_date], *(by_phone[profile.phone] if profile.phone else [])]
        )
    }


def _person(profile: ResidentProfile) -> Person:
    return Person(name=profile.user.name, birth_date=profile.birth_date, phone=profile.phone)


def dong_exists(dong: Region, day: date) -> bool:
    """Whether this region is a dong that exists on `day`."""
    return (
        dong.level == RegionLevel.DONG
        and (dong.valid_from is None or dong.valid_from <= day)
        and (dong.valid_until is None or dong.valid_until > day)
    )
