"""Giving and withdrawing consent."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.audit.services import record
from core.errors import RuleViolation
from residents import personal_data
from residents.consents import ACCOUNT, CONSENTS, RESIDENCE
from residents.models import Consent, GuardianConsent, Residence, ResidentProfile, User
from residents.queries import consent_in_force
from residents.services.people import close_residence, locked_person, noted, refuse_if_gone, scope_of
from residents.states import ResidenceStatus


@transaction.atomic
def give_consent(
    *, user_id: int, purpose: str, at: datetime, version: int | None = None, actor: User | None = None
) -> Consent:
    """Record that a person consents to today's text for `purpose`; a consent already given is returned as it is.

    `version` is that of the text which the person saw. `actor` is an official who took the consent on paper.
    Raises RuleViolation if the text has changed since, or the account is gone; KeyError for an unknown purpose.
    """
    text = CONSENTS[purpose]
    person = locked_person(user_id)
    refuse_if_gone(person)
    if version is not None and version != text.version:
        raise RuleViolation(_("The text of this consent has changed. Please read it again."), code="consent_outdated")
    existing = consent_in_force(person, purpose)
    if existing:
        return existing
    with translation.override(person.language):
        consent = Consent.objects.create(
            user=person,
            purpose=purpose,
            version=text.version,
            items=list(text.items),
            period=str(text.period),
            given_at=at,
        )
    record(
        actor=actor or person,
        action="residents.consent_given",
        target=consent,
        persons=[person],
        scope=scope_of(person),
        details={"purpose": purpose, "version": text.version},
        at=at,
    )
    return consent


@transaction.atomic
def withdraw_consent(*, user_id: int, purpose: str, at: datetime) -> int:
    """Withdraw every version of a consent; the number of consents withdrawn.

    With the consent to checking where somebody belongs end their residences, and their profile is deleted: votes that
    were cast stay, because nobody can tell whose they are. The consent to the account ends only with the account.
    Raises RuleViolation if there is nothing to withdraw, or an app above still needs the profile.
    """
    person = locked_person(user_id)
    refuse_if_gone(person)
    if purpose == ACCOUNT:
        raise RuleViolation(
            _("An account cannot be kept without this consent. To withdraw it, please erase your account."),
            code="consent_needed",
        )
    given = list(Consent.objects.filter(user=person, purpose=purpose, withdrawn_at__isnull=True))
    if not given:
        raise RuleViolation(_("There is no consent to withdraw."), code="no_consent")
    if purpose == RESIDENCE:
        personal_data.refuse_while_needed(person, at)
    scope = scope_of(person)
    for consent in given:
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
    if purpose == RESIDENCE:
        _forget_residence(person, at)
    record(
        actor=person,
        action="residents.consent_withdrawn",
        target=given[0],
        persons=[person],
        scope=scope,
        details={"purpose": purpose, "versions": [consent.version for consent in given]},
        at=at,
    )
    return len(given)


def _forget_residence(person: User, at: datetime) -> None:
    for residence in Residence.objects.filter(
        user=person, status__in=[ResidenceStatus.DECLARED, ResidenceStatus.VERIFIED]
    ):
        close_residence(residence, reason=noted(gettext_noop("The consent was withdrawn.")), at=at)
    ResidentProfile.objects.filter(user=person).delete()
    GuardianConsent.objects.filter(user=person).delete()
