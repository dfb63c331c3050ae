"""Where people belong: declared by themselves, checked at a desk."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.audit.services import record
from core.errors import RuleViolation
from residents.consents import RESIDENCE
from residents.models import GuardianConsent, Region, Residence, ResidentProfile, User
from residents.persons import ImplausibleError, cleaned_name, holds_a_number, is_child
from residents.queries import consent_in_force, dong_exists, duplicates_of
from residents.services.people import close_residence, locked_person, noted, refuse_if_gone, refuse_oneself
from residents.states import Basis, ResidenceStatus


@transaction.atomic
def declare_residence(*, user_id: int, dong_id: int, basis: str, at: datetime, actor: User | None = None) -> Residence:
    """Say where a person belongs and why. Counts only when an official has checked it.

    An earlier declaration that still waits is replaced; a verified residence stays until the new one is verified.
    `actor` is an official who writes it down at the desk. Raises RuleViolation without a profile or consent, for a dong
    that does not exist on this day, or if nothing would change; ValueError for an unknown basis.
    """
    kind = Basis(basis)
    person = locked_person(user_id)
    refuse_if_gone(person)
    dong = Region.objects.filter(pk=dong_id).first()
    if dong is None or not dong_exists(dong, timezone.localdate(at)):
        raise RuleViolation(_("There is no such dong today."), code="no_dong", status=422)
    if not ResidentProfile.objects.filter(user=person).exists():
        raise RuleViolation(_("Please fill in name and date of birth first."), code="no_profile")
    if consent_in_force(person, RESIDENCE) is None:
        raise RuleViolation(_("This needs the consent to checking where you belong."), code="no_consent")
    for earlier in Residence.objects.filter(
        user=person, status__in=[ResidenceStatus.DECLARED, ResidenceStatus.VERIFIED]
    ):
        if (earlier.dong_id, earlier.basis) == (dong.pk, kind):
            raise RuleViolation(_("You have declared this dong on this basis already."), code="declared_already")
        if earlier.status == ResidenceStatus.DECLARED:
            close_residence(earlier, reason=noted(gettext_noop("Replaced by a new declaration.")), at=at)
    residence = Residence.objects.create(user=person, dong=dong, basis=kind, declared_at=at)
    _record("residents.residence_declared", residence, [person], actor=actor or person, at=at, basis=str(kind))
    return residence


@transaction.atomic
def withdraw_declaration(*, residence_id: int, actor: User, at: datetime) -> Residence:
    """Take back a declaration that still waits for its check."""
    person, residence = _locked(residence_id)
    if residence.status != ResidenceStatus.DECLARED:
        raise RuleViolation(_("Only a declaration that waits for its check can be taken back."), code="wrong_state")
    close_residence(residence, reason=noted(gettext_noop("Taken back.")), at=at)
    _record("residents.declaration_withdrawn", residence, [person], actor=actor, at=at)
    return residence


@transaction.atomic
def verify_residence(
    *, residence_id: int, document: str, actor: User, at: datetime, not_the_same_person: str = ""
) -> Residence:
    """Confirm a declaration after seeing a document; a verified residence elsewhere ends on this day.

    `document` names the kind of document, never its number. `not_the_same_person` is the official's reason why a
    verified account that looks like the same person is somebody else. A child under 14 on this day needs a guardian's
    consent (Personal Information Protection Act, article 22-2). Raises RuleViolation for each of these.
    """
    person, residence = _locked(residence_id)
    refuse_oneself(person, actor)
    refuse_if_gone(person)
    today = timezone.localdate(at)
    if not dong_exists(residence.dong, today):
        raise RuleViolation(_("There is no such dong today."), code="no_dong")
    seen = _document(document)
    profile = ResidentProfile.objects.select_related("user").get(user=person)
    if is_child(profile.birth_date, today) and not GuardianConsent.objects.filter(user=person).exists():
        raise RuleViolation(
            _("This person is under 14. Please record a guardian's consent first."), code="guardian_missing"
        )
    details = {"document": seen}
    duplicates = [duplicate for duplicate in duplicates_of(profile) if duplicate.blocks]
    if duplicates and not not_the_same_person.strip():
        raise RuleViolation(
            _(
                "Another account with this date of birth and a similar name is verified already. "
                "If it is not the same person, please say how you know."
            ),
            code="duplicate",
        )
    if duplicates:
        details["not_the_same_person"] = _without_number(not_the_same_person)
    residence.move_to(ResidenceStatus.VERIFIED)
    _end_verified_elsewhere(person, actor, at)
    residence.checked_at, residence.checked_by, residence.document = at, actor, seen
    residence.save(update_fields=["status", "checked_at", "checked_by", "document"])
    _record(
        "residents.residence_verified",
        residence,
        [person, *(duplicate.profile.user for duplicate in duplicates)],
        actor=actor,
        at=at,
        **details,
    )
    return residence


@transaction.atomic
def refuse_residence(*, residence_id: int, reason: str, actor: User, at: datetime) -> Residence:
    """Say that a declaration could not be confirmed, with a reason that the person reads."""
    person, residence = _locked(residence_id)
    refuse_oneself(person, actor)
    given = _reason(reason)
    residence.move_to(ResidenceStatus.REFUSED)
    residence.checked_at, residence.checked_by, residence.reason = at, actor, given
    residence.save(update_fields=["status", "checked_at", "checked_by", "reason"])
    _record("residents.residence_refused", residence, [person], actor=actor, at=at)
    return residence


@transaction.atomic
def end_residence(*, residence_id: int, reason: str, actor: User, at: datetime, day: date | None = None) -> Residence:
    """End a residence, for example after a move out of the dong: on `day`, today if not given, never in the future."""
    person, residence = _locked(residence_id)
    today = timezone.localdate(at)
    if day is not None and day > today:
        raise RuleViolation(_("The day lies in the future."), code="future", status=422)
    if day is not None and day < timezone.localdate(residence.declared_at):
        raise RuleViolation(_("The day lies before the declaration."), code="too_early", status=422)
    close_residence(residence, reason=_reason(reason), at=at)
    if day is not None:
        residence.ended_on = day
        residence.save(update_fields=["ended_on"])
    _record("residents.residence_ended", residence, [person], actor=actor, at=at)
    return residence


@transaction.atomic
def record_guardian_consent(  # noqa: PLR0913 - a consent has this many facts
    *, user_id: int, guardian_name: str, relation: str, given_on: date, actor: User, at: datetime
) -> GuardianConsent:
    """Write down that a guardian of a child under 14 consented; the official saw guardian and document."""
    person = locked_person(user_id)
    refuse_oneself(person, actor)
    refuse_if_gone(person)
    today = timezone.localdate(at)
    profile = ResidentProfile.objects.filter(user=person).first()
    if profile is None or not is_child(profile.birth_date, today):
        raise RuleViolation(_("Only a person under 14 needs a guardian's consent."), code="not_a_child")
    if not profile.birth_date <= given_on <= today:
        raise RuleViolation(_("The day of the consent is not plausible."), code="given_on", status=422)
    if GuardianConsent.objects.filter(user=person).exists():
        raise RuleViolation(_("A guardian's consent is recorded already."), code="recorded_already")
    try:
        guardian = cleaned_name(guardian_name)
        kinship = cleaned_name(relation)[:30]
    except ImplausibleError:
        raise RuleViolation(
            _("Please write the guardian's name and relation with letters."), code="guardian", status=422
        ) from None
    consent = GuardianConsent.objects.create(
        user=person,
        guardian_name=guardian,
        relation=kinship,
        given_on=given_on,
        recorded_at=at,
        recorded_by=actor,
    )
    waiting = Residence.objects.filter(user=person, status=ResidenceStatus.DECLARED).select_related("dong").first()
    record(
        actor=actor,
        action="residents.guardian_consent_recorded",
        target=consent,
        persons=[person],
        scope=waiting.dong.path if waiting else "",
        at=at,
    )
    return consent


def _locked(residence_id: int) -> tuple[User, Residence]:
    """The person, locked, and the residence as it stands after the lock."""
    found = Residence.objects.filter(pk=residence_id).values_list("user_id", flat=True).first()
    if found is None:
        raise RuleViolation(_("There is no such declaration."), code="no_residence", status=404)
    person = locked_person(found)
    return person, Residence.objects.select_related("dong").get(pk=residence_id)


def _end_verified_elsewhere(person: User, actor: User, at: datetime) -> None:
    for earlier in Residence.objects.filter(user=person, status=ResidenceStatus.VERIFIED).select_related("dong"):
        close_residence(earlier, reason=noted(gettext_noop("Moved to another dong.")), at=at)
        _record("residents.residence_ended", earlier, [person], actor=actor, at=at)


def _document(document: str) -> str:
    seen = " ".join(document.split())
    if not seen or len(seen) > 60:
        raise RuleViolation(
            _("Please name the document that was shown, in at most 60 signs."), code="document", status=422
        )
    return _without_number(seen)


def _reason(reason: str) -> str:
    given = " ".join(reason.split())
    if not given or len(given) > 200:
        raise RuleViolation(_("Please give a reason, in at most 200 signs."), code="no_reason", status=422)
    return _without_number(given)


def _without_number(text: str) -> str:
    if holds_a_number(text):
        raise RuleViolation(
            _("Please leave out numbers of documents and persons: they are not kept."), code="number", status=422
        )
    return " ".join(text.split())


def _record(
    action: str, residence: Residence, persons: list[User], *, actor: User, at: datetime, **details: str
) -> None:
    record(
        actor=actor,
        action=action,
        target=residence,
        persons=persons,
        scope=residence.dong.path,
        details=details,
        at=at,
    )
